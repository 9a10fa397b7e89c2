"""Rows of an address list (CSV, XLSX, JSON, XML, GeoJSON that is no OpenStreetMap) as listings, columns guessed.

A row comes as a record of a data set: its usual columns are renamed to OpenStreetMap's tags already
(``audit.visiting.records``), every other column stands under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from audit.model import Address, Listing
from audit.page import squash
from audit.readers.entries import address, entry
from audit.readers.hours import repaired
from audit.readers.tables import table
from audit.readers.week import clock

_PLAIN = re.compile(r"[^0-9a-zäöüß]+")
_TAG = re.compile(r"<[^<>]{0,400}>")
_YES = frozenset({"1", "1.0", "true", "ja", "x", "yes", "wahr"})
_NO = frozenset({"0", "0.0", "false", "nein", "no", "falsch", "-"})
_TEXT = 1500
_LONGEST = 5000
_MOST_PHONES = 5


def row_listing(record: Mapping[str, Any], usual: str = "") -> Listing | None:
    """A row as a listing; None where it names neither a facility nor its provider.

    ``usual`` is what all rows of the list are, where the list itself does not say it ("Pflegeheim").
    Columns that name people are not read.
    """
    tags = _texts(record.get("tags"))
    row = {_PLAIN.sub("", key.lower()): value for key, value in tags.items()}
    titles = [tags.get("name", ""), *_taken(row, "names")]
    operators = [tags.get("operator", ""), *_taken(row, "operators")]
    kinds = _categories(row)
    name = next(filter(None, [*titles, *(kinds[:1] if any(operators) else ()), *operators]), "")
    if not name:
        return None
    shown, opening_hours = _hours(tags, row)
    return entry(
        name,
        phones=_numbers(tags.get("phone", ""), *_taken(row, "phones")),
        emails=(tags.get("email", ""), *_taken(row, "emails")),
        websites=(tags.get("website", ""), *_taken(row, "websites")),
        id=str(record.get("id") or ""),
        alternate_names=tuple(dict.fromkeys(one for one in titles if one and one != name)),
        operator="; ".join(dict.fromkeys(filter(None, operators))),
        categories=tuple(dict.fromkeys(filter(None, [*kinds, usual]))),
        address=_address(tags, row),
        latitude=_degrees(record.get("lat")),
        longitude=_degrees(record.get("lon")),
        text=_rest(tags)[:_TEXT],
        access_text="barrierefrei" if "barrierefrei" in _flags(row) else "",
        updated=_day(record.get("updated")),
        hours_text=shown,
        opening_hours=opening_hours,
    )


def _texts(tags: object) -> dict[str, str]:
    """The cells as texts without markup; line breaks stay, several telephone numbers stand apart by them."""
    cells = tags.items() if isinstance(tags, Mapping) else ()
    plain = ((str(key)[:100], _TAG.sub(" ", str(value)[:_LONGEST]).strip()) for key, value in cells)
    return {key: value for key, value in plain if value}


@cache
def _names(kind: str) -> tuple[str, ...]:
    columns = table("lists")["columns"]
    return tuple(columns[kind])


def _taken(row: Mapping[str, str], kind: str) -> list[str]:
    """The values of the columns of one kind, in the table's order."""
    return [row[name] for name in _names(kind) if name in row]


def _categories(row: Mapping[str, str]) -> list[str]:
    told = [part for name in table("lists")["categories"] for part in re.split(r"[;|\n]|, ", row.get(name, ""))]
    flags = [word for word in _flags(row) if word != "barrierefrei"]
    return list(dict.fromkeys(filter(None, map(str.strip, [*told, *flags]))))[:30]


def _flags(row: Mapping[str, str]) -> list[str]:
    """The words of the yes/no columns that say yes."""
    return [word for name, word in table("lists")["flags"].items() if row.get(name, "").lower() in _YES]


def _numbers(*values: str) -> Iterable[str]:
    """Several numbers in one cell stand on lines of their own, or behind a comma, semicolon or word."""
    parts = (part for value in values for part in re.split(r"[\n;,]|\bund\b|\boder\b", value))
    return [part.strip() for part in parts if sum(map(str.isdigit, part)) >= 3][:_MOST_PHONES]


def _address(tags: Mapping[str, str], row: Mapping[str, str]) -> Address:
    street = tags.get("addr:street", "") or next(iter(_taken(row, "street")), "")
    number = tags.get("addr:housenumber", "") or next(iter(_taken(row, "housenumber")), "")
    city, postcode = tags.get("addr:city", ""), tags.get("addr:postcode", "")
    before, _, town = street.rpartition(",")
    if not city and before:  # the whole address in one cell
        street, city = before, town
    made = address(street, city, postcode)
    made = replace(made, district=next(iter(_taken(row, "district")), ""))
    return replace(made, street=street, house_number=number) if number and number != "0" else made


def _hours(tags: Mapping[str, str], row: Mapping[str, str]) -> tuple[str, str]:
    """Opening hours as shown, and translated where the row is clear about days."""
    shown = next(filter(None, [tags.get("opening_hours", ""), *_taken(row, "hours")]), "") or _span(row)
    days = any(sign.isalpha() for sign in shown)  # hours without days are no week: "08:00-16:00" says nothing of Sunday
    return squash(shown)[:400], repaired(shown) if days else ""


def _span(row: Mapping[str, str]) -> str:
    """Opening and closing as milliseconds since midnight (the state portal's way), without days."""
    values = [row.get("openfrom", ""), row.get("opento", "")]
    if not all(value.isdecimal() and len(value) <= 8 for value in values):
        return ""
    start, end = (int(value) // 60_000 for value in values)
    return f"{clock(start)}-{clock(end)}" if 0 <= start < end <= 24 * 60 else ""


def _rest(tags: Mapping[str, str]) -> str:
    """The columns that nothing else was taken from: a service may be named there."""
    known = {name for kind in table("lists")["columns"] for name in _names(kind)} | set(table("lists")["flags"])
    rest = []
    for column, value in tags.items():
        plain = _PLAIN.sub("", column.lower())
        silent = plain in known or ":" in column or column in _RENAMED or value.lower() in _YES | _NO
        if not silent and not re.fullmatch(r"[\d.,\s/-]+", value):
            rest.append(squash(value))
    return " · ".join(dict.fromkeys(filter(None, rest)))


_RENAMED = frozenset({"name", "operator", "phone", "email", "website", "opening_hours"})


def _degrees(value: object) -> float | None:
    return value if isinstance(value, float) and -180 <= value <= 180 else None


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
