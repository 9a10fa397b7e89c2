"""Whose mailbox it is: the organisation's own domains and addresses, as its file states them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from audit.model import Organisation, Service
from audit.sources.calls import bare
from audit.sources.gathered import SourceProblemError
from audit.sources.hashing import Salt
from audit.sources.headers import House, table


def house_of(
    organisation: Organisation, service: str, own: Sequence[str], salt: Salt, askers: Iterable[str] = ()
) -> House:
    """The organisation's own domains and addresses, from its file and from what is named besides.

    ``askers`` are the addresses that test enquiries were sent from. Raises `SourceProblemError` where there are none
    of its own: then nobody can tell a question from an answer.
    """
    stated = [*_addresses(organisation), *(word.lower() for word in own)]
    public = frozenset(table()["public"]["domains"])
    addresses = frozenset(word for word in stated if "@" in word)
    domains = frozenset(d for word in stated if (d := word.rpartition("@")[2]) and d not in public)
    if not addresses | domains:
        raise SourceProblemError(
            "The organisation's file states no e-mail address, so questions and answers cannot be told apart. "
            'State email = "..." there, or name your domain with --own.'
        )
    return House(
        domains=domains,
        addresses=addresses,
        services=_desks(organisation, salt),
        confidential=_is_confidential(organisation, service),
        askers=frozenset(address.lower() for address in askers) - addresses,
    )


def _addresses(organisation: Organisation) -> list[str]:
    points = [p.value for p in organisation.contact_points if p.channel in ("mail", "counselling")]
    services = [s.email for s in organisation.services] + [o.email for o in organisation.offered]
    places = [p.email for p in organisation.locations] + [u.email for u in organisation.units]
    told = [organisation.email, *points, *services, *places]
    site = organisation.website.partition("://")[2].partition("/")[0].partition(":")[0].removeprefix("www.")
    return [word.lower() for word in (*(t for t in told if "@" in t), site) if word]


def _desks(organisation: Organisation, salt: Salt) -> dict[str, str]:
    """The service that is asked at an address; an address of several is the whole organisation's."""
    told = [(s.email, s.id) for s in organisation.services] + [(o.email, o.id) for o in organisation.offered]
    told += [(p.value, p.service) for p in organisation.contact_points if "@" in p.value]
    found: dict[str, set[str]] = {}
    for address, service in told:
        if address and service:
            found.setdefault(address.lower(), set()).add(service)
    return {salt.of("address", address): _one(ids) for address, ids in found.items() if _one(ids)}


def lines_of(organisation: Organisation) -> dict[str, str]:
    """The service that is called on a number; a number of several is the whole organisation's ("")."""
    told = [(s.phone, s.id) for s in organisation.services] + [(o.phone, o.id) for o in organisation.offered]
    told += [(p.value, p.service) for p in organisation.contact_points if p.channel == "phone"]
    found: dict[str, set[str]] = {}
    for number, service in told:
        if number and service:
            found.setdefault(bare(number), set()).add(service)
    general = dict.fromkeys(bare(n) for n in (organisation.phone, *(p.phone for p in organisation.locations)) if n)
    return dict.fromkeys(general, "") | {number: _one(ids) for number, ids in found.items()}


def _one(ids: set[str]) -> str:
    services = {id_.partition("@")[0] for id_ in ids}
    return "" if len(services) > 1 else min(ids if len(ids) == 1 else services)


def _is_confidential(organisation: Organisation, service: str) -> bool:
    """Whether subjects and addresses must not be compared: a mailbox of several is as confidential as any of them."""
    wanted = service.partition("@")[0]
    asked: list[Service] = [s for s in organisation.services if s.id == wanted or not wanted]
    return any(s.confidential or s.protected or s.crisis for s in asked)
