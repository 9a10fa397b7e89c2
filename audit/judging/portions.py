"""What a run saw, dealt once to the organisations it is about, so that judging them all costs what each one costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from audit.model import Answer, Observed, Reason, WayObserved

T = TypeVar("T")


class Portions:
    """The observations of a whole federation by organisation; an answer about several goes to each of them."""

    def __init__(self, observed: Observed) -> None:
        self._observed = observed
        self._ways = [(way, _dealt(_answered(way)), _dealt(_skipped(way))) for way in observed.ways]

    def of(self, organisation: str) -> Observed:
        """Every way with the answers about this organisation alone, and what was skipped of it."""
        ways = (
            replace(way, answers=answers.get(organisation, ()), skipped=skipped.get(organisation, ()))
            for way, answers, skipped in self._ways
        )
        return replace(self._observed, ways=tuple(ways))


def _answered(way: WayObserved) -> Iterable[tuple[str, Answer]]:
    for answer in way.answers:
        for organisation in dict.fromkeys(key.split("/", 1)[0] for key in answer.subjects):
            yield organisation, answer


def _skipped(way: WayObserved) -> Iterable[tuple[str, tuple[str, Reason]]]:
    return ((pair[0].split("/", 1)[0], pair) for pair in way.skipped)


def _dealt(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = defaultdict(list)
    for organisation, item in pairs:
        found[organisation].append(item)
    return {organisation: tuple(items) for organisation, items in found.items()}
