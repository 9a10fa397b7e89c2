"""A listing beside a subject: how likely, and whether it shows the very service or only its house."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any

from audit.judging.comparing import names, sorts
from audit.judging.facts import Facts
from audit.judging.matching import MATCH, bits, compare_fields, probability, weigh
from audit.judging.naming import NAMED
from audit.judging.recognising import Kind, recognised
from audit.judging.weights import Weights
from audit.model import Ground, Level, Listing, Subject

_MOST_KEPT = 5_000  # pairs
_content = attrgetter(*({field.name for field in fields(Listing)} - {"id", "url", "updated", "last_active"}))
_OF_NAME = frozenset({"name", "words", "ends"})  # a place may have been given another name


@dataclass(frozen=True, slots=True)
class Pair:
    """A listing (by its position ``at``) that may be a subject's.

    ``specific``: it shows the subject itself, not only its organisation or house. ``same_name``: it
    bears the subject's own name. ``undisputed``: it shows the subject's organisation and no field
    speaks against it. ``least`` is the probability from which it is sure.
    """

    subject: str
    at: int
    bits: float
    probability: float
    grounds: tuple[Ground, ...]
    recognised: str
    specific: bool
    same_name: bool
    undisputed: bool = False
    least: float = MATCH

    @property
    def sure(self) -> bool:
        """Above the upper threshold."""
        return self.probability >= self.least


class Pairing:
    """What weighing pairs needs to know of all subjects."""

    def __init__(
        self, subjects: Sequence[Subject], facts: Mapping[str, Facts], kinds: Mapping[str, Kind], weights: Weights
    ) -> None:
        self._weights = weights
        self._facts = facts
        self._kinds = kinds
        self._weighed: dict[tuple[str, float, tuple[Any, ...]], Pair | None] = {}
        self._subjects = {subject.key: subject for subject in subjects}
        self._at_place: dict[tuple[str, str], int] = defaultdict(int)
        self._offered: dict[str, set[str]] = defaultdict(set)
        for subject in subjects:
            if subject.offered:
                self._at_place[subject.organisation.id, subject.offered.location.id] += 1
                self._offered[subject.organisation.id].add(subject.offered.service.kind)

    def pair(self, key: str, at: int, listing: Listing, least: float) -> Pair | None:
        """The pair, or None below the probability ``least`` and where another service is named.

        Platforms copy from each other: what was weighed before is not weighed again.
        """
        known = key, least, _content(listing)
        if known not in self._weighed:
            if len(self._weighed) >= _MOST_KEPT:
                self._weighed.clear()
            self._weighed[known] = self._weigh(key, at, listing, least)
        found = self._weighed[known]
        return found if found is None or found.at == at else replace(found, at=at)

    def _weigh(self, key: str, at: int, listing: Listing, least: float) -> Pair | None:
        stated, subject = self._facts[key], self._subjects[key]
        compared = compare_fields(stated, listing)
        grounds = weigh(compared, self._weights)
        likely = probability(grounds, self._weights)
        if likely < least:
            return None
        same_name = compared["name"].weight_key in NAMED
        shows = self._shows(subject, stated, listing)
        if self._names_another(subject, stated, listing, shows, clash=compared["kind"].level is Level.CONFLICT):
            if not _bears_place_name(stated, listing):
                return None
            shows = "no"
        specific = shows != "no" or (same_name and self._alone(subject))
        ours = compared["organisation"].level in (Level.SAME, Level.PARTIAL)
        undisputed = ours and not any(
            found.level is Level.CONFLICT for name, found in compared.items() if name not in _OF_NAME
        )
        odds, sure_from = bits(grounds, self._weights), self._weights.match
        return Pair(key, at, odds, likely, grounds, shows, specific, same_name, undisputed, sure_from)

    def _shows(self, subject: Subject, stated: Facts, listing: Listing) -> str:
        offered = subject.offered
        if offered is None:
            return "named"
        kind = self._kinds.get(offered.service.kind)
        own = stated.names if self._alone(subject) else stated.service_names
        return recognised(listing, kind, own) if kind else recognised(listing, _NO_KIND, own)

    def _names_another(self, subject: Subject, stated: Facts, listing: Listing, shows: str, *, clash: bool) -> bool:
        """Whether another service gives the listing its name: by the word table, or by the other kinds offered."""
        if subject.offered is None:
            return False
        if shows == "named":
            return clash and names.compare(stated.service_names, (listing.name,)).weight_key != "same"
        others = self._offered[subject.organisation.id] - {subject.offered.service.kind}
        named = (recognised(listing, self._kinds[kind]) == "named" for kind in sorted(others) if kind in self._kinds)
        return clash or any(named)

    def _alone(self, subject: Subject) -> bool:
        """Whether no other service is offered at the place, so that the place's name means the service."""
        offered = subject.offered
        return offered is None or self._at_place[subject.organisation.id, offered.location.id] <= 1


def _bears_place_name(stated: Facts, listing: Listing) -> bool:
    """Whether the listing is the house itself ("Familienzentrum Kastanie") and names no more than the house does."""
    shown = (listing.name, *listing.alternate_names)
    if names.compare(stated.place_names, shown, places=stated.places).weight_key not in NAMED:
        return False
    return sorts.narrow(sorts.sorts(shown)) <= sorts.narrow(sorts.sorts(stated.place_names))


@dataclass(frozen=True, slots=True)
class _Unknown:
    """A kind the catalogue does not know: only the service's own names tell it."""

    words: tuple[str, ...] = ()
    seekers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    schema: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


_NO_KIND = _Unknown()
