"""Google's places as listings: as the Places API (New) shows them, and as a Business Profile holds them; and reviews.

After the discovery documents places v1 (revision 20261101) and mybusinessbusinessinformation v1 and the pages on
reviews (accounts.locations.reviews and batchGetReviews, v4), read 2026-11-23 and 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Mapping

from audit.model import Exchange, Listing
from audit.page import NotUnderstood
from audit.readers.hours import from_periods, from_specification
from audit.readers.mapped import mapped
from audit.readers.members import members, text, texts
from audit.readers.questions import exchange, moment

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
_LOCATION = {
    "name": "title",
    "id": "metadata.placeId name",  # the id of the Places API where there is one: one entry is one
    "url": "metadata.mapsUri",
    "line": "storefrontAddress.addressLines",
    "postcode": "storefrontAddress.postalCode",
    "city": "storefrontAddress.locality",
    "latitude": "latlng.latitude",
    "longitude": "latlng.longitude",
    "phones": "phoneNumbers.primaryPhone phoneNumbers.additionalPhones",
    "websites": "websiteUri",
}
_STATUS = {
    "OPERATIONAL": "open",
    "OPEN": "open",
    "CLOSED_PERMANENTLY": "closed",
    "CLOSED_TEMPORARILY": "temporarily-closed",
}
_FIELDS = {
    "title": "name",
    "storefrontAddress": "address",
    "phoneNumbers": "phone",
    "websiteUri": "link",
    "regularHours": "hours",
}


def place_of(place: object) -> Listing:
    """One place of the Places API. Hours that are left out say nothing; an empty list of them says "never open"."""
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


def location_of(location: object, changed: str = "") -> Listing:
    """One location of a profile; ``changed`` is the diffMask of what people see, where the owner said otherwise."""
    told = list(members(location, "regularHours", "periods"))
    periods = [
        {"dayOfWeek": text(one, "openDay"), "opens": _time(one, "openTime"), "closes": _time(one, "closeTime")}
        for one in told
        if text(one, "openDay") == text(one, "closeDay")
    ]
    masks = (path.strip().partition(".")[0] for path in changed.split(","))
    metadata = any(isinstance(one, dict) for one in members(location, "metadata"))
    return mapped(
        location,
        _LOCATION,
        opening_hours=from_specification(periods) if periods and len(periods) == len(told) else "",
        status=_STATUS.get(text(location, "openInfo", "status"), ""),
        claimed=says(location, "hasVoiceOfMerchant") if metadata else None,
        overridden=tuple(dict.fromkeys(_FIELDS[mask] for mask in masks if mask in _FIELDS)),
    )


def says(location: object, name: str) -> bool:
    """Whether a location's metadata say so; what is not true is left out."""
    return any(told is True for told in members(location, "metadata", name))


def _time(period: object, name: str) -> str:
    hours, minutes = (next(members(period, name, unit), 0) for unit in ("hours", "minutes"))
    return f"{hours:02d}:{minutes:02d}" if type(hours) is type(minutes) is int else ""


def review_of(told: object, ids: Mapping[str, str]) -> Exchange:
    """A review and the owner's reply, of which only times are kept: none of names and words.

    ``told`` holds ``name`` (the location's) and ``review``; ``ids`` are the entries' ids by the location's name.
    Raises `NotUnderstood` without id or time.
    """
    key = text(told, "review", "name") or text(told, "review", "reviewId")
    if not key:
        raise NotUnderstood("a review without name")
    asked, replied = moment(text(told, "review", "createTime")), text(told, "review", "reviewReply", "updateTime")
    answered = max(moment(replied), asked) if replied else None
    location = text(told, "name")
    name = location[location.find("locations/") :]
    return exchange(key, asked, answered, "review", ids.get(name, name))
