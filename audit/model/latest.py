"""What is told of a stored result before it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """An organisation's latest result: its figures (0 to 100, coverage 0 to 1) and how many gaps are open."""

    organisation: str
    name: str
    at: datetime
    findability: float | None
    coverage: float
    gaps: int
