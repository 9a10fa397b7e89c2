"""Visits answered from an archive instead of the network, with the same rules and the same pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from audit.model import Reason, Visit
from audit.page import Page
from audit.visiting.archive import Archive
from audit.visiting.bodies import too_large, truncated
from audit.visiting.getting import Limits, Now, Permit, Unreachable, permit_all
from audit.visiting.redirects import Hop, Reply, first_hop, follow

_BROKEN: dict[str, Callable[[], Unreachable]] = {
    "reset": lambda: Unreachable(Reason.SERVER_ERROR, "the connection was closed without an answer (archived)"),
    "timeout": lambda: Unreachable(Reason.TIMEOUT, "no answer in time (archived)"),
    "slow": lambda: Unreachable(Reason.TIMEOUT, "no whole answer in time (archived)"),
    "truncated": lambda: truncated("the answer stopped before its end (archived)"),
}


class ReplayGetter:
    """Answers every visit from an archive. ``asked`` lists the addresses in the order of asking.

    With an archive whose entries are whole addresses it serves the fixtures of one checker: what
    is not recorded is unreachable, so a test sees a forgotten answer at once.
    """

    def __init__(self, archive: Archive, now: Now, *, wait: bool = True) -> None:
        self._archive = archive
        self._now = now
        self._wait = wait
        self.asked: list[str] = []

    async def get(self, visit: Visit, limits: Limits, permit: Permit = permit_all) -> Page:
        """The archived page. Raises `Unreachable`: network-down for what is not in the archive."""

        async def send(hop: Hop) -> Reply:
            return await self._send(hop, limits)

        reply, url = await follow(first_hop(visit), limits, send, permit)
        return Page(visit=visit, at=self._now(), url=url, status=reply.status, headers=reply.headers, body=reply.body)

    async def close(self) -> None:
        """Nothing is open."""

    async def _send(self, hop: Hop, limits: Limits) -> Reply:
        self.asked.append(hop.url)
        answer = self._archive.answer(hop.method, hop.url, hop.body)
        if answer is None:
            raise Unreachable(Reason.NETWORK_DOWN, f"{hop.method} {hop.url} is not in the archive")
        if answer.fault:
            raise _BROKEN[answer.fault]()
        if answer.delay and self._wait:
            if answer.delay > limits.total:
                raise _BROKEN["timeout"]()
            await asyncio.sleep(answer.delay)
        if len(answer.body) > limits.wire_bytes:
            raise too_large(limits.wire_bytes, "the body")
        return Reply(answer.status, answer.headers, answer.body)
