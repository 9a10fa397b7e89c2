"""How a federation moves from run to run, read from the database: what its site tells of trend, pace and targets.

Of each organisation only that is read which a report above it may show (`judging.sharing`). Earlier runs are summed
from their cells, never averaged, and only as many as cost little beside the run itself.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from audit.federating import Word
from audit.judging.advancing import Paces, figures_of_sums
from audit.judging.pacing import aim
from audit.judging.sharing import shared_pace, shared_sources
from audit.judging.summing import Sums, applicable
from audit.judging.tree import Tree
from audit.looking import reading
from audit.model import Advance, Aim, Cell, Federation, Figures, Organisation, Pace, Result, State
from audit.pacing import pace_until
from audit.store import Store
from audit.store import figures as figuring
from audit.store.codec import parse

_RESULTS = 2_000  # of earlier runs: as many are read at most, but always one whole run
_RUNS = 24  # drawn at most
_YEAR, _QUARTER = timedelta(days=365), timedelta(days=90)
Trend = list[tuple[Figures, int]]  # run by run, and how many organisations it is of


@dataclass(frozen=True, slots=True)
class _Bare:
    """A stored cell without its findings: read several times as fast."""

    state: State
    weight: float
    findability: float | None = None
    accuracy: float | None = None
    age_days: float = 0.0


@dataclass(frozen=True, slots=True)
class _Cells:
    cells: tuple[_Bare, ...]


class Advancing:
    """Paces of the organisations of one run, and of everyone above them."""

    def __init__(self, store: Store, word: Word) -> None:
        self._store, self._word, self._paces = store, word, Paces()

    def pace(self, result: Result) -> Pace:
        """The pace of a result's organisation, as a report above it may show it; kept for what is said of all."""
        stated = figuring.stated(self._store.tables, result.run, result.organisation)
        own = self._word(stated or Organisation(id=result.organisation, name=result.organisation_name))
        shown = shared_pace(pace_until(self._store, result, sources=shared_sources(own)), own)
        self._paces.take(replace(shown, units=(), fields=(), trend=()))
        return shown

    def advances(self, federation: Federation) -> dict[str, Advance]:
        """Of every organisation with others below it, once all of them were taken in."""
        tree = Tree(node.entity for node in federation.nodes)
        trends: dict[str, Trend] = {node.entity.id: [] for node in federation.nodes if not tree.is_leaf(node.entity.id)}
        for run in self._earlier(federation):
            for id_, (sums, members) in self._sums(run, tree).items():
                trends[id_].append((figures_of_sums(run, sums), members))
        for node in federation.nodes:
            if node.entity.id in trends:
                trends[node.entity.id].append((_now(federation, node.entity.id), node.whole.organisations))
        aims = {id_: self._aims(federation, id_, trend) for id_, trend in trends.items()}
        return self._paces.advances(federation, trends, aims)

    def _earlier(self, federation: Federation) -> list[Figures]:
        """Runs of the same federation by the same method, the oldest first, with empty figures."""
        tops = {node.entity.id for node in federation.below("")}
        rows = self._store.tables.execute(
            """SELECT id, finished, organisations FROM runs WHERE state = 'complete' AND method = ? AND finished < ?
               ORDER BY finished, id""",
            [federation.method, federation.at.isoformat()],
        )
        alike, many = [], 1
        for run, finished, stated in rows:
            told = json.loads(stated)
            if len(told) > 1 and tops <= told.keys():
                alike.append(_empty(run, datetime.fromisoformat(finished), federation.method))
                many = max(many, len(told))
        return _chosen(alike, federation.at, max(1, min(_RUNS, _RESULTS // many)))

    def _sums(self, run: Figures, tree: Tree) -> dict[str, tuple[Sums, int]]:
        """The cells of a run summed for everyone with others below, by today's tree; and of how many organisations."""
        found: dict[str, tuple[Sums, int]] = {}
        for id_, body in self._store.tables.execute(
            "SELECT r.organisation, c.body FROM results r JOIN contents c ON c.hash = r.result WHERE r.run = ?",
            [run.run],
        ):
            if id_ in tree.entities and (cells := _cells(body)):
                sums = Sums.of(cells)
                for above in tree.upwards(id_):
                    if not tree.is_leaf(above):
                        whole, members = found.get(above, (Sums(), 0))
                        whole.add(sums)
                        found[above] = whole, members + 1
        return found

    def _aims(self, federation: Federation, id_: str, trend: Trend) -> tuple[Aim, ...]:
        """The targets of an umbrella body without services of its own: they are for all together."""
        stated = figuring.stated(self._store.tables, federation.run, id_)
        if stated is None or federation.node(id_).audited:
            return ()
        wanted = [t for t in stated.targets if t.figure in ("findability", "accuracy") and not t.about and not t.field]
        series = {
            figure: [(run.at, value) for run, _ in trend if (value := getattr(run, figure)) is not None]
            for figure in ("findability", "accuracy")
        }
        return tuple(aim(target, series[target.figure], federation.at) for target in wanted)


@contextmanager
def advancing(database: Path, word: Word = lambda stated: stated) -> Iterator[Advancing]:
    """The database opened for reading as long as the context lasts. Raises `StoreProblemError`.

    ``word`` tells of what an organisation stated in a run what it says today (`federating.words_of_today`).
    """
    store = reading(database)
    try:
        yield Advancing(store, word)
    finally:
        store.close()


def _now(federation: Federation, id_: str) -> Figures:
    whole = federation.node(id_).whole
    return replace(
        _empty(federation.run, federation.at, federation.method),
        findability=whole.findability.value, low=whole.findability.low, high=whole.findability.high,
        accuracy=whole.accuracy.value, coverage=whole.coverage,
    )  # fmt: skip


def _empty(run: str, at: datetime, method: int) -> Figures:
    return Figures(run=run, at=at, method=method, findability=None, low=None, high=None, accuracy=None, response=None,
                   offered=None, total=None, coverage=0.0)  # fmt: skip


def _chosen(runs: list[Figures], now: datetime, most: int) -> list[Figures]:
    """The last run of each week, of these ``most``, evenly spread; few of them over a quarter, else over a year."""
    since = now - (_YEAR if most >= _RUNS / 2 else _QUARTER)
    weekly = list({run.at.isocalendar()[:2]: run for run in runs if run.at >= since}.values())
    step = max(1, -(-len(weekly) // most))
    return weekly[::step]


def _cells(body: bytes) -> list[Cell]:
    bare: _Cells = parse(_Cells, zlib.decompress(body))
    return applicable(
        Cell(subject="", platform="", way="", state=one.state, weight=one.weight, findability=one.findability,
             accuracy=one.accuracy, age_days=one.age_days)
        for one in bare.cells
    )  # fmt: skip
