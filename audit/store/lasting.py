"""The last good verdicts of cells that could not be seen this time, out of the results that hold them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlite_utils import Database

from audit.model import Cell, LastGood, Organisation
from audit.store.contents import RESULTS, result_of
from audit.store.figures import stated


def last_good(db: Database, organisation: Organisation, cells: Sequence[Cell], method: int) -> tuple[LastGood, ...]:
    """What earlier runs last saw of the cells, judged by the same method and of the same statements."""
    wanted = {(cell.subject, cell.platform) for cell in cells}
    rows = db.execute(
        """SELECT subject, platform, run FROM current
           WHERE organisation = ? AND state IN ('complete', 'gaps', 'missing')""",
        [organisation.id],
    )
    runs: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for subject, platform, run in rows:
        if (subject, platform) in wanted:
            runs[run].add((subject, platform))
    return tuple(good for run, keys in sorted(runs.items()) for good in _of_run(db, run, keys, organisation, method))


def seen_twice(db: Database, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those pairs of subject and platform whose absence two looks agreed on."""
    query = """SELECT confirmed_at FROM spans WHERE subject = ? AND platform = ? AND criterion = 'listed'
               AND outcome = 'not-met' ORDER BY last_at DESC LIMIT 1"""
    return {pair for pair in pairs if (row := db.execute(query, pair).fetchone()) and row[0]}


def _of_run(
    db: Database, run: str, keys: set[tuple[str, str]], organisation: Organisation, method: int
) -> list[LastGood]:
    row = db.execute(f"{RESULTS} AND r.run = ? AND r.organisation = ?", [run, organisation.id]).fetchone()
    then = stated(db, run, organisation.id)
    if row is None or then is None:
        return []
    result = result_of(*row)
    same = {f"{organisation.id}/{offered.id}" for offered in organisation.offered if offered in then.offered}
    return [
        LastGood(cell=cell, at=result.finished - timedelta(days=cell.age_days), run=run)
        for cell in result.cells
        if result.method == method and (cell.subject, cell.platform) in keys and cell.subject in same
        if _profiles(organisation, cell) == _profiles(then, cell)
    ]


def _profiles(organisation: Organisation, cell: Cell) -> set[str]:
    """The addresses that are stated for a cell: another profile is another question."""
    service = cell.subject.removeprefix(f"{organisation.id}/").split("@")[0]
    mine = (profile for profile in organisation.profiles if profile.platform == cell.platform)
    return {profile.url for profile in mine if profile.service in ("", service)}
