"""Apple Maps, asked through the Apple Maps Server API: it tells name, address and category of a place, nothing else.

After Apple's documentation of /v1/search and its example, read 2026-11-23. Whether telephone and hours are right on
the map itself only a person can see.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from audit import (
    Access,
    Action,
    Control,
    EditedBy,
    Item,
    Key,
    Kind,
    Listing,
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
from audit.readers.mapped import mapped
from audit.readers.members import text
from audit.readers.regions import spot
from audit.readers.searching import MUSEUM, NameSearch

_PLACE = {
    "name": "name",
    "id": "id",
    "categories": "poiCategory",
    "street": "structuredAddress.thoroughfare",
    "house_number": "structuredAddress.subThoroughfare",
    "postcode": "structuredAddress.postCode",
    "city": "structuredAddress.locality",
    "district": "structuredAddress.subLocality",
    "latitude": "coordinate.latitude",
    "longitude": "coordinate.longitude",
}


class AppleMaps(NameSearch):
    """Name and town, nearest first where the place's coordinates are known."""

    id = "apple-maps-server"
    platform = Platform(
        id="apple-maps",
        name="Apple Karten",
        kind=Kind.MAP,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.CALL, Action.VISIT_WEBSITE}),
        edit_url="https://businessconnect.apple.com",
    )
    access = Access.API
    home = "https://maps-api.apple.com"
    hosts = ("maps-api.apple.com",)
    keys = (
        Key(
            "APPLE_MAPS_ACCESS_TOKEN",
            get_url="https://developer.apple.com/documentation/applemapsserverapi",
            note="A paid membership of Apple's developer programme. Sign a token with its maps key, exchange it at "
            "https://maps-api.apple.com/v1/token and put the accessToken into the environment: it is good for 30 "
            "minutes. findbar neither signs nor exchanges, so that no token of yours lies in its files.",
            cost_per_1000=0.0,
        ),
    )
    terms = Terms(
        policy_url="https://developer.apple.com/support/terms/apple-developer-program-license-agreement/",
        read_on=date(2026, 11, 23),
        note="A daily quota shared with Apple's maps on websites, its number is not published; the terms on storing "
        "were not at hand, so only identifiers are to be kept.",
    )
    control = Control(known=MUSEUM)
    standing = Standing.DOCUMENTED_ONLY
    proves = frozenset({"name", "address"})
    governed_by_robots = False
    retention = Retention.IDS_ONLY
    attribution = "Apple Maps"

    def ask(self, query: Query, name: str) -> Visit | None:
        """Name and town."""
        return _ask(query, name) if query.city else None

    def read(self, page: Page) -> Iterable[Item]:
        """The places of business; an empty list is Apple's own sign that there are none."""
        answer = page.data()
        results = answer.get("results")
        if not isinstance(results, list):
            raise NotUnderstood(f"no results: {text(answer, 'error', 'message')[:80]}")
        more = [More("further pages are not asked for")] if text(answer, "paginationInfo", "nextPageToken") else []
        return [*map(_listing, results), *more] or [Nothing("results []")]


def _ask(query: Query, name: str) -> Visit:
    at = spot(query)
    near = (("searchLocation", f"{at[0]:.5f},{at[1]:.5f}"),) if at else ()
    params = (("q", f"{name}, {query.city}"), ("lang", "de-DE"), ("resultTypeFilter", "Poi"), *near)
    header = (("Authorization", f"Bearer {Secret('APPLE_MAPS_ACCESS_TOKEN')}"),)
    return Visit(f"{AppleMaps.home}/v1/search", params=params, headers=header)


def _listing(place: object) -> Listing:
    return mapped(place, _PLACE)
