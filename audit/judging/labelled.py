"""Labelled pairs of entries: rows of any list read as what is stated, what is shown, and the truth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from audit.judging.comparing import phones
from audit.judging.comparing.folding import tokens
from audit.judging.comparing.tables import read_table
from audit.judging.facts import Facts, Stated
from audit.model import Address, Listing

_LEFT_OVER = re.compile(r"\bCOL\b.{0,40}?\bVAL\b")  # marks of a matcher's serialised rows
_BACKSLASH = re.compile(r"\s*\\+\s*")  # marks of an escaped apostrophe
_NOT_PLAIN = re.compile(r"[^0-9a-zäöüß]+")
_NOTHING = ("nan", "none", "null", "n/a", "-")
_COLUMN_OF = "COLUMN of a side, as in --column phone=tel"


class LabelledProblemError(ValueError):
    """Rows that cannot be used; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """``row`` counts from 1; ``stated`` is the first side, ``listing`` the second; ``match`` is the truth."""

    row: int
    stated: Facts
    listing: Listing
    match: bool


Side = Mapping[str, tuple[str, ...]]  # field -> values


@cache
def _table() -> dict[str, Any]:
    return read_table("labelled.toml", "audit.judging")


def fields() -> tuple[str, ...]:
    """The fields that a column can be named for."""
    return tuple(_table()["columns"])


def pairs(
    rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str] | None = None, region: str = "DE"
) -> list[LabelledPair]:
    """Read rows; ``columns`` name the column of a field ("phone": "tel") or of the "label".

    A row holds two objects ({"a": {...}, "b": {...}, "match": 1}) or columns whose names tell the
    side ("left_name", "name_1"). ``region`` (ISO 3166) says where phone numbers without a country
    code are. Raises `LabelledProblemError`.
    """
    known, region = _known(columns or {}), region.upper()
    if region not in phones.REGIONS:
        raise LabelledProblemError(f"No region is called {region!r}; write an ISO 3166 code, for example DE or US.")
    return [_pair(number, row, known, region) for number, row in enumerate(rows, start=1)]


def _known(columns: Mapping[str, str]) -> dict[str, str]:
    """Plain column name -> field. A named column replaces the usual ones of its field."""
    table = _table()
    known = {column: field for field, names in table["columns"].items() for column in names}
    known |= dict.fromkeys(table["label"]["names"], "label")
    for field, column in columns.items():
        if field not in (*table["columns"], "label"):
            raise LabelledProblemError(f"No field is called {field!r}. Known: {', '.join((*fields(), 'label'))}.")
        known = {name: of for name, of in known.items() if of != field} | {_plain(column): field}
    return known


def _plain(column: str) -> str:
    return _NOT_PLAIN.sub("", column.lower())


def _pair(number: int, row: Mapping[str, Any], known: Mapping[str, str], region: str) -> LabelledPair:
    flat = _flat(row)
    one, other = _sides(number, flat, known)
    stated, shown = _listing(one, region), _listing(other, region)
    return LabelledPair(number, _facts(stated), shown, _label(number, flat, known))


def _flat(row: Mapping[str, Any], depth: int = 3) -> dict[str, Any]:
    """{"a": {"name": 1}} as {"a.name": 1}; what is nested deeper than ``depth`` is left out."""
    flat: dict[str, Any] = {}
    for key, value in row.items():
        if not isinstance(value, Mapping):
            flat[str(key)] = value
        elif depth:
            flat |= {f"{key}.{name}": inner for name, inner in _flat(value, depth - 1).items()}
    return flat


def _sides(number: int, flat: Mapping[str, Any], known: Mapping[str, str]) -> tuple[Side, Side]:
    for one, other in _table()["sides"]["pairs"]:
        found = _side(flat, one, known), _side(flat, other, known)
        if all("name" in side for side in found):
            return found
    raise LabelledProblemError(f"Row {number}: two names are not found among {', '.join(flat) or 'no columns'}; "
                               f"name the columns a_name and b_name, or the {_COLUMN_OF}.")  # fmt: skip


def _side(flat: Mapping[str, Any], side: str, known: Mapping[str, str]) -> Side:
    """The values of one side by field: columns with the side's mark in front or behind."""
    found: dict[str, tuple[str, ...]] = {}
    for column, value in flat.items():
        parts = [part for part in re.split(r"[._\s-]+", column) if part]
        if len(parts) < 2 or side not in (parts[0].lower(), parts[-1].lower()):
            continue
        inner = parts[1:] if parts[0].lower() == side else parts[:-1]
        field = known.get(_plain("".join(inner))) or known.get(_plain(inner[-1]))
        if field and (values := _values(value)):
            found.setdefault(field, values)
    return found


def _values(value: Any) -> tuple[str, ...]:
    several = value if isinstance(value, list | tuple) else [value]
    cleaned = (_BACKSLASH.sub("", _LEFT_OVER.sub(" ", str(one))).strip() for one in several if one is not None)
    return tuple(text for text in cleaned if text and text.lower() not in _NOTHING)


def _listing(side: Side, region: str) -> Listing:
    def first(field: str) -> str:
        return next(iter(side.get(field, ())), "")

    return Listing(
        name=first("name"),
        alternate_names=side.get("alternate_name", ()),
        operator=first("operator"),
        categories=side.get("category", ()),
        address=Address(**{part: first(part) for part in ("street", "house_number", "postcode", "city", "district")}),
        latitude=_degrees(first("latitude")),
        longitude=_degrees(first("longitude")),
        phones=_phones(side.get("phone", ()), region),
        websites=side.get("website", ()),
        emails=side.get("email", ()),
        wikidata=side.get("wikidata", ()),
    )


def _phones(texts: Iterable[str], region: str) -> tuple[str, ...]:
    """As written; abroad in E.164, as the comparison takes numbers without country code for German ones."""
    if region == "DE":
        return tuple(texts)
    return tuple(phone.e164 for text in texts for phone in phones.numbers(text, region))


def _degrees(text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError:
        return None


def _facts(side: Listing) -> Facts:
    names = (side.name, *side.alternate_names)
    return Facts(
        names=names,
        service_names=names,
        organisation_names=(side.operator,) if side.operator else (),
        address=side.address,
        latitude=side.latitude,
        longitude=side.longitude,
        phones=tuple(map(Stated, side.phones)),
        links=tuple(map(Stated, side.websites)),
        emails=tuple(map(Stated, side.emails)),
        places=frozenset(tokens(side.address.city)),
    )


def _label(number: int, flat: Mapping[str, Any], known: Mapping[str, str]) -> bool:
    table = _table()["label"]
    for column, value in flat.items():
        if known.get(_plain(column)) != "label":
            continue
        text = str(value).strip().lower()
        if text in table["true"] or text in table["false"]:
            return text in table["true"]
        raise LabelledProblemError(f"Row {number}: {column} is {value!r}, neither 1 nor 0.")
    raise LabelledProblemError(f"Row {number}: no label (match: 1 or 0); name its column with --column label=COLUMN.")
