"""A federation's replies to reviews and comments, and its promised reply times: sums of those alone that share. Pure.

Neither is an enquiry or a wait (DESIGN 9); each stands apart here as it does in the report of one organisation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from audit.judging.promptness import wilson
from audit.judging.replying import KINDS
from audit.model import Promise, Replying, RolledPromise, RolledReplies, Score, Swiftness


@dataclass(slots=True)
class Replied:
    """What the organisations of a node share of it so far."""

    _replies: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    _promises: dict[tuple[str, Swiftness | None], Counter[str]] = field(default_factory=dict)

    def take(self, score: Score) -> None:
        """One more organisation that shares."""
        for row in score.replies:
            self._reply(row)
        promised: dict[tuple[str, Swiftness | None], set[str]] = {}
        for one in score.promises:
            promised.setdefault(_sort(one), set()).update(one.services)
        for sort, services in promised.items():
            self._promises.setdefault(sort, Counter()).update(organisations=1, services=len(services))

    def _reply(self, row: Replying) -> None:
        sums = self._replies.setdefault((row.kind, row.source), Counter())
        sums.update(organisations=1, count=row.count, answered=row.answered, due=row.due)

    def replies(self) -> Iterator[RolledReplies]:
        """Reviews before comments, then by source."""
        for (kind, source), sums in sorted(self._replies.items(), key=lambda one: (KINDS.index(one[0][0]), one[0][1])):
            low, high = wilson(sums["answered"], sums["due"]) if sums["due"] else (None, None)
            yield RolledReplies(
                kind=kind,
                source=source,
                organisations=sums["organisations"],
                count=sums["count"],
                answered=sums["answered"],
                due=sums["due"],
                share=sums["answered"] / sums["due"] if sums["due"] else None,
                share_low=low,
                share_high=high,
            )

    def promises(self) -> Iterator[RolledPromise]:
        """By source, the quickest first and what is not understood last."""
        order = [*Swiftness, None]
        for (source, swiftness), sums in sorted(
            self._promises.items(), key=lambda one: (one[0][0], order.index(one[0][1]))
        ):
            yield RolledPromise(
                source=source, swiftness=swiftness, organisations=sums["organisations"], services=sums["services"]
            )


def _sort(one: Promise) -> tuple[str, Swiftness | None]:
    return one.source, one.swiftness
