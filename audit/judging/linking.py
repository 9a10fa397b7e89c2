"""A whole list against a data set: every row's likely entries weighed, then one assignment for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from audit.judging.assigning import assign, settled
from audit.judging.comparing import hours
from audit.judging.facts import Facts, all_facts
from audit.judging.pairing import Pair, Pairing
from audit.judging.recognising import Kind
from audit.judging.weights import Weights, shipped
from audit.model import Difference, Level, Listing, ServiceAtLocation, Subject

_WORTH_TELLING = 0.001  # a less likely second best is none
_FIELDS = ("name", "address", "coordinates", "phone", "email", "link")
_PUBLIC = frozenset({"phone", "email", "link", "hours"})  # what of a protected service is no trace of its place

_NONE: frozenset[str] = frozenset()

Candidate = tuple[str, int, Listing]  # key of the subject, number of the entry, the entry


@dataclass(frozen=True, slots=True)
class Choice:
    """What a row got: an entry (its number) or none, and the best of the others with its probability."""

    pair: Pair | None
    second: Pair | None


class Linker:
    """Weighs candidates as they come, keeping little of each; `choices` deals them out."""

    def __init__(
        self,
        subjects: Sequence[Subject],
        kinds: Mapping[str, Kind],
        quarter: Mapping[str, frozenset[str]],
        weights: Weights | None = None,
    ) -> None:
        """``quarter`` are the words, by key of the subject, by which many entries nearby are called."""
        facts = all_facts(subjects)
        self.facts = {key: replace(stated, quarter=quarter.get(key, _NONE)) for key, stated in facts.items()}
        self._unclear = (weights or shipped()).unclear
        self._pairing = Pairing(subjects, self.facts, kinds, weights or shipped())
        self._subjects = {subject.key: subject for subject in subjects}
        self._pairs: dict[str, list[Pair]] = defaultdict(list)

    def weigh(self, candidates: Iterable[Candidate]) -> None:
        """Take in candidates of any rows."""
        for key, at, listing in candidates:
            if pair := self._pairing.pair(key, at, listing, _WORTH_TELLING):
                self._pairs[key].append(replace(pair, grounds=()))

    def choices(self) -> dict[str, Choice]:
        """One entry for each row at most, and one row for each entry at most, by the key of the row."""
        weighed = settled([pair for pairs in self._pairs.values() for pair in pairs])
        given = assign(pair for pair in weighed if pair.probability >= self._unclear)
        mine: dict[str, list[Pair]] = defaultdict(list)
        for pair in weighed:
            mine[pair.subject].append(pair)
        return {key: self._choice(given.get(key), mine.get(key, ())) for key in self._subjects}

    @staticmethod
    def _choice(pair: Pair | None, weighed: Iterable[Pair]) -> Choice:
        others = (other for other in weighed if pair is None or other.at != pair.at)
        return Choice(pair, min(others, key=lambda other: (-other.bits, other.at), default=None))

    def differences(self, key: str, listing: Listing) -> tuple[tuple[Difference, ...], tuple[str, ...]]:
        """Every field in which the entry differs, and the fields it lacks though the row states them.

        Of a protected service only the names of the fields are told where a value could show its place.
        """
        offered = self._subjects[key].offered
        pair = self._pairing.pair(key, 0, listing, 0.0)
        if offered is None or pair is None:
            return (), ()
        stated, shown = _stated(self.facts[key], offered), _shown(listing)
        found = {ground.field: ground.level for ground in pair.grounds if ground.field in _FIELDS}
        found["hours"] = hours.compare(stated["hours"], shown["hours"]).level
        differing = [field for field, level in found.items() if level in (Level.PARTIAL, Level.CONFLICT)]
        lacking = [field for field in found if stated[field] and not shown[field]]
        hidden = offered.service.protected
        told = (_difference(field, stated, shown, hidden=hidden and field not in _PUBLIC) for field in differing)
        return tuple(told), tuple(lacking)


def _difference(field: str, stated: Mapping[str, str], shown: Mapping[str, str], *, hidden: bool) -> Difference:
    return Difference(field, "", "") if hidden else Difference(field, stated[field], shown[field])


def _stated(known: Facts, offered: ServiceAtLocation) -> dict[str, str]:
    place, service = offered.location, offered.service
    return {
        "name": next(iter((*known.place_names, *known.names)), ""),
        "address": str(place.address),
        "coordinates": _point(place.latitude, place.longitude),
        "phone": offered.phone or service.phone or place.phone,
        "email": offered.email or service.email or place.email,
        "link": offered.url or service.url or place.url,
        "hours": offered.opening_hours or service.opening_hours or place.opening_hours,
    }


def _shown(listing: Listing) -> dict[str, str]:
    return {
        "name": listing.name,
        "address": str(listing.address),
        "coordinates": _point(listing.latitude, listing.longitude),
        "phone": ", ".join(listing.phones[:3]),
        "email": ", ".join(listing.emails[:3]),
        "link": ", ".join(listing.websites[:3]),
        "hours": listing.opening_hours,
    }


def _point(latitude: float | None, longitude: float | None) -> str:
    return "" if latitude is None or longitude is None else f"{latitude:.5f}, {longitude:.5f}"
