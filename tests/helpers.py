"""Small stand-ins for tests of the engine: a clock that jumps, a web in memory, checkers steered by their pages."""

from __future__ import annotations

import asyncio
import gzip
import heapq
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from audit.auditing import Workshop
from audit.checker import Checker, Control, Known, Platform, Terms
from audit.judging.judge import Case, judge
from audit.model import (
    About,
    Access,
    Action,
    Address,
    Answer,
    EditedBy,
    Item,
    Kind,
    Link,
    Listing,
    Location,
    More,
    Nothing,
    Observed,
    Organisation,
    Query,
    Reason,
    Result,
    Seen,
    Service,
    ServiceAtLocation,
    Standing,
    Via,
    Visit,
    WayObserved,
)
from audit.organisation.catalogue import load_catalogue
from audit.page import Page
from audit.registry import Registry
from audit.running import Audit, Scope
from audit.settings import Settings
from audit.visiting.getting import Limits, Unreachable
from audit.visiting.lanes import Lanes
from audit.visiting.planning import Means
from audit.visiting.walking import Walker

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
AGENT = "findbar/0 (test; someone@example.org)"


class FakeClock:
    """Time that passes only when everybody waits: it then jumps to the next one's waking."""

    def __init__(self, start: datetime = NOW) -> None:
        self._start = start
        self._time = 0.0
        self._waking: list[tuple[float, int, asyncio.Future[None]]] = []
        self._driver: asyncio.Task[None] | None = None
        self._count = 0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._time)

    def steady(self) -> float:
        return self._time

    async def sleep(self, seconds: float) -> None:
        self._count += 1
        waking = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waking, (self._time + seconds, self._count, waking))
        if self._driver is None or self._driver.done():
            self._driver = asyncio.ensure_future(self._drive())
        await waking

    async def _drive(self) -> None:
        while self._waking:
            for _ in range(50):
                await asyncio.sleep(0)
            at, _, waking = heapq.heappop(self._waking)
            self._time = max(self._time, at)
            if not waking.done():
                waking.set_result(None)


@dataclass
class Web:
    """A web in memory: answers by address, each a body, a (status, body, headers) or an exception.

    A list of answers is given one after the other, the last one for good. Every answer takes
    ``takes`` seconds of the clock. ``asked`` holds (address, asked at, answered at).
    """

    clock: FakeClock
    answers: dict[str, Any]
    takes: float = 0.0
    asked: list[tuple[str, float, float]] = field(default_factory=list)
    flying: dict[str, int] = field(default_factory=dict)
    most_flying: dict[str, int] = field(default_factory=dict)

    async def get(self, visit: Visit, limits: Limits, permit: Any = None) -> Page:
        host, began = urlsplit(visit.url).netloc, self.clock.steady()
        self.flying[host] = self.flying.get(host, 0) + 1
        self.most_flying[host] = max(self.most_flying.get(host, 0), self.flying[host])
        try:
            if self.takes:
                await self.clock.sleep(self.takes)
            else:
                await asyncio.sleep(0)
            return self._page(visit)
        finally:
            self.flying[host] -= 1
            self.asked.append((visit.url, began, self.clock.steady()))

    def _page(self, visit: Visit) -> Page:
        answer = self.answers.get(visit.url)
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if answer is None:
            answer = (404, "not found", {})
        if isinstance(answer, Exception):
            raise answer
        status, body, headers = (200, answer, {}) if isinstance(answer, str) else answer
        shown = {"content-type": "text/plain", **headers}
        return Page(
            visit=visit, at=self.clock.now(), url=visit.url, status=status, headers=tuple(shown.items()),
            body=body.encode(),
        )  # fmt: skip

    async def close(self) -> None:
        """Nothing is open."""

    @property
    def urls(self) -> list[str]:
        """All addresses in the order of asking, robots.txt left out."""
        return [url for url, _, _ in self.asked if not url.endswith("/robots.txt")]

    def times(self, host: str) -> list[tuple[float, float]]:
        """Start and end of the visits to one host, robots.txt left out."""
        return [(a, b) for url, a, b in self.asked if url.split("/")[2] == host and not url.endswith("robots.txt")]


class Tiny(Checker):
    """Reads pages whose lines say what it shall do: ``listing NAME``, ``nothing``, ``visit URL``, ``raise``..."""

    id = "tiny"
    platform = Platform(
        id="tiny", name="Tiny", kind=Kind.DIRECTORY, edited_by=EditedBy.OWNER, actions=frozenset({Action.CALL})
    )
    access = Access.PAGE
    home = "https://tiny.example/"
    terms = Terms(policy_url="https://tiny.example/terms", read_on=date(2026, 11, 1))
    control = Control(none_because="a test")
    standing = Standing.RECORDED
    asks_about = About.SERVICE_AT_LOCATION
    pace = 0.0
    host = "tiny.example"

    def search(self, query: Query) -> Iterable[Visit]:
        """One page per service."""
        offered = query.subject.offered
        yield Visit(f"https://{self.host}/{offered.service.id if offered else query.organisation.id}")

    def read(self, page: Page) -> Iterator[Item]:
        """Line by line."""
        for line in page.text.splitlines():
            word, _, rest = line.partition(" ")
            if word == "raise":
                raise RuntimeError(rest or "a checker's own mistake")
            if made := MADE.get(word):
                yield made(rest)


def tiny(id_: str = "tiny", platform: str = "", **declared: Any) -> Tiny:
    """A tiny checker of its own class with other declarations; its host is named after it."""
    place = replace(Tiny.platform, id=platform or id_, name=(platform or id_).title())
    made: type[Tiny] = type(id_, (Tiny,), {"id": id_, "platform": place, "host": f"{id_}.example", **declared})
    return made()


def known_to(id_: str) -> Control:
    """A control whose known entry is the town's chemist."""
    return Control(known=Known(name=f"Rathaus-Apotheke {id_}", street="Markt", house_number="1", postcode="00930"))


def listing(name: str, **more: Any) -> Listing:
    """A listing of the test organisation's house, so that the name decides."""
    shown = {
        "address": ADDRESS, "phones": ("+49 3600 111",), "id": name, "url": f"https://x.example/{name}",
        "operator": "Hilfe e. V.",
    }  # fmt: skip
    return Listing(name=name, **{**shown, **more})


MADE: Mapping[str, Any] = {
    "listing": listing,
    "nothing": lambda rest: Nothing(rest or "no hits"),
    "more": lambda rest: More(rest or "page 2"),
    "visit": Visit,
    "link": lambda rest: Link(kind="profile", target=rest, found_on="https://org.example/", platform="tiny"),
}

ADDRESS = Address(street="Marktplatz", house_number="4", postcode="00930", city="Quellstadt")
PLACE = Location(id="haus", name="Haus", address=ADDRESS, latitude=50.9, longitude=11.05, phone="+49 3600 111")
DEBT = Service(id="schulden", kind="debt-counselling", name="Schuldnerberatung")
ADDICTION = Service(id="sucht", kind="addiction-counselling", name="Suchtberatung", phone="+49 3600 222")


def organisation(*services: Service, platforms: Iterable[str] = ("tiny",), **more: Any) -> Organisation:
    """One organisation with its services in one house, for which the platforms named are key."""
    offered = services or (DEBT,)
    stated = {
        "id": "hilfe", "name": "Hilfe e. V.", "services": offered, "locations": (PLACE,),
        "offered": tuple(ServiceAtLocation(service=s, location=PLACE) for s in offered),
        "platforms": tuple((id_, 10.0) for id_ in platforms),
    }  # fmt: skip
    return Organisation(**{**stated, **more})


def registry_of(*checkers: Checker) -> Registry:
    """These checkers and no others."""
    return Registry(tuple(sorted(checkers, key=lambda checker: checker.id)))


@dataclass
class Trial:
    """One audit of tiny checkers over a web in memory; ``keep`` sees every visit's end."""

    checkers: Sequence[Checker]
    answers: dict[str, Any]
    org: Organisation = field(default_factory=organisation)
    settings: Settings = field(default_factory=Settings)
    means: Means = field(default_factory=Means)
    budget: int = 1000
    clock: FakeClock = field(default_factory=FakeClock)
    kept: list[tuple[str, Seen, Page | None]] = field(default_factory=list)
    web: Web = field(init=False)

    def __post_init__(self) -> None:
        self.web = Web(self.clock, self.answers)

    def audit(self) -> Audit:
        """The audit, not begun."""
        walker = Walker(
            getters={Via.HTTP: self.web},
            lanes=Lanes(self.clock, self.budget, self.settings.pace),
            clock=self.clock,
            agent=AGENT,
            keep=lambda checker, seen, page: self.kept.append((checker.id, seen, page)),
        )
        return Audit(
            scope=Scope(organisations=(self.org,)),
            registry=registry_of(*self.checkers),
            catalogue=load_catalogue(),
            settings=self.settings,
            means=self.means,
            walker=walker,
            clock=self.clock,
        )

    def run(self) -> Result:
        """Visited and judged."""
        return judged(asyncio.run(self.audit().run()), self.checkers, self.org, self.clock.now())


def judged(observed: Observed, checkers: Sequence[Checker], org: Organisation, at: datetime = NOW) -> Result:
    """The result of what was observed."""
    return judge(
        Case(
            run="r", started=NOW, finished=at, organisation=org, observed=observed,
            registry=registry_of(*checkers), catalogue=load_catalogue(), manifest={},
        )
    )  # fmt: skip


def saw(checker: Checker, org: Organisation, *items: Item, reason: Reason | None = None, **way: Any) -> Observed:
    """Observations of one way that saw the same items for every service."""
    seen = Seen(visit=Visit(f"https://{checker.id}.example/all"), at=NOW, items=items, reason=reason, status=200)
    keys = (org.id, *(f"{org.id}/{offered.id}" for offered in org.offered))
    answer = Answer(way=checker.id, subjects=keys, chain=(seen,), reason=reason)
    return Observed(ways=(WayObserved(way=checker.id, answers=(answer,), **way),))


def broken(reason: Reason, **more: Any) -> Unreachable:
    """An answer that never came."""
    return Unreachable(reason, "in a test", **more)


def shop(checkers: Sequence[Checker], answers: dict[str, Any], *, at: datetime = NOW) -> tuple[Workshop, Web]:
    """A workshop whose only way out is a web in memory."""
    clock = FakeClock(at)
    web = Web(clock, answers)
    made = Workshop(
        settings=Settings(contact="someone@example.org"), catalogue=load_catalogue(),
        registry=registry_of(*checkers), clock=clock, environment={}, getters={Via.HTTP: web},
    )  # fmt: skip
    return made, web


def everything_written(folder: Path) -> bytes:
    """All bytes of all files below a folder, with what is packed in databases and WARC files unpacked."""
    found: list[bytes] = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            found.append(content)
            if path.suffix == ".gz":
                found.append(gzip.decompress(content))
            if path.suffix == ".db":
                found += _unpacked(path)
    return b"\n".join(found)


def _unpacked(database: Path) -> list[bytes]:
    connection = sqlite3.connect(database)
    try:
        return [zlib.decompress(row[0]) for row in connection.execute("SELECT body FROM contents")]
    finally:
        connection.close()
