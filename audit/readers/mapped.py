"""Places of JSON answers as listings, by a table that says which field stands at which path.

One reader for the place searches of many providers: what differs between them is where things stand, which is data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audit.model import Address, Listing
from audit.page import NotUnderstood
from audit.readers.contact import unique_phones
from audit.readers.members import number, text, texts
from audit.readers.places import split_street

_ONE = ("id", "url", "operator")
_MANY = ("alternate_names", "categories", "emails", "websites")
_ADDRESS = ("street", "house_number", "postcode", "city", "district")
Paths = Mapping[str, str]


def mapped(place: object, paths: Paths, **more: Any) -> Listing:
    """One place as a listing; ``more`` are fields that need more than a path.

    ``paths`` names fields of `Listing` and of `Address`, besides ``line`` (street with house number, perhaps among
    other lines), each with its path of member names joined by dots; of several paths, apart by blanks, the first with
    a text counts for one value, all of them for a list (``phones``, ``emails``, ``websites``, ``categories``).
    Raises `NotUnderstood` for a place without name.
    """
    name = _first(place, paths["name"])
    if not name:
        raise NotUnderstood("a place without name")
    listing: dict[str, Any] = {
        "name": name,
        "address": _address(place, paths),
        "latitude": _number(place, paths.get("latitude", "")),
        "longitude": _number(place, paths.get("longitude", "")),
        "phones": unique_phones(_all(place, paths.get("phones", ""))),
        **{field: _first(place, paths[field]) for field in _ONE if field in paths},
        **{field: _all(place, paths[field]) for field in _MANY if field in paths},
    }
    return Listing(**{**listing, **more})


def _address(place: object, paths: Paths) -> Address:
    parts = {field: _first(place, paths[field]) for field in _ADDRESS if field in paths}
    split = [split_street(line) for line in _all(place, paths.get("line", ""))]
    if split:  # "Hinterhaus", "Lindenallee 9": the line with a number is the street's
        parts["street"], parts["house_number"] = next((one for one in split if one[1]), split[0])
    return Address(**parts)


def _first(place: object, paths: str) -> str:
    return next((found for path in paths.split() if (found := text(place, *path.split(".")))), "")


def _all(place: object, paths: str) -> tuple[str, ...]:
    found = (one for path in paths.split() for one in texts(place, *path.split(".")))
    return tuple(dict.fromkeys(found))


def _number(place: object, path: str) -> float | None:
    return number(place, *path.split(".")) if path else None
