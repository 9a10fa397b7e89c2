"""One audit: two waves of visits, everything isolated, everything kept; then judged.

The only module that knows both what is visited and what it means.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from audit.checker import Checker
from audit.clock import Clock
from audit.controlling import Controls
from audit.judging.baring import bared
from audit.judging.hushing import HUSHED, hushed, mentions_any, names_any, withheld
from audit.judging.relevance import worth_asking
from audit.looks import PersonsLook, answer_of
from audit.model import (
    About,
    Access,
    Answer,
    Ask,
    Item,
    Kind,
    Link,
    Listing,
    Observed,
    Organisation,
    Query,
    Reason,
    Seen,
    Via,
    WayObserved,
)
from audit.organisation.catalogue import Catalogue
from audit.page import Page
from audit.registry import Registry
from audit.settings import Settings
from audit.visiting.planning import Means, Planned, plan_way, queries, subjects
from audit.visiting.streams import in_streams
from audit.visiting.walking import Walker

Report = Callable[["Progress"], None]
Keep = Callable[[Checker, Seen, Page | None], None]


@dataclass(frozen=True)
class Progress:
    """How far one platform is: asks done of all, and a forecast in seconds (None: not known yet)."""

    platform: str
    done: int
    total: int
    seconds_left: float | None = None


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What is audited: organisations, and the platforms they are looked for on (None: all)."""

    organisations: tuple[Organisation, ...]
    platforms: frozenset[str] | None = None


@dataclass
class Audit:
    """Visits all platforms for all organisations of a scope. Pure apart from its walker."""

    scope: Scope
    registry: Registry
    catalogue: Catalogue
    settings: Settings
    means: Means
    walker: Walker
    clock: Clock
    report: Report = lambda _: None
    looks: Sequence[PersonsLook] = ()
    order: Callable[[Planned], Planned] = lambda planned: planned
    began: datetime | None = None  # None: now
    controls: Controls = field(init=False)
    _secret_words: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Everything read of a protected service loses its address before it is kept anywhere."""
        self._secret_words = _protected_words(self.scope.organisations, self.catalogue)
        keep = self.walker.keep
        self.walker.keep = lambda checker, seen, page: keep(
            checker, bared(checker, seen), None if self._tells(seen) else page
        )
        self.walker.shield = self.shielded
        self.controls = Controls(self.walker, self.settings, self.means, self.clock)

    def shielded(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """Items with every listing of a protected service laid bare of what leads to its house."""
        return tuple(self._bare(item) if isinstance(item, Listing) else item for item in items)

    def _bare(self, listing: Listing) -> Listing:
        if names_any(listing, self._secret_words):
            return hushed(withheld(listing), self._secret_words)
        mentioned = mentions_any(listing, self._secret_words)
        return hushed(listing, self._secret_words, only_near=True) if mentioned else listing

    def _tells(self, seen: Seen) -> bool:
        """Whether a page may tell where a protected house is: its body is not kept."""
        words, listings = self._secret_words, (item for item in seen.items if isinstance(item, Listing))
        return any(names_any(listing, words) or HUSHED in listing.tags for listing in listings)

    def plans(self, links: Sequence[Link] = ()) -> list[Planned]:
        """Every way's asks for every organisation; nothing is visited."""
        return [self._plan(checker, links) for platform in self._wanted() for checker in self.registry.ways(platform)]

    def _wanted(self) -> list[str]:
        wanted = self.scope.platforms
        return [id_ for id_ in self.registry.platforms if wanted is None or id_ in wanted]

    def _plan(self, checker: Checker, links: Sequence[Link], only: frozenset[str] | None = None) -> Planned:
        asked = self._queries(checker, links)
        return plan_way(
            checker,
            [q for q in asked if only is None or q.subject.key in only],
            self.settings,
            self.means,
        )

    def _queries(self, checker: Checker, links: Sequence[Link]) -> list[Query]:
        found: list[Query] = []
        found_on: dict[str, list[Link]] = defaultdict(list)
        for link in links:
            found_on[_host(link.found_on)].append(link)
        began = self.began or self.clock.now()
        for organisation in self.scope.organisations:
            mine = found_on.get(_host(organisation.website) or ".", []) if found_on else []
            asked = queries(checker, organisation, lambda kind: self.catalogue.kind(kind).words, mine, began)
            found += [query for query in asked if worth_asking(self.catalogue, checker.platform, query)]
        return found

    async def run(self) -> Observed:
        """Wave one: the own websites. Wave two: everything else, with profiles and the links found."""
        wanted = self._wanted()
        sites = [id_ for id_ in wanted if self.registry.platforms[id_].kind is Kind.WEBSITE]
        first = await asyncio.gather(*(self._platform(id_, ()) for id_ in sites))
        seen = [way for ways in first for way in ways]
        links = _links_on(seen)
        second = await asyncio.gather(*(self._platform(id_, links) for id_ in wanted if id_ not in sites))
        ways = tuple(sorted([*seen, *(way for ways in second for way in ways)], key=lambda way: way.way))
        return Observed(ways=ways, links=links, vantage=_vantage(ways))

    async def _platform(self, platform: str, links: Sequence[Link]) -> list[WayObserved]:
        """The ways of one platform in order; each further one only for what is still open, or for what it adds."""
        seen: list[WayObserved] = []
        only: frozenset[str] | None = None
        for checker in self.registry.ways(platform):
            if only is not None and not only and not checker.besides:
                continue
            planned = self.order(self._plan(checker, links, None if checker.besides else only))
            way = await self._way(planned)
            seen.append(way)
            still = _open_subjects(way, planned, only)
            only = only & still if checker.besides and only is not None else still
        return seen

    async def _way(self, planned: Planned) -> WayObserved:
        checker = planned.checker
        if checker.access is Access.ASSISTED:
            return self._looked(planned)
        way = WayObserved(
            way=checker.id, skipped=planned.skipped, reason=planned.reason, detail=planned.detail,
            detail_said=planned.said,
        )  # fmt: skip
        if not planned.asks:
            return way
        way = await self.controls.of(way, checker)
        if way.control:
            keys = tuple(q.subject.key for ask in planned.asks for q in ask.queries)
            return replace(way, skipped=(*planned.skipped, *((key, way.control) for key in dict.fromkeys(keys))))
        return replace(way, answers=tuple(await self._ask_all(checker, planned.asks)))

    def _looked(self, planned: Planned) -> WayObserved:
        """An assisted way: what people saw counts, everything else still needs a person."""
        checker, asked = planned.checker, self._services(planned)
        mine = [look for look in self.looks if look.platform == checker.platform.id and look.subject in asked]
        seen = {look.subject for look in mine}
        skipped = tuple((key, reason) for key, reason in asked.items() if key not in seen)
        answers = tuple(answer_of(checker.id, look) for look in mine)
        return WayObserved(
            way=checker.id, answers=answers, skipped=skipped, detail=planned.detail, detail_said=planned.said
        )

    def _services(self, planned: Planned) -> dict[str, Reason]:
        """What a person looks at: each service at a place, also where one account stands for the organisation."""
        asked = dict(planned.skipped)
        every = [s for o in self.scope.organisations for s in subjects(o, About.SERVICE_AT_LOCATION)]
        wanted = ((s.key, asked.get(s.key) or asked.get(s.organisation.id)) for s in every)
        return {key: reason for key, reason in wanted if reason}

    async def _ask_all(self, checker: Checker, asks: Sequence[Ask]) -> list[Answer]:
        done, began = 0, self.clock.steady()

        async def one(ask: Ask) -> list[Answer]:
            nonlocal done
            answers = [await self.walker.follow(checker, ask)]
            answers += await self._again(checker, ask, answers[0])
            done += 1
            spent = self.clock.steady() - began
            self.report(Progress(checker.platform.id, done, len(asks), spent / done * (len(asks) - done)))
            return answers

        self.report(Progress(checker.platform.id, 0, len(asks)))
        return [answer for answers in await in_streams(asks, one) for answer in answers]

    async def _again(self, checker: Checker, ask: Ask, first: Answer) -> list[Answer]:
        """The second wording, for subjects the first conclusively did not find."""
        if first.reason or type(checker).search_again is Checker.search_again:
            return []
        from audit.judging.controls import finds  # noqa: PLC0415 - matching is loaded when it is met

        listings = [item for item in first.items if isinstance(item, Listing)]
        open_ = [query for query in ask.queries if not finds(query.subject, listings)]
        try:
            asks = [Ask(visit, (query,)) for query in open_ for visit in checker.search_again(query)]
        except Exception as problem:  # noqa: BLE001 - isolation point "platform" (DESIGN 2.7)
            detail = f"{checker.id}.search_again: {type(problem).__name__}: {problem}"
            keys = tuple(query.subject.key for query in open_)
            return [Answer(way=checker.id, subjects=keys, chain=(), reason=Reason.CHECKER_BROKEN, detail=detail)]
        return [await self.walker.follow(checker, again) for again in asks]


def _open_subjects(way: WayObserved, planned: Planned, before: frozenset[str] | None) -> frozenset[str]:
    """Subjects without a conclusive answer so far: what the next way is asked about."""
    asked = {key for key, _ in planned.skipped} | planned.subjects
    if way.reason or way.control:
        return frozenset(asked)
    broken = {key for answer in way.answers if answer.reason for key in answer.subjects}
    return frozenset(({key for key, _ in way.skipped} | broken) & (asked if before is None else before | asked))


def _links_on(ways: Sequence[WayObserved]) -> tuple[Link, ...]:
    """The links that the own websites show."""
    if not ways:
        return ()
    from audit.judging.surroundings import links  # noqa: PLC0415 - matching is loaded when it is met

    return links(ways)


def _host(url: str) -> str:
    """A site by its host: links found on it are the organisation's whose website it is."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _vantage(ways: Sequence[WayObserved]) -> Reason | None:
    """No network here means that nothing counts: every visit that needed one failed for that reason."""
    visits = [seen for way in ways for answer in way.answers for seen in answer.chain if seen.visit.via is not Via.DATA]
    failed = [way.control for way in ways if way.control] + [seen.reason for seen in visits]
    down = failed and all(reason is Reason.NETWORK_DOWN for reason in failed)
    return Reason.NETWORK_DOWN if down else None


def _protected_words(organisations: Sequence[Organisation], catalogue: Catalogue) -> tuple[str, ...]:
    """Names of protected services and the usual words of protected kinds, folded."""
    kinds = [kind for kind in catalogue.kinds.values() if kind.protected]
    services = [s for o in organisations for s in o.services if s.protected]
    words = [w for kind in kinds for w in kind.words] + [n for s in services for n in (s.name, *s.alternate_names)]
    return tuple(sorted({word.casefold() for word in words if word}))
