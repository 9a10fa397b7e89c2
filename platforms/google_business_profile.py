"""Google Business Profile: what the owner states on Google, and how reviews are answered. Needs the owner's consent.

After Google's discovery documents (mybusinessbusinessinformation v1, mybusinessaccountmanagement v1) and its page on
review data (accounts.locations.reviews v4), read 2026-11-23 and 2026-11-24; no recording was at hand. Empty lists are
left out of the answers, so none counts before the account itself was seen. Of a review only two times are kept: when it
was written, and when the reply was written or last changed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from audit import (
    Access,
    Action,
    Checker,
    Control,
    EditedBy,
    Exchange,
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
    Secret,
    Standing,
    Terms,
    Visit,
)
from audit.readers import from_specification
from audit.readers.mapped import mapped
from audit.readers.members import members, text

_ACCOUNTS = "https://mybusinessaccountmanagement.googleapis.com/v1"
_LOCATIONS = "https://mybusinessbusinessinformation.googleapis.com/v1"
_REVIEWS = "https://mybusiness.googleapis.com/v4"
_FIELDS = "name,title,storefrontAddress,phoneNumbers,websiteUri,regularHours,openInfo,latlng,metadata"
_NAME = re.compile(r"(?:accounts|locations)/\d{1,30}")
_MOST_ACCOUNTS, _MOST_REVIEWED = 2, 8  # with their proofs, within the follow-ups that one question may have
_PLACE = {
    "name": "title",
    "id": "name",
    "url": "metadata.mapsUri",
    "line": "storefrontAddress.addressLines",
    "postcode": "storefrontAddress.postalCode",
    "city": "storefrontAddress.locality",
    "latitude": "latlng.latitude",
    "longitude": "latlng.longitude",
    "phones": "phoneNumbers.primaryPhone phoneNumbers.additionalPhones",
    "websites": "websiteUri",
}
_STATUS = {"OPEN": "open", "CLOSED_PERMANENTLY": "closed", "CLOSED_TEMPORARILY": "temporarily-closed"}


class GoogleBusinessProfile(Checker):
    """All locations of the accounts that the token opens, and the latest fifty reviews of the first eight of each."""

    id = "google-business-profile"
    platform = Platform(
        id="google-business-profile",
        name="Google-Unternehmensprofil",
        kind=Kind.REVIEW,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.CALL, Action.VISIT_WEBSITE}),
        edit_url="https://business.google.com",
    )
    access = Access.API
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
    proves = frozenset({"name", "address", "phone", "link", "hours"})
    governed_by_robots = False
    follow_ups = 20
    depth = 4

    def search(self, query: Query) -> Iterable[Visit]:  # noqa: ARG002 - one question answers for all services
        """The accounts that the token opens."""
        yield _visit(f"{_ACCOUNTS}/accounts", "accounts")

    def read(self, page: Page) -> Iterable[Item]:
        """By step: the accounts, the locations of one, the reviews of one location, one account by itself."""
        answer = page.data()
        if "error" in answer:
            raise NotUnderstood(f"refused: {text(answer, 'error', 'message')[:80]}")
        steps = {"locations": _locations, "reviews": _reviews, "account": _account}
        return list(steps.get(page.visit.step, _accounts)(answer, page.visit.note))


def _visit(url: str, step: str, note: str = "", *params: tuple[str, str]) -> Visit:
    headers = (("Authorization", f"Bearer {Secret('GOOGLE_BUSINESS_TOKEN')}"),)
    return Visit(url, params=params, headers=headers, step=step, note=note)


def _name(thing: object) -> str:
    name = text(thing, "name")
    if not _NAME.fullmatch(name):
        raise NotUnderstood(f"no account or location: {name[:40]!r}")
    return name


def _list(answer: dict[str, Any], key: str, known: set[str]) -> list[Any]:
    """A list that may be left out where it is empty. Raises NotUnderstood where anything else is there."""
    many = answer.get(key, [])
    if not isinstance(many, list) or answer.keys() - {key, "nextPageToken", *known}:
        raise NotUnderstood(f"no {key}")
    return many


def _accounts(answer: dict[str, Any], _: str) -> Iterator[Item]:
    accounts = [_name(one) for one in _list(answer, "accounts", set())]
    if not accounts:
        raise NotUnderstood("the token opens no account")
    mask = ("readMask", _FIELDS), ("pageSize", "100")
    yield from (_visit(f"{_LOCATIONS}/{one}/locations", "locations", one, *mask) for one in accounts[:_MOST_ACCOUNTS])
    if len(accounts) > _MOST_ACCOUNTS or answer.get("nextPageToken"):
        yield More(f"only {_MOST_ACCOUNTS} accounts are read")


def _locations(answer: dict[str, Any], account: str) -> Iterator[Item]:
    locations = _list(answer, "locations", {"totalSize"})
    yield from map(_listing, locations)
    for one in locations[:_MOST_REVIEWED]:
        if any(told is True for told in members(one, "metadata", "hasVoiceOfMerchant")):  # else reviews are refused
            url = f"{_REVIEWS}/{account}/{_name(one)}/reviews"
            yield _visit(url, "reviews", account, ("pageSize", "50"), ("orderBy", "updateTime desc"))
    if answer.get("nextPageToken"):
        yield More(f"only {len(locations)} locations are read")
    if not locations:
        yield _visit(f"{_ACCOUNTS}/{account}", "account", account)


def _account(answer: dict[str, Any], account: str) -> Iterator[Item]:
    if text(answer, "name") != account:
        raise NotUnderstood("another account than asked for")
    yield Nothing("the account is there, and an empty list was all it had")


def _listing(location: object) -> Listing:
    """A location; its hours as days and times, which schema.org names alike."""
    periods = [
        {"dayOfWeek": text(one, "openDay"), "opens": _time(one, "openTime"), "closes": _time(one, "closeTime")}
        for one in members(location, "regularHours", "periods")
        if text(one, "openDay") == text(one, "closeDay")
    ]
    whole = len(periods) == len(list(members(location, "regularHours", "periods")))
    _name(location)
    return mapped(
        location,
        _PLACE,
        opening_hours=from_specification(periods) if periods and whole else "",
        status=_STATUS.get(text(location, "openInfo", "status"), ""),
    )


def _time(period: object, name: str) -> str:
    hours, minutes = (next(members(period, name, unit), 0) for unit in ("hours", "minutes"))
    return f"{hours:02d}:{minutes:02d}" if type(hours) is type(minutes) is int else ""


def _reviews(answer: dict[str, Any], account: str) -> Iterator[Item]:
    reviews = _list(answer, "reviews", {"averageRating", "totalReviewCount"})
    yield from map(_exchange, reviews)
    if not reviews:
        yield _visit(f"{_ACCOUNTS}/{account}", "account", account)


def _exchange(review: object) -> Exchange:
    """A review and the owner's reply, without names and words."""
    asked, answered = _moment(text(review, "createTime")), _moment(text(review, "reviewReply", "updateTime"))
    key = text(review, "name") or text(review, "reviewId")
    if asked is None or not key:
        raise NotUnderstood("a review without name or time")
    known = hashlib.sha256(key.encode()).hexdigest()[:16]
    return Exchange(id=known, asked_at=asked, answered_at=answered and max(answered, asked), kind="review")


def _moment(told: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        return None
    return found if found.tzinfo else None
