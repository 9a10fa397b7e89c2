"""`findbar init URL`: a first organisation file from what the website checker read. Pure: no fetching."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from audit.model import Address, Item, Link, Listing, Location, Organisation, Profile, Service, ServiceAtLocation
from audit.organisation import mending
from audit.organisation.catalogue import Catalogue, load_catalogue
from audit.organisation.folding import clean, slug, unique
from audit.organisation.grouping import concealed
from audit.organisation.writing import to_toml

_LONGEST = 2000


def draft_from_site(url: str, items: Iterable[Item], catalogue: Catalogue | None = None) -> str:
    """The TOML text of a first file: name, places, services by their usual words, and profiles.

    ``items`` are the Listings and Links read from the site; other items are passed over. The
    catalogue is the built-in one unless given.
    """
    known = catalogue or load_catalogue()
    everything = list(dict.fromkeys(items))
    listings = [item for item in everything if isinstance(item, Listing) and not _of_an_occasion(item)]
    links = [item for item in everything if isinstance(item, Link)]
    name = _name(listings) or urlsplit(url).hostname or "organisation"
    central = sorted(listings, key=lambda one: name not in (clean(one.name), *map(clean, one.alternate_names)))
    places = _places(listings)
    own = _own_entries(listings, known)
    services = _services(listings, links, known, own)
    hidden = _hidden(places) if any(service.protected for service in services) else None
    organisation = Organisation(
        id=slug(name) or "organisation",
        name=name,
        website=mending.url(clean(url)).value[:_LONGEST],
        email=_first(mending.email(text).value for one in central for text in one.emails),
        phone=_first(mending.phone(text).value for one in central for text in one.phones),
        services=tuple(services),
        locations=(*places, *([hidden] if hidden else [])),
        offered=tuple(_offered(services, places, hidden, own)),
        profiles=tuple(_profiles(links)),
    )
    head = [
        f"Drafted from {clean(url)[:_LONGEST]}: please check every line.",
        "Add [[service]] for each service people should find, [[location]] for each place.",
    ]
    if not services:
        head.append("No service was recognised on the site.")
    return to_toml(organisation, head=head, notes=_notes(hidden))


def _of_an_occasion(listing: Listing) -> bool:
    """Whether the entry is where something takes place once, or a vacancy: no place of the organisation."""
    return any(tag.endswith(("Event", "Festival", "JobPosting")) for tag in listing.tags)


def _notes(hidden: Location | None) -> dict[str, str]:
    told = {"service": "at = [...] says where; without it a service is offered at every location"}
    if hidden:
        told[hidden.id] = "For protected services: the town only, never street or coordinates"
    return told


def _name(listings: Sequence[Listing]) -> str:
    """The name that most entries carry as name or operator; the first of equals.

    What the site states for machines tells the organisation; headings of pages count where it states nothing.
    """
    stated = [one for one in listings if one.tags] or listings
    names = Counter(clean(name)[:300] for one in stated for name in (one.operator, one.name) if clean(name))
    return names.most_common(1)[0][0] if names else ""


def _places(listings: Sequence[Listing]) -> list[Location]:
    """One place per address, as the entry that knows its position tells it, else the first.

    Opening hours are the place's only where all entries of the address agree: services keep hours of their own.
    """
    shared: dict[str, list[Listing]] = {}
    for one in listings:
        if clean(one.address.street) or clean(one.address.city):
            shared.setdefault(str(one.address).casefold(), []).append(one)
    places: list[Location] = []
    for there in shared.values():
        one = next((one for one in there if one.latitude is not None), there[0])
        hours = {other.opening_hours for other in there if other.opening_hours}
        one = replace(one, opening_hours=hours.pop() if len(hours) == 1 else "")
        wanted = slug(f"{one.address.street} {one.address.house_number}") or slug(one.address.city)
        places.append(_place(one, unique(wanted or "location", [place.id for place in places])))
    return places


def _place(one: Listing, id_: str) -> Location:
    located = one.latitude is not None and one.longitude is not None
    degrees = mending.degrees(str(one.latitude), str(one.longitude)) if located else None
    parts = {name: clean(getattr(one.address, name))[:300] for name in ("street", "house_number", "city", "district")}
    return Location(
        id=id_,
        address=replace(one.address, postcode=mending.postcode(one.address.postcode.strip()).value, **parts),
        latitude=degrees[0] if degrees else None,
        longitude=degrees[1] if degrees else None,
        phone=_first(mending.phone(clean(text)).value for text in one.phones),
        email=_first(mending.email(clean(text)).value for text in one.emails),
        opening_hours=mending.hours(clean(one.opening_hours)).value,
    )


def _own_entries(listings: Sequence[Listing], catalogue: Catalogue) -> dict[str, list[Listing]]:
    """By kind of service, the entries that are called by it and by no other: where it is offered, how to reach it."""
    own: dict[str, list[Listing]] = {}
    for one in listings:
        named = catalogue.mentioned(clean(" | ".join((one.name, *one.alternate_names)))[:2000])
        if len(named) == 1:
            own.setdefault(named[0], []).append(one)
    return own


def _services(
    listings: Sequence[Listing], links: Sequence[Link], catalogue: Catalogue, own: Mapping[str, Sequence[Listing]]
) -> list[Service]:
    """Services by the words of the catalogue: names first, then categories, link texts and free text."""
    texts = [one.name for one in listings]
    texts += [" | ".join((*one.alternate_names, *one.categories)) for one in listings]
    texts += [link.label for link in links]
    texts += [one.text for one in listings]
    kinds = dict.fromkeys(kind for text in texts for kind in catalogue.mentioned(clean(text)[:100_000]))
    services: list[Service] = []
    for kind_id in kinds:
        kind = catalogue.kind(kind_id)
        id_ = unique(slug(kind.name_de), [service.id for service in services])
        service = Service(id=id_, kind=kind_id, name=kind.name_de, protected=kind.protected)
        services.append(service if kind.protected else _reached(service, own.get(kind_id, ())))
    return services


def _reached(service: Service, own: Sequence[Listing]) -> Service:
    """The service with page, phone and e-mail address of its own entries, where they have one."""
    return replace(
        service,
        url=_first(mending.url(clean(one.url)).value[:_LONGEST] for one in own if one.url),
        phone=_first(mending.phone(clean(text)).value for one in own for text in one.phones[:1]),
        email=_first(mending.email(clean(text)).value for one in own for text in one.emails[:1]),
    )


def _hidden(places: Sequence[Location]) -> Location:
    """The place of protected services: the first town, without anything that leads there."""
    city = places[0].address.city if places else ""
    taken = [place.id for place in places]
    return concealed(Location(id=unique("protected", taken), address=Address(city=city)))


def _offered(
    services: Sequence[Service],
    places: Sequence[Location],
    hidden: Location | None,
    own: Mapping[str, Sequence[Listing]],
) -> Iterable[ServiceAtLocation]:
    """Each service where its own entries say it is; where they say nothing, at every place."""
    for service in services:
        named = {_place_key(one.address) for one in own.get(service.kind, ()) if one.address.street}
        mine = [place for place in places if _place_key(place.address) in named]
        at = [hidden] if service.protected and hidden else mine or places
        yield from (ServiceAtLocation(service=service, location=place) for place in at)


def _place_key(address: Address) -> str:
    return slug(f"{address.street} {address.house_number} {address.city}")


def _profiles(links: Sequence[Link]) -> Iterable[Profile]:
    wanted = {"profile", "booking", "counselling"}
    found = {(link.platform, mending.url(clean(link.target)).value) for link in links if link.kind in wanted}
    for platform, url in sorted(found):
        if slug(platform) and url:
            yield Profile(platform=slug(platform), url=url)


def _first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")
