"""The pace at which gaps are closed and figures rise, and where it leads by a target's day. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from audit.model import Aim, GapLife, Month, Target, UnitPace

Series = Sequence[tuple[datetime, float]]

_WINDOW = timedelta(days=90)  # the present pace is that of the last three months
_SHORTEST = timedelta(days=7)  # less tells of chance, not of a pace
_DAYS_A_MONTH = 365.25 / 12
_FARTHEST = 3650.0  # days; beyond ten years nothing is "expected"
_ZONE = ZoneInfo("Europe/Berlin")


def months(lives: Sequence[GapLife], first: datetime, now: datetime, most: int = 12) -> tuple[Month, ...]:
    """Gaps opened and closed in each of the last months, the latest last; what the ``first`` run saw is no opening."""
    opened = Counter(_month(life.opened) for life in lives if life.opened > first)
    closed = Counter(_month(life.closed) for life in lives if life.closed)
    names, at = [_month(now)], now.astimezone(_ZONE).replace(day=1)
    while len(names) < most and _month(first) < names[-1]:
        at = (at - timedelta(days=1)).replace(day=1)
        names.append(f"{at:%Y-%m}")
    return tuple(Month(month=name, opened=opened[name], closed=closed[name]) for name in reversed(names))


def _month(at: datetime) -> str:
    return f"{at.astimezone(_ZONE):%Y-%m}"


def unit_pace(unit: str, lives: Sequence[GapLife], now: datetime) -> UnitPace:
    """The pace of one unit from the lives of its gaps; disputed ones count as neither open nor closed."""
    counted = [life for life in lives if not life.disputed]
    open_ = [_days(now - life.opened) for life in counted if not life.closed]
    ended = [_days(life.closed - life.opened) for life in counted if life.closed]
    return UnitPace(
        unit=unit,
        open=len(open_),
        closed=len(ended),
        days_open=median(open_) if open_ else None,
        days_to_close=median(ended) if ended else None,
        due=min((life.due for life in counted if life.due), default=None),
        in_time=_in_time(counted),
    )


def _days(time: timedelta) -> float:
    return time / timedelta(days=1)


def _in_time(lives: Sequence[GapLife]) -> float | None:
    """Of the gaps that were there by the day they were due, the share closed by it."""
    asked = [(life.closed, life.due) for life in lives if life.due and _day(life.opened) <= life.due]
    done = sum(closed is not None and _day(closed) <= due for closed, due in asked)
    return done / len(asked) if asked else None


def _day(at: datetime) -> date:
    return at.astimezone(_ZONE).date()


def aim(target: Target, series: Series, now: datetime) -> Aim:
    """How a target stands; ``series`` holds the figure run by run, within one method, the oldest first."""
    actual = series[-1][1] if series else None
    slope = _slope([(at, value) for at, value in series if at >= now - _WINDOW])
    today = _day(now)
    reached = actual is not None and actual >= target.value
    expected = today if reached else _expected(target.value, actual, slope, today)
    return Aim(
        figure=target.figure,
        service=target.service,
        field=target.field,
        value=target.value,
        due=target.due,
        actual=actual,
        per_month=None if slope is None else slope * _DAYS_A_MONTH,
        expected=expected,
        on_course=_on_course(reached, expected, slope, target.due, today),
    )


def _on_course(reached: bool, expected: date | None, slope: float | None, due: date, today: date) -> bool | None:
    if reached:
        return True
    if due < today:
        return False
    return None if slope is None else expected is not None and expected <= due


def _slope(series: Series) -> float | None:
    """Points a day by least squares, None where the runs are too close together to tell."""
    if len(series) < 2 or series[-1][0] - series[0][0] < _SHORTEST:
        return None
    days = [_days(at - series[0][0]) for at, _ in series]
    middle, mean = math.fsum(days) / len(days), math.fsum(value for _, value in series) / len(series)
    spread = math.fsum((day - middle) ** 2 for day in days)
    return math.fsum((d - middle) * (value - mean) for d, (_, value) in zip(days, series, strict=True)) / spread


def _expected(value: float, actual: float | None, slope: float | None, today: date) -> date | None:
    if actual is None or slope is None or slope <= 0:
        return None
    days = (value - actual) / slope
    return today + timedelta(days=math.ceil(days)) if days <= _FARTHEST else None
