"""Figures: the pillars of the score, waits, offers, and what would raise coverage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from audit.model.words import Reason, Swiftness, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Pillar:
    """A figure from 0 to 100 with what it rests on. ``coverage`` is 0 to 1."""

    value: float | None
    coverage: float
    low: float | None = None
    high: float | None = None
    known: int = 0
    applicable: int = 0
    grade: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Answers in one window from one source. Shares are 0 to 1, hours are clock hours."""

    window: Window
    source: str
    count: int
    answered: int
    median_hours: float | None
    within_24h: float | None
    low: float | None
    high: float | None
    score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowWait:
    """The waits of one group in one window, in hours. ``office_hours`` is the median by the office clock.

    The median and its band, and the 90th percentile, are None where they are not reached yet. ``within`` is the
    share (0 to 1) answered within the target, of the ``due`` ones whose target time is over or that are answered.
    """

    window: Window
    count: int
    answered: int
    due: int
    median_hours: float | None
    median_low: float | None
    median_high: float | None
    p90_hours: float | None
    office_hours: float | None
    within: float | None
    within_low: float | None
    within_high: float | None
    score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedHour:
    """Enquiries that came in one hour of the week (Monday is 0); the median only for three or more."""

    weekday: int
    hour: int
    count: int
    median_hours: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """How one group answers on one channel, as one source tells.

    ``level`` is service, place, field or organisation: teams that are too small are pooled upwards. ``services``
    are the ids that are in it, ``oldest_hours`` how long the oldest open question has been waiting.
    """

    level: str
    subject: str
    name: str
    channel: str
    source: str
    services: tuple[str, ...]
    unit: str
    target_hours: float
    count: int
    answered: int
    open: int
    oldest_hours: float | None
    windows: tuple[WindowWait, ...]
    hours: tuple[AskedHour, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replying:
    """Replies to reviews or comments, as one source tells; never among enquiries.

    ``share`` (0 to 1) is of the ``due`` ones: answered, or waiting for 14 days and more. Hours are clock hours, None
    where the median or its band is not reached.
    """

    kind: str
    source: str
    count: int
    answered: int
    due: int
    share: float | None
    share_low: float | None
    share_high: float | None
    median_hours: float | None
    median_low: float | None
    median_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmeasured:
    """A service whose waits cannot be shown by themselves: no-source, too-few, small-team, team-size
    or beside-small (large enough, but subtraction would tell the small team beside it)."""

    service: str
    name: str
    why: str
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What one service offers by its hours and slots: shares of each window, 0 to 1.

    ``slot_days`` is for how many days ahead free times were looked for (0: nowhere).
    """

    subject: str
    office: float
    evening: float
    weekend: float
    next_slot: datetime | None = None
    evening_slots: int = 0
    weekend_slots: int = 0
    slot_days: int = 0
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A stated reply time in hours, or a platform's label. ``source`` is ``promised`` (the file) or a platform.

    ``badge`` is the label in its own words, ``hours`` the time they name, ``swiftness`` how soon that is (None: not
    understood). ``seen`` is the day on which it stood there (the oldest, where services share it), None for the file.
    """

    source: str
    channel: str
    hours: float | None
    badge: str
    services: tuple[str, ...]
    swiftness: Swiftness | None = None
    seen: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What would turn unknown cells into known ones. ``gain`` is coverage won, 0 to 1."""

    reason: Reason
    platform: str
    cells: int
    gain: float
    minutes: float


LOOK_FIELDS = ("name", "address", "phone", "email", "hours", "link", "reply")
"""The fields a person may be asked for in a look, in the order of a worksheet's columns; ``reply`` is the label of the
reply time, in its own words."""
UNASKED = "–"
"""In a worksheet: nothing is asked of this field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look only a person can do: where, at what, the link, the question, and the cell it answers.

    ``stated`` pairs the fields this platform can show with what the organisation states of them
    (hours in OSM syntax); ``reply`` is there, empty, where the platform may label the reply time. ``minutes`` is what
    the look takes.
    """

    platform: str
    service: str
    place: str
    link: str = ""
    question: str = ""
    cell: str = ""
    stated: tuple[tuple[str, str], ...] = ()
    minutes: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAnswer:
    """What a person saw in one look.

    ``outcome`` is right (found, all as stated), wrong (found with errors), missing, or unseen
    (could not be seen). ``shown`` pairs the fields looked at with what stands there, "" where
    nothing does. ``screenshot`` is the path of a picture the person keeps.
    """

    outcome: str
    shown: tuple[tuple[str, str], ...] = ()
    note: str = ""
    screenshot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strict:
    """The strict figure: key services without a gap, with gaps, not fully checked."""

    without_gap: int
    with_gaps: int
    not_fully_checked: int
    not_in_file: tuple[str, ...] = ()
    recommended_not_key: tuple[str, ...] = ()
    intended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """All figures of one audit under one method. ``response_sources`` are the sources that R rests on."""

    method: int
    findability: Pillar
    accuracy: Pillar
    response: Pillar
    offered: Pillar
    total: float | None
    coverage: float
    strict: Strict
    waits: tuple[Wait, ...] = ()
    answering: tuple[Answering, ...] = ()
    unmeasured: tuple[Unmeasured, ...] = ()
    offers: tuple[Offer, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    response_sources: tuple[str, ...] = ()
    replies: tuple[Replying, ...] = ()
    promises: tuple[Promise, ...] = ()
