"""Listings made of schema.org entities."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from audit.model import Action, Address, Listing
from audit.page import Page
from audit.readers import hours
from audit.readers.contact import addresses_in, emails_in, unique_phones
from audit.readers.places import split_street
from audit.readers.structured import Entity, all_ids, entities
from audit.readers.tables import table

_MOST = 50
_WIKIDATA = re.compile(r"wikidata\.org/(?:wiki|entity)/(Q\d+)")


def listings(page: Page, found: list[Entity] | None = None) -> list[Listing]:
    """The organisations, places and services that a page states for machines, without repeats, at most 50.

    ``found`` are the page's entities where they are known already. Never raises.
    """
    known = entities(page) if found is None else found
    by_id = dict(all_ids(known))
    made = (listing(entity, by_id, page.url) for entity in known if is_listing(entity))
    return list(dict.fromkeys(one for one in made if one))[:_MOST]


def is_listing(entity: Entity) -> bool:
    """True for the types (and endings of types) that stand for someone a seeker can turn to."""
    words = table("structured")["listing"]
    return any(
        kind in words["types"] or (kind.endswith(tuple(words["endings"])) and kind not in words["never"])
        for kind in entity.types
    )


def listing(entity: Entity, by_id: Mapping[str, Entity], found_on: str = "") -> Listing | None:
    """One entity as a listing; None without a name. ``by_id`` resolves references by @id."""
    name = entity.text("name", "legalName")
    if not name:
        return None
    points = _children(
        entity, by_id, "contactPoint", "contactPoints", "serviceLocation", "availableChannel", "servicePhone"
    )
    phones = unique_phones(_unlinked(one) for part in (entity, *points) for one in part.texts("telephone"))
    emails = emails_in(" ".join(_unlinked(one) for part in (entity, *points) for one in part.texts("email")))
    webs = tuple(dict.fromkeys(one for one in entity.texts("url") if one.startswith("http")))
    latitude, longitude = _position(entity, by_id)
    return Listing(
        name=name,
        id=entity.id or f"{found_on}#{name}",
        url=found_on,
        alternate_names=_other_names(entity, name),
        operator=_operator(entity, by_id),
        tags=tuple(f"schema:{kind}" for kind in entity.types),
        address=_address(entity, points, by_id),
        latitude=latitude,
        longitude=longitude,
        phones=phones,
        emails=emails,
        websites=webs,
        opening_hours=opening_hours(entity, by_id),
        hours_text="; ".join(entity.texts("openingHours"))[:400],
        text=entity.text("description")[:1000],
        actions=_actions(phones, emails, webs, entity),
        languages=entity.texts("availableLanguage", "knowsLanguage")[:20],
        wikidata=tuple(_WIKIDATA.findall(" ".join(entity.texts("sameAs")))),
    )


def _unlinked(value: str) -> str:
    return re.sub(r"^(?:tel|mailto):", "", value, flags=re.IGNORECASE)


def _children(entity: Entity, by_id: Mapping[str, Entity], *names: str) -> tuple[Entity, ...]:
    return tuple(one if one.properties else by_id.get(one.id, one) for one in entity.children(*names))


def _other_names(entity: Entity, name: str) -> tuple[str, ...]:
    return tuple(one for one in dict.fromkeys(entity.texts("alternateName", "legalName", "name")) if one != name)


def _operator(entity: Entity, by_id: Mapping[str, Entity]) -> str:
    names = ("provider", "parentOrganization", "serviceOperator", "memberOf")
    above = next(iter(_children(entity, by_id, *names)), None)
    return above.text("name") if above else entity.text(*names)


def _address(entity: Entity, points: Iterable[Entity], by_id: Mapping[str, Entity]) -> Address:
    for owner in (entity, *_children(entity, by_id, "location"), *points):
        for one in _children(owner, by_id, "address"):
            if str(address := postal(one)):
                return address
        for text in owner.texts("address"):
            if known := addresses_in(text):
                return known[0]
    return Address()


def postal(entity: Entity) -> Address:
    """A PostalAddress; a postcode put before the town and a country behind it are set right."""
    street, number = split_street(entity.text("streetAddress"))
    city = re.sub(r",\s*(?:Germany|Deutschland|DE)$", "", entity.text("addressLocality"))
    code = entity.text("postalCode")
    before = re.match(r"(?:D-)?(\d{4,5})\s+(.+)", city)
    if before and code in ("", before[1]):
        code, city = before[1], before[2]
    return Address(street=street, house_number=number, postcode=code, city=city)


def _position(entity: Entity, by_id: Mapping[str, Entity]) -> tuple[float | None, float | None]:
    for one in (entity, *_children(entity, by_id, "geo"), *_children(entity, by_id, "location")):
        pair = _degrees(one.text("latitude"), 90), _degrees(one.text("longitude"), 180)
        if None not in pair and pair != (0.0, 0.0):
            return pair
    return None, None


def _degrees(text: str, most: float) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= most else None


def opening_hours(entity: Entity, by_id: Mapping[str, Entity]) -> str:
    """openingHours texts, or the specification where there is none, in OSM syntax."""
    stated = hours.from_schema(entity.texts("openingHours"))
    parts = _children(entity, by_id, "openingHoursSpecification", "hoursAvailable")
    plain = [{name: list(part.texts(name)) for name in part.properties} for part in parts]
    return stated or (hours.from_specification(plain) if plain else "")


def _actions(
    phones: tuple[str, ...], emails: tuple[str, ...], webs: tuple[str, ...], entity: Entity
) -> tuple[Action, ...]:
    books = any(kind == "ReserveAction" for one in entity.children("potentialAction") for kind in one.types)
    possible = ((Action.CALL, phones), (Action.WRITE, emails), (Action.VISIT_WEBSITE, webs), (Action.BOOK, books))
    return tuple(action for action, there in possible if there)
