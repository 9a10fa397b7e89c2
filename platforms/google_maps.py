"""Google Maps: the map most people search. First as everyone sees it, through the Places API (New); then, with the
owner's consent, through the Business Profile, which also tells what Google changed and how reviews are answered.

After Google's discovery documents and its pages on policies, prices, updates and reviews, read 2026-11-23 and
2026-11-24; no recording was at hand. In the Places API an answer without hits is an empty object, which any broken
server may send too: it counts only after the same interface has found the town itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from audit import (
    Access,
    Action,
    Checker,
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
    Reason,
    Retention,
    Secret,
    Standing,
    Terms,
    Visit,
)
from audit.readers.google import location_of, place_of, review_of, says
from audit.readers.members import text
from audit.readers.regions import spot
from audit.readers.searching import MUSEUM, NameSearch

_ACCOUNTS = "https://mybusinessaccountmanagement.googleapis.com/v1"
_LOCATIONS = "https://mybusinessbusinessinformation.googleapis.com/v1"
_REVIEWS = "https://mybusiness.googleapis.com/v4"
_MASK = (("readMask", "name,title,storefrontAddress,phoneNumbers,websiteUri,regularHours,openInfo,latlng,metadata"),)
_NAME = re.compile(r"(?:accounts|locations)/\d{1,30}")
_MOST_ACCOUNTS, _MOST_CHANGED, _MOST_PAGES = 2, 5, 4  # 2 * (1 + 5 + 4) follow-ups at the most
_FIELDS = (
    "id,displayName,googleMapsUri,primaryTypeDisplayName,postalAddress,location,internationalPhoneNumber,"
    "nationalPhoneNumber,websiteUri,businessStatus,regularOpeningHours,accessibilityOptions"
)
GOOGLE_MAPS = Platform(
    id="google-maps",
    name="Google Maps",
    kind=Kind.MAP,
    edited_by=EditedBy.OWNER,
    actions=frozenset({Action.CALL, Action.VISIT_WEBSITE}),
    edit_url="https://business.google.com",
)


class GooglePlaces(NameSearch):
    """One text search for name and town; that nothing is found is believed once the town itself was."""

    id = "google-maps-places"
    platform = GOOGLE_MAPS
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
        return [*map(place_of, places), *more]


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


class GoogleBusinessProfile(Checker):
    """All locations of the accounts that the token opens, as people see them, and their latest two hundred reviews."""

    id = "google-business-profile"
    platform = GOOGLE_MAPS
    access = Access.API
    rank = 1  # after the Places API: that is what everyone sees, whoever manages the entry
    besides = True
    home = "https://business.google.com"
    hosts = tuple(address.split("/")[2] for address in (_ACCOUNTS, _LOCATIONS, _REVIEWS))
    keys = (
        Key(
            "GOOGLE_BUSINESS_TOKEN",
            get_url="https://developers.google.com/my-business/content/prereqs",
            note="A project that Google approved for the Business Profile interfaces, and an access token of whoever "
            "manages the profile (scope business.manage), good for an hour. findbar only reads.",
            cost_per_1000=0.0,
        ),
    )
    terms = Terms(
        policy_url="https://developers.google.com/my-business/content/policies",
        read_on=date(2026, 11, 23),
        note="Only with the consent of the profile's owner, and only for the own profile. Of the rules only the pages "
        "on reviews and access were at hand: read the policies before you use a token.",
    )
    control = Control(none_because="a token opens the owner's own profile alone, so no entry of others can be known")
    standing = Standing.DOCUMENTED_ONLY
    never_absent = "a profile holds only what its owner manages; the map shows entries of others, too"
    proves = frozenset({"name", "address", "phone", "link", "hours"})
    governed_by_robots = False
    follow_ups = _MOST_ACCOUNTS * (1 + _MOST_CHANGED + _MOST_PAGES)
    depth = 1 + _MOST_PAGES

    def search(self, query: Query) -> Iterable[Visit]:  # noqa: ARG002 - one question answers for all services
        """The accounts that the token opens."""
        yield _owned(f"{_ACCOUNTS}/accounts", "accounts")

    def read(self, page: Page) -> Iterable[Item]:
        """By step: the accounts, the locations of one, one location as people see it, reviews."""
        answer = page.data()
        if "error" in answer:
            raise NotUnderstood(f"refused: {text(answer, 'error', 'message')[:80]}")
        steps = {"locations": _locations, "changed": _changed, "reviews": _reviews}
        return list(steps.get(page.visit.step.partition("-")[0], _accounts)(answer, page.visit))


def _owned(url: str, step: str, note: str = "", params: tuple[tuple[str, str], ...] = ()) -> Visit:
    headers = (("Authorization", f"Bearer {Secret('GOOGLE_BUSINESS_TOKEN')}"),)
    return Visit(url, params=params, headers=headers, step=step, note=note)


def _name(thing: object) -> str:
    name = text(thing, "name")
    if not _NAME.fullmatch(name):
        raise NotUnderstood(f"no account or location: {name[:40]!r}")
    return name


def _list(answer: dict[str, Any], key: str) -> list[Any]:
    """A list that is left out where it is empty. Raises NotUnderstood where anything else is there."""
    many = answer.get(key, [])
    if not isinstance(many, list) or answer.keys() - {key, "nextPageToken", "totalSize"}:
        raise NotUnderstood(f"no {key}")
    return many


def _accounts(answer: dict[str, Any], _: Visit) -> Iterator[Item]:
    accounts = [_name(one) for one in _list(answer, "accounts")]
    if not accounts:
        raise NotUnderstood("the token opens no account")
    asked = (*_MASK, ("pageSize", "100"))
    yield from (_owned(f"{_LOCATIONS}/{one}/locations", "locations", one, asked) for one in accounts[:_MOST_ACCOUNTS])
    if len(accounts) > _MOST_ACCOUNTS or answer.get("nextPageToken"):
        yield More(f"only {_MOST_ACCOUNTS} accounts are read")


def _locations(answer: dict[str, Any], visit: Visit) -> Iterator[Item]:
    """The locations; those that Google changed are asked for as people see them, and reviews where they may be read."""
    shown = [(one, _name(one), location_of(one)) for one in _list(answer, "locations")]
    changed = [name for one, name, _ in shown if says(one, "hasGoogleUpdated")]
    yield from (listing for _, name, listing in shown if name not in changed)
    yield from (_owned(f"{_LOCATIONS}/{one}:getGoogleUpdated", "changed", "", _MASK) for one in changed[:_MOST_CHANGED])
    ids = {name: listing.id for _, name, listing in shown if listing.claimed}  # else reviews are refused
    if ids:
        yield _asked_for_reviews(visit.note, ids)
    if len(changed) > _MOST_CHANGED or answer.get("nextPageToken"):
        yield More(f"only {len(shown)} locations, {_MOST_CHANGED} of those that Google changed, are read")
    yield More("entries that others manage are not shown", reason=Reason.OUTSIDE_DATA)


def _changed(answer: dict[str, Any], _: Visit) -> Iterator[Item]:
    """One location as it is live on Google Maps, with what differs from what its owner entered."""
    location = answer.get("location")
    _name(location)
    yield location_of(location, text(answer, "diffMask"))


def _asked_for_reviews(account: str, ids: dict[str, str]) -> Visit:
    asked = {"locationNames": [f"{account}/{name}" for name in ids], "pageSize": 50}
    visit = _owned(f"{_REVIEWS}/{account}/locations:batchGetReviews", "reviews-1", json.dumps(ids))
    headers = (*visit.headers, ("Content-Type", "application/json"))
    return replace(visit, method="POST", headers=headers, body=json.dumps(asked))


def _reviews(answer: dict[str, Any], visit: Visit) -> Iterator[Item]:
    """The latest reviews of all locations, fifty a page, and the visit for the next page."""
    ids, reviews = json.loads(visit.note), _list(answer, "locationReviews")
    yield from (review_of(one, ids) for one in reviews)
    turn, token = int(visit.step.removeprefix("reviews-")), text(answer, "nextPageToken")
    if token and turn < _MOST_PAGES:
        body = json.dumps({**json.loads(visit.body), "pageToken": token})
        yield replace(visit, body=body, step=f"reviews-{turn + 1}")
    if not reviews:
        yield More("no reviews", reason=Reason.OUTSIDE_DATA)
