"""Small nights over real sockets: whether anybody was visited too early or twice at once, by the servers' own clock.

``python benchmarks/sockets.py [FACILITIES]`` (100) runs the three workloads of `nights.py` through the real audit and
the real HTTP getter against a server for each host on loopback, in a process of its own. Paces and latencies are a
hundredth of what they are there. The servers note when each request has come and each answer was sent.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import urllib.request
from dataclasses import dataclass, field

from measuring import cpu, server, table
from workloads import Host, Night, bodies, fails, ideal, latency, night

from audit.clock import SystemClock
from audit.model import Observed, Via
from audit.organisation.catalogue import load_catalogue
from audit.registry import Registry
from audit.running import Audit, Scope
from audit.settings import Settings
from audit.visiting.fetching import HttpGetter
from audit.visiting.guard import Guard
from audit.visiting.lanes import Lanes
from audit.visiting.planning import Means
from audit.visiting.walking import Walker

SCALE, HOURS = 0.01, 8.0
AGENT = "findbar-benchmark/1 (loopback)"
SERVER = "import sys; sys.path.insert(0, 'benchmarks'); import sockets; sockets.serve(*sys.argv[1:])"
_HEAD = "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"


@dataclass
class Site:
    """One host's server and what it counts, in seconds of its own clock."""

    host: Host
    requests: int = 0
    early: int = 0
    parallel: int = 0
    least: float = float("inf")  # from the end of an answer to the next request, beside the pace
    _flying: int = 0
    _ended: float = float("-inf")
    _attempts: dict[str, int] = field(default_factory=dict)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one request after the other of a connection."""
        try:
            while True:
                asked = await reader.readuntil(b"\r\n\r\n")
                came = time.perf_counter()
                await self._answer(asked.split(b" ")[1].decode(), came, writer)
        except (OSError, EOFError):
            writer.close()

    async def _answer(self, path: str, came: float, writer: asyncio.StreamWriter) -> None:
        pause = (came - self._ended) / (self.host.pace * SCALE)
        self.requests, self.early = self.requests + 1, self.early + (pause < 1)
        self.parallel, self._flying = self.parallel + (self._flying > 0), self._flying + 1
        self.least = min(self.least, pause)
        url = f"https://{self.host.name}{path}"
        attempt = self._attempts[url] = self._attempts.get(url, -1) + 1
        await asyncio.sleep(latency(url, attempt) * SCALE)
        robots = path == "/robots.txt"
        status = "404 Not Found" if robots else "503 Later" if fails(url, attempt) else "200 OK"
        body = b"" if robots else bodies(url)
        self._flying, self._ended = self._flying - 1, time.perf_counter()
        writer.write(_HEAD.format(status=status, length=len(body)).encode() + body)
        await writer.drain()


def serve(name: str, facilities: str) -> None:
    """All hosts of a workload, in this process; the first line names their ports, and that of what they counted."""
    asyncio.run(_serve([Site(host) for host in night(name, int(facilities), HOURS).hosts]))


async def _serve(sites: list[Site]) -> None:
    async def counted(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        counts = {what: sum(getattr(s, what) for s in sites) for what in ("requests", "early", "parallel")}
        body = json.dumps({**counts, "least": min(site.least for site in sites)}).encode()
        writer.write(_HEAD.format(status="200 OK", length=len(body)).encode() + body)
        await writer.drain()
        writer.close()

    servers = [await asyncio.start_server(site.serve, "127.0.0.1", 0) for site in sites]
    servers.append(await asyncio.start_server(counted, "127.0.0.1", 0))
    print(*(each.sockets[0].getsockname()[1] for each in servers), flush=True)  # noqa: T201 - for who asked
    await asyncio.Event().wait()


async def run(made: Night, ports: list[int]) -> Observed:
    """One night through the real audit and the real getter."""
    clock, bases = SystemClock(), dict(zip((host.name for host in made.hosts), ports, strict=True))
    getter = HttpGetter(
        Guard(frozenset(("127.0.0.1", port) for port in ports)), AGENT,
        base_urls={name: f"http://127.0.0.1:{port}" for name, port in bases.items()},
    )  # fmt: skip
    walker = Walker(
        getters={Via.HTTP: getter}, lanes=Lanes(clock, 10**9, scale=SCALE), clock=clock, agent=AGENT
    )  # fmt: skip
    audit = Audit(
        scope=Scope(organisations=made.organisations), registry=Registry(made.checkers), catalogue=load_catalogue(),
        settings=Settings(), means=Means(), walker=walker, clock=clock,
    )  # fmt: skip
    try:
        return await audit.run()
    finally:
        await getter.close()


def measured(name: str, facilities: int) -> None:
    """Print one workload."""
    made = night(name, facilities, HOURS)
    with server(SERVER, name, str(facilities)) as line:
        *ports, counts = map(int, line.split())
        began, used = time.perf_counter(), cpu()
        observed = asyncio.run(run(made, ports))
        took, used = time.perf_counter() - began, cpu() - used
        with urllib.request.urlopen(f"http://127.0.0.1:{counts}/") as answer:
            counted = json.load(answer)
    bound = SCALE * max(ideal(host, made.window, from_end=True).seconds for host in made.hosts)
    broken = sum(bool(answer.reason) for way in observed.ways for answer in way.answers)
    table(
        f"sockets {name}: {facilities:,} facilities, {len(made.hosts)} hosts, {counted['requests']:,} requests",
        [
            ("too early, by the servers (aim: 0)", str(counted["early"])),
            ("at the same time, by the servers (aim: 0)", str(counted["parallel"])),
            ("least pause from an answer's end to the next request / pace (aim: 1 or more)", f"{counted['least']:.3f}"),
            ("look-ups that were not understood (aim: 0)", str(broken)),
            ("baseline: seconds of the ideal plan, of the night, of its CPU", f"{bound:.1f}, {took:.1f}, {used:.1f}"),
        ],
    )


def main() -> None:
    """Print the three workloads."""
    facilities = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for name in "ABC":
        measured(name, facilities)


if __name__ == "__main__":
    main()
