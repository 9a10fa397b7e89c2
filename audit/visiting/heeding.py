"""Heeding robots.txt: the rules of each host, asked for once a run in the host's own lane, and what follows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from audit.checker import Checker
from audit.model import Reason, Via, Visit
from audit.page import Page
from audit.visiting.getting import Getter, Limits, Unreachable, authority
from audit.visiting.lanes import Lane, Lanes
from audit.visiting.robots import Rules, rules_from


class ElsewhereError(Exception):
    """A redirect leads to another host: it gets its own turn in that host's lane."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


@dataclass
class Heeding:
    """Knows the rules of all hosts of a run. ``agent`` is the full user agent."""

    getters: Mapping[Via, Getter]
    lanes: Lanes
    limits: Limits
    agent: str
    _rules: dict[str, asyncio.Future[Rules]] = field(default_factory=dict)

    async def heed(self, checker: Checker, visit: Visit, root: str, lane: Lane) -> None:
        """Obeys the host's rules, its pace included. Raises `Unreachable` where the page is not allowed.

        A documented interface has terms of its own, unless robots.txt speaks of findbar by name.
        """
        try:
            rules = await self.rules(root, lane)
        except Unreachable:
            if checker.governed_by_robots:
                raise
            return
        if checker.governed_by_robots or rules.names(self.agent):
            self._obey(rules, visit.url)
            lane.slow_to(lane.scale * (rules.delay(self.agent) or 0.0))

    async def heed_hop(self, url: str, root: str, lane: Lane) -> None:
        """Whether a redirect may be followed. Raises `Unreachable` where not."""
        self._obey(await self.rules(root, lane), url)

    def knows(self, root: str) -> bool:
        """Whether the rules of a host were asked for already."""
        return root in self._rules

    def _obey(self, rules: Rules, url: str) -> None:
        if not rules.allows(url, self.agent):
            raise Unreachable(Reason.ROBOTS_FORBIDDEN, f"robots.txt of {authority(url)} does not allow this page")

    async def rules(self, root: str, lane: Lane) -> Rules:
        """The robots.txt rules of a host (``root``: scheme and host)."""
        if root not in self._rules:
            self._rules[root] = asyncio.ensure_future(self._ask(root, lane))
        return await asyncio.shield(self._rules[root])

    async def _ask(self, root: str, lane: Lane) -> Rules:
        """The file, also behind redirects to other hosts (RFC 9309 2.3.1.2), each asked in its own lane."""
        visit, host = Visit(f"{root}/robots.txt", step="robots"), authority(root)
        try:
            for _ in range(self.limits.redirects + 1):
                try:
                    return rules_from(await self._file(visit, lane), None)
                except ElsewhereError as hop:
                    visit, lane = Visit(hop.url, step="robots"), self.lanes.lane(authority(hop.url))
        except Unreachable as end:  # nothing is allowed then (RFC 9309 2.3.1.4), and the reason is the true one
            raise Unreachable(end.reason, f"robots.txt of {host} could not be read: {end.detail}") from end
        return Rules(everything=True, note="robots.txt leads from host to host without end")

    async def _file(self, visit: Visit, lane: Lane) -> Page:
        async def permit(url: str) -> None:
            if urlsplit(url).netloc != authority(visit.url):
                raise ElsewhereError(url)
            await lane.once_more()

        async with lane.turn():
            return await self.getters[Via.HTTP].get(visit, self.limits, permit)
