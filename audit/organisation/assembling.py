"""From the tables of one file to an `Organisation`: ids, kinds, references and defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from pydantic_core import PydanticCustomError

from audit.model import (
    Address,
    Assignment,
    Consent,
    ContactPoint,
    Dispute,
    IntendedAbsence,
    Location,
    Organisation,
    Profile,
    Service,
    ServiceAtLocation,
    Target,
    Unit,
)
from audit.organisation import values
from audit.organisation.catalogue import Catalogue
from audit.organisation.consenting import consent_problems
from audit.organisation.deciding import decisions
from audit.organisation.folding import nearest, slug
from audit.organisation.kinds import flags_of, kind_of
from audit.organisation.problems import Notes
from audit.organisation.protecting import protect, without_address
from audit.organisation.schema import LocationTable, OfferedTable, OrganisationTable, ServiceTable, TargetTable

NO_SERVICE = "has no [[service]]: nothing can be looked for"


@dataclass(frozen=True)
class Desk:
    """What all steps of assembling one file share. ``incomplete`` tables lost a row to an error."""

    notes: Notes
    catalogue: Catalogue
    today: date
    incomplete: frozenset[str] = frozenset()


def assemble(table: OrganisationTable, desk: Desk) -> Organisation:
    """The organisation of one file; what spans several tables is noted as problems and warnings."""
    units = tuple(Unit(id=row.id or slug(row.name), name=row.name, email=row.email) for row in table.unit)
    _ids("unit", [unit.id for unit in units], desk)
    locations = _locations(table, desk)
    services = tuple(_service(index, row, desk) for index, row in enumerate(table.service))
    _ids("service", [service.id for service in services], desk)
    at = [_places(index, row, locations, desk) for index, row in enumerate(table.service)]
    organisation = Organisation(
        id=table.id or slug(table.name) or "organisation",
        services=services,
        locations=locations,
        offered=_offered(services, at, table.offered, desk),
        units=units,
        profiles=_rows(Profile, table.profile),
        targets=tuple(_target(row, services, desk.catalogue) for row in table.target),
        contact_points=_rows(ContactPoint, table.contact_point),
        intended=_rows(IntendedAbsence, table.intended_absence),
        assignments=_rows(Assignment, table.assignment),
        disputes=_rows(Dispute, table.dispute),
        platforms=tuple(sorted(table.platforms.items())),
        consent=next(iter(_rows(Consent, [table.consent] if table.consent else [])), None),
        state=table.state or _common_state(locations),
        **_plain(table, ("name", "parent", "website", "email", "phone", "alternate_names", "share")),
    )
    _check(table, organisation, desk)
    consent_problems(organisation, desk.catalogue, desk.today, desk.notes)
    protect(organisation, at, [(row.service, row.name) for row in table.offered], desk.notes)
    return organisation


def _common_state(locations: Iterable[Location]) -> str:
    """The federal state that all places which state one share: its holidays are the organisation's."""
    states = {location.state for location in locations if location.state}
    return states.pop() if len(states) == 1 else ""


def _rows(noun: type[Any], rows: Iterable[Any]) -> tuple[Any, ...]:
    names = [each.name for each in fields(noun)]
    return tuple(noun(**_plain(row, names)) for row in rows)


def _plain(row: Any, names: Iterable[str]) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in names}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}


def _target(row: TargetTable, services: Sequence[Service], catalogue: Catalogue) -> Target:
    kinds = catalogue.kinds
    inside = [s.id for s in services if row.field and s.kind in kinds and kinds[s.kind].field == row.field]
    return Target(services=tuple(inside), **_plain(row, ("figure", "value", "due", "service", "field")))


def _locations(table: OrganisationTable, desk: Desk) -> tuple[Location, ...]:
    locations = tuple(_location(index, row, table.state, desk) for index, row in enumerate(table.location))
    _ids("location", [location.id for location in locations], desk)
    return locations


def _location(index: int, row: LocationTable, state: str, desk: Desk) -> Location:
    path = ("location", index)
    street, number = (row.street, row.house_number) if row.house_number else values.split_street(row.street)
    if (row.latitude is None) != (row.longitude is None):
        desk.notes.problem((*path, "latitude"), "and longitude belong together: give both or none")
    if not any((row.name, row.street, row.postcode, row.city, row.latitude is not None)):
        desk.notes.problem(path, "says nowhere: at least a city or a name is needed")
    address = Address(street=street, house_number=number, postcode=row.postcode, city=row.city, district=row.district)
    kept = ("name", "alternate_names", "latitude", "longitude", "phone", "email", "url", "opening_hours")
    given = row.id or slug(row.name) or slug(f"{street} {number}") or slug(row.city)
    return Location(id=given or "location", address=address, state=row.state or state, **_plain(row, kept))


def _service(index: int, row: ServiceTable, desk: Desk) -> Service:
    kind = kind_of(index, row, desk.catalogue, desk.notes)
    own = _plain(row, {each.name for each in fields(Service)} - {"id", "kind"})
    own |= flags_of(index, row, desk.catalogue.kinds.get(kind), desk.notes)
    return Service(id=row.id or slug(row.name) or f"service-{index + 1}", kind=kind, **own)


def _places(index: int, row: ServiceTable, locations: Sequence[Location], desk: Desk) -> tuple[Location, ...]:
    if row.at is None:
        return tuple(locations)
    by_id = {location.id: location for location in locations}
    for position, id_ in enumerate(row.at):
        _known(("service", index, "at", position), id_, by_id, "location", desk)
    return tuple(by_id[id_] for id_ in dict.fromkeys(row.at) if id_ in by_id)


def _offered(
    services: Sequence[Service],
    at: Sequence[Sequence[Location]],
    own: Sequence[OfferedTable],
    desk: Desk,
) -> tuple[ServiceAtLocation, ...]:
    pairs = {
        (service.id, location.id): ServiceAtLocation(
            service=service, location=without_address(location) if service.protected else location
        )
        for service, places in zip(services, at, strict=True)
        for location in places
    }
    seen: set[tuple[str, str]] = set()
    for index, row in enumerate(own):
        pair = (row.service, row.location)
        if _is_offered(index, pair, pairs, desk) and pair not in seen:
            named = ("name", "phone", "email", "url", "opening_hours")
            pairs[pair] = replace(pairs[pair], **_plain(row, named))
        elif pair in seen:
            desk.notes.problem(("offered", index), "repeats an earlier table for the same service and location")
        seen.add(pair)
    return tuple(pairs.values())


def _is_offered(
    index: int, pair: tuple[str, str], pairs: Mapping[tuple[str, str], ServiceAtLocation], desk: Desk
) -> bool:
    if pair in pairs:
        return True
    services, locations = {service for service, _ in pairs}, {location for _, location in pairs}
    known = _known(("offered", index, "service"), pair[0], services, "service", desk)
    if _known(("offered", index, "location"), pair[1], locations, "location", desk) and known:
        message = f"is not where {pair[0]!r} is offered"
        desk.notes.problem(("offered", index, "location"), message, f"add it to the service's list: at = [{pair[1]!r}]")
    return False


def _known(path: tuple[str | int, ...], id_: str, known: Iterable[str], table: str, desk: Desk) -> bool:
    ids = list(known)
    if id_ in ids:
        return True
    if table not in desk.incomplete:
        close = nearest(id_, ids)
        hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(ids[:8]) or 'none'}"
        desk.notes.problem(path, f"names the {table} {id_!r}, which the file does not have", hint)
    return False


def _ids(table: str, ids: Sequence[str], desk: Desk) -> None:
    for index, id_ in enumerate(ids):
        if id_ in ids[:index]:
            message = f"{id_!r} is already the id of an earlier {table}"
            desk.notes.problem((table, index, "id"), message, "give each an id of its own")


def _check(table: OrganisationTable, organisation: Organisation, desk: Desk) -> None:
    services, units = [s.id for s in organisation.services], [unit.id for unit in organisation.units]
    for name in ("profile", "target", "contact_point", "intended_absence"):
        for index, row in enumerate(getattr(table, name)):
            if row.service:
                _known((name, index, "service"), row.service, services, "service", desk)
            if platform := getattr(row, "platform", ""):
                _platform((name, index, "platform"), platform, desk)
    for index, service in enumerate(organisation.services):
        if service.unit:
            _known(("service", index, "unit"), service.unit, units, "unit", desk)
    for platform in table.platforms:
        _platform(("platforms", platform), platform, desk)
    for index, target in enumerate(table.target):
        _field(index, target, desk)
    _contact_points(table, desk)
    decisions(
        table, organisation.id, lambda path, unit: _known(path, unit, units, "unit", desk), desk.today, desk.notes
    )
    _emptiness(organisation, desk)


def _field(index: int, target: TargetTable, desk: Desk) -> None:
    if target.field:
        _known(("target", index, "field"), target.field, list(desk.catalogue.fields), "field of work", desk)
    if target.field and target.service:
        desk.notes.problem(("target", index, "field"), "stands beside a service", "one of the two")


def _platform(path: tuple[str | int, ...], platform: str, desk: Desk) -> None:
    if platform not in desk.catalogue.platforms and (close := nearest(platform, desk.catalogue.platforms, cutoff=0.75)):
        desk.notes.warning(path, f"{platform!r} is no platform of the catalogue", f"did you mean {close[0]}?")


def _contact_points(table: OrganisationTable, desk: Desk) -> None:
    checks = {"mail": values.email, "phone": values.phone, "form": values.url, "chat": values.url}
    for index, row in enumerate(table.contact_point):
        try:
            checks.get(row.channel, values.text)(row.value)
        except PydanticCustomError as error:
            context = error.context or {}
            desk.notes.problem(("contact_point", index, "value"), context.get("message", ""), context.get("hint", ""))


def _emptiness(organisation: Organisation, desk: Desk) -> None:
    if not organisation.services and "service" not in desk.incomplete:
        desk.notes.warning((), NO_SERVICE)
    elif not organisation.locations and "location" not in desk.incomplete:
        desk.notes.warning((), "has no [[location]]: no service is offered anywhere, so nothing can be looked for")
