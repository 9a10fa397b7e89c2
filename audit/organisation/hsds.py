"""HSDS JSON (Open Referral, version 3.0 of 2024-05-16) as organisations.

Read are organisation objects with their services and locations, and service objects with their
organisation. Names: organization, services, locations, service_at_locations, phones, addresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from audit.model import Address, Location, Organisation, Service, ServiceAtLocation
from audit.organisation import mending, values
from audit.organisation.catalogue import Catalogue
from audit.organisation.folding import clean, slug, unique
from audit.organisation.grouping import concealed
from audit.organisation.hsds_objects import NUMBER, dicts, languages, opening_hours
from audit.organisation.mending import Mended

COLUMNS = MappingProxyType(
    {
        "carrier": "organization.name",
        "service": "services.name",
        "name": "locations.name",
        "street": "locations.addresses.address_1",
        "postcode": "locations.addresses.postal_code",
        "city": "locations.addresses.city",
        "phone": "phones.number",
    }
)
_STATUSES = frozenset(values.rules()["statuses"])


@dataclass
class HsdsRead:
    """What one object gave: services imported, and those refused with the object's number and why."""

    organisation: Organisation | None = None
    imported: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass
class _Object:
    """One object under way: ``places`` by the source's id (or position)."""

    number: int
    catalogue: Catalogue
    kind: str
    read: HsdsRead
    places: dict[str, Location] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)

    def keep(self, mended: Mended, what: str) -> str:
        if mended.done:
            self.read.warnings.append(f"object {self.number}: {what}: {mended.done}")
        return mended.value


def organisation_of(item: Mapping[str, Any], number: int, catalogue: Catalogue, kind: str = "") -> HsdsRead:
    """The organisation of one object (`hsds_objects.organisations`). ``kind`` stands in where no name tells one."""
    this = _Object(number, catalogue, kind, HsdsRead())
    name, services = _text(item.get("name")), list(dicts(item.get("services")))
    if not name or not services:
        this.read.refused.append((number, "names no service" if name else "has no organisation name"))
        return this.read
    for place in dicts(item.get("locations")):
        _place(place, this)
    offered = dict(filter(None, (_offered(service, this) for service in services)))
    hidden = {place.id for service, places in offered.items() if service.protected for place in places}
    locations = {p.id: concealed(p) if p.id in hidden else p for p in this.places.values()}
    this.read.organisation = Organisation(
        id=slug(name) or "organisation",
        name=name,
        alternate_names=_other_names(item),
        website=this.keep(mending.url(_text(item.get("website"))), "website"),
        email=this.keep(mending.email(_text(item.get("email"))), "email"),
        phone=_phone(item, this),
        services=tuple(offered),
        locations=tuple(locations.values()),
        offered=tuple(
            ServiceAtLocation(service=service, location=locations[place.id])
            for service, places in offered.items()
            for place in places
        ),
    )
    return this.read


def _other_names(item: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(filter(None, [_text(item.get("alternate_name"))]))


def _offered(service: Mapping[str, Any], this: _Object) -> tuple[Service, tuple[Location, ...]] | None:
    name = _text(service.get("name"))
    told = [name, _text(service.get("alternate_name")), _text(service.get("description"))]
    kind = next(filter(None, map(this.catalogue.guess, told)), None) or this.kind
    if not name or not kind:
        number = int(service.get(NUMBER, this.number))
        this.read.refused.append((number, f"service {name!r}: the catalogue knows no such kind of service (--kind)"))
        return None
    this.read.imported += 1
    own = {place.id: place for place in _own_places(service, this)}
    return _service(service, name, kind, this), tuple(own.values()) or tuple(this.places.values())


def _own_places(service: Mapping[str, Any], this: _Object) -> Iterator[Location]:
    for link in dicts(service.get("service_at_locations")):
        inside = _dict(link.get("location"))
        known = this.places.get(_text(link.get("location_id")) or _text(inside.get("id")))
        if place := known or _place(inside, this):
            yield place


def _service(service: Mapping[str, Any], name: str, kind: str, this: _Object) -> Service:
    status = _text(service.get("status"))
    id_ = unique(slug(name) or kind, this.ids)
    this.ids.add(id_)
    return Service(
        id=id_,
        kind=kind,
        name=name,
        alternate_names=_other_names(service),
        description=_text(service.get("description")),
        url=this.keep(mending.url(_text(service.get("url"))), "url"),
        email=this.keep(mending.email(_text(service.get("email"))), "email"),
        phone=_phone(service, this),
        opening_hours=opening_hours(service.get("schedules")),
        languages=languages(service.get("languages")),
        fees_description=_text(service.get("fees_description")),
        application_process=_text(service.get("application_process")),
        status=status if status in _STATUSES else "active",
        protected=this.catalogue.kind(kind).protected,
    )


def _place(place: Mapping[str, Any], this: _Object) -> Location | None:
    address = next(dicts(place.get("addresses")), {})
    street, number = values.split_street(_text(address.get("address_1")))
    name, city = _text(place.get("name")), _text(address.get("city"))
    if not (name or city or street):
        return None
    taken = [other.id for other in this.places.values()]
    degrees = mending.degrees(str(place.get("latitude")), str(place.get("longitude")))
    if not degrees and place.get("latitude") and place.get("longitude"):
        told = f"{place['latitude']} {place['longitude']}"[:60]
        this.read.warnings.append(f"object {this.number}: coordinates: {told!r} are no degrees")
    location = Location(
        id=unique(slug(name) or slug(f"{street} {number}") or slug(city) or "location", taken),
        name=name,
        address=Address(
            street=street,
            house_number=number,
            postcode=this.keep(mending.postcode(_text(address.get("postal_code"))), "postcode"),
            city=city,
        ),
        state=values.state_of(_text(address.get("state_province"))),
        phone=_phone(place, this),
        url=this.keep(mending.url(_text(place.get("url"))), "url"),
        opening_hours=opening_hours(place.get("schedules")),
    )
    if degrees:
        location = replace(location, latitude=degrees[0], longitude=degrees[1])
    this.places[_text(place.get("id")) or f"#{len(this.places)}"] = location
    return location


def _phone(owner: Mapping[str, Any], this: _Object) -> str:
    for phone in dicts(owner.get("phones")):
        if _text(phone.get("type")) in {"", "voice"} and (number := _text(phone.get("number"))):
            return this.keep(mending.phone(number.strip('"')), "phone")
    return ""


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return clean(value)[:1000] if isinstance(value, str) else ""
