"""Protected services (women's shelters, safe houses): nothing in the file may show where or who.

DESIGN 9: street, coordinates and staff names are refused in the file, never sent, stored or reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from audit.model import Address, Location, Organisation, Service
from audit.organisation.problems import Notes
from audit.organisation.values import rules

_REFUSED = ("street", "house_number", "district")
_PERSON_MAILBOX = re.compile(r"[^\W\d_]{2,}[._][^\W\d_]{3,}@")


def without_address(location: Location) -> Location:
    """The location with town and postcode only: what of a protected place may be known."""
    kept = Address(postcode=location.address.postcode, city=location.address.city)
    return replace(location, address=kept, latitude=None, longitude=None)


def shows_address(text: str) -> bool:
    """Whether a text holds something like "Hauptstr. 5"."""
    return bool(_street().search(text))


def shows_person(text: str) -> bool:
    """Whether a text names somebody with an honorific ("Frau Beispiel")."""
    return bool(_honorific().search(text))


def protect(
    organisation: Organisation,
    at: Sequence[Sequence[Location]],
    own: Sequence[tuple[str, str]],
    notes: Notes,
) -> None:
    """Note every place where a file would give away a protected service.

    ``at`` holds the places of each service, ``own`` service and name of each ``[[offered]]`` table.
    """
    protected = [(i, service) for i, service in enumerate(organisation.services) if service.protected]
    indexes = {location.id: i for i, location in enumerate(organisation.locations)}
    others = {loc.id for s, places in zip(organisation.services, at, strict=True) if not s.protected for loc in places}
    for index, service in protected:
        _texts(("service", index), _words(service), notes)
        _mailbox(("service", index, "email"), service.email, notes)
        for location in at[index]:
            _place(indexes[location.id], location, service, location.id in others, notes)
    hidden = {service.id for _, service in protected}
    for index, (service_id, name) in enumerate(own):
        if service_id in hidden:
            _texts(("offered", index), {"name": name}, notes)
    for index, unit in enumerate(organisation.units):
        if shows_person(unit.name):
            notes.problem(("unit", index, "name"), "names a person", "name the role or department")


def _words(service: Service) -> dict[str, str]:
    return {
        "name": service.name,
        "alternate_names": " | ".join(service.alternate_names),
        "description": service.description,
        "application_process": service.application_process,
        "fees_description": service.fees_description,
    }


def _place(index: int, location: Location, service: Service, shared: bool, notes: Notes) -> None:
    path = ("location", index)
    for key in _given(location):
        if shared:
            message = f"must not be given: {service.name!r} is protected and offered here too"
            hint = "give it a location of its own with the town only, and name it in its list at = [...]"
        else:
            message = f"must not be given: only the protected {service.name!r} is offered here"
            hint = "keep the city, leave the rest out"
        notes.problem((*path, key), message, hint)
    _texts(path, {"name": location.name, "alternate_names": " | ".join(location.alternate_names)}, notes)
    _mailbox((*path, "email"), location.email, notes)


def _given(location: Location) -> Iterator[str]:
    given = [key for key in _REFUSED if getattr(location.address, key)]
    yield from given if "street" not in given else (key for key in given if key != "house_number")
    yield from (key for key in ("latitude", "longitude") if getattr(location, key) is not None)


def _texts(path: tuple[str | int, ...], texts: dict[str, str], notes: Notes) -> None:
    for key, text in texts.items():
        if shows_address(text):
            notes.problem((*path, key), "shows a street address, but the service is protected", "leave the address out")
        if shows_person(text):
            notes.problem((*path, key), "names a person, but the service is protected", "leave the name out")


def _mailbox(path: tuple[str | int, ...], email: str, notes: Notes) -> None:
    if _PERSON_MAILBOX.match(email):
        notes.warning(path, "looks like a person's mailbox; the service is protected", "use a functional mailbox")


@cache
def _street() -> re.Pattern[str]:
    endings = "|".join(re.escape(word) for word in rules()["streets"])
    return re.compile(rf"(?i)(?<![^\W\d_])[^\W\d_]*(?:{endings})\s{{0,3}}\d{{1,4}}(?!\d|\s*(?:Uhr|%|€))")


@cache
def _honorific() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in rules()["honorifics"])
    return re.compile(rf"(?<!\w)(?:{words})\s+(?:Dr\.\s+)?[A-ZÄÖÜ][\w-]+")
