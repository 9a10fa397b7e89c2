"""HERE: the map in many cars and of navigation apps, asked through its Geocoding and Search interface.

Shapes after HERE's interface description 1.59 (GET /v1/discover) and public recordings of its answers, read
2026-11-23. A refused key comes as 401 with ``error``, every other failure with ``status`` and ``title``.
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
    Secret,
    Standing,
    Terms,
    Visit,
)
from audit.readers import from_periods
from audit.readers.mapped import mapped
from audit.readers.members import members, text, texts
from audit.readers.regions import spot
from audit.readers.searching import NameSearch

_LIMIT = 20
_AREAS = frozenset(
    {"administrativeArea", "locality", "street", "intersection", "addressBlock", "houseNumber", "postalCodePoint"}
)
_PLACE = {
    "name": "title",
    "id": "id",
    "categories": "categories.name",
    "street": "address.street",
    "house_number": "address.houseNumber",
    "postcode": "address.postalCode",
    "city": "address.city",
    "district": "address.district",
    "latitude": "position.lat",
    "longitude": "position.lng",
    "phones": "contacts.phone.value contacts.tollFree.value contacts.mobile.value",
    "emails": "contacts.email.value",
    "websites": "contacts.www.value",
}


class Here(NameSearch):
    """Name and town, searched round the place; without the place's coordinates nothing can be asked."""

    id = "here"
    platform = Platform(
        id="here",
        name="HERE",
        kind=Kind.MAP,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE}),
        edit_url="https://mapcreator.here.com",
        edit_days=14,  # edits are moderated; no time is promised, so this is an estimate
    )
    access = Access.API
    home = "https://discover.search.hereapi.com"
    hosts = ("discover.search.hereapi.com",)
    keys = (
        Key(
            "HERE_API_KEY",
            get_url="https://platform.here.com",
            note="An account with HERE and an application in it.",
        ),
    )
    terms = Terms(
        policy_url="https://developer.here.com/terms-and-conditions",
        read_on=date(2026, 11, 23),
        note="Own key per application, 5 requests a second in the free plan (as measured by users, 2021); "
        "of the terms only a copy of 2020 was at hand: read today's before using a key.",
    )
    # An entry of HERE's own answers in public recordings (here:pds:place:840dr5ru-7bf91d321e434303aa1094c2c5f1f15f).
    control = Control(
        known=Known(
            name="Madison Square Garden",
            street="Penn Plz",
            house_number="4",
            postcode="10001",
            city="New York",
            latitude=40.75051,
            longitude=-73.9934,
        )
    )
    standing = Standing.RECORDED
    governed_by_robots = False
    attribution = "© HERE"

    def ask(self, query: Query, name: str) -> Visit | None:
        """Name and town."""
        at = spot(query)
        if at is None:
            return None
        where = (("q", f"{name} {query.city}".strip()), ("at", f"{at[0]:.5f},{at[1]:.5f}"))
        params = (*where, ("limit", str(_LIMIT)), ("lang", "de"), ("apiKey", Secret("HERE_API_KEY")))
        return Visit(f"{self.home}/v1/discover", params=params)

    def read(self, page: Page) -> Iterable[Item]:
        """The places of the answer; an empty list is HERE's own sign that there are none."""
        answer = page.data()
        items = answer.get("items")
        if not isinstance(items, list):
            raise NotUnderstood(f"no items: {(text(answer, 'title') or text(answer, 'error'))[:80]}")
        found: list[Item] = [_listing(item) for item in items if _is_place(item)]
        if len(items) >= _LIMIT:
            found.append(More("the limit of the answer is reached"))
        return found or [Nothing("only streets and areas" if items else "items []")]


def _is_place(item: object) -> bool:
    kind = text(item, "resultType")
    if not isinstance(item, dict) or (kind != "place" and kind not in _AREAS):
        raise NotUnderstood(f"an item that is neither place nor area: {kind[:40]!r}")
    return kind == "place"


def _listing(place: object) -> Listing:
    """One place. Contacts and opening hours are lists of blocks: a place may have several."""
    shown = " | ".join(texts(place, "openingHours", "text"))
    return mapped(place, _PLACE, opening_hours=_hours(place), hours_text=shown)


def _hours(place: object) -> str:
    """OSM syntax where all blocks say the same. A block without periods says nothing (not "never open")."""
    said = {from_periods(list(members(block, "structured")) or None) for block in members(place, "openingHours")}
    return said.pop() if len(said) == 1 else ""
