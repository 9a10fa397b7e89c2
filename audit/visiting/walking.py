"""Walking: follows each ask to its end and says honestly how far it was understood.

This is the only place that turns a visit into items. A page is fetched and read once for everyone;
whatever goes wrong with one visit becomes its reason and never stops another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from random import random
from urllib.parse import urlsplit

from audit.checker import Checker
from audit.clock import Clock
from audit.freshness import NOT_MODIFIED, Earlier
from audit.model import Answer, Ask, Listing, More, Reason, Retention, Seen, Via, Visit
from audit.page import Page
from audit.visiting.getting import PLACEHOLDER, Getter, Limits, Unreachable, authority, canonical_url, root_of
from audit.visiting.heeding import ElsewhereError, Heeding
from audit.visiting.lanes import Lane, Lanes
from audit.visiting.marks import classify, retry_after
from audit.visiting.understanding import Shield, understood

Keep = Callable[[Checker, Seen, Page | None], None]
Recall = Callable[[Checker, Visit], Seen | None]
Remember = Callable[[Checker, Visit], Earlier | None]
_AGAIN = {Reason.TIMEOUT, Reason.SERVER_ERROR, Reason.RATE_LIMITED, Reason.NETWORK_DOWN}
_ATTEMPTS = 3
_BACK_OFF = 1.0  # seconds before the second attempt, doubled before each further one, with jitter
_LONGEST_PAUSE = 120.0


def keep_nothing(checker: Checker, seen: Seen, page: Page | None) -> None:
    """For walks whose visits are not recorded."""


def recall_nothing(checker: Checker, visit: Visit) -> None:
    """For walks that begin anew, and those that use no earlier answers."""


@dataclass
class Walker:
    """Makes visits through lanes and getters and reads them with their checkers.

    ``keep`` is told of every visit's end before anything is made of it, ``recall`` knows visits
    made before a kill, ``remember`` those of earlier runs that may be used again, ``shield`` takes
    away what may not be kept, ``secrets`` are keys by name. ``agent`` is the full user agent,
    ``deadline`` a steady time in seconds, ``platform_seconds`` what one platform may take from its
    first visit on, ``chance`` the jitter of pauses (0 to 1). ``pictures``: pages kept in full that
    show an entry are also drawn by a browser. ``odd`` collects the first page of each way that a
    control did not understand.
    """

    getters: Mapping[Via, Getter]
    lanes: Lanes
    clock: Clock
    agent: str
    limits: Limits = field(default_factory=Limits)
    keep: Keep = keep_nothing
    recall: Recall = recall_nothing
    remember: Remember = recall_nothing
    shield: Shield = tuple
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    deadline: float = float("inf")
    scheduled: bool = False
    pictures: bool = False
    odd: dict[str, Page] = field(default_factory=dict)
    chance: Callable[[], float] = random
    platform_seconds: float = float("inf")
    _began: dict[str, float] = field(default_factory=dict)
    _seen: dict[tuple[str, Visit], asyncio.Future[Seen]] = field(default_factory=dict)

    @cached_property
    def _heeding(self) -> Heeding:
        """Rules of hosts are shared by everything this walker visits."""
        return Heeding(self.getters, self.lanes, self.limits, self.agent)

    async def follow(self, checker: Checker, ask: Ask, *, anew: bool = False) -> Answer:
        """One ask with its follow-ups, bounded by the checker's number and depth of them.

        ``anew``: no earlier run's answer will do (a control is a proof of this day).
        """
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
            seen = await self.see(checker, visit, anew=anew)
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
        if checker.retention is Retention.IDS_ONLY:
            detail = ""  # it may quote what may not be kept
        subjects = tuple(query.subject.key for query in ask.queries)
        return Answer(way=checker.id, subjects=subjects, chain=tuple(chain), reason=reason, detail=detail)

    async def see(self, checker: Checker, visit: Visit, *, anew: bool = False) -> Seen:
        """One visit's end, made once a run however often it is asked for."""
        key = (checker.id, visit)
        if key not in self._seen:
            self._seen[key] = asyncio.ensure_future(self._see(checker, visit, anew=anew))
        return await asyncio.shield(self._seen[key])

    async def _see(self, checker: Checker, visit: Visit, *, anew: bool) -> Seen:
        if known := self.recall(checker, visit):
            return known
        page: Page | None = None
        try:
            seen, page = await self._looked(checker, visit, None if anew else self.remember(checker, visit))
        except Unreachable as end:
            reason, detail = _told(end, checker)
            seen = Seen(visit=visit, at=self.clock.now(), reason=reason, detail=detail, status=end.status)
        if anew and page and seen.reason is Reason.LAYOUT_CHANGED:
            self.odd.setdefault(checker.id, page)
        self.keep(checker, seen, page)
        return seen

    async def _looked(self, checker: Checker, visit: Visit, earlier: Earlier | None) -> tuple[Seen, Page | None]:
        """What a page says; an earlier answer where the server says it still holds."""
        if earlier and earlier.is_fresh(self.clock.now()):
            return self._again(earlier, earlier.seen.at), earlier.page
        page = await self._fetch(checker, visit, earlier)
        if earlier and page.status == NOT_MODIFIED:
            return self._again(earlier, page.at), earlier.page
        seen = understood(checker, page, self.shield, self.secrets)
        if seen.reason is Reason.NO_BROWSER and Via.BROWSER in self.getters:
            # an empty shell without its scripts: look again as people do
            page = replace(await self._fetch(checker, replace(visit, via=Via.BROWSER)), visit=visit)
            seen = understood(checker, page, self.shield, self.secrets)
        if self.pictures and checker.retention is Retention.FULL and any(isinstance(i, Listing) for i in seen.items):
            page = await self._pictured(checker, visit, page)
        return seen, page

    async def _pictured(self, checker: Checker, visit: Visit, page: Page) -> Page:
        """The page with its picture, where a browser can make one: evidence, of which nothing else depends."""
        if page.picture or Via.BROWSER not in self.getters:
            return page
        try:
            drawn = await self._fetch(checker, replace(visit, via=Via.BROWSER))
        except Unreachable:
            return page
        return replace(page, picture=drawn.picture) if drawn.status == page.status else page

    def _again(self, earlier: Earlier, at: datetime) -> Seen:
        # what must not be kept may have changed since
        return replace(earlier.seen, at=at, cached=True, items=self.shield(earlier.seen.items))

    async def _fetch(self, checker: Checker, visit: Visit, earlier: Earlier | None = None) -> Page:
        """The page at the end of all redirects, each host in its own lane and under its own robots.txt."""
        getter = self.getters.get(visit.via)
        if getter is None:
            raise Unreachable(Reason.NO_BROWSER if visit.via is Via.BROWSER else Reason.NOT_RUN, "no getter for this")
        if visit.via is Via.DATA:
            return await getter.get(visit, self.limits)
        target, met = earlier.conditional(visit) if earlier else visit, {canonical_url(visit)}
        for _ in range(self.limits.redirects + 1):
            try:
                return replace(await self._from_host(getter, checker, target), visit=visit)
            except ElsewhereError as hop:
                if hop.url in met:
                    raise Unreachable(Reason.SERVER_ERROR, f"redirects go round in circles at {hop.url}") from hop
                met.add(hop.url)
                # neither headers nor body nor keys follow to another host
                target = Visit(hop.url, via=visit.via)
        raise Unreachable(Reason.SERVER_ERROR, f"more than {self.limits.redirects} redirects")

    async def _from_host(self, getter: Getter, checker: Checker, visit: Visit) -> Page:
        lane = self._lane(checker, visit)
        self._still_time(checker)
        await self._heeding.heed(checker, visit, root_of(visit.url), lane)
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
        self._still_time(checker)
        async with lane.turn():
            self._still_time(checker, lane)  # it may have passed in the queue
            page = await getter.get(visit, self.limits, lambda url: self._permit(checker, visit, url, lane))
        if checker.shows_absence(page) or page.status == NOT_MODIFIED:
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

    def _still_time(self, checker: Checker, lane: Lane | None = None) -> None:
        """Raises `Unreachable` when the run's time or the platform's is over; the run's end closes the lane, too."""
        now, place = self.clock.steady(), checker.platform
        if now > self.deadline:
            over = Unreachable(Reason.BUDGET, "the time set for this run is over")
            if lane:
                lane.close(over)
            raise over
        if now - self._began.setdefault(place.id, now) > self.platform_seconds:
            raise Unreachable(Reason.BUDGET, f"the time set for {place.name} is over")

    async def _permit(self, checker: Checker, visit: Visit, url: str, lane: Lane) -> None:
        """Whether a redirect is followed here, after the pace: to another host never while this lane is held.

        Nor to rules that would have to be asked for in this very lane (http to https of one host), nor
        by a plain visit: that waits for a turn of its own.
        """
        unasked = checker.governed_by_robots and not self._heeding.knows(root_of(url))
        if urlsplit(url).netloc != authority(visit.url) or unasked or _is_plain(visit):
            raise ElsewhereError(url)
        if checker.governed_by_robots:
            await self._heeding.heed_hop(url, root_of(url), lane)
        if visit.via is Via.HTTP:  # a browser tells of its redirects when they are made
            await lane.once_more()

    def _lane(self, checker: Checker, visit: Visit) -> Lane:
        pace = max(checker.pace, checker.pace_scheduled if self.scheduled else 0.0)
        return self.lanes.lane(checker.lane or authority(visit.url), pace)


def _told(end: Unreachable, checker: Checker) -> tuple[Reason, str]:
    """Why there is no page; where a key was sent and refused, nobody can log in instead."""
    if end.reason is Reason.LOGIN_WALL and end.status == 401 and checker.keys:
        return Reason.NEEDS_KEY, f"the key was refused (401): {', '.join(checker.keys)}"
    return end.reason, end.detail


def _is_plain(visit: Visit) -> bool:
    """Whether nothing of a visit but its address has to follow a redirect."""
    bare = visit.via is Via.HTTP and visit.method == "GET" and not visit.headers
    return bare and not PLACEHOLDER.search(canonical_url(visit))


def _passing(fault: Unreachable) -> bool:
    """Whether another attempt may help: passing faults, and no wait longer than two minutes."""
    if fault.retry_after is None:
        return fault.reason in _AGAIN - {Reason.NETWORK_DOWN}
    return fault.reason in _AGAIN and fault.retry_after <= _LONGEST_PAUSE
