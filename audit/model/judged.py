"""What it means: matches, findings, cells and gaps. Reports read these and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from audit.model.observed import Listing
from audit.model.said import Said
from audit.model.scored import Score
from audit.model.words import Access, EditedBy, Kind, Level, Outcome, Reason, Standing, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One field compared: its level, log-odds weight (bits) and the reason: ``why`` in English, ``said`` in codes."""

    field: str
    level: Level
    weight: float
    why: str
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A listing and the subject it was dealt to. ``state`` is match, unclear or duplicate."""

    subject: str
    listing: Listing
    probability: float
    grounds: tuple[Ground, ...]
    state: str
    recognised: str  # named | category | text | no: how the service shows in it
    visit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One criterion answered for one subject on one platform.

    ``value`` is the share of full marks (0 to 1) where the criterion counts, ``shown`` and
    ``stated`` what differs, ``note`` a remark (in English, where it is one for people), ``said`` the same in codes,
    ``visits`` the evidence.
    """

    subject: str
    platform: str
    criterion: str
    outcome: Outcome
    reason: Reason | None = None
    value: float | None = None
    level: Level | None = None
    shown: str = ""
    stated: str = ""
    note: str = ""
    visits: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One service at one place on one platform: the only thing scored.

    ``findability`` is 0 to 1, ``accuracy`` 0 to 1 or None where nothing can be compared. ``carried_from`` is the
    run whose verdict it is, where the cell could not be seen in this one for the ``reason``.
    """

    subject: str
    platform: str
    way: str
    state: State
    weight: float
    reason: Reason | None = None
    findability: float | None = None
    accuracy: float | None = None
    findings: tuple[Finding, ...] = ()
    match: Match | None = None
    age_days: float = 0.0
    key: bool = True
    red_flag: str = ""
    carried_from: str = ""

    @property
    def id(self) -> str:
        """``organisation/service@location/platform``."""
        return f"{self.subject}/{self.platform}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One line of a mail that asks for entries to be put right: a field of an entry, as shown and as it should be.

    ``id`` and ``kind`` are those of the gap that it would be alone; by the id it can be disputed or given to a unit.
    ``entry`` and ``url`` name the entry as the platform does.
    """

    id: str
    kind: str
    field: str
    subjects: tuple[str, ...]
    entry: str = ""
    url: str = ""
    shown: str = ""
    stated: str = ""
    points: float = 0.0
    visits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing to do, with one cure. ``minutes`` is effort, ``points`` what closing it gains.

    ``dispute`` is why the organisation says that it is none. ``corrections`` are the lines of the mail that closes it.
    """

    id: str
    kind: str
    platform: str
    subjects: tuple[str, ...]
    unit: str
    minutes: float
    points: float
    edited_by: EditedBy
    edit_url: str = ""
    shown: str = ""
    stated: str = ""
    paste: str = ""
    red_flag: bool = False
    confirmed: bool = False
    first_seen: datetime | None = None
    target_date: date | None = None
    visits: tuple[str, ...] = ()
    dispute: str = ""
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WayReport:
    """One way to a platform, as the method section shows it; ``control`` and ``detail`` also in codes."""

    id: str
    access: Access
    standing: Standing
    home: str
    policy_url: str
    policy_read: date | None
    attribution: str
    reason: Reason | None
    detail: str
    control: str
    visits: int
    control_said: tuple[Said, ...] = ()
    detail_said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One platform: a column of the matrix."""

    id: str
    name: str
    kind: Kind
    ways: tuple[WayReport, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One service at one place: a row of the matrix."""

    subject: str
    service: str
    service_name: str
    kind: str
    location: str
    location_name: str
    unit: str
    key: bool
    weight: float
    protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A listing that belongs to nobody in the file: a closed service, an old address, an orphan."""

    platform: str
    kind: str  # closed-service | orphan | duplicate | protected-address | namesake | unlinked-account
    name: str
    url: str
    subject: str = ""
    visit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastGood:
    """The last good verdict on a cell: when it was seen, and in which run."""

    cell: Cell
    at: datetime
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What earlier runs knew when this one was judged: kept with it, so that it can be judged again.

    ``first_seen`` pairs gap ids with the time they were first seen; ``confirmed`` are subject and
    platform of absences that an earlier run saw as well; ``drifted`` are ways and fields whose reader
    read much in earlier runs and hardly anything in this one; ``last_good`` stands for cells that could not be seen.
    """

    first_seen: tuple[tuple[str, datetime], ...] = ()
    confirmed: tuple[tuple[str, str], ...] = ()
    drifted: tuple[tuple[str, str], ...] = ()
    last_good: tuple[LastGood, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One audit of one organisation, complete: everything a report needs.

    ``disputed`` gaps are not among ``gaps``; ``warnings_said`` is ``warnings`` in codes.
    """

    run: str
    organisation: str
    organisation_name: str
    started: datetime
    finished: datetime
    method: int
    manifest: tuple[tuple[str, str], ...]
    vantage: Reason | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    cells: tuple[Cell, ...]
    score: Score
    gaps: tuple[Gap, ...]
    strays: tuple[Stray, ...] = ()
    units: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    disputed: tuple[Gap, ...] = ()
    warnings_said: tuple[Said, ...] = ()
