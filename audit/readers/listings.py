"""Listings made of what a page states for machines (schema.org)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from audit.model import Action, Listing
from audit.page import Page, squash
from audit.readers import hours
from audit.readers.contact import abroad, emails_in, unique_phones
from audit.readers.entity import Entity, all_ids, resolved
from audit.readers.postal import country, first_address
from audit.readers.promises import duration_hours
from audit.readers.structured import entities
from audit.readers.tables import table

_MOST = 50
_MOST_CONTACTS = 100
_WIKIDATA = re.compile(r"wikidata\.org/(?:wiki|entity)/(Q\d+)")
_SCHEME = re.compile(r"^(?:tel|mailto|callto|phone)\s?:", re.IGNORECASE)
_SUFFIX = re.compile(r"\s+[|–—·»:]\s+|\s+-\s+")


def listings(page: Page, found: list[Entity] | None = None) -> list[Listing]:
    """Whom and what the page states for machines that a seeker can turn to, without repeats, at most 150.

    Also contact facts that stand alone, or with somebody (a person, an author): they go by the name of
    the occasion they belong to, else of the site. ``found`` are the page's entities where they are
    known already. Never raises.
    """
    known = entities(page) if found is None else found
    by_id = dict(all_ids(known))
    above = _above(known, by_id)
    site = _site_name(page, known)
    kept = (one for one in known if is_listing(one) or (is_contact(one) and not _is_part(one, above)))
    made = (listing(one, by_id, page.url, _name(one, above, site), occasion=_occasion(one, above)) for one in kept)
    return list(_bounded(dict.fromkeys(one for one in made if one)))


def _bounded(found: Iterable[Listing]) -> Iterator[Listing]:
    """In order, up to 50 that state no contact facts and up to 100 that do."""
    left = {False: _MOST, True: _MOST_CONTACTS}
    for one in found:
        tells = bool(one.phones or one.emails or str(one.address))
        left[tells] -= 1
        if left[tells] >= 0:
            yield one


def is_listing(entity: Entity) -> bool:
    """True for the types (and endings of types) that stand for someone a seeker can turn to."""
    words = table("structured")["listing"]
    return any(
        kind in words["types"] or (kind.endswith(tuple(words["endings"])) and kind not in words["never"])
        for kind in entity.types
    )


def is_contact(entity: Entity) -> bool:
    """True for anything that states a telephone number, an e-mail address or a postal address."""
    return any(entity.properties.get(name) for name in table("structured")["contact"]["facts"])


Above = Mapping[int, tuple[str, Entity]]


def _above(known: Iterable[Entity], by_id: Mapping[str, Entity]) -> Above:
    """By identity of an entity: the property that holds it, and whose; first those that make it a part."""
    parts = table("structured")["contact"]["parts"]
    held = [
        (id(child), name, entity)
        for entity in known
        for name in entity.properties
        if name != "@graph"
        for child in resolved(entity, by_id, name)
        if child is not entity
    ]
    above: dict[int, tuple[str, Entity]] = {}
    for key, name, entity in sorted(held, key=lambda one: one[1] not in parts):
        above.setdefault(key, (name, entity))
    return above


def _is_part(entity: Entity, above: Above) -> bool:
    return above.get(id(entity), ("", entity))[0] in table("structured")["contact"]["parts"]


def _occasion(entity: Entity, above: Above) -> Entity | None:
    """The event or the vacancy whose place or host the entity is."""
    endings = tuple(table("structured")["listing"]["occasions"])
    parent = above.get(id(entity), ("", entity))[1]
    occasion = any(kind.endswith(endings) for kind in parent.types) and not is_listing(parent)
    return parent if occasion and parent is not entity else None


def _name(entity: Entity, above: Above, site: str) -> str:
    """The entity's own name where it is no person's; else that of the occasion or the site."""
    own = entity.text("name", "legalName") if is_listing(entity) or "PostalAddress" in entity.types else ""
    if own or not is_contact(entity):
        return own
    occasion = _occasion(entity, above)
    return (occasion.text("name", "headline", "title") if occasion else "") or site


def _site_name(page: Page, known: Iterable[Entity]) -> str:
    stated = next((one.text("name") for one in known if "WebSite" in one.types and one.text("name")), "")
    shown = squash(page.attribute("meta[property='og:site_name' i]", "content"))
    try:
        host = urlsplit(page.url).hostname or ""
    except ValueError:
        host = ""
    return (stated or shown or _SUFFIX.split(page.title)[-1] or host or "?")[:200]


def listing(
    entity: Entity,
    by_id: Mapping[str, Entity],
    found_on: str = "",
    name: str = "",
    *,
    occasion: Entity | None = None,
) -> Listing | None:
    """One entity as a listing; None without a name. ``by_id`` resolves references by @id.

    ``name`` stands in for one the entity does not state; the types of its ``occasion`` become tags.
    """
    name = name or entity.text("name", "legalName")
    if not name:
        return None
    points = resolved(entity, by_id, *table("structured")["contact"]["parts"])
    phones, emails = _phones((entity, *points)), _emails((entity, *points))
    webs = tuple(dict.fromkeys(one for one in entity.texts("url") if one.startswith("http")))
    latitude, longitude = _position(entity, by_id)
    kinds = (*entity.types, *(occasion.types if occasion else ()))
    return Listing(
        name=name,
        id=entity.id or f"{found_on}#{name}",
        url=found_on,
        alternate_names=_other_names(entity, name) if is_listing(entity) else (),
        operator=_operator(entity, by_id),
        tags=tuple(f"schema:{kind}" for kind in kinds),
        address=first_address((entity, *resolved(entity, by_id, "location"), *points), by_id),
        latitude=latitude,
        longitude=longitude,
        phones=phones,
        emails=emails,
        websites=webs,
        opening_hours=opening_hours(entity, by_id),
        hours_text="; ".join(one for one in entity.texts("openingHours") if re.search(r"\w", one))[:400],
        text=entity.text("description")[:1000],
        actions=_actions(phones, emails, webs, entity),
        languages=entity.texts("availableLanguage", "knowsLanguage")[:20],
        reply_hours=duration_hours(_processing(entity, by_id)),
        wikidata=tuple(_WIKIDATA.findall(" ".join(entity.texts("sameAs")))),
    )


def _processing(entity: Entity, by_id: Mapping[str, Entity]) -> tuple[str, ...]:
    """schema.org's processingTime belongs to a ServiceChannel; some state it of the service itself."""
    channels = resolved(entity, by_id, "availableChannel", "contactPoint")
    return tuple(text for one in (entity, *channels) for text in one.texts("processingTime"))


def _phones(parts: Iterable[Entity]) -> tuple[str, ...]:
    """Numbers to call; those of an address abroad with their country code."""
    land = ""
    found: list[str] = []
    for part in parts:
        land = country(part) or land
        if not _is_fax(part):
            found += [_unlinked(one) for one in part.texts("telephone")]
    return unique_phones(abroad(one, land) for one in found if any(map(str.isdigit, one)))


def _is_fax(part: Entity) -> bool:
    kind = part.text("contactType").casefold()
    return kind in table("structured")["contact"]["not_calls"]


def _emails(parts: Iterable[Entity]) -> tuple[str, ...]:
    return emails_in(" ".join(_unlinked(one).split("?")[0] for part in parts for one in part.texts("email")))


def _unlinked(value: str) -> str:
    bare = _SCHEME.sub("", value)
    return unquote(bare).strip() if bare != value else value


def _other_names(entity: Entity, name: str) -> tuple[str, ...]:
    return tuple(one for one in dict.fromkeys(entity.texts("alternateName", "legalName", "name")) if one != name)


def _operator(entity: Entity, by_id: Mapping[str, Entity]) -> str:
    names = ("provider", "parentOrganization", "serviceOperator", "memberOf", "worksFor")
    above = next(iter(resolved(entity, by_id, *names)), None)
    return above.text("name") if above else entity.text(*names)


def _position(entity: Entity, by_id: Mapping[str, Entity]) -> tuple[float | None, float | None]:
    for one in (entity, *resolved(entity, by_id, "geo"), *resolved(entity, by_id, "location")):
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
    parts = resolved(entity, by_id, "openingHoursSpecification", "hoursAvailable")
    plain = [{name: list(part.texts(name)) for name in part.properties} for part in parts]
    return stated or (hours.from_specification(plain) if plain else "")


def _actions(phones: Any, emails: Any, webs: Any, entity: Entity) -> tuple[Action, ...]:
    books = any(kind == "ReserveAction" for one in entity.children("potentialAction") for kind in one.types)
    possible: Iterator[tuple[Action, Any]] = iter(
        ((Action.CALL, phones), (Action.WRITE, emails), (Action.VISIT_WEBSITE, webs), (Action.BOOK, books))
    )
    return tuple(action for action, there in possible if there)
