"""A week of opening hours, and how it is written in OSM syntax."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


def _nested(one: Range, other: Range) -> bool:
    return (one[0] <= other[0] and other[1] <= one[1]) or (other[0] <= one[0] and one[1] <= other[1])


def _instead(known: list[Range], spans: list[Range]) -> bool:
    """True where ranges can only be meant in place of the known ones: each is another of them, or some are left out."""
    return set(spans) < set(known) or all(any(_nested(one, span) for span in spans) for one in known)


@dataclass(slots=True)
class Week:
    """Open ranges (minutes of the day) by day number; 0 is Monday, 7 a public holiday.

    ``appointment`` holds the days (empty tuple: all other times) for which only an appointment is
    offered, with its wording, ``tied`` days and ranges that need one: neither open nor closed.
    ``begins`` are days with a beginning only, ``special`` finished rules for other days ("Tu[1]
    14:00-18:00") with the sign before them.
    """

    ranges: dict[int, list[Range]] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    appointment: dict[tuple[int, ...], str] = field(default_factory=dict)
    tied: list[tuple[tuple[int, ...], str, str, bool]] = field(default_factory=list)
    begins: dict[int, int] = field(default_factory=dict)
    special: list[tuple[str, str]] = field(default_factory=list)
    widest: dict[int, frozenset[int]] = field(default_factory=dict)  # by day: the days it was named with
    told: bool = True  # in words, where "12-9" is a slip; what a machine gives may last from noon into the night

    def open(self, days: Iterable[int], spans: Iterable[Range]) -> None:
        """Add ranges to days, or replace what was said of more days ("Mo-Do 9-17, Mi 9-13").

        Raises `Contradiction` where one lies strictly inside another, or makes no sense.
        """
        spans, meant = self._sensible(spans), frozenset(days)
        for day in sorted(meant) if spans else ():
            known = self.ranges.setdefault(day, [])
            if self.told and meant < self.widest.get(day, meant) and _instead(known, spans):
                known.clear()
            for span in spans:
                self._add(known, span)
            self.widest[day] = max(self.widest.get(day, meant), meant, key=len)

    def _sensible(self, spans: Iterable[Range]) -> list[Range]:
        checked = list(spans)
        for begin, end in checked:
            if not sensible((begin, end)) and (self.told or not 0 <= end < begin < FULL_DAY):
                raise Contradiction(begin)
        return checked

    def _add(self, known: list[Range], span: Range) -> None:
        if span in known:
            return
        if any(_nested(one, span) for one in known if one[0] < one[1]):
            raise Contradiction(span)
        known.append(span)

    def close(self, days: Iterable[int]) -> None:
        """Closed on these days, whatever was said before."""
        for day in days:
            self.ranges.pop(day, None)
            self.begins.pop(day, None)
            self.closed.add(day)

    def tie(self, days: Iterable[int], spans: Iterable[Range], note: str, *, perhaps: bool = False) -> None:
        """Ranges that are uncertain, with the words that say why; ``perhaps`` gives way to what the day has itself.

        Raises `Contradiction` where they make no sense.
        """
        if (meant := tuple(days)) and (hours := times(self._sensible(spans))):
            self.tied.append((meant, hours, note, perhaps))

    def begin(self, days: Iterable[int], minute: int) -> None:
        """A beginning without an end. Raises `Contradiction` where the day has one already."""
        for day in days:
            if self.begins.setdefault(day, minute) != minute or minute >= FULL_DAY:
                raise Contradiction(minute)

    def __str__(self) -> str:
        return self.written()

    def written(self, season: str = "") -> str:
        """OSM opening_hours syntax (wiki.openstreetmap.org, Key:opening_hours/specification, read 2026-11-23).

        "" where it cannot be written. ``season`` are dates that limit every rule. Nights come last,
        added to each other: a rule that replaces the next day would cut them at midnight.
        """
        rules = [*self._regular(), *self._otherwise()]
        if not rules or any(end > self.begins.get(day, end) for day, spans in self.ranges.items() for _, end in spans):
            return ""
        season += " " * bool(season)
        text = "".join(f"{joint if at else ''}{season}{rule}" for at, (rule, joint) in enumerate(rules))
        return "24/7" if self.told and text == "Mo-Su 00:00-24:00" else valid(text)

    def _regular(self) -> Iterator[tuple[str, str]]:
        by_hours: dict[tuple[bool, str], list[int]] = {}
        for day in sorted(self.ranges.keys() | self.begins.keys()):
            spans = sorted(self.ranges.get(day, ()))
            begin = f"{clock(self.begins[day])}+" if day in self.begins else ""
            hours = ",".join(filter(None, (times(spans), begin)))
            by_hours.setdefault((any(end <= begin for begin, end in spans), hours), []).append(day)
        nights = 0
        for (night, hours), days in sorted(by_hours.items(), key=lambda rule: rule[0][0]):
            yield f"{written(days)} {hours}", ", " if night and nights and HOLIDAY not in days else "; "
            nights += night

    def _otherwise(self) -> Iterator[tuple[str, str]]:
        known = set(self.ranges) | set(self.begins)
        for days, text in self.appointment.items():
            if days:
                yield f'{written(days)} unknown "{text}"', " || " if known & set(days) else "; "
        for meant, hours, note, perhaps in self.tied:
            if left := [day for day in meant if day not in self.closed and not (perhaps and day in known)]:
                yield f'{written(left)} {hours} unknown "{note}"', ", "
        if shut := sorted(self.closed - known):
            yield f"{written(shut)} off", "; "
        for rule, joint in sorted(self.special, key=lambda special: special[1]):
            yield rule, f"{joint} "
        if text := self.appointment.get((), ""):
            yield f'unknown "{text}"', " || "


def times(spans: Iterable[Range]) -> str:
    """Ranges of minutes as OSM writes them: 09:00-12:00,14:00-16:00."""
    return ",".join(f"{clock(begin)}-{clock(end)}" for begin, end in spans)


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
