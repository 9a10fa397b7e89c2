"""Does a listing belong to the organisation at all? By its phone, its domain or its full name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from audit.judging.comparing import emails, phones, web
from audit.judging.comparing.nameparts import dissect
from audit.model import Listing, Organisation, Subject

_Sign = tuple[str, Hashable]  # phone, domain or name, and its normal value


class Belonging:
    """All phones, domains and names of the organisations of ``subjects``, each leading to its words."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._signs: set[_Sign] = set()
        for organisation in {subject.organisation.id: subject.organisation for subject in subjects}.values():
            self._add(organisation)

    def _add(self, organisation: Organisation) -> None:
        self._signs.update(("phone", phone.e164) for text in _phones(organisation) for phone in phones.numbers(text))
        self._signs.update(("domain", domain) for domain in _domains(_links(organisation), _emails(organisation)))
        self._signs.update(sign for sign, _ in _of_names((organisation.name, *organisation.alternate_names)))

    def among(self, shown: Mapping[_Sign, Sequence[int]]) -> set[int]:
        """The positions of the entries that are the organisation's; ``shown`` is what `signs_of` says of them."""
        return {at for sign in self._signs & shown.keys() for at in shown[sign]}

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
        return next(((sign[0], text) for sign, text in _signs(listing) if sign in self._signs), ("", ""))


def signs_of(listings: Sequence[Listing]) -> dict[_Sign, list[int]]:
    """What listings can be told by, each with their positions: prepared once for every organisation."""
    found: dict[_Sign, list[int]] = defaultdict(list)
    for at, listing in enumerate(listings):
        for sign in {sign for sign, _ in _signs(listing)}:
            found[sign].append(at)
    return found


def _signs(listing: Listing) -> Iterator[tuple[_Sign, str]]:
    """What a listing can be told by, the strongest first with how it is written."""
    for text in listing.phones:
        yield from ((("phone", phone.e164), phone.e164) for phone in phones.numbers(text))
    yield from ((("domain", domain), domain) for domain in _domains(listing.websites, listing.emails))
    yield from _of_names((listing.operator, listing.name, *listing.alternate_names))


def _of_names(names: Iterable[str]) -> Iterator[tuple[_Sign, str]]:
    """Names by their distinguishing words and associations; one without such words tells nothing."""
    for name in names:
        parts = dissect(name)
        if parts.words:
            yield ("name", (frozenset(parts.words), parts.associations)), name


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
