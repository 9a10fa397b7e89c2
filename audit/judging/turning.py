"""What turned between two moments, from spans of findings: confirmed changes, and those still waiting. Pure.

A change counts at the moment a second run at least 20 hours later agrees (DESIGN 10), so each is told once.
Silence is no answer: what could not be checked is neither a change nor the end of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from audit.model import Change, Mover, Organisation, Outcome, ServiceAtLocation, Span, Turn

_WAY_IN = frozenset({"listed", "recognisable", "first_step", "open_status"})
_STATED = {"phone": "phone", "hours": "opening_hours", "email": "email", "link": "url"}


@dataclass(frozen=True)
class Basis:
    """What the runs at the ends of spans rest on: their statements, their methods, and how to judge one again.

    ``again`` answers what a run finds for a subject, platform and criterion under today's method, None where it
    cannot be judged again.
    """

    stated: Callable[[str], Organisation | None]
    methods: Mapping[str, int]
    again: Callable[[str, Span], tuple[Outcome, str] | None]


def changes(spans: Iterable[Span], since: datetime, until: datetime, basis: Basis) -> tuple[Change, ...]:
    """What turned after ``since`` and up to ``until``: the confirmed first, then what waits for confirmation."""
    ordered = sorted(spans, key=lambda span: (_key(span), span.since))
    turned = [pair for _, spans in groupby(ordered, key=_key) for pair in _turned(list(spans), since, until)]
    found = [_change(old, new, confirmed, basis) for old, new, confirmed in turned]
    return tuple(sorted(found, key=lambda c: (not c.confirmed, list(Turn).index(c.turn), c.subject, c.platform)))


def _key(span: Span) -> tuple[str, str, str]:
    return span.subject, span.platform, span.criterion


def _turned(history: Sequence[Span], since: datetime, until: datetime) -> Iterator[tuple[Span, Span, bool]]:
    """The net confirmed change of one criterion, and one that is seen but not yet confirmed."""
    seen = [span for span in history if span.since <= until]
    settled = [span for span in seen if span.confirmed and span.confirmed <= until]
    known = [span for span in settled if span.confirmed and span.confirmed <= since]
    last = settled[-1] if settled else None
    if last and last not in known:
        old = known[-1] if known else _before(seen, last)
        if old and old.value != last.value:
            yield old, last, True
    latest = seen[-1] if seen else None
    if latest and latest not in settled:
        old = last or _before(seen, latest)
        if old and old.value != latest.value:
            yield old, latest, False


def _before(seen: Sequence[Span], span: Span) -> Span | None:
    """The latest earlier span that said something else."""
    return next((old for old in reversed(seen[: seen.index(span)]) if old.value != span.value), None)


def _change(old: Span, new: Span, confirmed: bool, basis: Basis) -> Change:
    return Change(
        subject=new.subject,
        platform=new.platform,
        criterion=new.criterion,
        turn=_turn(old, new),
        mover=_mover(old, new, basis),
        before=old.difference,
        after=new.difference,
        since=new.since,
        confirmed=confirmed,
    )


def _turn(old: Span, new: Span) -> Turn:
    if old.outcome is new.outcome:
        return Turn.CHANGED
    if new.outcome is Outcome.NOT_MET:
        return Turn.BROKE
    return Turn.FOUND if new.criterion in _WAY_IN else Turn.MENDED


def _mover(old: Span, new: Span, basis: Basis) -> Mover:
    """The method where only it differs, the organisation where it states something else, else the platform."""
    if basis.methods.get(old.last_run) != basis.methods.get(new.first_run):
        again = basis.again(old.last_run, old)
        if again is None or again == new.value:
            return Mover.METHOD
    before, after = (_statement(basis.stated(run), new) for run in (old.last_run, new.first_run))
    return Mover.ORGANISATION if before != after else Mover.PLATFORM


def _statement(organisation: Organisation | None, span: Span) -> object:
    """What the organisation states that the criterion is compared with."""
    if organisation is None:
        return None
    offered = next((o for o in organisation.offered if f"{organisation.id}/{o.id}" == span.subject), None)
    if offered is None:
        return None
    if span.criterion == "address":
        return offered.location.address
    if field := _STATED.get(span.criterion):
        return _first(offered, organisation, field)
    names = _names(offered, organisation)
    facts = tuple(_first(offered, organisation, field) for field in _STATED.values())
    return names if span.criterion == "name" else (names, offered.location.address, offered.service.kind, facts)


def _names(offered: ServiceAtLocation, organisation: Organisation) -> tuple[object, ...]:
    service, place = offered.service, offered.location
    own = (offered.name, service.name, service.alternate_names, place.name, place.alternate_names)
    return (*own, organisation.name, organisation.alternate_names)


def _first(offered: ServiceAtLocation, organisation: Organisation, field: str) -> str:
    """The most particular value wins, as in the organisation file."""
    above = organisation.website if field == "url" else getattr(organisation, field, "")
    own = (getattr(part, field, "") for part in (offered, offered.service, offered.location))
    return next(filter(None, (*own, above)), "")
