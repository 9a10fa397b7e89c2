"""What changed between two runs of one organisation, read from the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from audit.auditing import Workshop
from audit.judging.method import method
from audit.judging.turning import Basis, changes
from audit.looking import known_organisation, reading
from audit.model import Cell, Change, Changes, Figures, Finding, Mover, Outcome, Past, Result, Span, State, Turn
from audit.pacing import pace_until
from audit.store import Store, StoreProblemError
from audit.store import figures as figuring
from audit.store.spans import difference_of, spans_of
from audit.working import UnknownNameError

_COARSEST = timedelta(seconds=2)  # as some file systems keep the time
_MOVING = frozenset({"offered_times", "active", "answered"})


def changed(
    database: Path, workshop: Workshop, organisation: str = "", before: str = "", after: str = ""
) -> tuple[Result, Changes]:
    """The later run's result, and what changed since the earlier one; by default the last two complete runs.

    Raises `StoreProblemError` where there are no two runs, `UnknownNameError` for a name nobody knows.
    """
    store = reading(database)
    try:
        id_ = known_organisation(store, organisation)
        runs = figuring.figures(store.tables, id_)
        first, last = _two(runs, before, after, id_)
        return _between(store, workshop, id_, runs, first, last)
    finally:
        store.close()


def since_the_run_before(database: Path, workshop: Workshop) -> Callable[[Result], Past]:
    """Tells of a stored result what changed since the run before, where there is one, and the pace up to it."""

    def told(result: Result) -> Past:
        store = reading(database)
        try:
            pace = pace_until(store, result)
        finally:
            store.close()
        try:
            return Past(changes=changed(database, workshop, result.organisation, after=result.run)[1], pace=pace)
        except StoreProblemError:
            return Past(pace=pace)

    return told


def another_than_then(database: Path) -> Callable[[Result, datetime], bool]:
    """Tells of a stored result whether any run since one that ended at a moment gave another, or there was none then.

    Results are compared as they are stored: whole, but for the run and its times.
    """

    def another(result: Result, then: datetime) -> bool:
        store = reading(database)
        try:
            return not figuring.is_the_same(store.tables, result.organisation, then - _COARSEST, result.finished)
        finally:
            store.close()

    return another


def confirmed_since(store: Store, workshop: Workshop, result: Result, since: datetime) -> tuple[Change, ...]:
    """What became certain after ``since`` and up to a result, and is news.

    What only the method turned is none, nor another value of what moves by itself, such as free times.
    """
    id_ = result.organisation
    spans = spans_of(store.tables, id_)
    if not any(span.confirmed and since < span.confirmed <= result.finished for span in spans):
        return ()
    again = _Again(store, workshop, id_, comparable=result.method == method().version)
    basis = _basis(store, id_, figuring.figures(store.tables, id_), again)
    found = changes(spans, since, result.finished, basis)
    return _shielded([c for c in found if c.confirmed and c.mover is not Mover.METHOD and not _moves(c)], result)


def _moves(change: Change) -> bool:
    return change.turn is Turn.CHANGED and change.criterion in _MOVING


def _two(runs: Sequence[Figures], before: str, after: str, organisation: str) -> tuple[Figures, Figures]:
    by_id = {each.run: each for each in runs}
    for run in filter(None, (before, after)):
        if run not in by_id:
            raise UnknownNameError(f"complete run of {organisation}", run, by_id)
    last = by_id[after] if after else runs[-1]
    earlier = [each for each in runs if each.at < last.at]
    if not before and not earlier:
        raise StoreProblemError(
            f"{organisation} has only one complete run, {last.run}. Changes need two: audit again, best tomorrow."
        )
    first = by_id[before] if before else earlier[-1]
    return (first, last) if first.at <= last.at else (last, first)


def _between(
    store: Store, workshop: Workshop, id_: str, runs: Sequence[Figures], first: Figures, last: Figures
) -> tuple[Result, Changes]:
    result, earlier = _result(store, id_, last.run), _result(store, id_, first.run)
    again = _Again(store, workshop, id_, comparable=last.method == method().version)
    basis = _basis(store, id_, runs, again)
    found = changes(spans_of(store.tables, id_), first.at, last.at, basis)
    anew = again.result(first.run) if first.method != last.method else None
    return result, Changes(
        organisation=id_,
        organisation_name=result.organisation_name,
        before=first,
        after=last,
        judged_again=figuring.figures_of(anew) if anew else None,
        changes=_shielded(found, result),
        not_compared=_not_compared(earlier, result),
        trend=tuple(each for each in runs if each.method == last.method and each.at <= last.at),
    )


def _basis(store: Store, id_: str, runs: Sequence[Figures], again: _Again) -> Basis:
    return Basis(
        stated=cache(lambda run: figuring.stated(store.tables, run, id_)),
        methods={each.run: each.method for each in runs},
        again=again.value,
    )


def _result(store: Store, organisation: str, run: str) -> Result:
    found = store.result(organisation, run)
    if found is None:
        raise StoreProblemError(f"{store.path} holds no finished audit of {organisation} {run}.")
    return found


class _Again:
    """Earlier runs judged by today's method, each once; None where what they saw is gone."""

    def __init__(self, store: Store, workshop: Workshop, organisation: str, *, comparable: bool) -> None:
        self._comparable = comparable  # the later run was judged by today's method
        self._store, self._workshop, self._organisation = store, workshop, organisation
        self._kept: dict[str, Result | None] = {}

    def result(self, run: str) -> Result | None:
        """The run's result under today's method; None where the later run was judged by another."""
        if not self._comparable:
            return None
        if run not in self._kept:
            try:
                results = self._workshop.rejudge(self._store, run)
            except StoreProblemError:
                results = []
            self._kept[run] = next((r for r in results if r.organisation == self._organisation), None)
        return self._kept[run]

    def value(self, run: str, span: Span) -> tuple[Outcome, str] | None:
        """What the run finds today where the span found something."""
        result = self.result(run)
        cells = result.cells if result else ()
        asked = (span.subject, span.platform, span.criterion)
        findings = (f for c in cells if (c.subject, c.platform) == asked[:2] for f in c.findings)
        return next((_value(f) for f in findings if (f.subject, f.platform, f.criterion) == asked), None)


def _value(finding: Finding) -> tuple[Outcome, str]:
    return finding.outcome, difference_of(finding)


def _shielded(found: Sequence[Change], result: Result) -> tuple[Change, ...]:
    """Of a protected service only what turned is told, never a text."""
    hidden = {row.subject for row in result.rows if row.protected}
    hidden |= {cell.subject for cell in result.cells if cell.red_flag == "protected-address"}
    return tuple(replace(c, before="", after="") if c.subject in hidden else c for c in found)


def _not_compared(before: Result, after: Result) -> int:
    """Cells of both runs that could not be checked in one of them."""
    states: Mapping[str, State] = {cell.id: _seen(cell) for cell in before.cells}
    pairs = ((states[cell.id], _seen(cell)) for cell in after.cells if cell.id in states)
    return sum(State.UNKNOWN in pair and State.NOT_APPLICABLE not in pair for pair in pairs)


def _seen(cell: Cell) -> State:
    """The state as this very run saw it."""
    return State.UNKNOWN if cell.carried_from else cell.state
