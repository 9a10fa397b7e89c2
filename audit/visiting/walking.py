"""Walking: follows each ask to its end and says honestly how far it was understood.

This is the only place that turns a visit into items. A page is fetched and read once for everyone;
whatever goes wrong with one visit becomes its reason and never stops another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import random
from urllib.parse import urlsplit

from audit.checker import Checker
from audit.clock import Clock
from audit.model import Answer, Ask, More, Reason, Seen, Via, Visit
from audit.page import Page
from audit.visiting.getting import PLACEHOLDER, Getter, Limits, Unreachable, canonical_url
from audit.visiting.lanes import Lane, Lanes
from audit.visiting.marks import classify, retry_after
from audit.visiting.robots import Rules, rules_from
from audit.visiting.understanding import Shield, understood

Keep = Callable[[Checker, Seen, Page | None], None]
Recall = Callable[[Checker, Visit], Seen | None]
_AGAIN = {Reason.TIMEOUT, Reason.SERVER_ERROR, Reason.RATE_LIMITED, Reason.NETWORK_DOWN}
_ATTEMPTS = 3
_BACK_OFF = 1.0  # seconds before the second attempt, doubled before each further one, with jitter
_LONGEST_PAUSE = 120.0


def keep_nothing(checker: Checker, seen: Seen, page: Page | None) -> None:
    """For walks whose visits are not recorded."""


def recall_nothing(checker: Checker, visit: Visit) -> Seen | None:  # noqa: ARG001 - the signature of Recall
    """For walks that begin anew."""
    return None


class _ElsewhereError(Exception):
    """A redirect leads to another host: it gets its own turn in that host's lane."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


@dataclass
class Walker:
    """Makes visits through lanes and getters and reads them with their checkers.

    ``keep`` is told of every visit's end before anything is made of it, ``recall`` knows visits
    made before a kill, ``shield`` takes away what may not be kept, ``secrets`` are keys by name.
    ``agent`` is the full user agent, ``deadline`` a steady time in seconds, ``chance`` the jitter
    of pauses (0 to 1).
    """

    getters: Mapping[Via, Getter]
    lanes: Lanes
    clock: Clock
    agent: str
    limits: Limits = field(default_factory=Limits)
    keep: Keep = keep_nothing
    recall: Recall = recall_nothing
    shield: Shield = tuple
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    deadline: float = float("inf")
    scheduled: bool = False
    chance: Callable[[], float] = random
    _seen: dict[tuple[str, Visit], asyncio.Future[Seen]] = field(default_factory=dict)
    _rules: dict[str, asyncio.Future[Rules]] = field(default_factory=dict)

    async def follow(self, checker: Checker, ask: Ask) -> Answer:
        """One ask with its follow-ups, bounded by the checker's number and depth of them."""
        chain: list[Seen] = []
        pending = [(ask.visit, 0)]
        met, budget = {ask.visit}, 1 + checker.follow_ups
        reason: Reason | None = None
        detail = ""
        while pending:
            visit, depth = pending.pop(0)
            if len(chain) >= budget:
                reason, detail = reason or Reason.BUDGET, detail or f"more than {checker.follow_ups} follow-ups"
                break
            seen = await self.see(checker, visit)
            chain.append(seen)
            if seen.reason and not reason:
                reason, detail = seen.reason, seen.detail
            fresh = [item for item in seen.items if isinstance(item, Visit) and item not in met]
            if fresh and depth >= checker.depth:
                reason, detail = reason or Reason.BUDGET, detail or f"deeper than {checker.depth} steps"
                continue
            met.update(fresh)
            pending += [(item, depth + 1) for item in fresh]
        if more := next((i for s in chain for i in s.items if isinstance(i, More)), None):
            reason, detail = reason or more.reason, detail or more.because
        subjects = tuple(query.subject.key for query in ask.queries)
        return Answer(way=checker.id, subjects=subjects, chain=tuple(chain), reason=reason, detail=detail)

    async def see(self, checker: Checker, visit: Visit) -> Seen:
        """One visit's end, made once a run however often it is asked for."""
        key = (checker.id, visit)
        if key not in self._seen:
            self._seen[key] = asyncio.ensure_future(self._see(checker, visit))
        return await asyncio.shield(self._seen[key])

    async def _see(self, checker: Checker, visit: Visit) -> Seen:
        if known := self.recall(checker, visit):
            return known
        page: Page | None = None
        try:
            page = await self._fetch(checker, visit)
            seen = understood(checker, page, self.shield, self.secrets)
            if seen.reason is Reason.NO_BROWSER and Via.BROWSER in self.getters:
                # an empty shell without its scripts: look again as people do
                page = replace(await self._fetch(checker, replace(visit, via=Via.BROWSER)), visit=visit)
                seen = understood(checker, page, self.shield, self.secrets)
        except Unreachable as end:
            reason, detail = end.reason, end.detail
            if reason is Reason.LOGIN_WALL and end.status == 401 and checker.keys:  # nobody can log in there
                reason, detail = Reason.NEEDS_KEY, f"the key was refused (401): {', '.join(checker.keys)}"
            seen = Seen(visit=visit, at=self.clock.now(), reason=reason, detail=detail, status=end.status)
        self.keep(checker, seen, page)
        return seen

    async def _fetch(self, checker: Checker, visit: Visit) -> Page:
        """The page at the end of all redirects, each host in its own lane and under its own robots.txt."""
        getter = self.getters.get(visit.via)
        if getter is None:
            raise Unreachable(Reason.NO_BROWSER if visit.via is Via.BROWSER else Reason.NOT_RUN, "no getter for this")
        if visit.via is Via.DATA:
            return await getter.get(visit, self.limits)
        target, met = visit, {canonical_url(visit)}
        for _ in range(self.limits.redirects + 1):
            try:
                return replace(await self._from_host(getter, checker, target), visit=visit)
            except _ElsewhereError as hop:
                if hop.url in met:
                    raise Unreachable(Reason.SERVER_ERROR, f"redirects go round in circles at {hop.url}") from hop
                met.add(hop.url)
                # neither headers nor body nor keys follow to another host
                target = Visit(hop.url, via=visit.via)
        raise Unreachable(Reason.SERVER_ERROR, f"more than {self.limits.redirects} redirects")

    async def _from_host(self, getter: Getter, checker: Checker, visit: Visit) -> Page:
        lane = self._lane(checker, visit)
        self._still_time()
        await (self._heed_robots if checker.governed_by_robots else self._heed_if_named)(visit, lane)
        for attempt in range(_ATTEMPTS):
            try:
                return await self._once(getter, checker, visit, lane)
            except Unreachable as fault:
                if attempt + 1 == _ATTEMPTS or not _passing(fault):
                    raise
                # the whole lane rests: a host in trouble is not asked for something else meanwhile
                lane.rest(fault.retry_after or _BACK_OFF * 2**attempt * (0.5 + self.chance()))
        raise AssertionError("the last attempt returns or raises")

    async def _once(self, getter: Getter, checker: Checker, visit: Visit, lane: Lane) -> Page:
        self._still_time()
        async with lane.turn():
            if self.clock.steady() > self.deadline:  # it may have passed in the queue
                over = Unreachable(Reason.BUDGET, "the time set for this run is over")
                lane.close(over)
                raise over
            page = await getter.get(visit, self.limits, lambda url: self._permit(checker, visit, url, lane))
        if checker.shows_absence(page):
            return page
        if trouble := classify(page, checker.block_marks):
            reason, detail = trouble
            pause = retry_after(page, self.clock.now())
            end = Unreachable(reason, detail, retry_after=pause, status=page.status)
            if pause and pause > _LONGEST_PAUSE:
                lane.close(end)  # whatever the trouble: an hour for each visit would take the whole run
            elif pause:
                lane.rest(pause)
            raise end
        return page

    def _still_time(self) -> None:
        if self.clock.steady() > self.deadline:
            raise Unreachable(Reason.BUDGET, "the time set for this run is over")

    async def _permit(self, checker: Checker, visit: Visit, url: str, lane: Lane) -> None:
        """Whether a redirect is followed here, after the pace: to another host never while this lane is held.

        Nor to rules that would have to be asked for in this very lane (http to https of one host), nor
        by a plain visit: that waits for a turn of its own.
        """
        unasked = checker.governed_by_robots and _root(url) not in self._rules
        if urlsplit(url).netloc != lane.host or unasked or _is_plain(visit):
            raise _ElsewhereError(url)
        if checker.governed_by_robots and not (await self.rules(url, lane)).allows(url, self.agent):
            raise Unreachable(Reason.ROBOTS_FORBIDDEN, f"robots.txt of {lane.host} does not allow this page")
        if visit.via is Via.HTTP:  # a browser tells of its redirects when they are made
            await lane.once_more()

    def _lane(self, checker: Checker, visit: Visit) -> Lane:
        pace = max(checker.pace, checker.pace_scheduled if self.scheduled else 0.0)
        return self.lanes.lane(_host(visit.url), pace)

    async def _heed_robots(self, visit: Visit, lane: Lane) -> None:
        self._obey(await self.rules(visit.url, lane), visit, lane)

    async def _heed_if_named(self, visit: Visit, lane: Lane) -> None:
        """A documented API has terms of its own, unless robots.txt speaks of findbar by name."""
        try:
            rules = await self.rules(visit.url, lane)
        except Unreachable:
            return
        if rules.names(self.agent):
            self._obey(rules, visit, lane)

    def _obey(self, rules: Rules, visit: Visit, lane: Lane) -> None:
        if not rules.allows(visit.url, self.agent):
            raise Unreachable(Reason.ROBOTS_FORBIDDEN, f"robots.txt of {lane.host} does not allow this page")
        lane.slow_to(lane.scale * (rules.delay(self.agent) or 0.0))

    async def rules(self, url: str, lane: Lane) -> Rules:
        """The robots.txt rules of a host, asked for once a run, in the host's own lane."""
        root = _root(url)
        if root not in self._rules:
            self._rules[root] = asyncio.ensure_future(self._ask_robots(root, lane))
        return await asyncio.shield(self._rules[root])

    async def _ask_robots(self, root: str, lane: Lane) -> Rules:
        visit = Visit(f"{root}/robots.txt", step="robots")
        try:
            async with lane.turn():
                page = await self.getters[Via.HTTP].get(visit, self.limits, lambda _: lane.once_more())
        except Unreachable as end:  # nothing is allowed then (RFC 9309 2.3.1.4), and the reason is the true one
            raise Unreachable(end.reason, f"robots.txt of {lane.host} could not be read: {end.detail}") from end
        return rules_from(page, None)


def _is_plain(visit: Visit) -> bool:
    """Whether nothing of a visit but its address has to follow a redirect."""
    bare = visit.via is Via.HTTP and visit.method == "GET" and not visit.headers
    return bare and not PLACEHOLDER.search(canonical_url(visit))


def _passing(fault: Unreachable) -> bool:
    """Whether another attempt may help: passing faults, and no wait longer than two minutes."""
    if fault.retry_after is None:
        return fault.reason in _AGAIN - {Reason.NETWORK_DOWN}
    return fault.reason in _AGAIN and fault.retry_after <= _LONGEST_PAUSE


def _host(url: str) -> str:
    """Host and port of a web address. Raises `Unreachable` for anything else: pages link to all sorts of things."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Unreachable(Reason.ADDRESS_REFUSED, f"not a web address: {url[:80]!r}") from error
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Unreachable(Reason.ADDRESS_REFUSED, f"not a web address: {url[:80]!r}")
    return parts.netloc


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
