"""Time as an argument: what the engine asks instead of the system, so that tests can turn it."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Wall time for records, a steady count of seconds for waiting, and the waiting itself."""

    def now(self) -> datetime:
        """The aware present time."""

    def steady(self) -> float:
        """Seconds that never jump."""

    async def sleep(self, seconds: float) -> None:
        """Wait that long."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present, in UTC, to the second: finer times would only pretend precision."""
        return datetime.now(UTC).replace(microsecond=0)

    def steady(self) -> float:
        """The monotonic clock, in seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Hand the loop to others for that long."""
        await asyncio.sleep(seconds)
