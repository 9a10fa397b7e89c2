"""How much the database grows in a night in which nothing changed, by table.

``python benchmarks/growth.py [FACILITIES]`` (500) audits so many facilities on 30 platforms for four nights in virtual
time: real plan, lanes, reading, judging and store; only the getter is made up. Nine platforms are asked about each
facility, 21 by lists of twenty, which gives as many visits as the shipped checkers plan (`planning.py`). The growth of
the last night is carried on to 750,000 cells: all of it is linear.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from measuring import table
from nights import LoopClock, VirtualLoop
from planning import KINDS, facility

from audit.auditing import Workshop
from audit.checker import Checker, Control, Platform, Terms
from audit.model import Access, Address, EditedBy, Item, Kind, Listing, Organisation, Query, Standing, Via, Visit
from audit.organisation.catalogue import load_catalogue
from audit.page import Page
from audit.registry import Registry
from audit.requesting import Request
from audit.settings import Settings
from audit.store import Store
from audit.visiting.getting import Limits

PLATFORMS, ALONE, LIST, NIGHTS, CELLS = 30, 9, 20, 4, 750_000


class Shown(Checker):
    """One platform that shows every facility, alone or in lists."""

    access = Access.API
    home = "https://example.org/"
    terms = Terms(policy_url="https://example.org/", read_on=date(2026, 11, 1))
    control = Control(none_because="a benchmark")
    standing = Standing.RECORDED
    governed_by_robots = False
    pace = 0.0
    number: ClassVar[int]

    def search(self, query: Query) -> Iterator[Visit]:
        """The page of the facility, or the list it is in."""
        number = int(query.organisation.id[1:])
        about = number if self.number < ALONE else f"list{number // LIST}"
        yield Visit(f"https://{self.id}.example/api/search", params=(("q", str(about)), ("format", "json")))

    def read(self, page: Page) -> Iterator[Item]:
        """Every entry shown."""
        for entry in json.loads(page.body):
            address = entry.pop("address")
            yield Listing(**entry, address=Address(**address), phones=(f"+49 30 {1000000 + int(entry['id'])}",))


def shown(number: int) -> Checker:
    """The checker of one platform."""
    id_ = f"portal-{number:02}"
    place = Platform(id=id_, name=id_, kind=Kind.DIRECTORY, edited_by=EditedBy.OWNER)
    made: Checker = type(id_, (Shown,), {"id": id_, "platform": place, "number": number})()
    return made


@dataclass
class Portals:
    """The made-up getter: every facility as it is stated, with another house number for each tenth."""

    clock: LoopClock
    facilities: tuple[Organisation, ...]

    async def get(self, visit: Visit, limits: Limits, permit: Any = None) -> Page:  # noqa: ARG002 - the protocol's
        """The entries asked for."""
        asked = dict(visit.params).get("q", "")
        first = int(asked.removeprefix("list") or 0)
        numbers = range(first * LIST, first * LIST + LIST) if asked.startswith("list") else [first]
        there = [self._entry(n, urlsplit(visit.url).netloc) for n in numbers if n < len(self.facilities)]
        return Page(
            visit=visit, at=self.clock.now(), url=visit.url, body=json.dumps(there).encode(),
            headers=(("content-type", "application/json"),), status=404 if "robots" in visit.url else 200,
        )  # fmt: skip

    def _entry(self, number: int, host: str) -> dict[str, Any]:
        one = self.facilities[number]
        place, service = one.locations[0], one.services[0]
        house = place.address.house_number if number % 10 else "1 b"
        address = {"street": place.address.street, "house_number": house, "postcode": place.address.postcode,
                   "city": place.address.city}  # fmt: skip
        return {"id": str(number), "name": service.name, "operator": one.name, "address": address,
                "url": f"https://{host}/entry/{number}", "websites": [one.website]}  # fmt: skip

    async def close(self) -> None:
        """Nothing is open."""


def nights(number: int, database: Path) -> Iterator[dict[str, int]]:
    """The size of every table and index after each night, in bytes."""
    catalogue = load_catalogue()
    kinds = tuple(kind for kind in KINDS if kind in catalogue.kinds)
    made = tuple(facility(each, kinds) for each in range(number))
    loop = VirtualLoop()
    clock = LoopClock(loop)
    places = tuple(map(shown, range(PLATFORMS)))
    shop = Workshop(
        settings=Settings(contact="someone@example.org", visits_per_host=10**9), catalogue=catalogue, clock=clock,
        registry=Registry(places), environment={}, getters={Via.HTTP: Portals(clock, made)},
    )  # fmt: skip
    for _ in range(NIGHTS):
        store = Store(database)
        loop.run_until_complete(shop.perform(Request(organisations=made), store, watch))
        store.close()
        loop.run_until_complete(clock.sleep(timedelta(days=1).total_seconds()))
        yield sizes(database)


def watch(_: object) -> None:
    """Nobody watches."""


def sizes(database: Path) -> dict[str, int]:
    """Bytes used by each table and index."""
    connection = sqlite3.connect(database)
    try:
        rows = connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall()
    finally:
        connection.close()
    return dict(rows)


def main() -> None:
    """Print what the last night added."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "findbar.db"
        *_, before, after = nights(number, database)
        grown = {name: after[name] - before.get(name, 0) for name in after}
        factor = CELLS / (number * PLATFORMS)
    rows = [
        (name, f"{size * factor / 1e6:.1f} MB") for name, size in sorted(grown.items(), key=lambda x: -x[1]) if size
    ]
    table(
        f"growth of a night without change, {number * PLATFORMS:,} cells carried on to {CELLS:,}",
        [*rows, ("in all (aim: less than 100 MB)", f"{sum(grown.values()) * factor / 1e6:.1f} MB")],
    )


if __name__ == "__main__":
    main()
