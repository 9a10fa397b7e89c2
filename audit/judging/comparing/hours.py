"""Opening hours (OSM syntax) as open minutes of the week, and how two of them differ.

What an expression means says `opening`; here weeks are compared. A time that is uncertain
("by appointment") is neither open nor closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from audit.judging.calendar import public_holidays, school_holidays
from audit.judging.comparing.comparison import Comparison, absent
from audit.judging.comparing.hours_words import Spans, Week, differences, offered_words, special_day
from audit.judging.comparing.opening import DAY, Interval, intervals
from audit.judging.comparing.tables import levels
from audit.model import Level, Window
from audit.readers.osm_hours import rules
from audit.readers.osm_rules import Rule
from audit.saying import say

NORMAL_MONDAY = date(2026, 3, 2)
YEAR = 52  # weeks: what is irregular is compared over a year

# window: (weekdays, first minute, last minute) in local time
WINDOWS = {
    Window.OFFICE: (range(5), 8 * 60, 18 * 60),
    Window.EVENING: (range(5), 18 * 60, 22 * 60),
    Window.WEEKEND: (range(5, 7), 8 * 60, 22 * 60),
}


@dataclass(frozen=True, slots=True)
class Schedule:
    """A week: per weekday (Monday first) the open spans and the uncertain ones, in minutes of the day.

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


@lru_cache(maxsize=20_000)
def schedule(text: str, monday: date = NORMAL_MONDAY, state: str | None = None) -> Schedule | None:
    """The week that begins on ``monday``; None where the text is no opening_hours. Never raises.

    ``state`` is a federal state ("BY"; "" for what holds nationwide); None is a week without holidays.
    """
    found = intervals(text, monday, 7, state)
    if found is None:
        return None
    start = datetime.combine(monday, time())
    spans = {kind: [_minutes(one, start) for one in found if _sure(one) == kind] for kind in (True, False)}
    return Schedule(_by_day(spans[True]), _by_day(spans[False]))


def weeks(text: str, monday: date = NORMAL_MONDAY) -> list[Schedule]:
    """The weeks that show what a value means, without holidays: one, or a year where weeks differ.

    Empty where the value is not understood.
    """
    count = YEAR if any(_irregular(rule) for rule in rules(text)) else 1
    found = (schedule(text, monday + timedelta(weeks=number)) for number in range(count))
    return [week for week in found if week]


def monday_of(moment: date) -> date:
    """The Monday of a day's (or moment's) week."""
    day = date(moment.year, moment.month, moment.day)
    return day - timedelta(days=day.weekday())


def _irregular(rule: Rule) -> bool:
    return bool(rule.wide) or any("[" in day for day in rule.days)


def _sure(one: Interval) -> bool:
    return one.state == "open"


def _minutes(one: Interval, start: datetime) -> tuple[int, int]:
    return tuple(round((at - start) / timedelta(minutes=1)) for at in (one.begin, one.end))  # type: ignore[return-value]


def _by_day(spans: list[tuple[int, int]]) -> tuple[Spans, ...]:
    """Spans of a week cut at midnight; what touches is one span."""
    week: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for begin, end in spans:
        for day in range(max(begin // DAY, 0), min(-(-end // DAY), 7)):
            first, last = max(begin - day * DAY, 0), min(end - day * DAY, DAY)
            if week[day] and week[day][-1][1] == first:
                first = week[day].pop()[0]
            week[day].append((first, last))
    return tuple(tuple(day) for day in week)


def compare(stated: str, shown: str, *, monday: date = NORMAL_MONDAY, state: str = "") -> Comparison:
    """Which days differ and by how much, and what evening and weekend hours are offered. Symmetric but for the words.

    Weeks without holidays are compared; holidays only where both sides speak of them. ``monday``
    is where a year of irregular hours begins, ``state`` the federal state ("BY").
    """
    ours, theirs = weeks(stated, monday), weeks(shown, monday)
    if not ours or not theirs:
        return _unreadable(stated if not ours else "", shown if not theirs else "") or absent(ours, theirs)
    count = max(len(ours), len(theirs))
    pairs = list(zip(_stretched(ours, count), _stretched(theirs, count), strict=True))
    found = _weekly(pairs, monday)
    if found.level is Level.SAME and (special := _holidays(stated, shown, monday.year, state)):
        found = Comparison(Level.PARTIAL, "partial", say("hours", special))
    return Comparison(found.level, found.weight_key, say("hours", f"{found.why}. {_windows(pairs)}"))


def _stretched(found: list[Schedule], count: int) -> list[Schedule]:
    return found * count if len(found) == 1 else found


def _windows(pairs: Sequence[tuple[Schedule, Schedule]]) -> str:
    """Evening and weekend hours on both sides, in a week or on average of a year."""
    ours, theirs = zip(*pairs, strict=True)
    sides = {w: tuple(_mean(side, w) for side in (theirs, ours)) for w in (Window.EVENING, Window.WEEKEND)}
    return offered_words({window: (shown, stated) for window, (shown, stated) in sides.items()})


def _mean(found: Sequence[Schedule], window: Window) -> int:
    return round(sum(week.offered(window) for week in found) / len(found))


def _unreadable(stated: str, shown: str) -> Comparison | None:
    if not stated.strip() and not shown.strip():
        return None
    side = "stated" if stated.strip() else "shown"
    return Comparison(Level.ABSENT, "unreadable", say("hours", f"{side} hours are not understood"))


def _weekly(pairs: Sequence[tuple[Schedule, Schedule]], monday: date) -> Comparison:
    """The weeks side by side; the first that differs is told."""
    by_appointment = [all(week.only_by_appointment for week in side) for side in zip(*pairs, strict=True)]
    if any(by_appointment) and not all(by_appointment):
        tied, other = ("Stated", "shown") if by_appointment[0] else ("Shown", "stated")
        return Comparison(Level.PARTIAL, "appointment", say("hours", f"{tied} only by appointment, {other} with hours"))
    apart = {number: minutes for number, pair in enumerate(pairs) if (minutes := _apart(*pair))}
    if not apart:
        return Comparison(Level.SAME, "same", say("hours", "The hours agree"))
    first = min(apart)
    why = differences(*(Week(week.open, week.uncertain) for week in reversed(pairs[first])))
    if len(pairs) > 1:
        why = f"In {len(apart)} of {len(pairs)} weeks, as from {monday + timedelta(weeks=first)}: {why}"
    total = max(sum(week.total for week in side) for side in zip(*pairs, strict=True))
    if sum(apart.values()) <= levels()["hours"]["partial"] * total:
        return Comparison(Level.PARTIAL, "partial", say("hours", why))
    return Comparison(Level.CONFLICT, "other", say("hours", why))


def _apart(one: Schedule, other: Schedule) -> int:
    """Minutes of the week open on one side and not on the other."""
    return sum(_difference(one.open[day], other.open[day]) for day in range(7))


def _difference(one: Spans, other: Spans) -> int:
    both = sum(_within(one, first, last) for first, last in other)
    return sum(end - start for start, end in one) + sum(end - start for start, end in other) - 2 * both


def _holidays(stated: str, shown: str, year: int, state: str) -> str:
    """How holidays differ where both sides name them, in words."""
    told = []
    for name, days in (("PH", public_holidays(state, year)), ("SH", school_holidays(state, year))):
        weekdays = sorted(day for day in days if day.weekday() == 3)
        if weekdays and all(_names(text, name) for text in (stated, shown)):
            told.append(special_day(name, *(_on(text, weekdays[0], state) for text in (shown, stated))))
    return "; ".join(filter(None, told))


def _names(text: str, holiday: str) -> bool:
    return any(item.startswith(holiday) for rule in rules(text) for item in (*rule.within, *rule.days))


def _on(text: str, day: date, state: str) -> Week:
    week = schedule(text, monday_of(day), state)
    at = day.weekday()
    return Week((week.open[at],), (week.uncertain[at],)) if week else Week(((),), ((),))
