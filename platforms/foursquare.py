"""Foursquare: the place data behind many apps, asked through its Places API of 2025.

Host, headers and names of fields after Foursquare's migration guide and reference, read 2026-11-23. Public recordings
show the interface before (v3), which kept the same shape under other names. Hours, ratings and tips cost more
(premium) and are not asked for.
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
    Known,
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
from audit.readers.searching import NameSearch

_LIMIT = 20
_PLACE = {
    "name": "name",
    "id": "fsq_place_id",
    "categories": "categories.name",
    "line": "location.address",
    "postcode": "location.postcode",
    "city": "location.locality",
    "latitude": "latitude",
    "longitude": "longitude",
    "phones": "tel",
    "emails": "email",
    "websites": "website",
}
_FIELDS = "fsq_place_id,name,location,latitude,longitude,categories,tel,email,website,date_closed"


class Foursquare(NameSearch):
    """Name, round the place or in its town."""

    id = "foursquare"
    platform = Platform(
        id="foursquare",
        name="Foursquare",
        kind=Kind.MAP,
        edited_by=EditedBy.CROWD,
        actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE}),
        edit_url="https://foursquare.com/placemakers",
        edit_days=14,  # proposals are voted on; no time is promised, so this is an estimate
    )
    access = Access.API
    home = "https://places-api.foursquare.com"
    hosts = ("places-api.foursquare.com",)
    keys = (
        Key(
            "FOURSQUARE_SERVICE_KEY",
            get_url="https://foursquare.com/developers/signup",
            note="A service key of a project; only fields of the class Pro are asked for. What more calls cost was not "
            "to be read.",
            free_per_month=500,
        ),
    )
    terms = Terms(
        policy_url="https://docs.foursquare.com/docs/usage-guidelines",
        read_on=date(2026, 11, 23),
        note="Nothing but ids may be kept by who pays as he goes; 50 requests a second.",
    )
    control = Control(  # an entry of Foursquare's own answers in public recordings (id 4b058851f964a5208abe22e3)
        known=Known(
            name="Oper Frankfurt",
            words=("Oper",),
            street="Untermainanlage",
            house_number="11",
            postcode="60311",
            city="Frankfurt am Main",
            latitude=50.108142,
            longitude=8.673855,
        )
    )
    standing = Standing.DOCUMENTED_ONLY
    proves = frozenset({"name", "address", "phone", "email", "link"})
    governed_by_robots = False
    retention = Retention.IDS_ONLY
    attribution = "Foursquare"

    def ask(self, query: Query, name: str) -> Visit | None:
        """The name."""
        return _ask(query, name) if spot(query) or query.city else None

    def read(self, page: Page) -> Iterable[Item]:
        """The places; an empty list is Foursquare's own sign that there are none."""
        answer = page.data()
        results = answer.get("results")
        if not isinstance(results, list):
            raise NotUnderstood(f"no results: {(text(answer, 'message') or text(answer, 'error'))[:80]}")
        more = [More("the limit of the answer is reached")] if len(results) >= _LIMIT else []
        return [*map(_listing, results), *more] or [Nothing("results []")]


def _ask(query: Query, name: str) -> Visit:
    at = spot(query)
    where = (("ll", f"{at[0]:.5f},{at[1]:.5f}"), ("radius", "5000")) if at else (("near", f"{query.city}, DE"),)
    headers = (
        ("Authorization", f"Bearer {Secret('FOURSQUARE_SERVICE_KEY')}"),
        ("X-Places-Api-Version", "2025-06-17"),
        ("Accept-Language", "de"),
    )
    params = (("query", name), *where, ("limit", str(_LIMIT)), ("fields", _FIELDS))
    return Visit(f"{Foursquare.home}/places/search", params=params, headers=headers)


def _listing(place: object) -> Listing:
    """One place; one with a date of closing is closed."""
    return mapped(place, _PLACE, status="closed" if text(place, "date_closed") else "")
