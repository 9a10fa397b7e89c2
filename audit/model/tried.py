"""How a way did when it was tried live: its control requests, what came back, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from audit.model.observed import Seen
from audit.model.said import Said
from audit.model.words import Reason


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One request of the trial: how it ended, what came back in a line, what differs, and where it was saved."""

    seen: Seen
    came: str = ""
    differs: tuple[str, ...] = ()
    file: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How a way did: ``reason`` is None where both controls held; ``note`` says it in English, ``said`` in codes."""

    way: str
    reason: Reason | None
    note: str
    requests: tuple[Tried, ...] = ()
    said: tuple[Said, ...] = ()
