"""Milliseconds per page by stage: fetch, classify, read, store, and judge, over the demonstration's pages.

Fetching is over loopback HTTP; the baseline is the parse of the same page by selectolax alone.
"""

from __future__ import annotations

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from measuring import cpu_of, server, table
from selectolax.lexbor import LexborHTMLParser

import platforms
from audit.auditing import run_audit
from audit.checker import Checker
from audit.demonstration import archive, prepare, settings_for, workshop
from audit.model import Retention, Seen, Visit
from audit.page import Page
from audit.serving import base_urls
from audit.store import Store
from audit.visiting.fetching import HttpGetter
from audit.visiting.getting import Limits
from audit.visiting.guard import Guard
from audit.visiting.marks import classify
from audit.visiting.understanding import read
from audit.working import organisations_of, request_for

TIMES = 20
SERVER = """
import asyncio
from audit.demonstration import archive
from audit.serving import serve
async def main():
    async with serve(archive()) as base:
        print(base, flush=True)
        await asyncio.Event().wait()
asyncio.run(main())
"""


def fetched(base: str, visits: list[Visit]) -> tuple[list[Page], float]:
    """The pages of the visits, and the CPU they took."""
    host, _, port = base.removeprefix("http://").partition(":")
    pages: list[Page] = []

    async def all_of_them() -> None:
        getter = HttpGetter(Guard(frozenset({(host, int(port))})), "findbar-benchmark/1", base_urls=leads)
        for _ in range(TIMES):
            for visit in visits:
                pages.append(await getter.get(visit, Limits()))  # noqa: PERF401 - one after the other
        await getter.close()

    leads = base_urls(archive(), base)
    return pages, cpu_of(lambda: asyncio.run(all_of_them()))


def _store(store: Store, keeper: Checker, kept: list[tuple[Seen, Page]]) -> None:
    for one, page in kept:
        store.keep("bench", keeper, one, page)


def main() -> None:
    """Print the stages."""
    with tempfile.TemporaryDirectory() as folder, server(SERVER) as base:
        place = prepare(Path(folder))
        settings_for(place.root / "findbar.toml", archive(), base)
        shop = workshop(place, platforms)
        organisations, _ = organisations_of(place.organisations, shop.catalogue)
        (result,) = run_audit(shop, request_for(organisations, shop.registry), place.database)
        store = Store(place.database)
        seen = [s for way in store.observed(result.run).ways for a in way.answers for s in a.chain if not s.reason]
        ways = {s.visit: shop.registry.way(way.way) for way in store.observed(result.run).ways for a in way.answers
                for s in a.chain}  # fmt: skip
        visits = list(dict.fromkeys(s.visit for s in seen if s.visit.method == "GET"))
        pages, fetch = fetched(base, visits)
        count = len(pages)
        parse = cpu_of(lambda: [LexborHTMLParser(page.text) for page in pages])
        judged = cpu_of(lambda: [classify(page) for page in pages])
        reading = cpu_of(lambda: [_read(ways[page.visit], page) for page in pages])
        verdict = cpu_of(lambda: shop.rejudge(store, result.run))
        keeper = next(c for c in shop.registry.checkers if c.retention is Retention.FULL)
        began = datetime.now(UTC)
        store.begin("bench", at=began, method=1, manifest={}, organisations=organisations, scope={})
        items = {s.visit: s.items for s in seen}
        kept = [(Seen(visit=Visit(f"https://x.example/{n}"), at=began, items=items[p.visit]), p)
                for n, p in enumerate(pages)]  # fmt: skip
        storing = cpu_of(lambda: _store(store, keeper, kept))
        store.close()
    size = sum(len(page.body) for page in pages) / count / 1000
    rows = [("fetch", fetch), ("classify (parses)", judged), ("read", reading), ("store, committed each", storing)]
    whole = sum(figure for _, figure in rows)
    table(
        f"chain: CPU ms per page ({len(visits)} pages of {size:.1f} kB on average, {TIMES} times)",
        [(name, f"{figure * 1000 / count:.2f}") for name, figure in rows]
        + [
            ("judge, the whole run once, per page of it", f"{verdict * 1000 / len(visits):.2f}"),
            ("baseline: parse by selectolax alone", f"{parse * 1000 / count:.2f}"),
            ("ratio of the whole chain to the parse", f"{whole / parse:.0f}"),
        ],
    )


def _read(checker: object, page: Page) -> object:
    return read(checker, page)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
