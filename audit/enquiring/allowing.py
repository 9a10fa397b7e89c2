"""Who may be asked by test, about what: consent, kind and the bars that no file can lift. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from audit.enquiring.tables import rules
from audit.model import Organisation, Service
from audit.organisation.catalogue import Catalogue
from audit.organisation.consenting import bare, barred_addresses, is_barred, refusal, stated_for


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Addressee:
    """A mailbox that may be asked, the service it is asked about (empty: the organisation), and the kinds allowed."""

    address: str
    service: str
    subject: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A mailbox that is not asked.

    ``reason`` is not-ascii, not-stated, barred, need or kind; without an address not-yet, expired or no-consent.
    """

    organisation: str
    address: str
    reason: str


def addressees(
    organisation: Organisation, everyone: Sequence[Organisation], catalogue: Catalogue, day: date
) -> tuple[list[Addressee], list[Refused]]:
    """Who of an organisation may be asked on a day, and who of its consent may not.

    ``everyone`` are all organisations known: a mailbox that serves a barred service of any of them is barred.
    """
    consent = organisation.consent
    if consent is None:
        return [], [Refused(organisation=organisation.id, address="", reason="no-consent")]
    if why := "not-yet" if day < consent.agreed_on else "expired" if day > consent.until else "":
        return [], [Refused(organisation=organisation.id, address="", reason=why)]
    barred = barred_addresses([*everyone, organisation], catalogue)
    allowed: dict[tuple[str, str], Addressee] = {}
    refused = []
    for address in consent.addresses:
        why = refusal(address, organisation, barred)
        found = [] if why else list(_of(address, organisation, consent.kinds, catalogue))
        allowed |= {(bare(one.address), one.service): one for one in found}
        if not found:
            refused.append(Refused(organisation=organisation.id, address=address, reason=why or "kind"))
    return sorted(allowed.values()), refused


def _of(address: str, organisation: Organisation, kinds: Sequence[str], catalogue: Catalogue) -> Iterator[Addressee]:
    services = {service.id: service for service in organisation.services}
    for id_ in sorted(stated_for(organisation)[bare(address)]):
        service = services.get(id_)
        if service is None:
            fitting: tuple[str, ...] = ("general",)
        elif is_barred(service, catalogue) or service.status != "active":
            continue
        else:
            fitting = kinds_of(service, catalogue)
        if wanted := tuple(kind for kind in fitting if kind in kinds):
            subject = service.name if service else organisation.name
            yield Addressee(address=address, service=id_ if service else "", subject=subject, kinds=wanted)


def kinds_of(service: Service, catalogue: Catalogue) -> tuple[str, ...]:
    """What a service may be asked about: what its kind or field of work is for, and general questions."""
    kind = catalogue.kinds.get(service.kind)
    field = kind.field if kind else ""
    own = rules()["kinds"].get(service.kind, rules()["fields"].get(field, ""))
    return (own, "general") if own else ("general",)
