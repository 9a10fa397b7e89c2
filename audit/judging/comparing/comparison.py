"""One field compared: a level, the key of its weight, and the reason in words."""

from __future__ import annotations

from dataclasses import dataclass

from audit.model import Level
from audit.saying import Remarks, english, say


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing one field gave.

    ``weight_key`` is finer than ``level`` and names the row of ``weights.toml`` that this evidence
    is worth; ``said`` is for people. ``telling`` are single words that a fitted table may weigh
    besides, each with its table: ("words_left", "library").
    """

    level: Level
    weight_key: str
    said: Remarks
    telling: tuple[tuple[str, str], ...] = ()

    @property
    def why(self) -> str:
        """What is said, in English."""
        return english(self.said)


def absent(stated: object, shown: object) -> Comparison:
    """Nothing to compare: says which side lacks the field."""
    side = ("shown" if stated else "stated") if stated or shown else "both"
    return Comparison(Level.ABSENT, "absent", say(f"absent-{side}"))
