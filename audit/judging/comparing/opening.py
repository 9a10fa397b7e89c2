"""When an OSM opening_hours value is open: its rules laid over each other, day by day, with the state's holidays.

Which days a rule means beyond plain weekdays (weeks, months, nth weekdays, easter) and where the
sun stands says opening-hours-py. Precedence is that of the specification, as opening_hours.js
3.14 reads it: a rule that names days replaces what was said before for them, "," adds, "||" fills
what is not open yet, "off" closes, and a note without a word is *unknown*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]  # its stub forgets the error

from audit.judging.calendar import public_holidays, school_holidays
from audit.readers.osm_hours import rules
from audit.readers.osm_rules import Rule, Span

DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY: Final = 24 * 60
_PLAIN = re.compile(f"({'|'.join(DAYS)})(?:-({'|'.join(DAYS)}))?")
_MIDDLE = (51.16, 10.45)  # of Germany, for the sun: no value in real data needs it to the minute
_LATE, _NIGHT = 17 * 60, 22 * 60
_OPEN_END = "open end"


class Interval(NamedTuple):
    """A time that is not closed, in local wall-clock time; ``state`` is open or unknown."""

    begin: datetime
    end: datetime
    state: str
    note: str = ""


class _Piece(NamedTuple):
    """Minutes of a day with a state; ``rule`` is the place of the rule it comes from."""

    begin: int
    end: int
    state: str
    note: str = ""


def intervals(text: str, first: date, days: int, state: str | None = "") -> list[Interval] | None:
    """Open and unknown times of ``days`` days from ``first`` on; None where the value is not understood.

    ``state`` is the federal state ("BY"), which decides public and school holidays; "" knows the
    nationwide public holidays only, and None no holidays at all.
    """
    found = rules(text)
    if not found:
        return None
    try:
        return _joined(_timeline(found, first, days, state))
    except (ParserError, ValueError, OverflowError):
        return None


def _timeline(found: tuple[Rule, ...], first: date, days: int, state: str | None) -> Iterator[Interval]:
    """The days one after the other, beginning with two before the first for what lasts over midnight."""
    left: dict[int, list[_Piece]] = {}
    for step in range(-2, days):
        day = first + timedelta(days=step)
        layers, left = _layers(found, day, state, left)
        if step >= 0:
            midnight = datetime.combine(day, time())
            for piece in _painted(found, layers):
                yield Interval(_after(midnight, piece.begin), _after(midnight, piece.end), piece.state, piece.note)


def _after(midnight: datetime, minutes: int) -> datetime:
    return midnight + timedelta(minutes=minutes)


Layers = list[tuple[int, list[_Piece]]]


def _layers(
    found: tuple[Rule, ...], day: date, state: str | None, before: dict[int, list[_Piece]]
) -> tuple[Layers, dict[int, list[_Piece]]]:
    """What counts on a day, in order of the rules, and what of it lasts into the next day.

    ``before`` is what lasts into this day, by the place of its rule.
    """
    layers: Layers = []
    for place, rule in enumerate(found):
        if _means(rule, day, state):
            if _replaces(found, place):
                layers = []
            layers.append((place, _pieces(rule, day)))
        if place in before:
            layers.append((place, before[place]))
    return [(place, [p for p in pieces if p.begin < DAY]) for place, pieces in layers], _lasting(layers)


def _lasting(layers: Layers) -> dict[int, list[_Piece]]:
    lasting: dict[int, list[_Piece]] = {}
    for place, pieces in layers:
        rest = [p._replace(begin=max(p.begin - DAY, 0), end=p.end - DAY) for p in pieces if p.end > DAY]
        if rest:
            lasting.setdefault(place, []).extend(rest)
    return lasting


def _replaces(found: tuple[Rule, ...], place: int) -> bool:
    rule = found[place]
    if rule.joint != ";" or rule.kind == "off":
        return False
    return rule.dated or (place > 0 and not found[place - 1].dated and rule.kind == "open")


def _painted(found: tuple[Rule, ...], layers: Layers) -> list[_Piece]:
    """The day with every layer laid over those before; a fallback fills only what is still closed."""
    day: list[_Piece] = []
    for place, pieces in layers:
        for piece in pieces:
            inside = piece._replace(end=min(piece.end, DAY))
            if found[place].joint == "||" or _fallback(found, place):
                day += _holes(inside, day)
            else:
                day = [rest for known in day for rest in _without(known, inside)] + [inside]
            day.sort()
    return [piece for piece in day if piece.state != "off"]


def _fallback(found: tuple[Rule, ...], place: int) -> bool:
    """Whether the rule adds to a fallback rule."""
    while found[place].joint == "," and place:
        place -= 1
    return found[place].joint == "||"


def _without(known: _Piece, taken: _Piece) -> Iterator[_Piece]:
    if known.begin < min(known.end, taken.begin):
        yield known._replace(end=min(known.end, taken.begin))
    if max(known.begin, taken.end) < known.end:
        yield known._replace(begin=max(known.begin, taken.end))


def _holes(piece: _Piece, day: Iterable[_Piece]) -> list[_Piece]:
    """The parts of a piece that nothing open or unknown covers yet."""
    left = [piece]
    for known in day:
        if known.state != "off":
            left = [rest for part in left for rest in _without(part, known)]
    return left


def _pieces(rule: Rule, day: date) -> list[_Piece]:
    if not rule.times:
        return [_Piece(0, DAY, rule.kind, rule.note)]
    spans = [(span, *_minutes(span, day)) for span in rule.times]
    begins = [begin for _, begin, _ in spans]
    guessed = [
        _Piece(end, min([end + _open_end(end), *(b for b in begins if b > end)]), "unknown", rule.note or _OPEN_END)
        for span, _, end in spans
        if span.open_end and rule.kind != "off"
    ]
    return guessed + [_Piece(begin, end, rule.kind, rule.note) for _, begin, end in spans if begin < end]


def _minutes(span: Span, day: date) -> tuple[int, int]:
    """Begin and end in minutes from the day's midnight; an end before the begin is the next day's."""
    begin = _point(span.start, day)
    if not span.end:
        return begin, begin
    end = _point(span.end, day)
    return begin, end if end > begin else end + DAY


def _open_end(begin: int) -> int:
    """How long an open end may last at most: ten hours in the evening, eight in the night, else to midnight."""
    if begin >= _NIGHT:
        return 8 * 60
    return 10 * 60 if begin >= _LATE else max(DAY - begin, 0)


def _point(text: str, day: date) -> int:
    if text[0].isdigit():
        return int(text[:2]) * 60 + int(text[3:])
    event, shift = re.match(r"\(?([a-z]+)(.*)", text).groups()  # type: ignore[union-attr]
    minutes = int(shift[1:3]) * 60 + int(shift[4:6]) if shift else 0
    return _sun(event, day) + (-minutes if shift[:1] == "-" else minutes)


@lru_cache(maxsize=5_000)
def _sun(event: str, day: date) -> int:
    """The minute of dawn, sunrise, sunset or dusk in the middle of Germany."""
    other = "sunset" if event in ("dawn", "sunrise") else "sunrise"
    text = f"{event}-{other}" if other == "sunset" else f"{other}-{event}"
    hours = OpeningHours(text, coords=_MIDDLE, timezone=ZoneInfo("Europe/Berlin"))
    begin, end = next(found[:2] for found in hours.intervals(*_whole(day)) if found[2] == State.OPEN)
    at = begin if other == "sunset" else end
    return at.hour * 60 + at.minute


def _whole(day: date) -> tuple[datetime, datetime]:
    midnight = datetime.combine(day, time())
    return midnight, midnight + timedelta(days=1)


def _means(rule: Rule, day: date, state: str | None) -> bool:
    """Whether the rule speaks of this day."""
    if rule.wide and day not in _selected(rule.wide, day.year):
        return False
    within, days = rule.within, rule.days
    return (not within or _any(within, day, state)) and (not days or _any(days, day, state))


def _any(items: tuple[str, ...], day: date, state: str | None) -> bool:
    return any(_item(item, day, state) for item in items)


def _item(item: str, day: date, state: str | None) -> bool:
    if item[:2] in ("PH", "SH"):
        if state is None:
            return False
        shift = re.search(r"[+-]\d+", item)
        meant = day - timedelta(days=int(shift[0]) if shift else 0)
        return meant in (public_holidays if item[:2] == "PH" else school_holidays)(state, meant.year)
    if plain := _PLAIN.fullmatch(item):
        first = DAYS.index(plain[1])
        return (day.weekday() - first) % 7 <= (DAYS.index(plain[2] or plain[1]) - first) % 7
    return day in _selected(item, day.year)


@lru_cache(maxsize=2_000)
def _selected(selector: str, year: int) -> frozenset[date]:
    """The days of a year that a selector of dates or nth weekdays means, by opening-hours-py."""
    first, end = datetime(year, 1, 1), datetime(year + 1, 1, 1)  # noqa: DTZ001 - days, no moments
    found = OpeningHours(f"{selector} 00:00-24:00").intervals(first, end)
    return frozenset(
        begin.date() + timedelta(days=step)
        for begin, until, state, _ in found
        if state == State.OPEN
        for step in range((until.date() - begin.date()).days)
    )


def _joined(found: Iterable[Interval]) -> list[Interval]:
    """Intervals that touch and say the same as one."""
    joined: list[Interval] = []
    for one in found:
        if joined and joined[-1].end == one.begin and joined[-1][2:] == one[2:]:
            joined[-1] = joined[-1]._replace(end=one.end)
        else:
            joined.append(one)
    return joined
