"""What changed from run to run: spans of findings, changes and whose they were, figures over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from audit.model.words import Outcome


class Turn(StrEnum):
    """What a change means for someone who searches."""

    FOUND = "found"
    MENDED = "mended"
    BROKE = "broke"
    CHANGED = "changed"


class Mover(StrEnum):
    """Whose change it was."""

    ORGANISATION = "organisation"
    PLATFORM = "platform"
    METHOD = "method"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One conclusive answer to one criterion and how long it held.

    ``since`` is when it was first seen, silence in between left out, ``confirmed`` when a second run at least
    20 hours later agreed; ``first_run`` and ``last_run`` are the runs at its two ends.
    """

    subject: str
    platform: str
    criterion: str
    outcome: Outcome
    difference: str
    first_run: str
    last_run: str
    since: datetime
    confirmed: datetime | None

    @property
    def value(self) -> tuple[Outcome, str]:
        """What has to differ for a change."""
        return self.outcome, self.difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One criterion of one cell that turned. ``before`` and ``after`` are "stated → shown", where known."""

    subject: str
    platform: str
    criterion: str
    turn: Turn
    mover: Mover
    before: str
    after: str
    since: datetime
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of one run (0 to 100, coverage 0 to 1); ``low`` and ``high`` are the range of findability."""

    run: str
    at: datetime
    method: int
    findability: float | None
    low: float | None
    high: float | None
    accuracy: float | None
    response: float | None
    offered: float | None
    total: float | None
    coverage: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed between two runs of one organisation.

    ``judged_again`` is the earlier run under the later one's method, where the two differ and it could be judged
    again; ``trend`` holds runs of the later one's method only, oldest first; ``not_compared`` counts cells that
    could not be checked in one of the two: they are never a change.
    """

    organisation: str
    organisation_name: str
    before: Figures
    after: Figures
    judged_again: Figures | None
    changes: tuple[Change, ...]
    not_compared: int
    trend: tuple[Figures, ...]
