"""Pages opened by browsers on several machines: two nodes of a Ray cluster here, one of which is killed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import pytest

from audit.clock import SystemClock
from audit.model import Access, Ask, Reason, Via, Visit
from audit.visiting.chromium import find_browser
from audit.visiting.cluster import ClusterGetter, ClusterProblemError
from audit.visiting.fetching import HttpGetter
from audit.visiting.getting import Limits, Unreachable
from audit.visiting.guard import Guard
from audit.visiting.lanes import Lanes
from audit.visiting.walking import Walker
from tests.conftest import ROOT, skip_or_fail
from tests.helpers import tiny

needs_ray = [
    pytest.mark.anyio,
    pytest.mark.browser,
    pytest.mark.enable_socket,  # Ray's own: its nodes find each other on this machine
    pytest.mark.filterwarnings("ignore"),  # Ray's own
]
PACE, PAGES, HOSTS = 0.3, 6, 3
PATIENT = Limits(total=60.0)
NODE = {"num_cpus": 1, "object_store_memory": 100_000_000, "node_ip_address": "127.0.0.1"}


@dataclass
class Counted:
    """A server that knows when each of its requests came and went."""

    port: int = 0
    asked: list[tuple[str, float, float]] = field(default_factory=list)
    flying: int = 0
    most: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode()
            began = asyncio.get_running_loop().time()
            counts = path.startswith("/page")
            self.flying += counts
            self.most = max(self.most, self.flying)
            await asyncio.sleep(0.1)
            body = rb"<title>t</title><script>document.body.append('\nlisting ' + 'Beratung\n')</script>" * counts
            head = b"HTTP/1.1 %s\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: %d\r\n\r\n"
            writer.write(head % (b"200 OK" if counts else b"404 Not Found", len(body)) + body)
            await writer.drain()
            self.flying -= counts
            self.asked += [(path, began, asyncio.get_running_loop().time())] * counts
        except (OSError, EOFError):
            pass
        finally:
            writer.close()


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    if find_spec("ray") is None:
        skip_or_fail("cluster", "Ray is not installed (pip install 'findbar[cluster]')")
    if not find_browser():
        skip_or_fail("cluster", "no Chromium on this machine")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")  # bound to loopback, and gone in a minute
    monkeypatch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")  # Ray's word for: everything on loopback
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    import ray  # noqa: PLC0415 - optional
    from ray.cluster_utils import Cluster  # noqa: PLC0415 - the same

    made = Cluster(initialize_head=True, head_node_args={**NODE, "include_dashboard": False})
    try:
        yield made
    finally:
        ray.shutdown()
        made.shutdown()


async def served(number: int) -> tuple[list[Counted], list[asyncio.Server]]:
    sites, servers = [Counted() for _ in range(number)], []
    for one in sites:
        servers.append(await asyncio.start_server(one.serve, "127.0.0.1", 0))
        one.port = servers[-1].sockets[0].getsockname()[1]
    return sites, servers


class TestWithRay:
    pytestmark = needs_ray

    async def test_a_node_is_killed_and_nothing_is_lost_and_no_lane_violated(self, cluster: Any) -> None:
        second = cluster.add_node(**NODE)
        sites, servers = await served(HOSTS)
        guard = Guard(frozenset(("127.0.0.1", site.port) for site in sites))
        getter = ClusterGetter(cluster.address, guard, "findbar/0 (test)", chromium=find_browser())
        clock = SystemClock()
        walker = Walker(
            getters={Via.BROWSER: getter, Via.HTTP: HttpGetter(guard, "findbar/0 (test)")},
            lanes=Lanes(clock, 1000), clock=clock, agent="findbar/0 (test)", limits=PATIENT,
        )  # fmt: skip
        checker = tiny(access=Access.BROWSER, pace=PACE)
        visits = [Visit(f"http://127.0.0.1:{s.port}/page/{n}", via=Via.BROWSER) for n in range(PAGES) for s in sites]

        async def kill() -> None:
            while sum(len(site.asked) for site in sites) < HOSTS * 2:  # noqa: ASYNC110 - servers set no event
                await asyncio.sleep(0.05)
            await asyncio.to_thread(cluster.remove_node, second, False)  # not gracefully

        killing = asyncio.ensure_future(kill())
        answers = await asyncio.gather(*(walker.follow(checker, Ask(visit, ())) for visit in visits))
        await killing
        await getter.close()
        for server in servers:
            server.close()
        assert [answer.reason for answer in answers] == [None] * len(visits)
        for site in sites:
            assert {path for path, *_ in site.asked} == {f"/page/{n}" for n in range(PAGES)}
            assert site.most == 1
            starts = sorted(began for _, began, _ in site.asked)
            assert min(b - a for a, b in pairwise(starts)) >= PACE

    async def test_the_guard_stands_where_the_browser_runs(self, cluster: Any) -> None:
        (site,), servers = await served(1)
        getter = ClusterGetter(cluster.address, Guard(), "findbar/0 (test)", chromium=find_browser())
        with pytest.raises(Unreachable) as refused:
            await getter.get(Visit(f"http://127.0.0.1:{site.port}/page/1", via=Via.BROWSER), PATIENT)
        await getter.close()
        servers[0].close()
        assert refused.value.reason is Reason.ADDRESS_REFUSED
        assert site.asked == []


def test_without_ray_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ClusterProblemError, match=r"findbar\[cluster\]"):
        ClusterGetter("127.0.0.1:6379", Guard(), "findbar/0 (test)")
