"""Google Maps: the map most people search, asked through the Places API (New).

After Google's discovery document (places v1, revision 20261101) and its pages on policies and prices, read
2026-11-23; no recording was at hand. An answer without hits is an empty object, which any broken server may send too:
it counts only after the same interface has found the town itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from audit import (
    Access,
    Action,
    Control,
    EditedBy,
    Item,
    Key,
    Kind,
    More,
    Nothing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Retention,
    Secret,
    Standing,
    Terms,
    Visit,
)
from audit.readers import from_periods
from audit.readers.mapped import mapped
from audit.readers.members import members, text, texts
from audit.readers.regions import spot
from audit.readers.searching import MUSEUM, NameSearch

_PLACE = {
    "name": "displayName.text",
    "id": "id",
    "url": "googleMapsUri",
    "categories": "primaryTypeDisplayName.text",
    "line": "postalAddress.addressLines",
    "postcode": "postalAddress.postalCode",
    "city": "postalAddress.locality",
    "district": "postalAddress.sublocality",
    "latitude": "location.latitude",
    "longitude": "location.longitude",
    "phones": "internationalPhoneNumber nationalPhoneNumber",
    "websites": "websiteUri",
}
_FIELDS = (
    "id,displayName,googleMapsUri,primaryTypeDisplayName,postalAddress,location,internationalPhoneNumber,"
    "nationalPhoneNumber,websiteUri,businessStatus,regularOpeningHours,accessibilityOptions"
)
_STATUS = {"OPERATIONAL": "open", "CLOSED_PERMANENTLY": "closed", "CLOSED_TEMPORARILY": "temporarily-closed"}


class GooglePlaces(NameSearch):
    """One text search for name and town; that nothing is found is believed once the town itself was."""

    id = "google-maps-places"
    platform = Platform(
        id="google-maps",
        name="Google Maps",
        kind=Kind.MAP,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.CALL, Action.VISIT_WEBSITE}),
        edit_url="https://business.google.com",
    )
    access = Access.API
    home = "https://places.googleapis.com"
    hosts = ("places.googleapis.com",)
    keys = (
        Key(
            "GOOGLE_MAPS_API_KEY",
            get_url="https://console.cloud.google.com/google/maps-apis",
            note="A Google Cloud project with a billing account and the Places API (New) switched on; restrict the key "
            "to that interface. Telephone, website and hours put a search into the class Text Search Enterprise.",
            cost_per_1000=35.0,
            currency="USD",
            free_per_month=1000,
        ),
    )
    terms = Terms(
        policy_url="https://developers.google.com/maps/documentation/places/web-service/policies",
        read_on=date(2026, 11, 23),
        note="Nothing but place ids may be kept; in the European Economic Area terms of their own apply.",
    )
    control = Control(known=MUSEUM)
    standing = Standing.DOCUMENTED_ONLY
    proves = frozenset({"name", "address", "phone", "link", "hours", "access"})
    governed_by_robots = False
    retention = Retention.IDS_ONLY
    attribution = "Google Maps"

    def ask(self, query: Query, name: str) -> Visit | None:
        """Name and town."""
        return _ask(query, name) if query.city else None

    def read(self, page: Page) -> Iterable[Item]:
        """The places; none lead to the question for the town, which costs nothing as only ids are asked for."""
        answer = page.data()
        places = answer.get("places", [])
        if not isinstance(places, list) or answer.keys() - {"places", "nextPageToken"}:
            raise NotUnderstood(f"no list of places: {text(answer, 'error', 'message')[:80]}")
        if page.visit.step == "town":
            if not places or not all(text(place, "id") for place in places):
                raise NotUnderstood("the town itself was not found, so an empty answer says nothing")
            return [Nothing("no places, though the town itself is found")]
        if not places:
            return [_visit({"textQuery": page.visit.note, "pageSize": 1}, "places.id", "town")]
        more = [More(f"only the first {len(places)} are shown")] if answer.get("nextPageToken") else []
        return [*map(_listing, places), *more]


def _ask(query: Query, name: str) -> Visit:
    at = spot(query)
    circle = {"circle": {"center": {"latitude": at[0], "longitude": at[1]}, "radius": 5000}} if at else None
    body = {"textQuery": f"{name} {query.city}", "pageSize": 20, "includePureServiceAreaBusinesses": True}
    mask = ",".join(f"places.{field}" for field in _FIELDS.split(","))
    town = f"{query.postcode} {query.city}".strip()
    return _visit(body | ({"locationBias": circle} if circle else {}), f"{mask},nextPageToken", "", town)


def _visit(body: dict[str, Any], mask: str, step: str, note: str = "") -> Visit:
    headers = (
        ("Content-Type", "application/json"),
        ("X-Goog-Api-Key", Secret("GOOGLE_MAPS_API_KEY")),
        ("X-Goog-FieldMask", mask),
    )
    told = json.dumps({**body, "languageCode": "de", "regionCode": "DE"}, ensure_ascii=False)
    url = f"{GooglePlaces.home}/v1/places:searchText"
    return Visit(url, method="POST", headers=headers, body=told, step=step, note=note)


def _listing(place: object) -> Item:
    """One place. Hours that are left out say nothing; an empty list of them says "never open"."""
    blocks = list(members(place, "regularOpeningHours"))
    hours = blocks[0].get("periods") if blocks and isinstance(blocks[0], dict) else None
    options = [one for one in members(place, "accessibilityOptions") if isinstance(one, dict)]
    told = sorted((name, value) for one in options for name, value in one.items() if isinstance(value, bool))
    return mapped(
        place,
        _PLACE,
        opening_hours=from_periods(hours) if isinstance(hours, list) else "",
        hours_text=" | ".join(texts(place, "regularOpeningHours", "weekdayDescriptions")),
        access_text=", ".join(f"{name}={'yes' if value else 'no'}" for name, value in told),
        status=_STATUS.get(text(place, "businessStatus"), ""),
    )
