"""Does a listing belong to the organisation at all? By its phone, its domain or its full name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from audit.judging.comparing import emails, phones, web
from audit.judging.comparing.nameparts import dissect
from audit.model import Listing, Organisation, Subject


class Belonging:
    """All phones, domains and names of the organisations of ``subjects``, each leading to its words."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._phones: set[str] = set()
        self._domains: set[str] = set()
        self._names: dict[frozenset[str], list[tuple[str, frozenset[str]]]] = defaultdict(list)
        for organisation in {subject.organisation.id: subject.organisation for subject in subjects}.values():
            self._add(organisation)

    def _add(self, organisation: Organisation) -> None:
        self._phones.update(phone.e164 for text in _phones(organisation) for phone in phones.numbers(text))
        self._domains.update(_domains(_links(organisation), _emails(organisation)))
        for name in (organisation.name, *organisation.alternate_names):
            parts = dissect(name)
            if parts.words:
                self._names[frozenset(parts.words)].append((name, parts.associations))

    def why(self, listing: Listing) -> str:
        """The reason in words why the listing is the organisation's; empty if nothing says so."""
        code, detail = self.sign(listing)
        return {
            "phone": "a phone number of the organisation",
            "domain": f"a web or mail address of the organisation ({detail})",
            "name": "the organisation's name",
        }.get(code, "")

    def sign(self, listing: Listing) -> tuple[str, str]:
        """What says so (phone, domain, name; empty: nothing), and which one.

        The name of an association alone ("AWO") says nothing: another body of it may be next door.
        """
        for number in (phone.e164 for text in listing.phones for phone in phones.numbers(text)):
            if number in self._phones:
                return "phone", number
        for domain in _domains(listing.websites, listing.emails):
            if domain in self._domains:
                return "domain", domain
        for text in (listing.operator, listing.name, *listing.alternate_names):
            if self._is_name(text):
                return "name", text
        return "", ""

    def _is_name(self, text: str) -> bool:
        parts = dissect(text)
        named = self._names.get(frozenset(parts.words), ())
        return any(associations == parts.associations for _, associations in named)


def _phones(organisation: Organisation) -> Iterator[str]:
    yield organisation.phone
    yield from (service.phone for service in organisation.services)
    yield from (place.phone for place in organisation.locations)
    yield from (offered.phone for offered in organisation.offered)


def _links(organisation: Organisation) -> Iterator[str]:
    yield organisation.website
    yield from (service.url for service in organisation.services)
    yield from (place.url for place in organisation.locations)
    yield from (offered.url for offered in organisation.offered)


def _emails(organisation: Organisation) -> Iterator[str]:
    yield organisation.email
    yield from (service.email for service in organisation.services)
    yield from (place.email for place in organisation.locations)
    yield from (offered.email for offered in organisation.offered)


def _domains(links: Iterable[str], mails: Iterable[str]) -> Iterator[str]:
    for address in filter(None, map(web.web_address, links)):
        if not web.is_shared(address.domain):
            yield address.domain
    yield from filter(None, (emails.own_domain(found) for text in mails for found in emails.addresses(text)))
