"""What a subject states, gathered for comparing: own values first, the organisation's as a fallback."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from audit.judging.comparing.emails import own_domain
from audit.judging.comparing.folding import tokens
from audit.judging.comparing.phones import numbers
from audit.judging.comparing.web import web_address
from audit.model import Address, Organisation, ServiceAtLocation, Subject

NO_ADDRESS = Address()


@dataclass(frozen=True, slots=True)
class Stated:
    """One stated value. ``shared``: other services state it too; ``own``: not only the organisation's."""

    value: str
    shared: bool = False
    own: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a subject states that a listing can agree with.

    ``names`` are its own (service here, service, place), ``service_names`` those that name the
    service, ``organisation_names`` the body's; ``places`` the folded words of its towns, ``quarter`` those of its
    names that many entries nearby bear and few elsewhere.
    """

    names: tuple[str, ...]
    service_names: tuple[str, ...] = ()
    place_names: tuple[str, ...] = ()
    organisation_names: tuple[str, ...] = ()
    address: Address = NO_ADDRESS
    latitude: float | None = None
    longitude: float | None = None
    phones: tuple[Stated, ...] = ()
    links: tuple[Stated, ...] = ()
    emails: tuple[Stated, ...] = ()
    places: frozenset[str] = frozenset()
    quarter: frozenset[str] = frozenset()


Shared = Mapping[tuple[str, str], int]  # (field, normal value) -> by how many services it is stated


def facts(subject: Subject, shared: Shared | None = None) -> Facts:
    """The facts of one subject; ``shared`` saves counting again (`shared_values`)."""
    counted = shared_values(subject.organisation) if shared is None else shared
    offered = subject.offered
    return _of_service(subject, offered, counted) if offered else _of_place(subject, counted)


def all_facts(subjects: Sequence[Subject]) -> dict[str, Facts]:
    """The facts of many subjects by their keys; shared values are counted once per organisation."""
    counted: dict[str, Shared] = {}
    found = {}
    for subject in subjects:
        organisation = subject.organisation
        if organisation.id not in counted:
            counted[organisation.id] = shared_values(organisation)
        found[subject.key] = facts(subject, counted[organisation.id])
    return found


def shared_values(organisation: Organisation) -> Shared:
    """How many services at places state each phone, link and e-mail."""
    counts: Counter[tuple[str, str]] = Counter()
    for offered in organisation.offered:
        service, place = offered.service, offered.location
        counts.update(_keys("phone", (offered.phone or service.phone or place.phone,)))
        counts.update(_keys("link", (offered.url or service.url or place.url,)))
        counts.update(_keys("email", (offered.email or service.email or place.email,)))
    return counts


def _keys(field: str, values: Iterable[str]) -> set[tuple[str, str]]:
    return {(field, key) for value in values for key in _normal(field, value)}


def _normal(field: str, value: str) -> tuple[str, ...]:
    if field == "phone":
        return tuple(phone.e164 for phone in numbers(value))
    if field == "link":
        address = web_address(value)
        return (address.key,) if address else ()
    return (value.strip().lower(),) if value.strip() else ()


def _stated(field: str, own: Sequence[str], wider: Sequence[str], counted: Shared) -> tuple[Stated, ...]:
    """The values once each, own ones first; a wider value equal to an own one is the own one."""
    found: dict[str, Stated] = {}
    for value in filter(None, own):
        is_shared = any(counted.get((field, key), 0) > 1 for key in _normal(field, value))
        found.setdefault(value, Stated(value, is_shared))
    for value in filter(None, wider):
        found.setdefault(value, Stated(value, shared=True, own=False))
    return tuple(found.values())


def _of_service(subject: Subject, offered: ServiceAtLocation, counted: Shared) -> Facts:
    service, place, body = offered.service, offered.location, subject.organisation
    service_names = _names(offered.name, service.name, *service.alternate_names)
    return Facts(
        names=_names(*service_names, place.name, *place.alternate_names),
        service_names=service_names,
        place_names=_names(place.name, *place.alternate_names),
        organisation_names=_names(body.name, *body.alternate_names),
        address=place.address,
        latitude=place.latitude,
        longitude=place.longitude,
        phones=_stated("phone", (offered.phone, service.phone, place.phone), (body.phone,), counted),
        links=_stated("link", (offered.url, service.url, place.url), (body.website,), counted),
        emails=_stated("email", (offered.email, service.email, place.email), (body.email,), counted),
        places=_places((place.address,)),
    )


def _of_place(subject: Subject, counted: Shared) -> Facts:
    body, place = subject.organisation, subject.location
    body_names = _names(body.name, *body.alternate_names)
    if not place:
        return Facts(
            names=body_names,
            organisation_names=body_names,
            phones=_stated("phone", (body.phone,), (), {}),
            links=_stated("link", (body.website,), (), {}),
            emails=_stated("email", (body.email,), (), {}),
            places=_places(location.address for location in body.locations),
        )
    return Facts(
        names=_names(place.name, *place.alternate_names) or body_names,
        organisation_names=body_names,
        address=place.address,
        latitude=place.latitude,
        longitude=place.longitude,
        phones=_stated("phone", (place.phone,), (body.phone,), counted),
        links=_stated("link", (place.url,), (body.website,), counted),
        emails=_stated("email", (place.email,), (body.email,), counted),
        places=_places((place.address,)),
    )


def _names(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name.strip()))


def _places(addresses: Iterable[Address]) -> frozenset[str]:
    return frozenset(word for address in addresses for word in tokens(address.city))


def mail_domains(stated: Iterable[Stated]) -> frozenset[str]:
    """The own domains of stated e-mail addresses (mail providers of everybody left out)."""
    return frozenset(filter(None, (own_domain(email.value) for email in stated)))
