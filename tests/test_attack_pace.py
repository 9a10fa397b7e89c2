"""Pace as the server sees it: ten hosts with ten paces, every request measured where it arrives."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from audit.checker import Checker
from audit.clock import SystemClock
from audit.model import Answer, Ask, Reason, Via, Visit
from audit.visiting.fetching import HttpGetter
from audit.visiting.guard import Guard
from audit.visiting.lanes import Lanes
from audit.visiting.walking import Walker
from tests.helpers import AGENT, tiny

PACES = {f"h{number}.example": 0.02 + 0.0065 * number for number in range(10)}  # 20 to 78.5 ms
Said = Callable[[str, int], bytes]  # what is said to a path, asked for the n-th time


def said(body: str, status: int = 200, **headers: str) -> bytes:
    shown = {"content-type": "text/plain", "content-length": str(len(body)), **headers}
    lines = "".join(f"{key.replace('_', '-')}: {value}\r\n" for key, value in shown.items())
    return f"HTTP/1.1 {status} X\r\n{lines}\r\n{body}".encode()


@dataclass
class Watch:
    """A server for all hosts (the first part of the path) that notes when requests come, and how many at a time."""

    says: Mapping[str, Said] = field(default_factory=dict)
    came: dict[str, list[tuple[float, str]]] = field(default_factory=dict)
    flying: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                host, _, path = head.split(b" ")[1].decode().lstrip("/").partition("/")
                writer.write(await self._answer(host, path))
                await writer.drain()
        except (OSError, EOFError, asyncio.CancelledError):
            writer.close()

    async def _answer(self, host: str, path: str) -> bytes:
        at = time.monotonic()
        before = sum(one == path for _, one in self.came.get(host, []))
        self.came.setdefault(host, []).append((at, path))
        self.flying[host] = self.flying.get(host, 0) + 1
        self.most[host] = max(self.most.get(host, 0), self.flying[host])
        await asyncio.sleep(0.004 if path != "robots.txt" else 0)
        self.flying[host] -= 1
        usual = said("", 404) if path == "robots.txt" else said("nothing")
        return self.says[host](path, before) if host in self.says else usual

    def distances(self, host: str) -> list[float]:
        """Seconds from the start of each request of a host to the start of the next."""
        return [after - before for (before, _), (after, _) in pairwise(self.came[host])]


@asynccontextmanager
async def watching(says: Mapping[str, Said] | None = None) -> AsyncIterator[Watch]:
    watch = Watch(says or {})
    server = await asyncio.start_server(watch.serve, "127.0.0.1", 0)
    watch.port = server.sockets[0].getsockname()[1]
    try:
        yield watch
    finally:
        server.close()


def least(pace: float) -> float:
    """The smallest distance that still counts as keeping the pace."""
    return pace - max(0.005, 0.02 * pace)


def walker(watch: Watch, hosts: list[str], paces: dict[str, float] | None = None) -> Walker:
    clock = SystemClock()
    bases = {host: f"http://127.0.0.1:{watch.port}/{host}" for host in hosts}
    guard = Guard(frozenset({("127.0.0.1", watch.port)}))
    getter = HttpGetter(guard, AGENT, base_urls=bases, context=ssl.create_default_context())
    return Walker(
        getters={Via.HTTP: getter}, lanes=Lanes(clock, 1000, paces), clock=clock, agent=AGENT, chance=lambda: 0.5
    )


async def visited(walk: Walker, checkers: Mapping[str, Checker], paths: list[str]) -> list[Answer]:
    """All paths of all hosts, asked for at once."""
    asks = [(checkers[host], Ask(Visit(f"https://{host}/{path}"), ())) for path in paths for host in checkers]
    answers = await asyncio.gather(*(walk.follow(checker, ask) for checker, ask in asks))
    await walk.getters[Via.HTTP].close()
    return answers


@pytest.mark.anyio
async def test_ten_hosts_get_their_ten_paces_and_one_request_at_a_time() -> None:
    checkers = {host: tiny(host.partition(".")[0], pace=pace) for host, pace in PACES.items()}
    async with watching() as watch:
        answers = await visited(walker(watch, list(PACES)), checkers, [f"p{number}" for number in range(6)])
    assert [answer.reason for answer in answers] == [None] * 60
    for host, pace in PACES.items():
        assert len(watch.came[host]) == 7  # robots.txt and six pages
        assert min(watch.distances(host)) >= least(pace), host
        assert watch.most[host] == 1, host


@pytest.mark.anyio
async def test_the_slowest_of_robots_checkers_and_configuration_is_kept_from_the_first_page_on() -> None:
    robots = said("User-agent: *\nCrawl-delay: 0.09")
    says: dict[str, Said] = {
        "robots.example": lambda path, _: robots if path == "robots.txt" else said("nothing"),
        "both.example": lambda path, _: said("", 404) if path == "robots.txt" else said("nothing"),
    }
    async with watching(says) as watch:
        walk = walker(watch, list(says), {"both.example": 0.07})
        slow, quick = tiny("slow", pace=0.05), tiny("quick", pace=0.0)
        paths = [f"p{number}" for number in range(4)]
        asks = [
            (checker, f"https://{host}/{checker.id}{path}")
            for host in says
            for path in paths
            for checker in (slow, quick)
        ]
        await asyncio.gather(*(walk.follow(checker, Ask(Visit(url), ())) for checker, url in asks))
        await walk.getters[Via.HTTP].close()
    assert min(watch.distances("robots.example")) >= least(0.09)
    assert min(watch.distances("both.example")) >= least(0.07)
    assert max(watch.most.values()) == 1


@pytest.mark.anyio
async def test_redirects_of_a_host_are_requests_like_others_and_keep_its_pace() -> None:
    def leading(path: str, _: int) -> bytes:
        if path == "robots.txt":
            return said("", 404)
        if path.endswith("c"):
            return said("nothing")
        return said("", 301, location=f"https://led.example/{path[:-1]}{chr(ord(path[-1]) + 1)}")

    checkers = {"led.example": tiny("led", pace=0.06), "keyed.example": tiny("keyed", pace=0.06)}
    async with watching({"led.example": leading}) as watch:
        answers = await visited(walker(watch, ["led.example"]), {"led.example": checkers["led.example"]}, ["1a", "2a"])
    assert [answer.reason for answer in answers] == [None, None]
    assert len(watch.came["led.example"]) == 7
    assert min(watch.distances("led.example")) >= least(0.06)
    assert watch.most["led.example"] == 1


@pytest.mark.anyio
async def test_a_redirect_that_carries_headers_keeps_the_pace_too() -> None:
    def leading(path: str, _: int) -> bytes:
        return said("nothing") if path != "a" else said("", 307, location="https://led.example/b")

    async with watching({"led.example": leading}) as watch:
        walk = walker(watch, ["led.example"])
        asks = [Visit("https://led.example/a", method="POST", body="x"), Visit("https://led.example/c")]
        answers = await asyncio.gather(*(walk.follow(tiny(pace=0.06), Ask(visit, ())) for visit in asks))
        await walk.getters[Via.HTTP].close()
    assert [answer.reason for answer in answers] == [None, None]
    assert [path for _, path in watch.came["led.example"]] == ["robots.txt", "a", "b", "c"]
    assert min(watch.distances("led.example")) >= least(0.06)


@pytest.mark.anyio
async def test_retry_after_and_retries_are_kept_as_the_server_sees_them() -> None:
    def busy(path: str, before: int) -> bytes:
        if path == "robots.txt":
            return said("", 404)
        return said("slow down", 429, retry_after="1") if path == "p0" and not before else said("nothing")

    async with watching({"busy.example": busy}) as watch:
        walk = walker(watch, ["busy.example"])
        answers = await visited(walk, {"busy.example": tiny("busy", pace=0.03)}, ["p0", "p1", "p2"])
    assert [answer.reason for answer in answers] == [None] * 3
    paths = [path for _, path in watch.came["busy.example"]]
    assert paths[:2] == ["robots.txt", "p0"]
    assert watch.distances("busy.example")[1] >= least(1.0)  # nobody asks this host meanwhile
    assert min(watch.distances("busy.example")) >= least(0.03)
    assert watch.most["busy.example"] == 1


@pytest.mark.anyio
async def test_a_host_that_asks_for_hours_gets_no_further_request() -> None:
    def shut(path: str, _: int) -> bytes:
        return said("", 404) if path == "robots.txt" else said("later", 503, retry_after="7200")

    async with watching({"shut.example": shut}) as watch:
        walk = walker(watch, ["shut.example"])
        async with asyncio.timeout(10):
            answers = await visited(walk, {"shut.example": tiny("shut", pace=0.02)}, ["p0", "p1", "p2"])
    assert {answer.reason for answer in answers} == {Reason.SERVER_ERROR}
    assert len(watch.came["shut.example"]) == 2
