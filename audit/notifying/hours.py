"""Quiet hours: when nobody is told anything, by the clock on the organisation's wall. Pure."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from audit.judging.calendar import public_holidays
from audit.settings import NotifySettings


def is_quiet(now: datetime, settings: NotifySettings, state: str) -> bool:
    """Whether nothing is sent at ``now`` (aware) to an organisation in a federal ``state``."""
    local = now.astimezone(ZoneInfo(settings.zone))
    return (settings.quiet_days and _is_day_off(local, state)) or _is_within(local.time(), settings.quiet)


def _is_day_off(local: datetime, state: str) -> bool:
    return local.weekday() >= 5 or local.date() in public_holidays(state, local.year)


def _is_within(clock: time, span: str) -> bool:
    """Whether a time lies in "20:00-07:00"; a span that ends earlier than it begins goes over midnight."""
    if not span:
        return False
    begin, end = (time.fromisoformat(part) for part in span.split("-"))
    return begin <= clock < end if begin <= end else clock >= begin or clock < end
