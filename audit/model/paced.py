"""How fast gaps are closed and figures reach their targets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from audit.model.changed import Changes, Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLife:
    """A gap from the run that first saw it open to the one that saw it closed (None: it is still there).

    ``subjects`` are the services at places it is about, ``due`` is the day by which it is to be closed (None: nobody
    set one for the figure it holds down).
    """

    gap: str
    unit: str
    opened: datetime
    closed: datetime | None
    disputed: bool = False
    subjects: tuple[str, ...] = ()
    kind: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Gaps opened and closed in one calendar month ("2026-11"); those of the first run are not counted as opened."""

    month: str
    opened: int
    closed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPace:
    """One unit ("": nobody yet). Days are medians.

    ``in_time`` is the share (0 to 1) closed by the day each was due, ``due`` the earliest of these days.
    """

    unit: str
    open: int
    closed: int
    days_open: float | None
    days_to_close: float | None
    due: date | None
    in_time: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPace:
    """One field of work with the pace of its gaps (``pace.unit`` is empty)."""

    id: str
    name: str
    name_en: str
    pace: UnitPace


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A target with how it stands: ``actual`` and ``per_month`` in points, None: not known.

    ``on_course``: reached, or reached by the day ``due`` at the present pace; ``expected`` is when that would be.
    """

    figure: str
    service: str
    value: float
    due: date
    actual: float | None
    per_month: float | None
    expected: date | None
    on_course: bool | None
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The speed of one organisation at the end of a run; ``at_first`` gaps were there from the start.

    ``runs`` counts its complete runs up to then; ``trend`` holds those of the last one's method, oldest first.
    """

    organisation: str
    organisation_name: str
    at: datetime
    at_first: int
    months: tuple[Month, ...]
    whole: UnitPace
    units: tuple[UnitPace, ...]
    aims: tuple[Aim, ...]
    fields: tuple[FieldPace, ...] = ()
    runs: int = 0
    trend: tuple[Figures, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a report tells of the runs before: what changed since the last one (None: it is the first), and the pace."""

    changes: Changes | None = None
    pace: Pace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """How an organisation moves with everything below it: ``pace`` has sums over all, and only its own targets.

    ``courses`` counts the targets of all: on course, not, not to be told yet. ``members`` are the organisations with
    cells in the first and in the last run of the trend.
    """

    pace: Pace
    courses: tuple[int, int, int]
    members: tuple[int, int]
