"""Consent to test enquiries: which mailboxes a file states for what, and which must never be asked. Pure.

DESIGN 9: never a confidential, crisis or protected service, whatever the file says; only addresses that the legal
entity's own file states. Nothing is inherited from a parent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from audit.model import Organisation, Service, ServiceAtLocation
from audit.organisation.catalogue import Catalogue, ServiceKind
from audit.organisation.folding import fold
from audit.organisation.problems import Notes
from audit.organisation.protecting import shows_person
from audit.organisation.values import rules


def bare(address: str) -> str:
    """An address as mailboxes are told apart: small letters, without a plus part."""
    local, _, domain = address.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def is_barred(service: Service, catalogue: Catalogue) -> bool:
    """Whether a service must never be asked by test: by its flags, its kind, or what its names say it is."""
    kinds = {service.kind}.union(*(catalogue.mentioned(name) for name in (service.name, *service.alternate_names)))
    known: list[Service | ServiceKind] = [catalogue.kinds[kind] for kind in kinds if kind in catalogue.kinds]
    return any(one.confidential or one.crisis or one.protected for one in [service, *known])


def barred_addresses(organisations: Iterable[Organisation], catalogue: Catalogue) -> frozenset[str]:
    """Every mailbox at which a barred service is, or may be, written to."""
    return frozenset(bare(a) for one in organisations for a in _barred(one, catalogue) if a)


def _barred(organisation: Organisation, catalogue: Catalogue) -> Iterator[str]:
    for service in organisation.services:
        if not is_barred(service, catalogue):
            continue
        yield service.email
        points = [point for point in organisation.contact_points if point.service == service.id]
        yield from (point.value for point in points if point.channel in ("mail", "counselling") and "@" in point.value)
        for offered in (one for one in organisation.offered if one.service.id == service.id):
            yield offered.email
            if not (offered.email or service.email):
                yield offered.location.email
        if not (service.email or service.phone or points or any(_reached(o) for o in _at(organisation, service))):
            yield organisation.email


def _at(organisation: Organisation, service: Service) -> list[ServiceAtLocation]:
    return [one for one in organisation.offered if one.service.id == service.id]


def _reached(offered: ServiceAtLocation) -> bool:
    place = offered.location
    return bool(offered.email or offered.phone or place.email or place.phone)


def speaks_of_need(address: str) -> bool:
    """Whether the name of a mailbox says that people in need write there ("krisendienst@", "frauenhaus@")."""
    local = fold(bare(address).partition("@")[0]).replace(" ", "")
    return any(fold(word) in local for word in rules()["mailboxes_of_need"])


def stated_for(organisation: Organisation) -> dict[str, set[str]]:
    """Every mailbox a file states, with the ids of the services it is stated for ("": place or organisation)."""
    found: dict[str, set[str]] = {}
    rows = [(organisation.email, ""), *((place.email, "") for place in organisation.locations)]
    rows += [(service.email, service.id) for service in organisation.services]
    rows += [(offered.email, offered.service.id) for offered in organisation.offered]
    rows += [(point.value, point.service) for point in organisation.contact_points if point.channel == "mail"]
    for address, service in rows:
        if address:
            found.setdefault(bare(address), set()).add(service)
    return found


def refusal(address: str, organisation: Organisation, barred: frozenset[str]) -> str:
    """Why a mailbox must not be asked, as a word: not-ascii, not-stated, barred, need; empty where it may be."""
    if not address.isascii():
        return "not-ascii"
    if bare(address) not in stated_for(organisation):
        return "not-stated"
    if bare(address) in barred:
        return "barred"
    return "need" if speaks_of_need(address) else ""


_TOLD = {
    "not-ascii": ("cannot be written to by every mail server", "write its domain as xn--..."),
    "not-stated": ("is not stated in this file for a service, a place or the organisation", "state it there first"),
    "barred": (
        "is a mailbox of a confidential, crisis or protected service and is never asked by test",
        "take it out, or state a mailbox of its own for that service",
    ),
    "need": ("sounds like a mailbox of people in need and is never asked by test", "take it out"),
}


def consent_problems(organisation: Organisation, catalogue: Catalogue, today: date, notes: Notes) -> None:
    """Note what is wrong with a consent; that it has run out is a warning."""
    consent = organisation.consent
    if consent is None:
        return
    if shows_person(consent.agreed_by):
        notes.problem(("consent", "agreed_by"), "names a person", "name the role, such as Geschäftsführung")
    if consent.agreed_on > today:
        notes.problem(("consent", "agreed_on"), f"{consent.agreed_on} lies ahead: nobody has agreed yet")
    days = (consent.until - consent.agreed_on).days
    if not 0 <= days <= rules()["consent_days"]:
        notes.problem(("consent", "until"), f"must be at most {rules()['consent_days']} days after agreed_on")
    elif consent.until < today:
        notes.warning(("consent", "until"), f"{consent.until} has passed: nothing is sent until somebody agrees again")
    barred = barred_addresses([organisation], catalogue)
    for place, address in enumerate(consent.addresses):
        if why := refusal(address, organisation, barred):
            notes.problem(("consent", "addresses", place), f"{address!r} {_TOLD[why][0]}", _TOLD[why][1])
