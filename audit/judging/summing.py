"""Cells as sums that can be added, and the pillars these make: the same for one organisation and for a federation."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audit.judging.method import method
from audit.model import Cell, Pillar, State


def freshness(cell: Cell) -> float:
    """How much a cell counts for coverage: halves every 14 days (DESIGN 10)."""
    return float(0.5 ** (cell.age_days / method().coverage["half_life_days"]))


def applicable(cells: Iterable[Cell]) -> list[Cell]:
    """Cells that count at all."""
    return [cell for cell in cells if cell.state is not State.NOT_APPLICABLE and cell.weight > 0]


def known(cells: Iterable[Cell]) -> list[Cell]:
    """Cells with a conclusive verdict."""
    return [cell for cell in cells if cell.findability is not None and cell.state is not State.UNKNOWN]


@dataclass(slots=True)
class Sums:
    """Weights of cells summed up: all, known ones faded by age, known ones, found, found and compared, and right."""

    whole: float = 0.0
    fresh: float = 0.0
    seen: float = 0.0
    found: float = 0.0
    compared: float = 0.0
    right: float = 0.0
    known: int = 0
    applicable: int = 0

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> Sums:
        """The sums of applicable cells."""
        seen = known(cells)
        shown = [cell for cell in seen if cell.accuracy is not None and cell.findability]
        return cls(
            whole=math.fsum(cell.weight for cell in cells),
            fresh=math.fsum(cell.weight * freshness(cell) for cell in seen),
            seen=math.fsum(cell.weight for cell in seen),
            found=math.fsum(cell.weight * (cell.findability or 0) for cell in seen),
            compared=math.fsum(cell.weight * (cell.findability or 0) for cell in shown),
            right=math.fsum(cell.weight * (cell.findability or 0) * (cell.accuracy or 0) for cell in shown),
            known=len(seen),
            applicable=len(cells),
        )

    def add(self, other: Sums) -> None:
        """Everything of the other on top."""
        self.whole += other.whole
        self.fresh += other.fresh
        self.seen += other.seen
        self.found += other.found
        self.compared += other.compared
        self.right += other.right
        self.known += other.known
        self.applicable += other.applicable

    @property
    def coverage(self) -> float:
        """Known weight, faded by age, over applicable weight; 0 where nothing applies."""
        return self.fresh / self.whole if self.whole else 0.0

    def findability(self) -> Pillar:
        """F: the weighted findability of the known cells."""
        value = 100 * self.found / self.seen if self.seen else None
        return pillar(value, self.coverage, self.known, self.applicable)

    def accuracy(self) -> Pillar:
        """A: the weighted accuracy of what was found; cells where nothing can be compared do not count."""
        value = 100 * self.right / self.compared if self.compared else None
        return pillar(value, self.coverage, self.known, self.applicable)


def pillar(value: float | None, share: float, known_count: int, count: int) -> Pillar:
    """A figure (0 to 100) with its range by coverage (0 to 1), and the grade that coverage allows."""
    table = method().coverage
    if value is None:
        return Pillar(value=None, coverage=share, known=known_count, applicable=count)
    graded = share >= table["provisional"]
    return Pillar(
        value=value,
        coverage=share,
        low=share * value,
        high=share * value + 100 * (1 - share),
        known=known_count,
        applicable=count,
        grade=method().grade(value) if graded else "",
        provisional=graded and share < table["grade"],
    )
