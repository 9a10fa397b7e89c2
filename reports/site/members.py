"""What the site shows of one organisation: each service with the platforms by state, and its gaps by sort."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from audit.model import Cell, EditedBy, Result, Row, State
from reports.shield import scrub

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,80}")
Counts = tuple[int, int, int, int]  # cells that are complete, with gaps, missing, and could not be checked
ORDER = (State.COMPLETE, State.GAPS, State.MISSING, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Line:
    """One service at one place: how many platforms are complete, and the names of all others by state."""

    row: Row
    counts: Counts
    names: dict[State, list[str]]
    flagged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """Gaps of one kind on one platform for one unit."""

    kind: str
    platform: str
    unit: str
    edited_by: EditedBy
    gaps: int
    minutes: float
    points: float
    red_flag: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One organisation for its page; texts are harmless. ``states`` has its cells, for what is said of all."""

    result: Result
    lines: list[Line]
    todo: list[Todo]
    states: Result


@dataclass(slots=True)
class Groups:
    """Per kind of service and per platform: what each organisation brings, by its id."""

    kinds: defaultdict[str, dict[str, Counts]] = field(default_factory=lambda: defaultdict(dict))
    platforms: defaultdict[str, dict[str, Counts]] = field(default_factory=lambda: defaultdict(dict))

    def take(self, result: Result) -> None:
        """One more organisation."""
        kinds = {row.subject: row.kind for row in result.rows}
        by_kind: defaultdict[str, list[Cell]] = defaultdict(list)
        by_platform: defaultdict[str, list[Cell]] = defaultdict(list)
        for cell in result.cells:
            if cell.state is not State.NOT_APPLICABLE:
                by_kind[kinds[cell.subject]].append(cell)
                by_platform[cell.platform].append(cell)
        for into, found in ((self.kinds, by_kind), (self.platforms, by_platform)):
            for id_, cells in found.items():
                into[id_][result.organisation] = counted(cells)


def counted(cells: Iterable[Cell]) -> Counts:
    """How many cells are in which state."""
    states = Counter(cell.state for cell in cells)
    return states[ORDER[0]], states[ORDER[1]], states[ORDER[2]], states[ORDER[3]]


def added(counts: Iterable[Counts]) -> Counts:
    """Counts together."""
    whole = [0, 0, 0, 0]
    for one in counts:
        for place, number in enumerate(one):
            whole[place] += number
    return whole[0], whole[1], whole[2], whole[3]


def member(result: Result) -> Member:
    """One organisation's part of the site. Cells and gaps are used for counts alone; no entry is shown."""
    cells: defaultdict[str, list[Cell]] = defaultdict(list)
    for cell in result.cells:
        cells[cell.subject].append(cell)
    bare = scrub(_bare(result))
    names = {column.id: column.name for column in bare.columns}
    return Member(
        result=bare,
        lines=[_line(row, cells[before.subject], names) for row, before in zip(bare.rows, result.rows, strict=True)],
        todo=_todo(result),
        states=replace(bare, cells=result.cells, gaps=scrub(tuple(gap for gap in result.gaps if gap.red_flag))),
    )


def _bare(result: Result) -> Result:
    return replace(result, cells=(), gaps=(), strays=(), disputed=())


def _line(row: Row, cells: list[Cell], names: dict[str, str]) -> Line:
    by_state: defaultdict[State, list[str]] = defaultdict(list)
    for cell in cells:
        by_state[cell.state].append(names.get(cell.platform, cell.platform))
    return Line(row, counted(cells), dict(by_state), any(cell.red_flag for cell in cells))


def _todo(result: Result) -> list[Todo]:
    sorted_out: defaultdict[tuple[str, str, str, EditedBy, bool], list[tuple[float, float]]] = defaultdict(list)
    for gap in result.gaps:
        key = gap.kind, gap.platform, gap.unit, gap.edited_by, gap.red_flag
        sorted_out[key].append((gap.minutes, gap.points))
    told = [
        Todo(kind=kind, platform=platform, unit=unit, edited_by=by, red_flag=flag, gaps=len(some),
             minutes=sum(minutes for minutes, _ in some), points=sum(points for _, points in some))
        for (kind, platform, unit, by, flag), some in sorted_out.items()
    ]  # fmt: skip
    return sorted(told, key=lambda t: (not t.red_flag, -t.points / max(t.minutes, 1), t.platform, t.kind, t.unit))


def file_of(id_: str) -> str:
    """The name of an id's page: the id, or a hash where it could not stand in a file's name."""
    return f"{id_ if SAFE.fullmatch(id_) else hashlib.sha256(id_.encode()).hexdigest()[:20]}.html"
