"""Two clocks for one wait: the seeker's, which never stops, and the office's, which runs in office hours only."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from audit.judging.calendar import public_holidays

BERLIN = ZoneInfo("Europe/Berlin")
_HOUR = timedelta(hours=1)


def hours_between(start: datetime, end: datetime) -> float:
    """Real hours, on the days when the clocks are changed too; never below 0."""
    # times of one zone are subtracted by their wall clock (Python's datetime), so both go to UTC first
    return max((end.astimezone(UTC) - start.astimezone(UTC)) / _HOUR, 0.0)


@cache
def _office() -> tuple[int, int]:
    with Path(__file__).with_name("promptness.toml").open("rb") as file:
        table = tomllib.load(file)["office"]
    return int(table["start"]), int(table["end"])


def office_hours(start: datetime, end: datetime, state: str = "") -> float:
    """Hours between two moments that lie in office hours: Monday to Friday, no public holiday of the state."""
    day, last, total = start.astimezone(BERLIN).date(), end.astimezone(BERLIN).date(), 0.0
    while day <= last:
        if day.weekday() < 5 and day not in public_holidays(state, day.year):
            opens, closes = _at(day, _office()[0]), _at(day, _office()[1])
            total += hours_between(max(opens, start), min(closes, end))
        day += timedelta(days=1)
    return total


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), BERLIN).astimezone(UTC)
