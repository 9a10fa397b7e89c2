"""Times in archived answers that never age: ``{{today+3T18:30}}`` is that moment seen from now.

    {{now}} {{now-26h}} {{now+90m}}            a moment
    {{today}} {{today+3}} {{today-2w}}         a day
    {{next-sat}} {{last-fri+1}}                the coming or past weekday (never today), plus days
    ...T18:30                                  that day at that time
    ...|de  |http  |epoch  |ms  |%d.%m.        "27.11.2026", RFC 9110 date, Unix time, strftime

Without a form: ISO 8601, a moment with its offset. Anything else in braces stays as it is.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime

_TOKEN = re.compile(
    rb"\{\{(?P<base>now|today|(?:next|last)-(?:mon|tue|wed|thu|fri|sat|sun))"
    rb"(?P<shift>[+-]\d{1,5})?(?P<unit>[mhdw])?(?:T(?P<time>[0-2]\d:[0-5]\d))?(?:\|(?P<form>[^{}|]{1,40}))?\}\}"
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def fill_times(body: bytes, now: datetime) -> bytes:
    """The body with every token resolved against ``now`` (aware; its zone is the zone of the times)."""
    return _TOKEN.sub(lambda token: _resolved(token, now).encode(), body) if b"{{" in body else body


def _resolved(token: re.Match[bytes], now: datetime) -> str:
    part = {name: (value or b"").decode("utf-8", "replace") for name, value in token.groupdict().items()}
    moment = _base(part["base"], now)
    if part["shift"]:
        # Wall-clock arithmetic: three days on at 18:30 stays 18:30 over a change of the clocks.
        moment += int(part["shift"]) * _UNITS[part["unit"] or ("h" if part["base"] == "now" else "d")]
    if part["time"]:
        moment = datetime.combine(moment.date(), time.fromisoformat(part["time"]), now.tzinfo)
    is_day = part["base"] != "now" and not part["time"] and part["unit"] not in {"m", "h"}
    return _formed(moment, is_day, part["form"])


def _base(base: str, now: datetime) -> datetime:
    if base == "now":
        return now.replace(microsecond=0)
    today = datetime.combine(now.date(), time(), now.tzinfo)
    if base == "today":
        return today
    way, _, name = base.partition("-")
    ahead = (_DAYS.index(name) - today.weekday()) % 7 or 7
    return today + timedelta(days=ahead if way == "next" else (ahead % 7) - 7)


def _formed(moment: datetime, is_day: bool, form: str) -> str:
    if not form:
        plain: date = moment.date() if is_day else moment
        return plain.isoformat()
    if form == "http":
        return format_datetime(moment.astimezone(UTC), usegmt=True)
    if form in {"epoch", "ms"}:
        return str(int(moment.timestamp()) * (1000 if form == "ms" else 1))
    return moment.strftime("%d.%m.%Y" if form == "de" else form)
