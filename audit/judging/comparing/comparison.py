"""One field compared: a level, the key of its weight, and the reason in words."""

from __future__ import annotations

from dataclasses import dataclass

from audit.model import Level


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing one field gave.

    ``weight_key`` is finer than ``level`` and names the row of ``weights.toml`` that this evidence
    is worth; ``why`` is for people, in English.
    """

    level: Level
    weight_key: str
    why: str


def absent(field: str, stated: object, shown: object) -> Comparison:
    """Nothing to compare: says which side lacks the field."""
    if not stated and not shown:
        return Comparison(Level.ABSENT, "absent", f"no {field} on either side")
    return Comparison(Level.ABSENT, "absent", f"{field} not shown" if stated else f"{field} not stated")
