"""A whole night of a federation, from organisation files to the reports: memory, CPU, and what is written.

``python benchmarks/night.py [FACILITIES ...]`` (250 and 2,500; a national federation has 25,000) runs the command
``findbar audit FOLDER --scheduled --until HH:MM`` itself for two nights in a row: reading the files, plan, lanes,
reading, judging, store, reports and federation. Only the getter is made up, with drawn latencies and failures, and the
event loop's clock, which jumps. Facilities come in organisations of 25, with two platforms that are asked about each
and four that are read by lists of twenty. The window is 8 hours for 25,000 facilities, shrinks with their number, and
is too short for one host, so that the second night goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from growth import LIST, Shown
from measuring import cpu, table
from nights import HOURS, LoopClock, VirtualLoop
from workloads import PACES, fails, latency

from audit.auditing import Workshop
from audit.checker import Checker, Platform
from audit.model import EditedBy, Kind, Observed, Query, Via, Visit
from audit.organisation.catalogue import load_catalogue
from audit.page import Page
from audit.registry import Registry
from audit.settings import load
from audit.store import Store
from audit.visiting.getting import Limits
from audit.working import WorkingFolder
from commands.choice import Choice
from commands.look import audit

PLATFORMS, ALONE, MEMBERS, NIGHTS = 6, 2, 25, 2
HEAD = """name = "Verband {number} e. V."
website = "https://v{number}.example/"

[[service]]
id = "kita"
name = "Kita"
kind = "child-day-care"
"""
PLACE = """
[[location]]
id = "h{number}"
name = "Kita Haus {number}"
street = "Lindenstr. {number}"
postcode = "{code}"
city = "Seestadt {town}"
phone = "+49 30 {phone}"
latitude = {lat}
longitude = {lon}
"""


def facts(number: int) -> dict[str, Any]:
    """What is stated of one facility."""
    town = number % 1000
    return {"number": number, "town": town, "code": 10000 + town, "phone": 1000000 + number,
            "lat": 47.5 + town / 150, "lon": round(7.0 + number / 3500, 5)}  # fmt: skip


def write_files(folder: Path, facilities: int) -> None:
    """An organisation file for each 25 facilities, and the settings."""
    (folder / "organisations").mkdir()
    (folder / "findbar.toml").write_text('contact = "someone@example.org"\nvisits_per_host = 1000000000\n', "utf-8")
    for first in range(0, facilities, MEMBERS):
        places = (PLACE.format(**facts(number)) for number in range(first, min(first + MEMBERS, facilities)))
        text = HEAD.format(number=first // MEMBERS) + "".join(places)
        (folder / "organisations" / f"v{first // MEMBERS}.toml").write_text(text, "utf-8")


class Portal(Shown):
    """One platform, asked about a facility or a list of them."""

    def search(self, query: Query) -> Iterator[Visit]:
        """The page of the facility, or the list it is in."""
        if query.subject.offered:
            number = int(query.subject.offered.location.id[1:])
            about = number if self.number < ALONE else f"list{number // LIST}"
            yield Visit(f"https://{self.id}.example/api/search", params=(("q", str(about)), ("format", "json")))


def portal(number: int) -> Checker:
    """The checker of one platform: with the paces of hosts in turn, the slow ones by lists."""
    id_ = f"portal-{number:02}"
    place = Platform(id=id_, name=id_, kind=Kind.DIRECTORY, edited_by=EditedBy.OWNER)
    pace = (1.0, 0.2)[number % 2] if number < ALONE else PACES[number % 4]
    made: Checker = type(id_, (Portal,), {"id": id_, "platform": place, "number": number, "pace": pace})()
    return made


@dataclass
class Portals:
    """The made-up getter: every facility as it is stated, with another house number for each tenth."""

    clock: LoopClock
    facilities: int
    requests: int = 0
    attempts: dict[str, int] = field(default_factory=dict)

    async def get(self, visit: Visit, limits: Limits, permit: Any = None) -> Page:  # noqa: ARG002 - the protocol's
        """The entries asked for, after the latency; one of ten requests fails once."""
        self.requests += 1
        asked, host = dict(visit.params).get("q", ""), urlsplit(visit.url).netloc
        address = f"https://{host}/{asked}"
        attempt = self.attempts[address] = self.attempts.get(address, -1) + 1
        await self.clock.sleep(latency(address, attempt))
        first = int(asked.removeprefix("list") or 0)
        numbers = range(first * LIST, first * LIST + LIST) if asked.startswith("list") else [first]
        there = [_entry(n, host) for n in numbers if n < self.facilities]
        return Page(
            visit=visit, at=self.clock.now(), url=visit.url, body=json.dumps(there).encode(),
            headers=(("content-type", "application/json"),), status=503 if fails(address, attempt) else 200,
        )  # fmt: skip

    async def close(self) -> None:
        """Nothing is open."""


def _entry(number: int, host: str) -> dict[str, Any]:
    known = facts(number)
    address = {"street": "Lindenstr.", "house_number": str(number) if number % 10 else "1 b",
               "postcode": str(known["code"]), "city": f"Seestadt {known['town']}"}  # fmt: skip
    return {"id": str(number), "name": f"Kita Haus {number}", "operator": f"Verband {number // MEMBERS} e. V.",
            "address": address, "url": f"https://{host}/entry/{number}",
            "websites": [f"https://v{number // MEMBERS}.example/"]}  # fmt: skip


class Nightly(Choice):
    """The command line's choice with a workshop of made-up platforms."""

    shop: Workshop

    def workshop(self, folder: WorkingFolder, cluster: str = "") -> Workshop:  # noqa: ARG002 - the command's
        """The same one each time."""
        return self.shop


class Policy(asyncio.DefaultEventLoopPolicy):
    """Gives the loop of this night to ``asyncio.run``."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._made = loop

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """The loop."""
        return self._made


def resident() -> float:
    """MB of memory in use now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Meter(threading.Thread):
    """Notes the most memory in use; and memory and CPU when the visits are made, which is when they are stored."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self.visited, self.spent, self.over = 0.0, 0.0, 0.0, False
        observe = self._observe = Store.observe

        def observing(store: Store, run: str, observed: Observed) -> None:
            observe(store, run, observed)
            self.visited, self.spent = resident(), cpu()

        Store.observe = observing  # type: ignore[method-assign, assignment]

    def stop(self) -> None:
        """It is over."""
        self.over, Store.observe = True, self._observe  # type: ignore[method-assign]

    def run(self) -> None:
        """Ten times a second."""
        while not self.over:
            self.most = max(self.most, resident())
            time.sleep(0.1)


def night(folder: Path, facilities: int, passed: float) -> dict[str, float]:
    """One night by the command itself, so many seconds after the first one began."""
    loop = VirtualLoop(passed)
    clock = LoopClock(loop)
    portals = Portals(clock, facilities)
    choice = Nightly(folder / "findbar.toml", None, "en")
    choice.shop = Workshop(
        settings=load(folder / "findbar.toml"), catalogue=load_catalogue(), clock=clock, environment={},
        registry=Registry(tuple(map(portal, range(PLATFORMS)))), getters={Via.HTTP: portals},
    )  # fmt: skip
    until = (clock.now() + timedelta(hours=HOURS * facilities / 25_000)).astimezone()
    asyncio.set_event_loop_policy(Policy(loop))
    meter, began, out = Meter(), cpu(), io.StringIO()
    meter.start()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        arguments = ["--scheduled", "--until", f"{until:%H:%M}", str(folder / "organisations")]
        audit.main(arguments, obj=choice, standalone_mode=False)
    meter.stop()
    told = re.search(r"reports of ([0-9.,]+) organisations", " ".join(out.getvalue().split()))
    return {
        "visiting": meter.spent - began, "after": cpu() - meter.spent, "requests": portals.requests,
        "visited": meter.visited, "most": meter.most,
        "reports": int(re.sub(r"\D", "", told[1])) if told else facilities / MEMBERS,
    }  # fmt: skip


def alone(facilities: int) -> None:
    """The nights of one federation in this process; prints JSON."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_files(folder, facilities)
        read = resident()
        nights = [night(folder, facilities, each * timedelta(days=1).total_seconds()) for each in range(NIGHTS)]
        size = (folder / "findbar.db").stat().st_size / 1e6
    print(json.dumps({"nights": nights, "size": size, "read": read}))  # noqa: T201 - read by the process that asked


def measured(facilities: int) -> None:
    """Print what the nights of one federation took, in a process of its own."""
    own = [sys.executable, __file__, "--alone", str(facilities)]
    found = json.loads(subprocess.run(own, check=True, capture_output=True, text=True).stdout)  # noqa: S603 - itself
    rows = [("database after the last night", f"{found['size']:.0f} MB")]
    for number, each in enumerate(found["nights"], 1):
        rows += [
            (f"night {number}: requests", f"{each['requests']:,}"),
            ("CPU of files, plan and visits; of judging, store and reports",
             f"{each['visiting']:.0f} s; {each['after']:.0f} s"),
            ("memory when all is visited; the most of the night", f"{each['visited']:.0f} MB; {each['most']:.0f} MB"),
            ("most / when all is visited", f"{each['most'] / each['visited']:.2f}"),
            ("reports written, of organisations", f"{each['reports']:.0f} of {-(-facilities // MEMBERS)}"),
        ]  # fmt: skip
    table(f"night: {facilities:,} facilities on {PLATFORMS} platforms", rows)


def main() -> None:
    """Print what each night took."""
    if sys.argv[1:2] == ["--alone"]:
        alone(int(sys.argv[2]))
        return
    for facilities in [int(each) for each in sys.argv[1:]] or [250, 2_500]:
        measured(facilities)


if __name__ == "__main__":
    main()
