"""Pages per second that need a browser, with one and with two workers of a Ray cluster on this machine.

Both nodes are processes here, on loopback, each with one browser of four tabs; the baseline is the browser getter
without Ray. On a machine with two processors two workers share them: what is measured is what Ray costs and whether
work is shared out, not how far it scales. Needs Chromium and `findbar[cluster]`.
"""

from __future__ import annotations

import asyncio
import os
import resource
import time
from typing import Any

from measuring import ROOT, server, table

from audit.model import Via, Visit
from audit.visiting.browser import BrowserGetter
from audit.visiting.chromium import find_browser
from audit.visiting.cluster import ClusterGetter
from audit.visiting.getting import Getter, Limits
from audit.visiting.guard import Guard

PAGES, TABS = 24, 4
NODE = {"num_cpus": 1, "object_store_memory": 100_000_000, "node_ip_address": "127.0.0.1"}
LIMITS = Limits(total=120.0)
SERVER = """
import asyncio
BODY = b"<title>t</title><body><script>for (let i = 0; i < 200; i++) { let p = document.createElement('p'); " \\
       b"p.textContent = 'Beratung ' + i; document.body.append(p) }</script>"
async def serve(reader, writer):
    try:
        await reader.readuntil(b"\\r\\n\\r\\n")
        writer.write(b"HTTP/1.1 200 OK\\r\\ncontent-type: text/html\\r\\nconnection: close\\r\\n\\r\\n" + BODY)
        await writer.drain()
    except (OSError, EOFError):
        pass
    writer.close()
async def main():
    running = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(running.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


async def pages(getter: Getter, port: int, at_once: int) -> float:
    """Pages per second, the browsers running already."""
    await asyncio.gather(*(_page(getter, port, -number) for number in range(1, at_once + 1)))
    waiting = iter(range(PAGES))

    async def one_after_the_other() -> None:
        for number in waiting:
            await _page(getter, port, number)

    began = time.perf_counter()
    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
    return PAGES / (time.perf_counter() - began)


async def _page(getter: Getter, port: int, number: int) -> None:
    page = await getter.get(Visit(f"http://127.0.0.1:{port}/{number}", via=Via.BROWSER), LIMITS)
    if b"Beratung 199" not in page.body:
        raise SystemExit("the page is not what its script makes of it")


async def alone(port: int) -> float:
    """Without Ray."""
    getter = BrowserGetter(Guard(frozenset({("127.0.0.1", port)})), "findbar-benchmark/1", chromium=find_browser())
    try:
        return await pages(getter, port, TABS)
    finally:
        await getter.close()


async def shared(address: str, port: int, workers: int) -> float:
    """With so many workers."""
    getter = ClusterGetter(
        address, Guard(frozenset({("127.0.0.1", port)})), "findbar-benchmark/1", chromium=find_browser()
    )
    try:
        return await pages(getter, port, TABS * workers)
    finally:
        await getter.close()


def cluster() -> Any:
    """One node on loopback, without dashboard and statistics."""
    os.environ |= {
        "RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled", "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    from ray.cluster_utils import Cluster  # noqa: PLC0415 - reads the environment while it is imported

    return Cluster(initialize_head=True, head_node_args={**NODE, "include_dashboard": False})


def main() -> None:
    """Print pages per second."""
    with server(SERVER) as line:
        port, made = int(line), cluster()
        rates: dict[str, float] = {}
        try:
            rates["this process alone"] = asyncio.run(alone(port))
            rates["one worker"] = asyncio.run(shared(made.address, port, 1))
            made.add_node(**NODE)
            rates["two workers"] = asyncio.run(shared(made.address, port, 2))
        finally:
            made.shutdown()
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    table(
        f"cluster: pages per second in browsers, {PAGES} pages, {TABS} tabs a worker, {os.cpu_count()} processors here",
        [
            *((name, f"{rate:.2f}") for name, rate in rates.items()),
            ("two workers / one", f"{rates['two workers'] / rates['one worker']:.2f}"),
            ("one worker / without Ray", f"{rates['one worker'] / rates['this process alone']:.2f}"),
            ("largest process of them", f"{most:.0f} MB"),
        ],
    )


if __name__ == "__main__":
    main()
