"""The method's table: every figure of the score, apart from the code (method.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from audit.model import Level


@dataclass(frozen=True)
class Method:
    """The figures of one method version."""

    version: int
    findability: dict[str, float]
    accuracy: dict[str, list[float]]
    levels: dict[str, float]
    factors: dict[str, float]
    total: dict[str, float]
    coverage: dict[str, float]
    grades: dict[str, float]
    remedies: dict[str, float]
    activity: dict[str, float]
    drift: dict[str, float]

    def worth(self, level: Level) -> float:
        """The value of a compared field, 0 to 1."""
        return self.levels[level.value]

    def share(self, field: str, *, switchboard: bool) -> float:
        """The weight of a field in the accuracy of a cell."""
        return self.accuracy[field][1 if switchboard else 0]

    def grade(self, value: float) -> str:
        """The letter of a value from 0 to 100."""
        return next(letter for letter, least in self.grades.items() if value >= least)


@cache
def method() -> Method:
    """The method in force."""
    with Path(__file__).with_name("method.toml").open("rb") as file:
        return Method(**tomllib.load(file))
