"""House numbers in the forms lists use: "020", "003-5", "81-82", "12 a", "54+54a", "33/35"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from audit.judging.comparing.folding import fold

_PART = re.compile(r"(\d{1,5})(?:\s*([a-z])(?![a-z]))?")
_RANGE = re.compile(r"\d(?:\s*+[a-z])?\s*+(?:-|–|—|bis)\s*+\d")
_LONGEST_RANGE = 60


@dataclass(frozen=True, slots=True)
class HouseNumbers:
    """``houses`` are (number, letter) pairs as written; ``first`` and ``last`` span a range."""

    houses: frozenset[tuple[int, str]]
    first: int
    last: int

    def covers(self, other: HouseNumbers) -> bool:
        """Whether the other's every number lies in this span."""
        return self.first <= other.first and other.last <= self.last


@lru_cache(maxsize=50_000)
def house_numbers(text: str) -> HouseNumbers | None:
    """Read a house number; None where there is no number in it."""
    folded = fold(text)
    found = frozenset((int(number), letter or "") for number, letter in _PART.findall(folded))
    if not found:
        return None
    numbers = [number for number, _ in found]
    spans = bool(_RANGE.search(folded)) and max(numbers) - min(numbers) <= _LONGEST_RANGE
    return HouseNumbers(found, min(numbers), max(numbers) if spans or len(numbers) > 1 else min(numbers))


def compare_numbers(stated: str, shown: str) -> str:
    """ "same", "range" (one holds the other), "letter" (12 and 12a), "other", or "absent"."""
    one, other = house_numbers(stated), house_numbers(shown)
    if one is None or other is None:
        return "absent"
    if one.houses == other.houses:
        return "same"
    if {number for number, _ in one.houses} == {number for number, _ in other.houses}:
        return "letter"
    return "range" if one.covers(other) or other.covers(one) else "other"
