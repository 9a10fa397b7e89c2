"""Dates and times of bookable slots as portals show them, to aware datetimes and to slots.

pretix's widget gives localised text without ISO ("Di, 1. Dezember 2026 10:00 – 10:45"; recorded
from pretix 2026.8.0), others ISO 8601 with or without offset, Unix seconds (ZMS) or minutes of the
day (TEVIS). A single time that is not understood is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

from audit.model import Slot
from audit.page import NotUnderstood
from audit.readers.tables import table

BERLIN = "Europe/Berlin"
_LONGEST = 200
_MOST = 5000
_CLOCK = re.compile(
    r"(?<![\d.])(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*(a\.?m\.?|p\.?m\.?|uhr|h\b)?(?![\d.])", re.IGNORECASE
)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_DASH = re.compile(r"\s*[–—-]\s*|\s+bis\s+|\s+to\s+")

_OTHER_WORD = re.compile(r"(?<![^\W\d_])(?!(?:uhr|am|pm)\b)[^\W\d_]{2,}[.,]*", re.IGNORECASE)


@cache
def _named_dates() -> tuple[re.Pattern[str], re.Pattern[str]]:
    months = "|".join(sorted(table("slots")["months"], key=len, reverse=True))
    german = re.compile(rf"(?<!\d)(\d{{1,2}})\.?\s+({months})\.?\s+(\d{{4}})(?!\d)", re.IGNORECASE)
    english = re.compile(rf"({months})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,\s+(\d{{4}})(?!\d)", re.IGNORECASE)
    return german, english


def slot_start(value: str | int | float, zone: str = BERLIN) -> datetime | None:
    """The start of a slot; see `slot_times`."""
    times = slot_times(value, zone)
    return times[0] if times else None


def slot_times(value: str | int | float, zone: str = BERLIN) -> tuple[datetime, datetime | None] | None:
    """Start and end (None where not shown) of a slot, aware; None when the text is not understood.

    ``value`` is text (German, English, ISO 8601), or Unix seconds as a number or digits. ``zone`` is
    the IANA zone of local texts. A date without a time of day is not understood.
    """
    if isinstance(value, int | float):
        return _unix(value, zone)
    text = value.strip()
    if len(text) > _LONGEST:
        return None
    if re.fullmatch(r"\d{9,13}", text):
        return _unix(int(text), zone)
    return _iso(text, zone) or _local(text, ZoneInfo(zone))


def of_minutes(day: date, minutes: int, zone: str = BERLIN) -> datetime | None:
    """The wall-clock time so many minutes after midnight of ``day``; None outside one day."""
    if not 0 <= minutes < 24 * 60:
        return None
    return datetime.combine(day, time(*divmod(minutes, 60)), ZoneInfo(zone))


def slots_of(values: Iterable[object], *, title: str, url: str, zone: str = BERLIN) -> list[Slot]:
    """Slots as programs name them: a text or number each, or an object with start, and perhaps end and status.

    The names of these fields, and the words of a status that mean free, are a table (slots.toml).
    Raises `NotUnderstood` where one of them is no time (a list that is half understood says nothing), and
    for more than any calendar of some weeks holds.
    """
    found = [_slot(value, title, url, zone) for value in islice(values, _MOST + 1)]
    if len(found) > _MOST:
        raise NotUnderstood(f"more than {_MOST} slots")
    return found


def _slot(value: object, title: str, url: str, zone: str) -> Slot:
    fields = value if isinstance(value, Mapping) else {"start": value}
    names, status = table("slots")["fields"], fields.get("status", "free")
    start, end = (_named(fields, names[which], zone) for which in ("start", "end"))
    if start is None or not isinstance(status, str):
        raise NotUnderstood(f"a slot without a time: {str(value)[:80]!r}")
    free = status.lower() in table("slots")["free"]["status"]
    return Slot(start=start, end=end if end and end > start else None, free=free, title=title, url=url)


def _named(fields: Mapping[str, object], names: Iterable[str], zone: str) -> datetime | None:
    value = next((fields[name] for name in names if name in fields), None)
    known = isinstance(value, str | int | float) and not isinstance(value, bool)
    return slot_start(value, zone) if known else None  # type: ignore[arg-type]


def _unix(seconds: float, zone: str) -> tuple[datetime, None] | None:
    try:
        return datetime.fromtimestamp(seconds / 1000 if abs(seconds) >= 1e11 else seconds, UTC).astimezone(
            ZoneInfo(zone)
        ), None
    except (OverflowError, OSError, ValueError):
        return None


def _iso(text: str, zone: str) -> tuple[datetime, datetime | None] | None:
    first, _, last = text.partition("/")
    if not re.match(r"\d{4}-?\d{2}-?\d{2}[T ]\d", first):
        return None
    try:
        start, end = (_aware(datetime.fromisoformat(one), zone) if one else None for one in (first, last))
    except (ValueError, OverflowError):
        return None
    return (start, end) if start else None


def _aware(moment: datetime, zone: str) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _local(text: str, zone: ZoneInfo) -> tuple[datetime, datetime | None] | None:
    """A local text: one date with one or two times, or two dates with a time each."""
    dates, times = _dates_and_times(text)
    if dates is None or times is None or not 1 <= len(dates) <= len(times) <= 2:
        return None
    try:
        start = datetime.combine(dates[0], times[0], zone)
        if len(times) == 1:
            return start, None
        end = datetime.combine(dates[-1], times[1], zone)
        overnight = len(dates) == 1 and end <= start
        return start, end + timedelta(days=1) if overnight else end
    except OverflowError:
        return None


def _dates_and_times(text: str) -> tuple[list[date] | None, list[time] | None]:
    dates: list[date] = []
    for pattern, order in _patterns():
        for found in pattern.finditer(text):
            day = _date(*(found[place] for place in order))
            if day is None:
                return None, None
            dates.append(day)
        text = pattern.sub(" ", text)
    rest = _OTHER_WORD.sub(" ", _DASH.sub(" - ", text))
    times = [_time(found) for found in _CLOCK.finditer(rest) if found[2] or found[3]]
    odd = re.search(r"\d", _CLOCK.sub(" ", rest))
    return dates, None if odd or None in times else [one for one in times if one]


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], tuple[int, int, int]], ...]:
    german, english = _named_dates()
    return (_ISO_DATE, (1, 2, 3)), (_NUMERIC, (3, 2, 1)), (german, (3, 2, 1)), (english, (3, 1, 2))


def _date(year: str, month: str, day: str) -> date | None:
    number = table("slots")["months"].get(month.lower()) or (int(month) if month.isdecimal() else 0)
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def _time(found: re.Match[str]) -> time | None:
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()[:1]
    if half in ("a", "p"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
