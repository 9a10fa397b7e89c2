"""Opening hours that a list spreads over columns: from and to, or one column (or two) for each day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import groupby

from audit.organisation.folding import fold
from audit.organisation.records import table

_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2})(?::\d{2}(?:\.\d+)?)?)?(?:\s*Uhr)?", re.IGNORECASE)
_DAY = 24 * 60
# what a whole number counts, by the largest value of its column: 7 (hours), 730 (clock), 450 (minutes), seconds, ms
_UNITS = (("hours", 24), ("clock", 2400), ("seconds", 86_400), ("milliseconds", 86_400_000))


def unit_of(values: Sequence[str]) -> str:
    """What the whole numbers of a column count; "minutes" where they are no clock times ("0690", "1439")."""
    numbers = [int(value) for value in values if re.fullmatch(r"\d{1,8}", value)]
    largest = max(numbers, default=0)
    unit = next((name for name, most in _UNITS if largest <= most), "")
    return "minutes" if unit == "clock" and any(number % 100 >= 60 for number in numbers) else unit


def minutes(value: str, unit: str) -> int | None:
    """Minutes since midnight: "7:30", "07.30 Uhr", 730, 27000000 (milliseconds), 0.3125 (part of a day)."""
    if re.fullmatch(r"0?[.,]\d{2,}", value):
        return round(float(value.replace(",", ".")) * _DAY)
    if re.fullmatch(r"\d{1,8}", value):
        return _counted(int(value), unit)
    clock = _CLOCK.fullmatch(value)
    if not clock:
        return None
    found = int(clock[1]) * 60 + int(clock[2] or 0)
    return found if found <= _DAY and int(clock[2] or 0) < 60 else None


def _counted(number: int, unit: str) -> int | None:
    per_minute = {"hours": 1 / 60, "minutes": 1, "seconds": 60, "milliseconds": 60_000}
    if unit == "clock":
        hour, minute = divmod(number, 100)
        found = hour * 60 + minute if minute < 60 else _DAY + 1
    else:
        found = round(number / per_minute.get(unit, 1))
    return found if found <= _DAY else None


def span(opens: str, closes: str, units: tuple[str, str]) -> str:
    """ "07:30-16:00" of two values, or nothing where either is no time or both are the same."""
    first, last = minutes(opens, units[0]), minutes(closes, units[1])
    return f"{_clock(first)}-{_clock(last)}" if first is not None and last is not None and first != last else ""


def _clock(at: int) -> str:
    return f"{at // 60:02}:{at % 60:02}"


def day_columns(columns: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Column by column that is of one day: the day (OSM), and "from", "to" or "" (both).

    At least three days in a row: a gap among them is rather a header that was not recognised than a closed day.
    """
    found = {column: told for column in columns if (told := _day_of(fold(column)))}
    week = list(table()["days"])
    at = {week.index(day) for day, _ in found.values()}
    return found if len(at) >= 3 and max(at) - min(at) < len(at) else {}


def _day_of(header: str) -> tuple[str, str] | None:
    days, parts = _words("days"), _words("day_parts")
    told = [days[word] for word in header.split() if word in days]
    rest = [parts.get(word, "?") for word in header.split() if word not in days]
    kinds = [part for part in rest if part != "passed_over"]
    if len(told) != 1 or len(kinds) > 1 or "?" in kinds:
        return None
    return told[0], kinds[0] if kinds else ""


@cache
def _words(name: str) -> dict[str, str]:
    return {fold(word): key for key, words in table()[name].items() for word in words}


def week(row: Mapping[str, str], days: Mapping[str, tuple[str, str]], units: Mapping[str, str]) -> str:
    """The hours of all days in OSM syntax as far as they are times; a text as it stands behind its day."""
    told: dict[str, dict[str, str]] = {}
    for column, (day, part) in days.items():
        if value := row.get(column, ""):
            told.setdefault(day, {})[part] = value
            told[day][f"unit {part}"] = units.get(column, "")
    pieces = [(day, text) for day, values in told.items() if (text := _of_day(values))]
    alike = (([day for day, _ in same], text) for text, same in groupby(pieces, key=lambda piece: piece[1]))
    return "; ".join(f"{_days(days)} {text}" for days, text in alike)


def _days(days: list[str]) -> str:
    """ "Mo-Fr" for days in a row, else "Mo,We"."""
    week = list(table()["days"])
    in_a_row = [week.index(day) for day in days] == list(range(week.index(days[0]), week.index(days[0]) + len(days)))
    return f"{days[0]}-{days[-1]}" if in_a_row and len(days) > 2 else ",".join(days)


def _of_day(values: Mapping[str, str]) -> str:
    if "from" in values and "to" in values:
        return span(values["from"], values["to"], (values["unit from"], values["unit to"]))
    return values.get("", "")
