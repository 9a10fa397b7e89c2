"""An audit that was killed goes on where it stopped, and ends as if nothing had happened."""

from __future__ import annotations

import asyncio
import gzip
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

import platforms
from audit import serving
from audit.auditing import run_audit
from audit.demonstration import archive, prepare, settings_for, workshop
from audit.looking import stored_result
from audit.model import Cell, Result, Retention
from audit.requesting import Request
from audit.store import Store
from audit.visiting.archive import Archive
from audit.working import open_folder, organisations_of, request_for, workshop_for
from reports.data import dumps
from tests.conftest import ROOT
from tests.helpers import ADDICTION, DEBT, organisation, shop, tiny


@dataclass
class House:
    """The demonstration's web served in a thread; ``asked`` counts the requests it got."""

    web: Archive
    base: str = ""
    asked: Counter[str] = field(default_factory=Counter)

    def counting(self) -> None:
        answer = self.web.answer

        def counted(method: str, url: str, body: str = "") -> object:
            self.asked[f"{method} {url} {body}"] += 1
            return answer(method, url, body)

        self.web.answer = counted  # type: ignore[assignment,method-assign]


@contextmanager
def served(latency: float = 0.0) -> Iterator[House]:
    """The demonstration's archive over loopback HTTP, on an event loop of its own."""
    house = House(archive())
    house.counting()
    ready, loop = Event(), asyncio.new_event_loop()

    async def serve() -> None:
        async with serving.serve(house.web, latency=latency) as base:
            house.base = base
            ready.set()
            await stop.wait()

    stop = asyncio.Event()
    thread = Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield house
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


def folder_for(house: House, into: Path) -> Path:
    """A working folder whose every host leads to the served archive, without waiting between visits."""
    folder = prepare(into)
    text = settings_for(folder.root / "findbar.toml", house.web, house.base)
    (folder.root / "findbar.toml").write_text(text, encoding="utf-8")
    return folder.root


def audit(root: Path) -> None:
    """An audit as the command line makes one, without waiting between visits."""
    folder = open_folder(root)
    shop = workshop_for(folder, platforms)
    shop.pace, shop.environment = 0.0, {}
    organisations, _ = organisations_of(folder.organisations, shop.catalogue)
    run_audit(shop, request_for(organisations, shop.registry), folder.database)


AUDIT = "import sys; from pathlib import Path; from tests.test_resume import audit; audit(Path(sys.argv[1]))"


def start(root: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", AUDIT, str(root)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def committed(database: Path) -> list[tuple[str, str, str | None]]:
    if not database.exists():
        return []
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)
    try:
        return connection.execute("SELECT way, url, reason FROM visits").fetchall()
    except sqlite3.OperationalError:
        return []
    finally:
        connection.close()


def kill_after(root: Path, visits: int) -> list[tuple[str, str, str | None]]:
    """Kill an audit (SIGKILL) as soon as it committed so many visits; what it had committed."""
    process, until = start(root), time.monotonic() + 30
    while len(committed(root / "findbar.db")) < visits and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=10)
    assert process.returncode == -signal.SIGKILL, "the audit ended before it could be killed"
    return committed(root / "findbar.db")


def timeless(result: Result) -> list[Cell]:
    """The verdicts without what depends on the time of looking: ages, and for how many hours a question is open."""
    return [
        replace(
            cell,
            age_days=0.0,
            findings=tuple(replace(f, note="", said=()) if f.criterion == "answered" else f for f in cell.findings),
        )
        for cell in result.cells
    ]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Counter[str]]:
    """The result of an audit that nobody killed, and what it asked for."""
    with served() as house:
        root = folder_for(house, tmp_path_factory.mktemp("undisturbed"))
        audit(root)
        return stored_result(root / "findbar.db"), house.asked


def tear(evidence: Path) -> None:
    """What a kill in the middle of writing leaves behind: half a record."""
    (file,) = evidence.glob("*.warc.gz")
    with file.open("ab") as torn:
        torn.write(gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\n")[:-9])


def warc_records(evidence: Path) -> int:
    """How many whole records a third party's reader finds; it raises for a broken one."""
    (file,) = evidence.glob("*.warc.gz")
    with file.open("rb") as stream:
        return sum(bool(record.content_stream().read()) for record in ArchiveIterator(stream, check_digests="raise"))


def query(database: Path, sql: str) -> list[object]:
    connection = sqlite3.connect(database)
    try:
        return [row[0] for row in connection.execute(sql)]
    finally:
        connection.close()


@pytest.mark.parametrize("visits", [2, 20])
def test_a_killed_audit_goes_on_where_it_stopped(
    tmp_path: Path, visits: int, undisturbed: tuple[Result, Counter[str]]
) -> None:
    whole, asked_once = undisturbed
    with served(latency=0.02) as house:
        root = folder_for(house, tmp_path)
        before = kill_after(root, visits)
        assert len(before) >= visits
        tear(root / "findbar.evidence")
        house.asked.clear()
        audit(root)
        again = Counter(house.asked)
    resumed = stored_result(root / "findbar.db")
    assert timeless(resumed) == timeless(whole)
    assert [gap.id for gap in resumed.gaps] == [gap.id for gap in whole.gaps]
    conclusive = {url for _, url, reason in before if reason is None}
    repeated = {request.split(" ")[1] for request in again} & {url for url in conclusive if "?" not in url}
    assert {url for url in repeated if "overpass" not in url} == set()
    assert sum(again.values()) < sum(asked_once.values())
    assert query(root / "findbar.db", "SELECT state FROM runs") == ["complete"]
    (kept,) = query(root / "findbar.db", "SELECT count(*) FROM visits WHERE warc IS NOT NULL")
    assert warc_records(root / "findbar.evidence") == kept


def test_an_interrupted_audit_keeps_everything_and_says_so(tmp_path: Path) -> None:
    with served(latency=0.05) as house:
        root = folder_for(house, tmp_path)
        # whatever runs these tests in the background may have switched Ctrl-C off
        start = "import signal, cli; signal.signal(signal.SIGINT, signal.default_int_handler); cli.main()"
        command = [sys.executable, "-c", start, "--lang", "en", "--config", str(root / "findbar.toml"), "audit"]
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "NO_COLOR": "1"},
        )  # fmt: skip
        until = time.monotonic() + 30
        while len(committed(root / "findbar.db")) < 3 and process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err.decode()
    assert "Everything gathered is kept" in err.decode()
    assert "Traceback" not in err.decode()
    assert len(committed(root / "findbar.db")) >= 3


# --- the same archive in process and over HTTP


def test_the_archive_gives_the_same_cells_in_process_and_over_http(
    tmp_path: Path, undisturbed: tuple[Result, Counter[str]]
) -> None:
    folder = prepare(tmp_path)
    replayed = workshop(folder, platforms)
    organisations, _ = organisations_of(folder.organisations, replayed.catalogue)
    (result,) = run_audit(replayed, request_for(organisations, replayed.registry), folder.database)
    over_http = {cell.id: (cell.state, cell.reason, cell.findability, cell.accuracy) for cell in undisturbed[0].cells}
    assert {c.id: (c.state, c.reason, c.findability, c.accuracy) for c in result.cells} == over_http


# --- in process, with a web in memory


ORG = organisation(DEBT, ADDICTION)
PAGES = {"https://tiny.example/schulden": "listing Schuldnerberatung", "https://tiny.example/sucht": "nothing"}


class PowerCut(BaseException):
    """The machine goes off."""


def test_after_every_single_visit_a_cut_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    chain = {f"https://tiny.example/{n}": f"listing N{n}\nvisit https://tiny.example/{n + 1}" for n in range(4)}
    pages = {**PAGES, "https://tiny.example/schulden": "visit https://tiny.example/0", **chain}
    pages["https://tiny.example/4"] = "listing Schuldnerberatung"
    checker = tiny(retention=Retention.FULL, follow_ups=9, depth=9)
    workshop, web = shop([checker], dict(pages))
    (whole,) = run_audit(workshop, Request(organisations=(ORG,)), tmp_path / "whole.db")
    for cut_after in range(1, len(web.urls)):
        database = tmp_path / f"{cut_after}.db"
        first, _ = shop([checker], dict(pages))
        store = Store(database)
        keep, count = store.keep, [0]

        def cut(*kept: Any, keep: Any = keep, count: list[int] = count, after: int = cut_after) -> None:
            keep(*kept)
            count[0] += 1
            if count[0] == after:
                raise PowerCut

        store.keep = cut  # type: ignore[method-assign, assignment]
        with pytest.raises(PowerCut):
            asyncio.run(first.perform(Request(organisations=(ORG,)), store, lambda _: None))
        store.close()
        before = {url for _, url, _ in committed(database)}
        again, later = shop([checker], dict(pages))
        (resumed,) = run_audit(again, Request(organisations=(ORG,)), database)
        assert not before & set(later.urls)
        assert sorted(before | set(later.urls)) == sorted(web.urls)
        assert timeless(resumed) == timeless(whole)


def test_another_scope_begins_anew(tmp_path: Path) -> None:
    workshop, web = shop([tiny(), tiny("other")], dict(PAGES))
    store = Store(tmp_path / "findbar.db")
    store.begin("r0", at=workshop.clock.now(), method=1, manifest={}, organisations=(ORG,), scope={"other": True})
    store.close()
    run_audit(workshop, Request(organisations=(ORG,), platforms=frozenset({"tiny"})), tmp_path / "findbar.db")
    assert set(web.urls) == set(PAGES)
    assert sorted(map(str, query(tmp_path / "findbar.db", "SELECT state FROM runs"))) == ["abandoned", "complete"]


def test_a_run_that_goes_on_after_the_file_was_changed_is_judged_by_the_file_as_it_is_now(tmp_path: Path) -> None:
    database = tmp_path / "findbar.db"
    workshop, _ = shop([tiny()], dict(PAGES))
    request = Request(organisations=(ORG,))
    store = Store(database)
    store.begin("r0", at=workshop.clock.now(), method=1, manifest={}, organisations=(ORG,), scope=request.scope)
    store.close()
    changed = organisation(replace(DEBT, name="Schuldnerhilfe"), ADDICTION)
    (result,) = run_audit(workshop, replace(request, organisations=(changed,)), database)
    assert {row.service_name for row in result.rows} == {"Schuldnerhilfe", "Suchtberatung"}
    store = Store(database)
    (again,) = workshop.rejudge(store, "r0")
    store.close()
    assert dumps(again) == dumps(result)
