"""OpenStreetMap objects as Overpass, Nominatim and data sets hand them over, as listings.

Shapes: Overpass JSON (``out meta center``), Nominatim ``format=jsonv2`` with addressdetails, extratags and
namedetails (docs/api/Output.md), records of a data set; all read 2026-11-23.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from audit.model import Listing
from audit.page import NotUnderstood
from audit.readers import osm
from audit.readers.tables import table

_KINDS = ("node", "way", "relation")


def record_listing(record: Mapping[str, Any]) -> Listing | None:
    """A record of a data set (id, lat, lon, tags, updated); None where it is no service."""
    return _listing(str(record.get("id")), record.get("tags"), record, record.get("updated"))


def element_listing(element: Any) -> Listing | None:
    """An element of an Overpass answer, ways and relations at their centre; None where it is no service.

    Raises NotUnderstood for anything without type and id.
    """
    if not isinstance(element, dict) or "type" not in element or "id" not in element:
        raise NotUnderstood("an element without type or id")
    if element["type"] not in _KINDS:
        return None
    centre = element.get("center")
    spot = centre if isinstance(centre, dict) else element
    return _listing(f"{element['type']}/{element['id']}", element.get("tags"), spot, element.get("timestamp"))


def place_listing(place: Any) -> Listing | None:
    """A place of a Nominatim answer, put back into OSM tags.

    None where it is no service, or no object at all (a postcode). Raises NotUnderstood for anything else.
    """
    if not isinstance(place, dict) or not isinstance(place.get("display_name"), str):
        raise NotUnderstood("no Nominatim place (display_name)")
    if place.get("osm_type") not in _KINDS:
        return None
    name = str(place.get("name") or place["display_name"].partition(", ")[0])
    tags = {str(place.get("category") or place.get("class")): str(place.get("type")), "name": name}
    tags |= _texts(place.get("extratags")) | _texts(place.get("namedetails"))
    address = _texts(place.get("address"))
    for tag, keys in table("osm_answers")["nominatim_address"].items():
        if key := next((key for key in keys if key in address), ""):
            tags[tag] = address[key]
    return _listing(f"{place['osm_type']}/{place.get('osm_id')}", tags, place, None)


def _listing(key: str, tags: object, spot: Mapping[str, Any], changed: object) -> Listing | None:
    return osm.listing(_texts(tags), key, _degrees(spot.get("lat")), _degrees(spot.get("lon")), _day(changed))


def _texts(tags: object) -> dict[str, str]:
    return {str(k): str(v) for k, v in tags.items() if v is not None} if isinstance(tags, Mapping) else {}


def _degrees(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
