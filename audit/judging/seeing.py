"""One way's view of one organisation: its answers by subject, and how its listings were dealt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from audit.checker import Checker
from audit.judging.baring import is_bare
from audit.judging.drifting import PAGES
from audit.judging.owning import Dealing
from audit.model import Answer, Exchange, Item, Match, Reason, Slot, WayObserved


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One way's view of one organisation: what was seen, how its listings were dealt, what is no longer believed."""

    checker: Checker
    observed: WayObserved
    dealing: Dealing
    drifted: frozenset[str] = frozenset()

    @cached_property
    def _answers(self) -> dict[str, list[Answer]]:
        """All answers by subject, so that each cell costs the same however large the run."""
        by: dict[str, list[Answer]] = {}
        for answer in self.observed.answers:
            for subject in dict.fromkeys(answer.subjects):
                by.setdefault(subject, []).append(answer)
        return by

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
        dealt = [*self.dealing.matches.values(), *(one for many in self.dealing.duplicates.values() for one in many)]
        ours = {"", *(match.listing.id for match in dealt)}
        found = {i.id: i for i in self._items if isinstance(i, Exchange) and i.entry in ours}
        return tuple(found[id_] for id_ in sorted(found))

    @cached_property
    def _slots(self) -> list[Slot]:
        return [item for item in self._items if isinstance(item, Slot)]

    @property
    def _items(self) -> Iterator[Item]:
        """What may be judged beside listings: nothing that is gone when the run is judged again."""
        answers = () if is_bare(self.checker) else self.observed.answers
        return (item for answer in answers for item in answer.items)

    def slots(self, match: Match | None) -> tuple[Slot, ...]:
        """The bookable times that belong to the matched entry."""
        if match is None:
            return ()
        url, name = match.listing.url, match.listing.name
        mine = [s for s in self._slots if (url and s.url.startswith(url)) or s.title.startswith(name)]
        return tuple(sorted(mine, key=lambda s: (s.start, s.title)))
