"""How a federation moves: the paces of its organisations together, and its figures from run to run. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from audit.judging.summing import Sums
from audit.judging.tree import Tree
from audit.model import Advance, Aim, Federation, Figures, Month, Node, Pace, UnitPace

_MONTHS = 12


class Paces:
    """Takes in the pace of one organisation after the other, then tells of everyone with others below."""

    def __init__(self) -> None:
        self._paces: dict[str, Pace] = {}

    def take(self, pace: Pace) -> None:
        """One more organisation; of its figures nothing is kept."""
        self._paces[pace.organisation] = pace

    def advances(
        self, federation: Federation, trends: Mapping[str, Sequence[tuple[Figures, int]]],
        aims: Mapping[str, tuple[Aim, ...]],
    ) -> dict[str, Advance]:  # fmt: skip
        """By organisation with others below; ``trends`` are its figures run by run with how many they are of."""
        tree = Tree(node.entity for node in federation.nodes)
        below: dict[str, list[Pace]] = {node.entity.id: [] for node in federation.nodes}
        for id_, pace in self._paces.items():
            for above in tree.upwards(id_):
                below[above].append(pace)
        return {
            node.entity.id: _together(node, federation, below[node.entity.id], trends.get(node.entity.id, ()),
                                      aims.get(node.entity.id, ()))
            for node in federation.nodes if not tree.is_leaf(node.entity.id)
        }  # fmt: skip


def figures_of_sums(run: Figures, sums: Sums) -> Figures:
    """The figures of a run from the sums of its cells; answers and offers are not summed."""
    found = sums.findability()
    return Figures(
        run=run.run, at=run.at, method=run.method, findability=found.value, low=found.low, high=found.high,
        accuracy=sums.accuracy().value, response=None, offered=None, total=None, coverage=sums.coverage,
    )  # fmt: skip


def _together(
    node: Node, federation: Federation, paces: Sequence[Pace], trend: Sequence[tuple[Figures, int]],
    aims: tuple[Aim, ...],
) -> Advance:  # fmt: skip
    courses = Counter(aim.on_course for pace in paces for aim in pace.aims)
    courses.update(aim.on_course for aim in aims)
    pace = Pace(
        organisation=node.entity.id,
        organisation_name=node.entity.name,
        at=federation.at,
        at_first=sum(pace.at_first for pace in paces),
        months=_months(paces),
        whole=UnitPace(
            unit="", open=sum(pace.whole.open for pace in paces), closed=sum(pace.whole.closed for pace in paces),
            days_open=None, days_to_close=None, due=None, in_time=None,
        ),
        units=(),
        aims=aims,
        runs=max((pace.runs for pace in paces), default=0),
        trend=tuple(figures for figures, _ in trend),
    )  # fmt: skip
    members = (trend[0][1], trend[-1][1]) if trend else (0, 0)
    return Advance(pace=pace, courses=(courses[True], courses[False], courses[None]), members=members)


def _months(paces: Sequence[Pace]) -> tuple[Month, ...]:
    opened, closed = Counter[str](), Counter[str]()
    for month in (month for pace in paces for month in pace.months):
        opened[month.month] += month.opened
        closed[month.month] += month.closed
    names = sorted(opened)[-_MONTHS:]
    return tuple(Month(month=name, opened=opened[name], closed=closed[name]) for name in names)
