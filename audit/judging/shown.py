"""What answers show, prepared once for every organisation they are about: each entry once, and what it is found by."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import cached_property, lru_cache

from audit.judging.belonging import signs_of
from audit.judging.blocking import Entries
from audit.model import Answer, Listing

Seen = tuple[Listing, str]  # a listing and the id of the visit that showed it


class Shown:
    """Listings with their visits: ``listed`` as they came, each once."""

    def __init__(self, listings: Iterable[Seen]) -> None:
        self.listed = list(listings)

    @cached_property
    def once(self) -> list[Seen]:
        """Every entry once, in a stable order: several visits may show it, and the fullest view is kept."""
        return _once(self.listed)

    @cached_property
    def entries(self) -> Entries:
        """What those entries are found by."""
        return Entries([listing for listing, _ in self.once])

    @cached_property
    def signs(self) -> dict[tuple[str, Hashable], list[int]]:
        """Whose those entries may be."""
        return signs_of([listing for listing, _ in self.once])


@lru_cache(maxsize=500)
def shown_by(answers: tuple[Answer, ...]) -> Shown:
    """Every listing, with the first visit it was read in. Kept: a list is about many organisations."""
    found: dict[Listing, str] = {}
    for seen in (seen for answer in answers for seen in answer.chain):
        visit = seen.visit.id
        for item in seen.items:
            if isinstance(item, Listing):
                found.setdefault(item, visit)
    return Shown(found.items())


def _once(listings: Iterable[Seen]) -> list[Seen]:
    """Every entry once, in a stable order: several visits may show it, and the fullest view is kept."""
    best: dict[str, Seen] = {}
    for listing, visit in sorted(listings, key=lambda seen: (*_rank(seen[0]), seen[1])):
        best.setdefault(listing.id or repr(listing), (listing, visit))
    return [best[key] for key in sorted(best)]


def _rank(listing: Listing) -> tuple[int, str]:
    """The fullest first, and everything in a stable order."""
    return -_filled(listing), repr(listing)


def _filled(listing: Listing) -> int:
    values = (listing.phones, listing.emails, listing.websites, listing.opening_hours, listing.address.street)
    return sum(map(bool, values)) + len(listing.alternate_names) + bool(listing.text) + bool(listing.tags)
