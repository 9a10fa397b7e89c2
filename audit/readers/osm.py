"""OpenStreetMap tags as a listing, whatever way the object came (data set, Overpass, Nominatim)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from audit.model import Action, Address, Listing
from audit.readers.contact import unique_phones
from audit.readers.hours import repaired
from audit.readers.tables import table

Tags = Mapping[str, str]

_OBJECT = re.compile(r"(?:node|way|relation)/\d+")
_MOST = 30


def listing(
    tags: Tags,
    id: str,  # noqa: A002 - OSM's word for it
    lat: float | None = None,
    lon: float | None = None,
    updated: date | None = None,
) -> Listing | None:
    """One object as a listing; None for containers and for objects with neither name, operator nor contact.

    ``id`` is "node/123"; several values of one tag stand apart by ";" (wiki.openstreetmap.org,
    Semi-colon value separator, read 2026-11-23). An object that only has disused:, abandoned: or was:
    in front of what it is counts as closed.
    """
    keys = table("osm")["keys"]
    tags = {str(key): value for key, value in tags.items() if isinstance(value, str)}
    if any(tags.get(key) in values for key, values in table("osm")["no_listing"].items()):
        return None
    closed = is_closed(tags)
    if closed:
        tags = {**_revived(tags), **tags}
    names = _values(tags, keys["names"])
    operator = tags.get("operator", "") or tags.get("brand", "")
    phones, webs = unique_phones(_values(tags, keys["phones"])), _values(tags, keys["websites"])
    emails = _values(tags, keys["emails"])
    reachable = bool(phones or webs or emails) and any(tags.get(key) for key in keys["main"])
    if not (names or operator or reachable):
        return None
    return Listing(
        name=names[0] if names else operator,
        id=id,
        url=f"https://www.openstreetmap.org/{id}" if _OBJECT.fullmatch(id) else "",
        alternate_names=names[1:],
        operator="; ".join(_values(tags, ["operator", "brand"])),
        tags=tuple(f"{key}={value}" for key in keys["kinds"] if key in tags for value in _values(tags, [key])),
        address=address(tags),
        latitude=lat,
        longitude=lon,
        phones=phones,
        emails=emails,
        websites=webs,
        opening_hours=repaired(tags.get("opening_hours", "")),
        hours_text=tags.get("opening_hours", ""),
        text=" ".join(_values(tags, keys["descriptions"])),
        status="closed" if closed else "",
        actions=_actions(tags, phones, emails, webs),
        fees_text=", ".join(f"{key}={tags[key]}" for key in ("fee", "charge") if key in tags),
        languages=_languages(tags),
        access_text=", ".join(f"{key}={tags[key]}" for key in keys["access"] if key in tags),
        wikidata=_values(tags, keys["wikidata"]),
        updated=updated or _checked(_values(tags, keys["checked"])),
    )


def address(tags: Tags) -> Address:
    """The addr:* tags; addr:place stands where there is no street."""
    return Address(
        street=tags.get("addr:street", "") or tags.get("addr:place", ""),
        house_number=tags.get("addr:housenumber", ""),
        postcode=tags.get("addr:postcode", ""),
        city=tags.get("addr:city", ""),
        district=tags.get("addr:suburb", ""),
    )


def is_closed(tags: Tags) -> bool:
    """True where every tag that says what the place is has a prefix of the past, or disused=yes stands."""
    keys = table("osm")["keys"]
    past = not _past_keys().isdisjoint(tags)
    return (
        tags.get("disused") == "yes" or tags.get("abandoned") == "yes" or (past and not set(keys["main"]) & set(tags))
    )


@cache
def _past_keys() -> frozenset[str]:
    keys = table("osm")["keys"]
    return frozenset(f"{prefix}:{key}" for prefix in keys["gone"] for key in keys["main"])


def _revived(tags: Tags) -> dict[str, str]:
    """What the place was, without the prefix."""
    gone = tuple(f"{prefix}:" for prefix in table("osm")["keys"]["gone"])
    return {key.split(":", 1)[1]: value for key, value in tags.items() if key.startswith(gone)}


def _values(tags: Tags, keys: Iterable[str]) -> tuple[str, ...]:
    values = (one.strip() for key in keys if key in tags for one in tags[key].split(";"))
    return tuple(dict.fromkeys(one for one in values if one))[:_MOST]


def _actions(tags: Tags, phones: tuple[str, ...], emails: tuple[str, ...], webs: tuple[str, ...]) -> tuple[Action, ...]:
    books = _values(tags, table("osm")["keys"]["booking"])
    possible = ((Action.CALL, phones), (Action.WRITE, emails), (Action.VISIT_WEBSITE, webs), (Action.BOOK, books))
    return tuple(action for action, there in possible if there)


def _languages(tags: Tags) -> tuple[str, ...]:
    spoken = [
        key.split(":")[1] for key, value in tags.items() if key.startswith("language:") and value in ("yes", "main")
    ]
    return tuple(sorted(spoken))[:_MOST]


def _checked(dates: Iterable[str]) -> date | None:
    found = []
    for text in dates:
        try:
            found.append(date.fromisoformat(text))
        except ValueError:
            continue
    return max(found, default=None)
