"""Lanes: the queue of one host. One visit in flight, paced by the slowest of all who use it.

Nobody ever waits for a host while holding something another host could use: a shared pool whose
workers wait finishes 14 % of a night, a lane per host all of it (dossier performance, 2026-11-23).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from audit.clock import Clock
from audit.model import Reason
from audit.visiting.getting import Unreachable


@dataclass
class Lane:
    """One host's queue. ``pace`` is in seconds between visits, ``left`` the visits still allowed.

    ``scale`` shortens what a host asks for; 0 only for replay.
    """

    host: str
    clock: Clock
    left: int
    pace: float = 0.0
    scale: float = 1.0
    closed: Unreachable | None = None
    visits: int = 0
    _free_at: float = 0.0  # as the host asked for (Retry-After)
    _ended: float = float("-inf")
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def slow_to(self, pace: float) -> None:
        """The slowest pace of robots, checkers and configuration holds."""
        self.pace = max(self.pace, pace)

    def close(self, reason: Unreachable) -> None:
        """No visit of this lane is made any more in this run; all waiting ones end with the reason."""
        self.closed = self.closed or reason

    def rest(self, seconds: float) -> None:
        """Nobody visits this host before so many seconds have passed: it asked for that (Retry-After)."""
        self._free_at = max(self._free_at, self.clock.steady() + seconds * self.scale)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn and the pace. Raises `Unreachable` when the lane is closed or used up."""
        async with self._turn:
            if self.closed:
                raise self.closed
            if self.left <= 0:
                raise Unreachable(Reason.BUDGET, f"the daily budget of {self.host} is used up")
            await self._wait()
            self.left -= 1
            self.visits += 1
            try:
                yield
            finally:
                # from the end of the answer: never sooner than start plus pace, kinder to a slow host
                self._ended = self.clock.steady()

    async def once_more(self) -> None:
        """A further request within one turn (a redirect): it counts and waits like a visit."""
        if self.left <= 0:
            raise Unreachable(Reason.BUDGET, f"the daily budget of {self.host} is used up")
        self.left -= 1
        self.visits += 1
        self._ended = self.clock.steady()
        await self._wait()

    async def _wait(self) -> None:
        # the pace as it is now: robots.txt may have slowed the lane since the last answer
        pause = max(self._free_at, self._ended + self.pace) - self.clock.steady()
        if pause > 0:
            await self.clock.sleep(pause)


class Lanes:
    """All lanes of a run. ``pace`` holds configured seconds by host, ``scale`` is 0 only for replay.

    ``budget`` is the number of visits a host gets a day, ``made`` what it got of them already, by host.
    """

    def __init__(
        self, clock: Clock, budget: int, pace: Mapping[str, float] | None = None, scale: float = 1.0,
        made: Mapping[str, int] | None = None,
    ) -> None:  # fmt: skip
        self._clock, self._budget, self._pace, self._scale = clock, budget, pace or {}, scale
        self._made = made or {}
        self._lanes: dict[str, Lane] = {}

    def lane(self, host: str, pace: float = 0.0) -> Lane:
        """The lane of a host, slowed to at least that pace."""
        lane = self._lanes.get(host)
        if lane is None:
            lane = self._lanes[host] = Lane(
                host, self._clock, self._budget - self._made.get(host, 0), scale=self._scale
            )
            lane.slow_to(self._pace.get(host, 0.0) * self._scale)
        lane.slow_to(pace * self._scale)
        return lane

    @property
    def made(self) -> dict[str, int]:
        """Visits made by host."""
        return {host: lane.visits for host, lane in sorted(self._lanes.items())}
