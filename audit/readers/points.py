"""Points of interest as TomTom's search answers, which Azure Maps (version 1.0) hands on in the same shape.

After public recordings of both and TomTom's client code, read 2026-11-23.
"""

from __future__ import annotations

from typing import Any

from audit.model import Item, Listing, More, Nothing, Query
from audit.page import NotUnderstood
from audit.readers.mapped import mapped
from audit.readers.members import number, text
from audit.readers.regions import spot

_PLACE = {
    "name": "poi.name",
    "id": "id",
    "categories": "poi.categories",
    "street": "address.streetName",
    "house_number": "address.streetNumber",
    "postcode": "address.postalCode",
    "city": "address.municipality",
    "district": "address.municipalitySubdivision",
    "latitude": "position.lat",
    "longitude": "position.lon",
    "phones": "poi.phone",
    "websites": "poi.url",
}
_AREAS = frozenset({"Street", "Geography", "Point Address", "Address Range", "Cross Street"})


def points_asked(query: Query) -> tuple[tuple[str, str], ...]:
    """What both interfaces are asked for besides the name: twenty points in Germany, nearest first."""
    return (("limit", "20"), ("countrySet", "DE"), ("language", "de-DE"), *asked_round(query))


def asked_round(query: Query) -> tuple[tuple[str, str], ...]:
    """The place's coordinates as these interfaces take them, and Photon; nothing where they are not stated."""
    at = spot(query)
    return (("lat", f"{at[0]:.5f}"), ("lon", f"{at[1]:.5f}")) if at else ()


def points(answer: dict[str, Any]) -> list[Item]:
    """The points of interest of an answer; a total of 0 is its own sign that there are none.

    Raises `NotUnderstood` for anything else, with the words of a refusal.
    """
    results, total = answer.get("results"), number(answer, "summary", "totalResults")
    if not isinstance(results, list) or total is None:
        refusal = (
            text(answer, "error", "message") or text(answer, "errorText") or text(answer, "detailedError", "message")
        )
        raise NotUnderstood(f"no results: {refusal[:80]}")
    found: list[Item] = [listing for one in results if (listing := _listing(one))]
    if not results and total:
        raise NotUnderstood("results are promised, but none are there")
    if total > len(results):
        found.append(More(f"{len(results)} of {total:g} shown"))
    return found or [Nothing("only streets and areas" if results else "totalResults 0")]


def _listing(one: object) -> Listing | None:
    """A point of interest; None for streets and areas."""
    kind = text(one, "type")
    if kind in _AREAS:
        return None
    if kind != "POI":
        raise NotUnderstood(f"a result that is neither point nor area: {kind[:40]!r}")
    return mapped(one, _PLACE)
