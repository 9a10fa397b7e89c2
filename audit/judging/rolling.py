"""A federation's figures: cells are summed, never the averages of scores (DESIGN 10). Pure.

Results are taken in one after the other and forgotten: memory grows with the tree, not with the cells. Of how people
are answered only that comes in which a result still holds after `sharing.shared`.
"""

from __future__ import annotations

import math
import tomllib
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from audit.judging.curing import Cures
from audit.judging.replied import Replied
from audit.judging.summing import Sums, applicable
from audit.judging.tree import Tree
from audit.model import Beside, Cell, Entity, Federation, Node, Result, Rolled, RolledWait, Spread, State, Wait, Window
from audit.organisation.catalogue import Catalogue

_Key = tuple[str, str]  # whole, fields, kinds or platforms, and which of them
_WHOLE: _Key = ("whole", "")


@cache
def table() -> Mapping[str, Any]:
    """What is compared and what is shown (rolling.toml)."""
    with Path(__file__).with_name("rolling.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one organisation brings into a group."""

    sums: Sums
    states: Counter[State]
    value: float | None

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> _Part:
        sums = Sums.of(cells)
        return cls(sums, Counter(cell.state for cell in cells), sums.findability().value)


@dataclass(slots=True)
class _Group:
    """The cells of one group so far, and the findability of each member by itself."""

    sums: Sums = field(default_factory=Sums)
    states: Counter[State] = field(default_factory=Counter)
    values: array[float] = field(default_factory=lambda: array("d"))
    organisations: int = 0

    def take(self, part: _Part) -> None:
        """One more organisation."""
        self.sums.add(part.sums)
        self.states.update(part.states)
        self.organisations += bool(part.states)  # an umbrella body without services is no member
        if part.value is not None:
            self.values.append(part.value)

    def rolled(self, id_: str, name: str, name_en: str = "") -> Rolled:
        """What is told of the group."""
        return Rolled(
            id=id_,
            name=name,
            name_en=name_en if name_en != name else "",
            organisations=self.organisations,
            states=tuple((state, self.states[state]) for state in State if self.states[state]),
            findability=self.sums.findability(),
            accuracy=self.sums.accuracy(),
            coverage=self.sums.coverage,
            spread=spread(self.values),
        )


@dataclass(slots=True)
class _Wait:
    """Questions of one window and source so far."""

    organisations: int = 0
    count: int = 0
    answered: int = 0
    scored: int = 0
    worth: float = 0.0

    def take(self, wait: Wait) -> None:
        """The questions of one more organisation; a score is a mean over them, so it can be summed exactly."""
        self.organisations += 1
        self.count += wait.count
        self.answered += wait.answered
        if wait.score is not None:
            self.scored += wait.count
            self.worth += wait.score * wait.count


@dataclass(slots=True)
class _Node:
    """One organisation and everything below it so far."""

    groups: dict[_Key, _Group] = field(default_factory=lambda: {_WHOLE: _Group()})
    strict: list[int] = field(default_factory=lambda: [0, 0, 0])
    cures: Cures = field(default_factory=Cures)
    waits: dict[tuple[Window, str], _Wait] = field(default_factory=dict)
    replied: Replied = field(default_factory=Replied)
    audited: bool = False
    sharing: int = 0

    def take(self, result: Result, parts: Mapping[_Key, _Part], *, shares: bool) -> None:
        """One more organisation, this one or one below it."""
        for key, part in parts.items():
            self.groups.setdefault(key, _Group()).take(part)
        strict = result.score.strict
        for place, number in enumerate((strict.without_gap, strict.with_gaps, strict.not_fully_checked)):
            self.strict[place] += number
        self.cures.take(result.gaps)
        self.sharing += bool(result.score.waits)
        for wait in result.score.waits:
            self.waits.setdefault((wait.window, wait.source), _Wait()).take(wait)
        if shares:
            self.replied.take(result.score)

    def ids(self, what: str) -> set[str]:
        """The groups of that sort."""
        return {id_ for sort, id_ in self.groups if sort == what}


class RollUp:
    """Takes in the results of the organisations of one run, one by one, and then tells of the federation."""

    def __init__(self, entities: Iterable[Entity], catalogue: Catalogue) -> None:
        self._tree, self._catalogue = Tree(entities), catalogue
        self._nodes: dict[str, _Node] = {id_: _Node() for id_ in self._tree.entities}
        self._platforms: dict[str, str] = {}
        self._last: tuple[datetime, str, int] | None = None

    def take(self, result: Result, *, shares: bool = False) -> None:
        """One more organisation; ``shares``: its own file says so. Raises KeyError for one that is not in the tree."""
        self._last = max(self._last or (result.finished, "", 0), (result.finished, result.run, result.method))
        self._platforms |= {column.id: column.name for column in result.columns}
        cells = applicable(result.cells)
        whole = {_WHOLE: _Part.of(cells)}
        parts = {**whole, **{key: _Part.of(some) for key, some in self._grouped(cells, result).items()}}
        self._nodes[result.organisation].audited = bool(cells)
        for id_ in self._tree.upwards(result.organisation):
            self._nodes[id_].take(result, whole if self._tree.is_leaf(id_) else parts, shares=shares)

    def _grouped(self, cells: Sequence[Cell], result: Result) -> dict[_Key, list[Cell]]:
        kinds = {row.subject: row.kind for row in result.rows}
        found: dict[_Key, list[Cell]] = defaultdict(list)
        for cell in cells:
            kind = kinds[cell.subject]
            found["kinds", kind].append(cell)
            found["platforms", cell.platform].append(cell)
            if known := self._catalogue.kinds.get(kind):
                found["fields", known.field].append(cell)
        return found

    def federation(self) -> Federation:
        """The whole tree. Raises ValueError where nothing was taken in."""
        if self._last is None:
            raise ValueError("no result was taken in")
        at, run, method = self._last
        platforms = tuple(sorted(self._platforms.items()))
        return Federation(run=run, at=at, method=method, nodes=tuple(self._told()), platforms=platforms)

    def _told(self) -> Iterator[Node]:
        for entity, depth in self._tree.walk():
            node = self._nodes[entity.id]
            gaps = node.cures.rolled()
            yield Node(
                entity=entity,
                depth=depth,
                audited=node.audited,
                whole=node.groups[_WHOLE].rolled(entity.id, entity.name),
                fields=self._of_catalogue(node, "fields", self._catalogue.fields),
                kinds=self._of_catalogue(node, "kinds", self._catalogue.kinds),
                platforms=self._of_platforms(node),
                key_services=(node.strict[0], node.strict[1], node.strict[2]),
                gaps=gaps[: table()["most_gaps"]],
                open_gaps=sum(gap.gaps for gap in gaps),
                without_unit=sum(gap.without_unit for gap in gaps),
                minutes=math.fsum(gap.minutes for gap in gaps),
                sharing=node.sharing,
                waits=_waits(node.waits),
                replies=tuple(node.replied.replies()),
                promises=tuple(node.replied.promises()),
                beside=self._beside(node, entity.parent),
            )

    @staticmethod
    def _of_catalogue(node: _Node, what: str, known: Mapping[str, Any]) -> tuple[Rolled, ...]:
        """In the order of the catalogue, what it does not know last."""
        there = node.ids(what)
        names = {id_: (known[id_].name_de, known[id_].name_en) for id_ in known if id_ in there}
        names |= {id_: (id_, "") for id_ in sorted(there - names.keys())}
        return tuple(node.groups[what, id_].rolled(id_, *told) for id_, told in names.items())

    def _of_platforms(self, node: _Node) -> tuple[Rolled, ...]:
        ids = sorted(node.ids("platforms"))
        return tuple(node.groups["platforms", id_].rolled(id_, self._platforms[id_]) for id_ in ids)

    def _beside(self, node: _Node, parent: str) -> Beside | None:
        if not parent:
            return None
        one, other = (each.groups[_WHOLE].rolled("", "") for each in (node, self._nodes[parent]))
        return beside(one, other)


def _waits(waits: Mapping[tuple[Window, str], _Wait]) -> tuple[RolledWait, ...]:
    order = list(Window)
    return tuple(
        RolledWait(
            window=window,
            source=source,
            organisations=wait.organisations,
            count=wait.count,
            answered=wait.answered,
            score=wait.worth / wait.scored if wait.scored else None,
        )
        for (window, source), wait in sorted(waits.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    )


def spread(values: Sequence[float]) -> Spread | None:
    """How the members of a group lie (0 to 100 each); None where there are too few to show."""
    if len(values) < table()["fewest"]:
        return None
    ordered = sorted(values)
    low = sum(value < table()["low"] for value in ordered)
    p10, median, p90 = (_quantile(ordered, share) for share in (0.1, 0.5, 0.9))
    return Spread(members=len(ordered), median=median, p10=p10, p90=p90, below=low / len(ordered))


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Between the two nearest values in proportion (Hyndman and Fan's type 7)."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def beside(one: Rolled, other: Rolled) -> Beside:
    """How a group's findability stands beside another's: by their ranges, and only where both have enough members."""
    if one.spread is None or other.spread is None:
        return Beside.TOO_FEW
    low, high = one.findability.low or 0.0, one.findability.high or 0.0
    if low > (other.findability.high or 0.0):
        return Beside.ABOVE
    return Beside.BELOW if high < (other.findability.low or 0.0) else Beside.ALIKE
