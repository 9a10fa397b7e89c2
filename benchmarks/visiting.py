"""CPU of the visiting layer per 1,000 visits, against bare httpx with one client per host and bodies read.

Both sides use one TLS context, one connection a host, the same pages and the same order; the walker
also minds lanes, robots.txt, redirects, limits and the guard, and hands each page to a checker that
reads nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from datetime import date
from typing import Any

import httpx
from measuring import cpu_of, interleaved, server, table

from audit.checker import Checker, Control, Platform, Terms
from audit.clock import SystemClock
from audit.model import Access, Ask, EditedBy, Item, Kind, Nothing, Standing, Via, Visit
from audit.page import Page
from audit.visiting.fetching import HttpGetter, tls
from audit.visiting.getting import Limits
from audit.visiting.guard import Guard
from audit.visiting.lanes import Lanes
from audit.visiting.walking import Walker

HOSTS, PAGES, ROUNDS, SIZE = 20, 100, 5, 20_000
AGENT = "findbar-benchmark/1 (loopback)"
SERVER = f"""
import asyncio
LINE = b"<p>Montag bis Freitag von neun bis zwoelf Uhr, und nach Vereinbarung; rufen Sie uns gern an.</p>\\n"
BODY = b"<html><title>Seite</title><body>" + LINE * ({SIZE} // len(LINE)) + b"</body></html>"
HEAD = b"HTTP/1.1 200 OK\\r\\ncontent-type: text/html; charset=utf-8\\r\\ncontent-length: %d\\r\\n\\r\\n"
async def serve(reader, writer):
    try:
        while True:
            request = await reader.readuntil(b"\\r\\n\\r\\n")
            body = b"" if b"/robots.txt" in request else BODY
            writer.write(HEAD % len(body) + body)
    except (OSError, EOFError):
        writer.close()
async def main():
    servers = [await asyncio.start_server(serve, "127.0.0.1", 0) for _ in range({HOSTS})]
    print(*(s.sockets[0].getsockname()[1] for s in servers), flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


class Silent(Checker):
    """Reads nothing: only the visit is measured."""

    id = "silent"
    platform = Platform(id="silent", name="Silent", kind=Kind.DIRECTORY, edited_by=EditedBy.OWNER)
    access = Access.PAGE
    home = "https://example.org/"
    terms = Terms(policy_url="https://example.org/", read_on=date(2026, 11, 1))
    control = Control(none_because="a benchmark")
    standing = Standing.RECORDED
    pace = 0.0

    def read(self, page: Page) -> Iterator[Item]:  # noqa: ARG002 - the SDK's signature
        """Nothing, but understood."""
        yield Nothing("read")


def urls(ports: list[int], number: int) -> list[str]:
    """The pages of one host."""
    return [f"http://127.0.0.1:{ports[number]}/page/{page}" for page in range(PAGES)]


async def bare(ports: list[int]) -> None:
    """One httpx client a host, its pages one after the other, bodies read."""

    async def host(number: int) -> None:
        async with httpx.AsyncClient(verify=tls(), trust_env=False, headers={"user-agent": AGENT}) as client:
            for url in urls(ports, number):
                (await client.get(url)).read()

    await asyncio.gather(*(host(number) for number in range(HOSTS)))


async def walked(ports: list[int]) -> None:
    """The same pages through walker, lanes, robots and getter."""
    clock = SystemClock()
    getter = HttpGetter(Guard(frozenset(("127.0.0.1", port) for port in ports)), AGENT, now=clock.now)
    walker = Walker(getters={Via.HTTP: getter}, lanes=Lanes(clock, 10_000), clock=clock, agent=AGENT)
    checker = Silent()

    async def host(number: int) -> None:
        for url in urls(ports, number):
            answer = await walker.follow(checker, Ask(Visit(url), ()))
            if answer.reason:
                raise SystemExit(f"{url}: {answer.reason}: {answer.detail}")

    await asyncio.gather(*(host(number) for number in range(HOSTS)))
    await getter.close()


async def fetched(ports: list[int]) -> None:
    """The same pages through the getter alone."""
    getter = HttpGetter(Guard(frozenset(("127.0.0.1", port) for port in ports)), AGENT)

    async def host(number: int) -> None:
        for url in urls(ports, number):
            await getter.get(Visit(url), Limits())

    await asyncio.gather(*(host(number) for number in range(HOSTS)))
    await getter.close()


def main() -> None:
    """Print CPU milliseconds per 1,000 visits and the ratio."""
    with server(SERVER) as line:
        ports = [int(word) for word in line.split()]

        def measured(work: Callable[[list[int]], Coroutine[Any, Any, None]]) -> float:
            return cpu_of(lambda: asyncio.run(work(ports))) * 1000 / (HOSTS * PAGES)

        for work in (bare, fetched, walked):
            measured(work)  # warm-up
        plain, getter, whole = interleaved(
            ROUNDS, lambda: measured(bare), lambda: measured(fetched), lambda: measured(walked)
        )
    table(
        f"visiting: CPU seconds per 1,000 visits ({HOSTS} hosts, {PAGES} pages of {SIZE // 1000} kB each)",
        [
            ("bare httpx, one client per host", f"{plain:.2f}"),
            ("HttpGetter", f"{getter:.2f}"),
            ("Walker and HttpGetter", f"{whole:.2f}"),
            ("ratio (aim: 1.5 or less)", f"{whole / plain:.2f}"),
        ],
    )


if __name__ == "__main__":
    main()
