"""Opening hours of every kind to one form: OSM opening_hours syntax, judged by opening-hours-py.

Two rules: what is not understood is an empty text, never a guess; "by appointment" is neither open
nor closed (``unknown "nach Vereinbarung"``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from audit.readers.german import week
from audit.readers.german_days import days_of
from audit.readers.osm_hours import rules
from audit.readers.osm_rules import Rule, written
from audit.readers.tables import table
from audit.readers.week import FULL_DAY, Contradiction, Week, valid

_MOST = 100
_LONGEST = 2000
_FAR = ("1970-01-01", "2099-12-31")
_CLOCK = re.compile(
    r"(?:\d{4}-\d\d-\d\d)?T?(\d{1,2})(?:[:.]?(\d{2}))?(?::?\d{2}(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"
    r"(?:\s*(?:Uhr|h|([ap])\.?m\.?))?",
    re.IGNORECASE,
)


def from_german(text: str) -> str:
    """German (or English) opening hours as pages write them, in OSM syntax; "" when not understood."""
    if len(text) > _LONGEST:
        return ""
    plain = " ".join(text.split())
    label = _label().match(plain)
    found = week(plain[label.end() :] if label else plain)
    return str(found) if found else ""


@cache
def _label() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in table("hours")["labels"]["opening"])
    return re.compile(rf"(?:{names})\w*\s*:?", re.IGNORECASE)


def repaired(text: str) -> str:
    """An OSM opening_hours value as OSM writes it, mended where what it means is plain, else "".

    Mended is what real values need: German and long day names, wrong capitals and blanks, "9-12",
    "08.00", dashes, "Uhr", "und" for a comma, a forgotten or superfluous sign, notes without quotes.
    """
    return written(rules(text)) or from_german(text)


def from_schema(values: Iterable[str]) -> str:
    """schema.org ``openingHours`` texts ("Mo-Fr 09:00-12:00", also German ones); they add up."""
    texts = list(dict.fromkeys(value.strip(" ;,") for value in list(values)[:_MOST] if value.strip(" ;,")))
    if sum(map(len, texts)) > _LONGEST:
        return ""
    found = from_german("; ".join(texts))
    return found or _of_days(rules(", ".join(texts)))


def _of_days(found: tuple[Rule, ...]) -> str:
    """Rules as one value; "" where times stand without days, which a page's makers just left out."""
    return "" if any(rule.times and not rule.dated for rule in found) else written(found)


def from_specification(specifications: Iterable[Mapping[str, Any]]) -> str:
    """schema.org ``openingHoursSpecification``: dicts with dayOfWeek, opens, closes, validFrom, validThrough.

    Day names may be URLs, English or German, also "Mo-Fr"; without one every day of the season is
    meant. Both times 00:00 mean closed, and a season is written as its dates
    (schema.org/OpeningHoursSpecification, read 2026-11-23).
    """
    seasons: dict[str, Week] = {"": Week(told=False)}
    try:
        for one in list(specifications)[:_MOST]:
            _specify(one, seasons.setdefault(_season(one), Week(told=False)), seasonal=bool(_season(one)))
    except (Contradiction, ValueError):
        return ""
    parts = [found.written(season) for season, found in seasons.items() if season or found != Week(told=False)]
    return valid("; ".join(parts)) if all(parts) else ""


def _specify(one: Mapping[str, Any], found: Week, *, seasonal: bool) -> None:
    days = [day for name in _texts(one.get("dayOfWeek")) for day in _days(name)]
    opens, closes = _minutes(one.get("opens")), _minutes(one.get("closes"))
    if not days and seasonal and not one.get("dayOfWeek"):
        days = list(range(7))
    if not days or (opens is None) != (closes is None):
        raise Contradiction(days)
    if opens is None or closes is None or opens == closes == 0:
        found.close(days)
    else:
        found.open(days, [(opens, FULL_DAY if closes in (0, FULL_DAY - 1) else closes)])


def _season(one: Mapping[str, Any]) -> str:
    """The dates of a season; an open side is a date far away."""
    ends = ["".join(_texts(one.get(name))[:1])[:10] for name in ("validFrom", "validThrough")]
    if not any(ends):
        return ""
    first, last = (date.fromisoformat(end or far) for end, far in zip(ends, _FAR, strict=True))
    return f"{_written_date(first)}-{_written_date(last)}"


def _written_date(day: date) -> str:
    return f"{day.year} {table('hours')['osm']['months'][day.month - 1]} {day.day:02d}"


def _texts(value: object) -> list[str]:
    many = value if isinstance(value, list | tuple) else [value]
    return [one.strip() for one in many[:_MOST] if isinstance(one, str) and one.strip()]


def _days(name: str) -> tuple[int, ...]:
    """A day by its name or address (https://schema.org/Monday), or several ("Mo-Fr")."""
    days = days_of(re.sub(r"^.*[/#](?=\w)", "", name.rstrip("/")))
    if not days:
        raise Contradiction(name)
    return days


def _minutes(value: object) -> int | None:
    """Minutes of the day; the zone of a time is where the place is."""
    text = "".join(_texts(value)[:1])[:40]
    if not text:
        return None
    found = _CLOCK.fullmatch(text)
    hour, minute, half = (int(found[1]), int(found[2] or 0), found[3]) if found else (99, 0, "")
    if half and 1 <= hour <= 12:
        hour = hour % 12 + 12 * (half.lower() == "p")
    if hour > 24 or minute > 59:
        raise Contradiction(text)
    return hour * 60 + minute


def from_periods(periods: Iterable[Mapping[str, Any]] | None) -> str:
    """Periods as Google (day 0 is Sunday; hour and minute, or time "1000") and HERE (start, duration) give them.

    None or what is not understood: "". No period at all: never open ("off"). An opening without a
    closing: always open (Places API, read 2026-11-23; HERE "structured" hours, iCalendar days).
    """
    if periods is None:
        return ""
    many = list(periods)[:_MOST]
    if not many:
        return "off"
    if len(many) == 1 and _always(many[0]):
        return "24/7"
    found = Week(told=False)
    try:
        for one in many:
            (_here if "recurrence" in one else _google)(one, found)
    except (Contradiction, KeyError, TypeError, ValueError, AttributeError):
        return ""
    return str(found)


def _always(one: Mapping[str, Any]) -> bool:
    return isinstance(one, Mapping) and isinstance(one.get("open"), Mapping) and "close" not in one


def _google(one: Mapping[str, Any], found: Week) -> None:
    (day, start), (next_day, end) = (_point(one[name]) for name in ("open", "close"))
    if (next_day - day) % 7 > 1:
        raise Contradiction(one)
    found.open([day], [(start, FULL_DAY if end == 0 and next_day != day else end)])


def _point(point: Mapping[str, Any]) -> tuple[int, int]:
    time = str(point.get("time", ""))
    hour, minute = (int(time[:2]), int(time[2:])) if time else (int(point.get("hour", 0)), int(point.get("minute", 0)))
    if not (0 <= hour <= 24 and 0 <= minute < 60):
        raise Contradiction(point)
    return (int(point.get("day", 0)) - 1) % 7, hour * 60 + minute


def _here(one: Mapping[str, Any], found: Week) -> None:
    days = re.search(r"BYDAY:([A-Z,]+)", one["recurrence"])
    duration = re.fullmatch(r"PT(\d{1,2})H(?:(\d{1,2})M)?(?:\d+S)?", one["duration"])
    start = _minutes(one["start"])
    if not days or not duration or start is None:
        raise Contradiction(one)
    end = start + int(duration[1]) * 60 + int(duration[2] or 0)
    found.open(
        [day for name in days[1].split(",") for day in _days(name)],
        [(start, end if end <= FULL_DAY else end - FULL_DAY)],
    )


__all__ = ["from_german", "from_periods", "from_schema", "from_specification", "repaired", "valid"]
