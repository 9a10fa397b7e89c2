"""Opening hours (OSM syntax) as open minutes of a normal week, and how two of them differ.

Syntax: OpenStreetMap opening_hours specification (wiki, read 2026-11). Evaluated by opening-hours-py;
a comment ("by appointment") makes a time neither open nor closed here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, State, validate

from audit.judging.comparing.comparison import Comparison, absent
from audit.judging.comparing.tables import levels
from audit.model import Level, Window

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
NORMAL_MONDAY = date(2026, 3, 2)  # a week without public holidays in any federal state
DAY = 24 * 60

# window: (weekdays, first minute, last minute) in local time
WINDOWS = {
    Window.OFFICE: (range(5), 8 * 60, 18 * 60),
    Window.EVENING: (range(5), 18 * 60, 22 * 60),
    Window.WEEKEND: (range(5, 7), 8 * 60, 22 * 60),
}

_LOOSE_LIST = re.compile(r"\b(Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)\s*([,-])\s+(?=(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)\b)")
_LOWER_HOLIDAY = re.compile(r"\b(?:Ph|ph)\b")

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """A normal week: per weekday (Monday first) the open spans and the uncertain ones, in minutes of the day.

    Uncertain is what a comment or "unknown" covers: "by appointment".
    """

    open: tuple[Spans, ...]
    uncertain: tuple[Spans, ...]

    def minutes(self, weekday: int) -> int:
        """Open minutes on a weekday (0 is Monday)."""
        return sum(end - start for start, end in self.open[weekday])

    @property
    def total(self) -> int:
        """Open minutes in the week."""
        return sum(self.minutes(day) for day in range(7))

    @property
    def only_by_appointment(self) -> bool:
        """Nothing plainly open, but something uncertain."""
        return self.total == 0 and any(self.uncertain)

    def offered(self, window: Window) -> int:
        """Open minutes inside a window of the week: office, evening or weekend; the night is the rest."""
        if window not in WINDOWS:
            return self.total - sum(self.offered(other) for other in WINDOWS)
        days, first, last = WINDOWS[window]
        return sum(_within(self.open[day], first, last) for day in days)

    def share(self, window: Window) -> float:
        """The share of a window (0 to 1) that is open."""
        days, first, last = WINDOWS[window]
        return self.offered(window) / (len(days) * (last - first))


def _within(spans: Spans, first: int, last: int) -> int:
    return sum(max(0, min(end, last) - max(start, first)) for start, end in spans)


def normal(text: str) -> str:
    """The text with what the evaluator misreads put right: "Mo, Th" is both days (it takes Mo as all day)."""
    return _LOWER_HOLIDAY.sub("PH", _LOOSE_LIST.sub(r"\1\2", text.strip()))


@lru_cache(maxsize=20_000)
def schedule(text: str, monday: date = NORMAL_MONDAY) -> Schedule | None:
    """The week that begins on ``monday``; None where the text is no opening_hours. Never raises."""
    if not text.strip() or not validate(normal(text)):
        return None
    start = datetime(monday.year, monday.month, monday.day)  # noqa: DTZ001 - local wall-clock time is meant
    try:
        found = list(OpeningHours(normal(text)).intervals(start, start + timedelta(days=7)))
    except (ValueError, OverflowError):
        return None
    opened = [_minutes(begin, end, start) for begin, end, state, note in found if state == State.OPEN and not note]
    perhaps = [
        _minutes(begin, end, start)
        for begin, end, state, note in found
        if state == State.UNKNOWN or (state == State.OPEN and note)
    ]
    return Schedule(_by_day(opened), _by_day(perhaps))


def _minutes(begin: datetime, end: datetime, start: datetime) -> tuple[int, int]:
    return round((begin - start).total_seconds() / 60), round((end - start).total_seconds() / 60)


def _by_day(spans: list[tuple[int, int]]) -> tuple[Spans, ...]:
    return tuple(
        tuple(
            (max(begin, day * DAY) - day * DAY, min(end, (day + 1) * DAY) - day * DAY)
            for begin, end in spans
            if begin < (day + 1) * DAY and end > day * DAY
        )
        for day in range(7)
    )


def compare(stated: str, shown: str, *, monday: date = NORMAL_MONDAY) -> Comparison:
    """Which days differ, and by how much. Symmetric but for the words."""
    ours, theirs = schedule(stated, monday), schedule(shown, monday)
    if ours is None or theirs is None:
        return _unreadable(stated if ours is None else "", shown if theirs is None else "") or absent(
            "opening hours", ours, theirs
        )
    if ours.only_by_appointment != theirs.only_by_appointment:
        return Comparison(Level.PARTIAL, "appointment", "by appointment on one side only")
    apart = {day: minutes for day in range(7) if (minutes := _difference(ours.open[day], theirs.open[day]))}
    if not apart:
        return Comparison(Level.SAME, "same", "same hours")
    return _differing(apart, max(ours.total, theirs.total), ours, theirs)


def _unreadable(stated: str, shown: str) -> Comparison | None:
    if not stated.strip() and not shown.strip():
        return None
    side = "stated" if stated.strip() else "shown"
    return Comparison(Level.ABSENT, "unreadable", f"{side} hours are not understood")


def _differing(apart: dict[int, int], total: int, ours: Schedule, theirs: Schedule) -> Comparison:
    days = ", ".join(f"{DAYS[day]} {_clock(theirs.open[day])} instead of {_clock(ours.open[day])}" for day in apart)
    why = f"hours differ: {days}"
    if sum(apart.values()) <= levels()["hours"]["partial"] * total:
        return Comparison(Level.PARTIAL, "partial", why)
    return Comparison(Level.CONFLICT, "other", why)


def _difference(one: Spans, other: Spans) -> int:
    """Minutes open on one side and not on the other."""
    both = sum(_within(one, first, last) for first, last in other)
    return sum(end - start for start, end in one) + sum(end - start for start, end in other) - 2 * both


def _clock(spans: Spans) -> str:
    shown = (f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}" for start, end in spans)
    return " and ".join(shown) or "closed"
