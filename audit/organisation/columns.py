"""Which column of a list holds what: by its header in German or English, with the values as evidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from audit.organisation.catalogue import Catalogue
from audit.organisation.folding import fold
from audit.organisation.records import ImportProblem, Row, table
from audit.organisation.times import minutes, unit_of

POSTCODE_CITY = re.compile(r"(?:D[ -]{0,3})?(\d{5})[\s,/|]{1,4}([^\d\W].{1,60})")
_DIGITS = re.compile(r"\d")
_EXACT = re.compile(r"[.,]\d{4,}$")
_SENTENCE = 120  # characters of a value that is no name any more


def _phone_like(value: str) -> bool:
    return bool(re.fullmatch(r"[+(]?[\d\s()/.\-–+]{3,40}", value)) and 3 <= len(_DIGITS.findall(value)) <= 26


def _degrees(value: str, low: float, high: float) -> bool:
    return bool(re.fullmatch(r"-?\d{1,3}[.,]\d+", value)) and low <= float(value.replace(",", ".")) <= high


_LOOKS: Mapping[str, Callable[[str], bool]] = {
    "postcode": lambda v: bool(re.fullmatch(r"(?:D[ -]?)?\d{4,5}", v)),
    "postcode_city": lambda v: bool(POSTCODE_CITY.fullmatch(v)),
    "phone": _phone_like,
    "email": lambda v: "@" in v and " " not in v.split("@", 1)[1],
    "website": lambda v: bool(re.match(r"(?i)(?:https?:|www\.)|[\w-]+\.[a-z]{2,}(?:/|$)", v)),
    "opening_hours": lambda v: bool(re.search(r"\d{1,2}(?:[:.]\d\d)?\s*(?:Uhr)?\s*[-–]|24/7|\d{1,2} ?Uhr", v)),
    "latitude": lambda v: _degrees(v, -90, 90),
    "longitude": lambda v: _degrees(v, -180, 180),
    "name": lambda v: len(v) > 2 and not v.replace(".", "").isdigit(),
    "carrier": lambda v: len(v) > 2 and not v.replace(".", "").isdigit(),
    "service": lambda v: len(v) > 2 and not v.replace(".", "").isdigit(),
    "city": lambda v: not _DIGITS.search(v),
    "opens": lambda v: minutes(v, unit_of([v])) is not None,
    "closes": lambda v: minutes(v, unit_of([v])) is not None,
}
_ALONE: Mapping[str, Callable[[str], bool]] = {  # what values prove without a known header
    "email": _LOOKS["email"],
    "phone": lambda v: _phone_like(v) and v.startswith(("0", "+", "(0")) and len(_DIGITS.findall(v)) >= 7,
    "opening_hours": lambda v: bool(re.fullmatch(r"\d{1,2}[:.]\d\d\s*[-–]\s*\d{1,2}[:.]\d\d", v)),
    "postcode": lambda v: bool(re.fullmatch(r"\d{5}", v)),
    "postcode_city": lambda v: bool(POSTCODE_CITY.fullmatch(v)),
    "latitude": lambda v: bool(_EXACT.search(v)) and _degrees(v, 47.2, 55.1),  # Germany's, to some ten metres
    "longitude": lambda v: bool(_EXACT.search(v)) and _degrees(v, 5.8, 15.1),
}


def guess_columns(
    columns: Sequence[str], rows: Sequence[Row], stated: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Field to source column, for the fields that could be told; every column is used at most once.

    ``stated`` is believed without a look at the values: field to column, or to nothing for none.
    Raises ImportProblem where it names a field or column that is not there.
    """
    told = dict(stated or {})
    _check(told, columns)
    usable = [c for c in columns if not set(_label(c).split()) & set(table()["ignored"]["words"])]
    sample = {column: _sample(column, rows) for column in usable}
    found = {field: column for field, column in told.items() if column}
    for fits in (_is_word, _holds_word):
        for field in table()["headers"]:
            free = {column: values for column, values in sample.items() if column not in found.values()}
            if field not in found and field not in told and (column := _by_header(field, free, fits)):
                found[field] = column
    for field, looks in _ALONE.items():
        rest = [column for column in usable if column not in found.values() and sample[column]]
        if field not in found and field not in told and (column := _by_values(looks, rest, sample)):
            found[field] = column
    if "name" not in found and "name" not in told and (column := _by_difference(usable, found, sample)):
        found["name"] = column
    if "opens" not in found or "closes" not in found:
        found = {field: column for field, column in found.items() if field not in ("opens", "closes")}
    return {field: found[field] for field in table()["headers"] if field in found}


def _check(stated: Mapping[str, str], columns: Sequence[str]) -> None:
    for field, column in stated.items():
        if field not in table()["headers"]:
            raise ImportProblem(f"{field!r} is no field; fields are: {', '.join(table()['headers'])}")
        if column and column not in columns:
            raise ImportProblem(f"there is no column {column!r}; the columns are: {', '.join(columns)[:300]}")


def _label(column: str) -> str:
    """The folded header; of a dotted name the last part, of "addr:street" what follows."""
    return fold(re.split(r"[.:](?=\w)", column)[-1])


def kind_columns(columns: Sequence[str], rows: Sequence[Row], catalogue: Catalogue) -> dict[str, str]:
    """Columns that say yes or no to a kind of service by their header: kind to column."""
    flags = set(table()["flags"]["yes"]) | set(table()["flags"]["no"])
    found: dict[str, str] = {}
    for column in columns:
        values = {value.casefold() for value in _sample(column, rows)}
        if values and values <= flags and (kind := catalogue.guess(column.replace("_", " "))):
            found.setdefault(kind, column)
    return found


def says_yes(value: str) -> bool:
    """Whether a flag's value means yes."""
    return value.casefold() in table()["flags"]["yes"]


def _sample(column: str, rows: Sequence[Row]) -> list[str]:
    values = (row.get(column, "") for _, row in rows[: table()["evidence"]["sample"]])
    return [value for value in values if value]


def _is_word(header: str, word: str) -> bool:
    return header == word


def _holds_word(header: str, word: str) -> bool:
    return len(word) > 3 and f" {word} " in f" {header} "


def _by_header(field: str, free: Mapping[str, Sequence[str]], fits: Callable[[str, str], bool]) -> str:
    """The free column whose header fits the field's most telling word and whose values do not object."""
    words = [fold(word) for word in table()["headers"][field]]
    labels = {column: {_label(column), fold(column)} for column in free if field in _fields_above(column, field)}
    found = (
        column
        for word in words
        for column, values in free.items()
        if any(fits(label, word) for label in labels.get(column, ())) and _believed(field, values)
    )
    return next(found, "")


def _fields_above(column: str, field: str) -> tuple[str, ...]:
    """Of a dotted name what it can hold: what is called "traeger.name" is the carrier's name, not the facility's."""
    above = [fold(part) for part in column.split(".")[:-1]]
    carriers = {fold(word) for word in table()["headers"]["carrier"]}
    return ("carrier",) if carriers & set(above) and _label(column) in _names() else (field,)


def _names() -> set[str]:
    return {fold(word) for word in table()["headers"]["name"]}


def _by_difference(columns: Sequence[str], found: Mapping[str, str], sample: Mapping[str, Sequence[str]]) -> str:
    """A column of short texts that are hardly ever the same: the name, whatever its header."""
    for column in columns:
        values = sample[column]
        words = [
            v for v in values if re.search(r"[^\W\d_]{3}", v) and len(v) < _SENTENCE and "@" not in v and "//" not in v
        ]
        enough = table()["evidence"]["enough"]
        if column not in found.values() and values and len(set(words)) >= enough * len(values):
            return column
    return ""


def _believed(field: str, values: Sequence[str]) -> bool:
    looks = _LOOKS.get(field)
    if not values:
        return False
    return looks is None or _share(looks, values) >= table()["evidence"]["veto"]


def _by_values(looks: Callable[[str], bool], columns: Sequence[str], sample: Mapping[str, Sequence[str]]) -> str:
    shares = {column: _share(looks, sample[column]) for column in columns}
    best = max(shares, key=lambda column: shares[column], default="")
    return best if best and shares[best] >= table()["evidence"]["enough"] else ""


def _share(looks: Callable[[str], bool], values: Sequence[str]) -> float:
    return sum(1 for value in values if looks(value)) / len(values)
