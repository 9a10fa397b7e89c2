"""Times as people and programs write them; local ones are Berlin's, with daylight saving resolved."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})[ T,]{1,3}(\d{1,2}):(\d{2})(?::(\d{2}))?(?: Uhr)?\Z")
_EPOCH = re.compile(r"\d{9,10}(?:\.\d{1,6})?\Z")


class NoSuchTimeError(ValueError):
    """A local time that the clocks left out on the day they went forward."""


def instant(text: str, not_before: datetime | None = None) -> datetime | None:
    """The aware moment (UTC) of an ISO or German time; None for an empty text.

    A time without offset is Berlin's. In the hour that the clocks run twice, the first pass is meant, unless
    only the second is not before ``not_before``. Raises ValueError for anything else, `NoSuchTimeError` for
    an hour that was left out; a day without a time is none.
    """
    text = text.strip()[:40]
    if not text:
        return None
    if _EPOCH.match(text):
        return datetime.fromtimestamp(float(text), UTC)
    if ":" not in text:
        raise ValueError("a day alone says nothing about a wait")
    found = _GERMAN.match(text)
    moment = _from_german(found) if found else datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else _local(moment, not_before)


def _from_german(found: re.Match[str]) -> datetime:
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year + 2000 if year < 100 else year, month, day, hour, minute, second)  # noqa: DTZ001 - local


def _local(moment: datetime, not_before: datetime | None) -> datetime:
    if not 1990 <= moment.year <= 2200:
        raise ValueError("no year of an enquiry")
    first, second = (moment.replace(tzinfo=BERLIN, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(BERLIN).replace(tzinfo=None) != moment:
        raise NoSuchTimeError("the clocks left this time out")
    late = not_before is not None and first < not_before and second - first == timedelta(hours=1)
    return second if late else first
