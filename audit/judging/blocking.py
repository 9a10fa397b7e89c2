"""Which subjects are worth comparing with a listing: an index by place, rare words, phone, web and house."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import floor

from audit.judging.comparing import emails, geo, phones, web
from audit.judging.comparing.addresses import postcode_key, street_and_number
from audit.judging.comparing.housenumbers import house_numbers
from audit.judging.comparing.nameparts import dissect
from audit.judging.facts import Facts, all_facts
from audit.model import Address, Listing, Subject

CELL = 0.01  # degrees: about 1.1 km north to south, 0.7 km east to west in Germany
_NEAR = 700.0  # metres: farther away, only a shared word, number or address makes two entries one
_COMMON = 60  # a word, domain or postcode with more subjects behind it tells too little to block by

Key = tuple[str, str]


class Index:
    """Built once over the subjects; ``facts`` holds what each states, by its key.

    A listing and a subject meet if they lie near each other (found by grid cells), or share a rare word of the
    name, a phone number, a web page or a rare domain, an e-mail address, or postcode and house.
    """

    def __init__(self, subjects: Sequence[Subject], facts: Mapping[str, Facts] | None = None) -> None:
        self.facts: Mapping[str, Facts] = all_facts(subjects) if facts is None else facts
        self._cells: dict[tuple[int, int], list[str]] = defaultdict(list)
        self._keys: dict[Key, list[str]] = defaultdict(list)
        self._known: set[Key] = set()  # of `_keys`: sets meet without hashing anew
        for subject in subjects:
            self._add(subject.key, self.facts[subject.key])

    def _add(self, subject: str, stated: Facts) -> None:
        if cell := _cell(stated.latitude, stated.longitude):
            self._cells[cell].append(subject)
        for key in sorted(_keys_of_facts(stated)):
            self._keys[key].append(subject)
            self._known.add(key)

    def candidates(self, listing: Listing) -> set[str]:
        """The keys of all subjects that may be what the listing shows."""
        return self.among(Entries([listing])).get(0, set())

    def among(self, entries: Entries) -> dict[int, set[str]]:
        """By the position of an entry, the keys of all subjects that may be what it shows."""
        found: dict[int, set[str]] = defaultdict(set)
        for key in self._known & entries.keys:
            subjects = self._keys[key]
            if len(subjects) <= _COMMON or key[0] in ("phone", "page", "house"):
                for at in entries.with_key[key]:
                    found[at].update(subjects)
        for at, listing in entries.placed:
            if near := self._near(listing):
                found[at] |= near
        return found

    def _near(self, listing: Listing) -> set[str]:
        point = geo.known((listing.latitude, listing.longitude))
        cell = _cell(listing.latitude, listing.longitude)
        if point is None or cell is None:
            return set()
        cells = (self._cells.get((cell[0] + up, cell[1] + right), ()) for up in (-1, 0, 1) for right in (-1, 0, 1))
        return {
            key
            for members in cells
            for key in members
            if (place := geo.known((self.facts[key].latitude, self.facts[key].longitude)))
            and geo.metres(point, place) <= _NEAR
        }


class Entries:
    """The other side: what listings are found by, prepared once for every organisation they may be about."""

    def __init__(self, listings: Sequence[Listing]) -> None:
        self.with_key: dict[Key, list[int]] = defaultdict(list)  # their positions
        self.placed = [(at, one) for at, one in enumerate(listings) if _cell(one.latitude, one.longitude)]
        for at, listing in enumerate(listings):
            for key in _keys_of_listing(listing):
                self.with_key[key].append(at)
        self.keys = set(self.with_key)


def _cell(latitude: float | None, longitude: float | None) -> tuple[int, int] | None:
    point = geo.known((latitude, longitude))
    return (floor(point[0] / CELL), floor(point[1] / CELL)) if point else None


def _keys_of_facts(stated: Facts) -> set[Key]:
    return {
        *_word_keys((*stated.names, *stated.organisation_names)),
        *_phone_keys(value.value for value in stated.phones),
        *_web_keys(value.value for value in stated.links),
        *_mail_keys(value.value for value in stated.emails),
        *_house_keys(stated.address),
    }


def _keys_of_listing(listing: Listing) -> set[Key]:
    return {
        *_word_keys((listing.name, *listing.alternate_names, listing.operator)),
        *_phone_keys(listing.phones),
        *_web_keys(listing.websites),
        *_mail_keys(listing.emails),
        *_house_keys(listing.address),
    }


def _word_keys(names: Iterable[str]) -> Iterator[Key]:
    for name in names:
        parts = dissect(name)
        yield from (("word", word) for word in parts.words if len(word) >= 3)
        if not parts.words and parts.whole:
            yield "whole", " ".join(parts.whole)


def _phone_keys(values: Iterable[str]) -> Iterator[Key]:
    return (("phone", phone.e164) for value in values for phone in phones.numbers(value))


def _web_keys(values: Iterable[str]) -> Iterator[Key]:
    for address in filter(None, map(web.web_address, values)):
        yield "page", address.key
        if not web.is_shared(address.domain):
            yield "domain", address.domain


def _mail_keys(values: Iterable[str]) -> Iterator[Key]:
    for address in (found for value in values for found in emails.addresses(value)):
        yield "mail", address
        if domain := emails.own_domain(address):
            yield "domain", domain


def _house_keys(address: Address) -> Iterator[Key]:
    street, number = street_and_number(address.street, address.house_number)
    houses = house_numbers(number)
    postcode = postcode_key(address.postcode)
    for house in sorted({house for house, _ in houses.houses}) if houses else ():
        if postcode:
            yield "house", f"{postcode} {house}"
        if street:
            yield "street", f"{street} {house}"
