"""What reports show, arranged for reading: matrix by place, gaps by value, what was not checked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from audit.model import Cell, Column, Finding, Gap, Kind, Level, Outcome, Reason, Remedy, Result, Row, State

START = "first_step"
SHORT = 10.0  # minutes: gaps that are closed between two appointments come first


@dataclass(frozen=True, slots=True)
class Place:
    """One place and the rows offered there."""

    id: str
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Platforms of one kind, side by side in the matrix."""

    kind: Kind
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Cells of one platform that could not be checked for one reason, and what curing it gains."""

    platform: str
    reason: Reason
    cells: int
    gain: float | None
    minutes: float | None

    @property
    def gained(self) -> float:
        """The gain for sums, 0 where none is known."""
        return self.gain or 0.0

    @property
    def spent(self) -> float:
        """The minutes for sums, 0 where they are not known."""
        return self.minutes or 0.0


@dataclass(frozen=True, slots=True)
class Effort:
    """All gaps together: how many, minutes in all, and the minutes that win ``share`` of the points."""

    gaps: int
    minutes: float
    part: float
    share: float


class View:
    """A result with look-ups: names by slug, cells by row and column."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.rows = {row.subject: row for row in result.rows}
        self.columns = {column.id: column for column in result.columns}
        self.units = dict(result.units)
        self.cells = {(cell.subject, cell.platform): cell for cell in result.cells}
        self.groups = self._groups()
        self.shown = tuple(column for group in self.groups for column in group.columns)

    def cell(self, row: Row, column: Column) -> Cell | None:
        """The cell of a row and a column, None where nothing was planned."""
        return self.cells.get((row.subject, column.id))

    def line(self, row: Row) -> list[Cell | None]:
        """The cells of a row, one for each column."""
        return [self.cell(row, column) for column in self.shown]

    def _groups(self) -> list[Group]:
        """Platforms that matter to a row at least, by kind; kinds and platforms in the order of the result."""
        idle = {column.id for column in self.beside_the_point()}
        grouped: dict[Kind, list[Column]] = {}
        for column in self.result.columns:
            if column.id not in idle:
                grouped.setdefault(column.kind, []).append(column)
        return [Group(kind, tuple(columns)) for kind, columns in grouped.items()]

    def beside_the_point(self) -> list[Column]:
        """Platforms that apply to no row at all."""
        live = {cell.platform for cell in self.result.cells if cell.state is not State.NOT_APPLICABLE}
        planned = {cell.platform for cell in self.result.cells}
        return [column for column in self.result.columns if column.id in planned - live]

    def platform(self, slug: str) -> str:
        """The platform's name, or its slug."""
        return self.columns[slug].name if slug in self.columns else slug

    def unit(self, slug: str) -> str:
        """The unit's name, or its slug; empty where nobody is in charge."""
        return self.units.get(slug, slug)

    def subject(self, slug: str) -> str:
        """ "Schuldnerberatung, Haus Mitte" for a row's slug; the organisation's name or the slug else."""
        row = self.rows.get(slug)
        if row:
            parts = dict.fromkeys(filter(None, (row.service_name, row.location_name)))
            return ", ".join(parts)
        return self.result.organisation_name if slug == self.result.organisation else slug.rpartition("/")[2]

    def subjects(self, gap: Gap, most: int = 3) -> tuple[list[str], int]:
        """The first names a gap is about, and how many more there are."""
        names = list(dict.fromkeys(self.subject(slug) for slug in gap.subjects or (self.result.organisation,)))
        return names[:most], max(0, len(names) - most)

    def services(self, gap: Gap) -> list[str]:
        """The services a gap is about, without their places."""
        rows = (self.rows.get(slug) for slug in gap.subjects)
        return list(dict.fromkeys(row.service_name for row in rows if row)) or [self.subject(self.result.organisation)]

    def seen(self, gap: Gap) -> datetime | None:
        """When what a gap is about was last looked at; None where no cell tells."""
        cells = (self.cells.get((slug, gap.platform)) for slug in gap.subjects)
        ages = [cell.age_days for cell in cells if cell]
        return self.result.finished - timedelta(days=min(ages)) if ages else None

    def absent(self, gap: Gap) -> bool:
        """Whether nothing is shown where something should be (and not: shown, but not to be kept)."""
        if gap.kind == "incomplete":
            return True
        return any(finding.level is Level.ABSENT for finding in self._compared(gap))

    def difference(self, gap: Gap) -> str:
        """How the opening hours differ, in words; "" for any other gap."""
        notes = (finding.note for finding in self._compared(gap) if finding.criterion == "hours")
        return next(filter(None, notes), "")

    def _compared(self, gap: Gap) -> list[Finding]:
        """The findings of the field that a gap is about."""
        cells = (self.cells.get((slug, gap.platform)) for slug in gap.subjects)
        findings = (finding for cell in cells if cell for finding in cell.findings)
        return [finding for finding in findings if finding.criterion == gap.kind.removeprefix("wrong-")]

    def protected(self, slug: str) -> bool:
        """Whether a row is a protected service."""
        return slug in self.rows and self.rows[slug].protected

    def places(self) -> list[Place]:
        """The rows grouped by place, in the order of the file."""
        grouped: dict[str, list[Row]] = {}
        for row in self.result.rows:
            grouped.setdefault(row.location, []).append(row)
        return [Place(id=id_, name=rows[0].location_name or id_, rows=tuple(rows)) for id_, rows in grouped.items()]

    def gaps(self) -> list[Gap]:
        """Red flags first, then those of ten minutes, then the longer ones; each by points per minute, ties by id."""
        return sorted(self.result.gaps, key=lambda gap: (not gap.red_flag, gap.minutes > SHORT, -value_of(gap), gap.id))

    def next_steps(self, most: int = 3) -> list[Gap]:
        """The first gaps, each of another sort: what is wrong on which platform, or for which unit, differs.

        Red flags always come first; where too few sorts gain points, the next in line fill up.
        """
        ordered, chosen = self.gaps(), list[Gap]()
        for gap in ordered:
            alike = (gap.kind == one.kind and (gap.platform == one.platform or gap.unit == one.unit) for one in chosen)
            if len(chosen) < most and (gap.red_flag or (gap.points and not any(alike))):
                chosen.append(gap)
        rest = (gap for gap in ordered if gap not in chosen)
        return chosen + list(islice(rest, most - len(chosen)))

    def gap_groups(self) -> list[tuple[str, list[Gap]]]:
        """The gaps in their order under three headings: flags, short, long; only those with gaps."""
        grouped: dict[str, list[Gap]] = {}
        for gap in self.gaps():
            key = "flags" if gap.red_flag else "short" if gap.minutes <= SHORT else "long"
            grouped.setdefault(key, []).append(gap)
        return list(grouped.items())

    def effort(self, share: float = 0.8) -> Effort:
        """How long all gaps take, and how soon ``share`` of their points is won."""
        ordered = sorted(self.result.gaps, key=lambda gap: (-value_of(gap), gap.id))
        whole = sum(gap.points for gap in ordered)
        spent = won = 0.0
        for gap in ordered:
            if won >= share * whole:
                break
            spent += gap.minutes
            won += gap.points
        return Effort(gaps=len(ordered), minutes=sum(gap.minutes for gap in ordered), part=spent, share=share)

    def homeless_gaps(self) -> list[Gap]:
        """Gaps no unit is in charge of."""
        return [gap for gap in self.gaps() if not gap.unit]

    def remedies(self) -> list[Remedy]:
        """What would raise coverage, by gain per minute."""
        return sorted(self.result.score.remedies, key=lambda r: (-r.gain / max(r.minutes, 1), r.platform, r.reason))

    def unchecked(self) -> list[Unchecked]:
        """Cells that could not be seen, counted by platform and reason, most valuable remedy first.

        Those that keep an earlier verdict are among them: it is old, and why is to be told.
        """
        unseen = (cell for cell in self.result.cells if cell.state is State.UNKNOWN or cell.carried_from)
        counts = Counter((cell.platform, cell.reason or Reason.NOT_RUN) for cell in unseen)
        cures = {(remedy.platform, remedy.reason): remedy for remedy in self.result.score.remedies}
        found = []
        for (platform, reason), cells in counts.items():
            cure = cures.get((platform, reason))
            gain, minutes = (cure.gain, cure.minutes) if cure else (None, None)
            found.append(Unchecked(platform, reason, cells, gain, minutes))
        return sorted(found, key=lambda row: (-(row.gain or 0), -row.cells, row.platform, row.reason))

    def unchecked_by_reason(self) -> list[tuple[Reason, list[Unchecked]]]:
        """The same with one entry for each reason: its cure is said once."""
        grouped: dict[Reason, list[Unchecked]] = {}
        for row in self.unchecked():
            grouped.setdefault(row.reason, []).append(row)
        return list(grouped.items())

    def states(self, kind: Kind | None = None) -> dict[State, int]:
        """How many cells (of platforms of one kind, or all) are in which state, all states named."""
        of = {column.id for column in self.result.columns if kind in {None, column.kind}}
        counts = Counter(cell.state for cell in self.result.cells if kind is None or cell.platform in of)
        return {state: counts[state] for state in State}


def value_of(gap: Gap) -> float:
    """Points per minute; effort under a minute counts as one."""
    return gap.points / max(gap.minutes, 1.0)


def start_of(cell: Cell) -> Outcome:
    """Whether the first step can be taken there, as far as known."""
    for finding in cell.findings:
        if finding.criterion == START:
            return finding.outcome
    return Outcome.UNKNOWN if cell.state is State.UNKNOWN else Outcome.NOT_APPLICABLE


def state_of(cell: Cell | None) -> str:
    """The state's word; a cell nobody planned could not be checked, it is not missing."""
    return (cell.state if cell else State.UNKNOWN).value


def conflicts(cell: Cell) -> list[Finding]:
    """The findings that are not met."""
    return [finding for finding in cell.findings if finding.outcome is Outcome.NOT_MET]
