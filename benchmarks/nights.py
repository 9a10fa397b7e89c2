"""Nights of a federation in virtual time: makespan against the bound of the ideal plan, and what a window covers.

``python benchmarks/nights.py [FACILITIES]`` (2,500; a national federation has 25,000 and takes minutes) runs three
made-up workloads through the real audit: its plan, lanes, robots, retries and follow-ups. Only the getter is made up,
with drawn latencies, and the event loop's clock, which jumps to the next waking. The getter counts like a server.
The pace counts from the end of an answer, in the lanes, in the bound and in what the getter calls too early; how far
that is from a pace from request to request is a line of its own. `sockets.py` has it counted by real servers.
"""

from __future__ import annotations

import asyncio
import selectors
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from measuring import cpu, table
from workloads import Host, Night, bodies, fails, ideal, latency, night

from audit.clock import SystemClock
from audit.model import Observed, Via, Visit
from audit.organisation.catalogue import load_catalogue
from audit.page import Page
from audit.registry import Registry
from audit.running import Audit, Scope
from audit.settings import Settings
from audit.visiting.getting import Limits
from audit.visiting.lanes import Lanes
from audit.visiting.planning import Means
from audit.visiting.walking import Walker

START = datetime(2026, 11, 24, 21, tzinfo=UTC)
HOURS = 8.0
_EXACT = 1e-6  # seconds: what sums of floating-point numbers may lack


class _Jumping(selectors.DefaultSelector):
    """Instead of waiting, time passes."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        self.passed += timeout or 0.0
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time passes only while everybody waits."""

    def __init__(self, passed: float = 0.0) -> None:
        self._jumping = _Jumping()
        self._jumping.passed = passed
        super().__init__(self._jumping)

    def time(self) -> float:
        """Seconds since the loop was made, as its timers see them."""
        return self._jumping.passed


class LoopClock(SystemClock):
    """The time of the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def now(self) -> datetime:
        """Wall time: the night's beginning and what has passed."""
        return START + timedelta(seconds=self._loop.time())

    def steady(self) -> float:
        """Seconds of the loop."""
        return self._loop.time()


@dataclass
class Served:
    """What the servers saw: requests, the last end, and how often somebody came too early or at the same time."""

    paces: dict[str, float]
    clock: LoopClock
    requests: int = 0
    finished: float = 0.0
    early: int = 0
    parallel: int = 0
    _flying: set[str] = field(default_factory=set)
    _ended: dict[str, float] = field(default_factory=dict)
    _attempts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    async def get(self, visit: Visit, limits: Limits, permit: Any = None) -> Page:  # noqa: ARG002 - the protocol's
        """The drawn answer after its latency."""
        host = urlsplit(visit.url).netloc
        began, attempt = self.clock.steady(), self._attempts[visit.url]
        self._attempts[visit.url] += 1
        self.requests += 1
        self.parallel += host in self._flying
        self.early += began < self._ended.get(host, -1e9) + self.paces[host] - _EXACT
        self._flying.add(host)
        await self.clock.sleep(latency(visit.url, attempt))
        self._flying.discard(host)
        self._ended[host] = self.finished = self.clock.steady()
        return self._answer(visit, attempt)

    def _answer(self, visit: Visit, attempt: int) -> Page:
        kind = (("content-type", "application/json"),)
        if visit.url.endswith("/robots.txt"):
            return Page(visit=visit, at=self.clock.now(), url=visit.url, status=404, headers=kind)
        status = 503 if fails(visit.url, attempt) else 200
        return Page(
            visit=visit, at=self.clock.now(), url=visit.url, status=status, headers=kind, body=bodies(visit.url)
        )

    async def close(self) -> None:
        """Nothing is open."""


def run(made: Night, deadline: float = float("inf")) -> tuple[Served, Observed]:
    """One night through the real audit."""
    loop = VirtualLoop()
    clock = LoopClock(loop)
    served = Served({host.name: host.pace for host in made.hosts}, clock)
    walker = Walker(
        getters={Via.HTTP: served}, lanes=Lanes(clock, 10**9), clock=clock, agent="findbar-benchmark/1",
        deadline=deadline,
    )  # fmt: skip
    audit = Audit(
        scope=Scope(organisations=made.organisations), registry=Registry(made.checkers), catalogue=load_catalogue(),
        settings=Settings(), means=Means(), walker=walker, clock=clock,
    )  # fmt: skip
    try:
        return served, loop.run_until_complete(audit.run())
    finally:
        loop.close()


def _sum(hosts: tuple[Host, ...], what: str, window: float) -> int:
    return sum(getattr(ideal(host, window, from_end=True), what) for host in hosts)


def measured(made: Night) -> None:
    """Print one workload."""
    hosts = tuple(made.hosts)
    began = cpu()
    whole, _ = run(made)
    spent = cpu() - began
    short, observed = run(made, made.window)
    bound, starts = (max(ideal(h, made.window, from_end=e).seconds for h in hosts) for e in (True, False))
    needed, looks, possible = (_sum(hosts, what, made.window) for what in ("requests", "looks", "made"))
    done = sum(not answer.reason for way in observed.ways for answer in way.answers)
    table(
        f"night {made.name}: {len(made.organisations):,} facilities, {len(hosts)} hosts, {needed:,} requests",
        [
            ("bound of the ideal plan, pace from the end of an answer", f"{bound / 3600:.2f} h"),
            ("makespan / bound (aim: 1.05 or less)", f"{whole.finished / bound:.4f}"),
            ("makespan / bound if the pace counted from start to start", f"{whole.finished / starts:.4f}"),
            ("extra requests (aim: 1 % or less)", f"{100 * (whole.requests - needed) / needed:.2f} %"),
            (f"requests in {made.window / 3600:.2f} h / possible (aim: 0.98)", f"{short.requests / possible:.4f}"),
            ("look-ups finished in it / possible (aim: 0.98)", f"{done / looks:.4f} of {looks:,}"),
            ("too early, by the servers (aim: 0)", str(whole.early + short.early)),
            ("at the same time, by the servers (aim: 0)", str(whole.parallel + short.parallel)),
            ("CPU ms a request, plan and audit", f"{1000 * spent / whole.requests:.2f}"),
        ],
    )


def main() -> None:
    """Print the three workloads."""
    facilities = int(sys.argv[1]) if len(sys.argv) > 1 else 2_500
    for name in "ABC":
        measured(night(name, facilities, HOURS))


if __name__ == "__main__":
    main()
