"""Looking back into the database: stored results, how a cell was judged, and judging again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from audit.auditing import Workshop
from audit.model import Cell, Latest, Reason, Result, Seen
from audit.page import Page
from audit.store import Store, StoreProblemError
from audit.store import figures as figuring
from audit.store.codec import dump
from audit.store.contents import facts_of
from audit.store.evidence import evidence_of
from audit.working import UnknownNameError

_MOST = 2_000  # characters of a stored text that are shown


@dataclass(frozen=True, kw_only=True)
class Look:
    """One visit behind a cell: what was asked, what came back, a piece of the stored text, and its picture (JPEG)."""

    seen: Seen
    text: str
    picture: bytes = b""

    @property
    def id(self) -> str:
        """The visit's id."""
        return self.seen.visit.id

    @property
    def url(self) -> str:
        """The address that answered, or that was asked."""
        return self.seen.url or self.seen.visit.url

    @property
    def at(self) -> datetime:
        """When the answer came."""
        return self.seen.at

    @property
    def status(self) -> int:
        """The HTTP status, 0 where there was none."""
        return self.seen.status

    @property
    def reason(self) -> Reason | None:
        """Why nothing was understood, if so."""
        return self.seen.reason

    @property
    def cached(self) -> bool:
        """Whether the server said that an earlier answer still holds."""
        return self.seen.cached

    @property
    def detail(self) -> str:
        """The same in words."""
        return self.seen.detail


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A cell with everything that led to it."""

    result: Result
    cell: Cell
    looks: tuple[Look, ...]


@dataclass(frozen=True, kw_only=True)
class Rejudged:
    """A run judged again: whether it is byte-equal, which cells changed, as (before, after), and what changed them.

    ``basis`` are the parts of the manifest that are others now: (name, before, after).
    """

    run: str
    equal: bool
    changed: tuple[tuple[Cell, Cell], ...]
    basis: tuple[tuple[str, str, str], ...] = ()


def reading(database: Path) -> Store:
    """The store for looking only. Raises `StoreProblemError` where there is none yet."""
    if not database.exists():
        raise StoreProblemError(f"{database} does not exist yet. Run an audit first: findbar audit FILE")
    return Store(database, writing=False)


def known_organisation(store: Store, organisation: str) -> str:
    """The organisation named, or the one audited last. Raises `StoreProblemError` or `UnknownNameError`."""
    known = figuring.audited(store.tables)
    if not known:
        raise StoreProblemError(f"{store.path} holds no finished audit. Run one first: findbar audit FILE")
    if organisation and organisation not in known:
        raise UnknownNameError("organisation", organisation, known)
    return organisation or known[0]


def stored_result(database: Path, organisation: str = "", run: str = "") -> Result:
    """The latest result of an organisation (or of any). Raises `StoreProblemError` where there is none."""
    store = reading(database)
    try:
        result = store.result(organisation, run)
    finally:
        store.close()
    if result is None:
        wanted = " ".join(part for part in (organisation, run) if part) or "any organisation"
        raise StoreProblemError(f"{database} holds no finished audit of {wanted}.")
    return result


def latest_results(database: Path) -> list[Latest]:
    """What the latest complete run of each organisation found, by name. Raises `StoreProblemError` for no database."""
    store = reading(database)
    try:
        rows = store.tables.execute(
            """SELECT r.organisation, u.organisations, max(u.finished), r.findability, r.coverage,
                 (SELECT count(*) FROM gaps g WHERE g.organisation = r.organisation AND g.state = 'open')
               FROM results r JOIN runs u ON u.id = r.run WHERE u.state = 'complete' GROUP BY r.organisation"""
        ).fetchall()
        runs = {stated for _, stated, *_ in rows}
        names = {(stated, one["id"]): one["name"] for stated in runs for one in facts_of(store.tables, stated)}
    finally:
        store.close()
    found = [
        Latest(
            organisation=id_, name=names[stated, id_], at=datetime.fromisoformat(at),
            findability=findable, coverage=known, gaps=gaps,
        )
        for id_, stated, at, findable, known, gaps in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.name, one.organisation))


def result_for_unit(database: Path, organisation: str, unit: str, run: str = "") -> Result:
    """As `stored_result`, with a unit that must be known. Raises `UnknownNameError`."""
    result = stored_result(database, organisation, run)
    known = {id_ for id_, _ in result.units}
    if unit and unit not in known:
        raise UnknownNameError("unit", unit, known)
    return result


def explanation(database: Path, cell_id: str, run: str = "") -> Explanation:
    """How a cell (organisation/service@place/platform) was judged. Raises `StoreProblemError` for an unknown one."""
    result = stored_result(database, cell_id.split("/", 1)[0], run)
    cell = next((cell for cell in result.cells if cell.id == cell_id), None)
    if cell is None:
        known = ", ".join(sorted(c.id for c in result.cells)[:5])
        raise StoreProblemError(f"No cell is called {cell_id!r}. Cells are called like: {known} ...")
    store = reading(database)
    try:
        run = cell.carried_from or result.run
        visits = dict.fromkeys(visit for finding in cell.findings for visit in finding.visits)
        stored = [evidence_of(store.tables, store.evidence_folder, run, visit) for visit in visits]
    finally:
        store.close()
    looks = tuple(
        Look(seen=seen, text=_text(seen, body), picture=picture) for seen, body, picture in filter(None, stored)
    )
    return Explanation(result=result, cell=cell, looks=looks)


def _text(seen: Seen, body: bytes) -> str:
    """What a person would read of a stored body, its beginning."""
    if body.lstrip()[:1] != b"<":
        return body.decode("utf-8", "replace")[:_MOST]
    page = Page(visit=seen.visit, at=seen.at, headers=(("content-type", "text/html"),), body=body)
    return page.readable[:_MOST]


def rejudged(database: Path, workshop: Workshop, run: str = "") -> Rejudged:
    """A stored run judged again without any request. Raises `StoreProblemError` where there is none."""
    store = reading(database)
    try:
        wanted = run or store.latest_run() or ""
        before = store.results(wanted)
        if not before:
            raise StoreProblemError(f"{database} holds no finished run {run}".rstrip() + ".")
        after = workshop.rejudge(store, wanted)
    finally:
        store.close()
    equal = [dump(Result, result) for result in before] == [dump(Result, result) for result in by_organisation(after)]
    cells = {cell.id: cell for result in before for cell in result.cells}
    changed = tuple(
        (cells[cell.id], cell)
        for result in after
        for cell in result.cells
        if cell.id in cells and dump(Cell, cells[cell.id]) != dump(Cell, cell)
    )
    return Rejudged(run=wanted, equal=equal, changed=changed, basis=_basis(before, after))


def _basis(before: Sequence[Result], after: Sequence[Result]) -> tuple[tuple[str, str, str], ...]:
    """What verdicts rest on beside the observations, where it is not the same any more."""
    then, now = (dict(part for result in results for part in result.manifest) for results in (before, after))
    return tuple((n, then.get(n, ""), now.get(n, "")) for n in sorted({*then, *now}) if then.get(n) != now.get(n))


def by_organisation(results: list[Result]) -> list[Result]:
    """By organisation, as they are stored."""
    return sorted(results, key=lambda result: result.organisation)
