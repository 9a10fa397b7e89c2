"""A week of opening hours, and how it is written in OSM syntax."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from opening_hours import validate

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH")
HOLIDAY = 7
FULL_DAY = 24 * 60
_EVENING, _MORNING = 17 * 60, 7 * 60

Range = tuple[int, int]


class Contradiction(Exception):
    """Two statements about one day that cannot both hold."""


def clock(minutes: int) -> str:
    """Minutes of the day as HH:MM."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def sensible(span: Range) -> bool:
    """True for a range within a day, or over midnight from the evening into the morning."""
    start, end = span
    inside = 0 <= start < end <= FULL_DAY
    return inside or (_EVENING <= start < FULL_DAY and 0 <= end <= _MORNING)


@dataclass(slots=True)
class Week:
    """Open ranges (minutes of the day) by day number; 0 is Monday, 7 a public holiday.

    ``appointment`` holds the days (empty tuple: all other times) for which only an appointment is
    offered, with its wording: neither open nor closed.
    """

    ranges: dict[int, list[Range]] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    appointment: dict[tuple[int, ...], str] = field(default_factory=dict)

    def open(self, days: Iterable[int], spans: Iterable[Range]) -> None:
        """Add ranges to days. Raises `Contradiction` where one lies strictly inside another, or makes no sense."""
        for day in days:
            for span in spans:
                if not sensible(span):
                    raise Contradiction(span)
                self._add(self.ranges.setdefault(day, []), span)

    def _add(self, known: list[Range], span: Range) -> None:
        if span in known:
            return
        if any((a <= span[0] and span[1] <= b) or (span[0] <= a and b <= span[1]) for a, b in known if a < b):
            raise Contradiction(span)
        known.append(span)

    def close(self, days: Iterable[int]) -> None:
        """Closed on these days, whatever was said before."""
        for day in days:
            self.ranges.pop(day, None)
            self.closed.add(day)

    def __str__(self) -> str:
        """OSM opening_hours syntax (wiki.openstreetmap.org, Key:opening_hours/specification, read 2026-11-23)."""
        by_hours: dict[str, list[int]] = {}
        for day in sorted(self.ranges):
            hours = ",".join(f"{clock(a)}-{clock(b)}" for a, b in sorted(self.ranges[day]))
            by_hours.setdefault(hours, []).append(day)
        rules = [f"{written(days)} {hours}" for hours, days in by_hours.items()]
        rules += [f'{written(days)} unknown "{text}"' for days, text in self.appointment.items() if days]
        if shut := sorted(self.closed - set(self.ranges)):
            rules.append(f"{written(shut)} off")
        return valid("; ".join(rules) + self._fallback(bool(rules)))

    def _fallback(self, after_rules: bool) -> str:
        text = self.appointment.get((), "")
        return f'{" || " if after_rules else ""}unknown "{text}"' if text else ""


def written(days: Iterable[int]) -> str:
    """Day numbers as OSM writes them: Mo-We,Fr,PH."""
    runs: list[list[int]] = []
    for day in sorted(set(days)):
        if runs and day == runs[-1][-1] + 1 and day != HOLIDAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(_run(run) for run in runs)


def _run(run: list[int]) -> str:
    first, last = DAYS[run[0]], DAYS[run[-1]]
    return first if len(run) == 1 else f"{first}{',' if len(run) == 2 else '-'}{last}"


def valid(text: str) -> str:
    """The text if it is OSM opening_hours syntax (judge: opening-hours-py), or an empty text."""
    return text if text and len(text) < 2000 and validate(text) else ""
