"""One way's view of one organisation: its answers by subject, and how its listings were dealt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from audit.checker import Checker
from audit.judging.baring import is_bare
from audit.judging.drifting import PAGES
from audit.judging.owning import Dealing
from audit.model import Answer, Exchange, Match, Reason, Slot, WayObserved


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One way's view of one organisation: what was seen, how its listings were dealt, what is no longer believed."""

    checker: Checker
    observed: WayObserved
    dealing: Dealing
    drifted: frozenset[str] = frozenset()

    @cached_property
    def _answers(self) -> dict[str, list[Answer]]:
        return _by_subject(self.observed.answers)

    @cached_property
    def _skipped(self) -> dict[str, Reason]:
        return dict(self.observed.skipped)

    def reason(self, subject: str) -> Reason | None:
        """Why silence about this subject is not absence; None where it is."""
        way = self.observed
        if skipped := self._skipped.get(subject):
            return skipped
        if way.reason or way.control:
            return way.reason or way.control
        if PAGES in self.drifted:
            return Reason.LAYOUT_CHANGED
        mine = self._answers.get(subject)
        return next((answer.reason for answer in mine if answer.reason), None) if mine else Reason.NOT_RUN

    def visits(self, subject: str) -> tuple[str, ...]:
        """The visits that were made about this subject."""
        chains = (answer.chain for answer in self._answers.get(subject, ()))
        return tuple(dict.fromkeys(seen.visit.id for chain in chains for seen in chain))

    def asked_at(self, subject: str) -> datetime | None:
        """When the platform was last looked at about this subject."""
        chains = (answer.chain for answer in self._answers.get(subject, ()))
        return max((seen.at for chain in chains for seen in chain), default=None)

    @cached_property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All questions seen through this way, each once; of those asked at an entry, the ones at our entries."""
        asked = self._beside[0]
        if not asked:
            return ()
        dealt = [*self.dealing.matches.values(), *(one for many in self.dealing.duplicates.values() for one in many)]
        ours = {"", *(match.listing.id for match in dealt)}
        found = {exchange.id: exchange for exchange in asked if exchange.entry in ours}
        return tuple(found[id_] for id_ in sorted(found))

    @cached_property
    def _beside(self) -> tuple[tuple[Exchange, ...], tuple[Slot, ...]]:
        """What may be judged beside listings: nothing that is gone when the run is judged again."""
        return ((), ()) if is_bare(self.checker) else _beside(self.observed.answers)

    def slots(self, match: Match | None) -> tuple[Slot, ...]:
        """The bookable times that belong to the matched entry."""
        if match is None:
            return ()
        url, name = match.listing.url, match.listing.name
        mine = [s for s in self._beside[1] if (url and s.url.startswith(url)) or s.title.startswith(name)]
        return tuple(sorted(mine, key=lambda s: (s.start, s.title)))


@lru_cache(maxsize=500)
def _by_subject(answers: tuple[Answer, ...]) -> dict[str, list[Answer]]:
    """Each cell costs the same however large the run, and an answer about many organisations is dealt out once."""
    by: dict[str, list[Answer]] = {}
    for answer in answers:
        for subject in dict.fromkeys(answer.subjects):
            by.setdefault(subject, []).append(answer)
    return by


@lru_cache(maxsize=500)
def _beside(answers: tuple[Answer, ...]) -> tuple[tuple[Exchange, ...], tuple[Slot, ...]]:
    """Questions and bookable times that answers show."""
    items = [item for answer in answers for item in answer.items]
    asked = tuple(item for item in items if isinstance(item, Exchange))
    return asked, tuple(item for item in items if isinstance(item, Slot))
