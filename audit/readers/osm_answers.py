"""OpenStreetMap objects as Overpass, Nominatim and data sets hand them over, as listings.

Shapes: Overpass JSON (``out meta center``), Nominatim ``format=jsonv2`` with addressdetails, extratags and
namedetails (docs/api/Output.md), Photon's GeoJSON (docs/api-v1.md), records of a data set; all read 2026-11-23.
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
_LETTERS = {kind[0].upper(): kind for kind in _KINDS}


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

    None where it is no service (a street, a town, a house of which only the number is shown), or no object at all
    (a postcode). Raises NotUnderstood for anything else.
    """
    if not isinstance(place, dict) or not isinstance(place.get("display_name"), str):
        raise NotUnderstood("no Nominatim place (display_name)")
    kind = str(place.get("category") or place.get("class"))
    if place.get("osm_type") not in _KINDS or kind in table("osm_answers")["areas"]:
        return None
    address = _texts(place.get("address"))
    shown = place["display_name"].partition(", ")[0]
    name = str(place.get("name") or (shown if shown != address.get("house_number") else ""))
    tags = {kind: str(place.get("type")), "name": name}
    tags |= _texts(place.get("extratags")) | _texts(place.get("namedetails"))
    for tag, keys in table("osm_answers")["nominatim_address"].items():
        if key := next((key for key in keys if key in address), ""):
            tags[tag] = address[key]
    return _listing(f"{place['osm_type']}/{place.get('osm_id')}", tags, place, None)


def photon_features(answer: dict[str, Any]) -> list[Any]:
    """The features of a Photon answer. Raises NotUnderstood for anything else, with the words of a refusal."""
    features = answer.get("features")
    if not isinstance(features, list) or answer.get("type") != "FeatureCollection":
        raise NotUnderstood(f"no Photon answer: {str(answer.get('message'))[:80]}")
    return features


def feature_listing(feature: Any) -> Listing | None:
    """A feature of a Photon answer, put back into OSM tags; only some servers add further ones (``extra``).

    None where it is no service (a street, a town). Raises NotUnderstood for anything without its kind.
    """
    told = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(told, dict) or not isinstance(told.get("osm_key"), str):
        raise NotUnderstood("no Photon feature (properties, osm_key)")
    kind = _LETTERS.get(str(told.get("osm_type")))
    if kind is None or told["osm_key"] in table("osm_answers")["areas"]:
        return None
    tags = {told["osm_key"]: str(told.get("osm_value")), **_texts(told.get("extra"))}
    tags |= {tag: str(told[key]) for tag, key in table("osm_answers")["photon"].items() if told.get(key)}
    longitude, latitude = _position(feature.get("geometry"))
    return _listing(f"{kind}/{told.get('osm_id')}", tags, {"lat": latitude, "lon": longitude}, None)


def _position(geometry: object) -> tuple[Any, Any]:
    """Longitude and latitude of a GeoJSON point, each None where there is none."""
    at = geometry.get("coordinates") if isinstance(geometry, dict) else None
    return (at[0], at[1]) if isinstance(at, list) and len(at) >= 2 else (None, None)


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
