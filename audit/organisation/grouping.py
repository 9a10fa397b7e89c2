"""Entries of one carrier as one organisation: each facility a location, each kind a service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from audit.model import Location, Organisation, Service, ServiceAtLocation
from audit.organisation.catalogue import Catalogue
from audit.organisation.entries import Entry
from audit.organisation.folding import slug, unique
from audit.organisation.protecting import shows_address, shows_person, without_address


def organisation_of(
    id_: str, name: str, entries: Sequence[Entry], catalogue: Catalogue, website: str
) -> tuple[Organisation, str]:
    """The organisation, and a note about its website where the entries do not agree on one."""
    services = _services(entries, catalogue)
    locations: dict[str, Location] = {}
    offered: list[ServiceAtLocation] = []
    for entry in entries:
        hidden = any(catalogue.kind(kind).protected for kind, _ in entry.services)
        location = _named(concealed(entry.location) if hidden else entry.location, locations)
        locations[location.id] = location
        offered += [ServiceAtLocation(service=services[pair], location=location) for pair in entry.services]
    shared, note = _website(entries)
    organisation = Organisation(
        id=id_,
        name=name,
        website=website or shared,
        services=tuple(services.values()),
        locations=tuple(locations.values()),
        offered=tuple(offered),
    )
    return organisation, note


def concealed(location: Location) -> Location:
    """What of a protected place may stand in a file: no address, no name that shows one or a person."""
    telling = shows_address(location.name) or shows_person(location.name)
    kept = without_address(location)
    name = "" if telling else location.name
    return replace(kept, name=name or ("" if str(kept.address) else "Geschützter Ort"))


def _services(entries: Sequence[Entry], catalogue: Catalogue) -> dict[tuple[str, str], Service]:
    services: dict[tuple[str, str], Service] = {}
    ids: set[str] = set()
    for kind, name in (pair for entry in entries for pair in entry.services):
        if (kind, name) not in services:
            id_ = unique(slug(name) or kind, ids)
            ids.add(id_)
            flagged = catalogue.kind(kind).protected
            services[kind, name] = Service(id=id_, kind=kind, name=name, protected=flagged)
    return services


def _named(location: Location, others: Mapping[str, Location]) -> Location:
    address = location.address
    wanted = slug(location.name) or slug(f"{address.street} {address.house_number}") or slug(address.city)
    return replace(location, id=unique(wanted or "location", others))


def _website(entries: Sequence[Entry]) -> tuple[str, str]:
    """The one site all entries link to, or a note naming the most frequent one."""
    pages = [urlsplit(entry.location.url) for entry in entries if entry.location.url]
    sites = Counter(f"{page.scheme}://{page.netloc}/" for page in pages)
    if not sites:
        return "", ""
    site, count = sites.most_common(1)[0]
    if len(sites) == 1 and count == len(entries) > 1:
        return site, ""
    return "", f"{count} of {len(entries)} entries link to {site}"
