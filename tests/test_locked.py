"""Another program writes into the database, as Datasette or an editor may: a moment is waited for, longer is said."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from audit.auditing import run_audit
from audit.model import Via, Visit
from audit.page import Page
from audit.requesting import Request
from audit.store import Store, StoreProblemError, tables
from audit.visiting.getting import Getter
from tests.helpers import ADDICTION, DEBT, organisation, shop, tiny

ORG = organisation(DEBT, ADDICTION)
PAGES = {"https://tiny.example/schulden": "listing Schuldnerberatung", "https://tiny.example/sucht": "nothing"}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "findbar.db"
    Store(path).close()
    return path


@pytest.fixture
def tool(database: Path) -> Iterator[sqlite3.Connection]:
    """Another program with the database open."""
    with closing(sqlite3.connect(database, check_same_thread=False, isolation_level=None)) as connection:
        yield connection


def locked(tool: sqlite3.Connection) -> None:
    tool.execute("BEGIN IMMEDIATE")
    tool.execute("CREATE TABLE notes (text)")


@dataclass
class Striking:
    """A web during whose visit of an address the other program begins to write."""

    inner: Getter
    url: str
    tool: sqlite3.Connection

    async def get(self, visit: Visit, *more: Any) -> Page:
        if visit.url == self.url:
            locked(self.tool)
        return await self.inner.get(visit, *more)

    async def close(self) -> None:
        await self.inner.close()


def test_a_moments_lock_is_waited_for_and_both_get_what_they_wrote(database: Path, tool: sqlite3.Connection) -> None:
    workshop, web = shop([tiny()], dict(PAGES))
    locked(tool)
    Timer(0.2, tool.execute, ["COMMIT"]).start()
    (result,) = run_audit(workshop, Request(organisations=(ORG,)), database)
    assert sorted(web.urls) == sorted(PAGES)
    assert len(result.cells) == len(PAGES)
    assert tool.execute("SELECT count(*) FROM notes").fetchone() == (0,)


def test_a_lock_that_lasts_ends_with_a_sentence_and_what_was_gathered_is_kept(
    database: Path, tool: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "PATIENCE", 0.05)
    last = list(PAGES)[-1]
    workshop, web = shop([tiny()], dict(PAGES))
    workshop.getters = {Via.HTTP: Striking(web, last, tool)}
    with pytest.raises(StoreProblemError, match=r"another program keeps it locked.*run the same command again"):
        run_audit(workshop, Request(organisations=(ORG,)), database)
    tool.execute("ROLLBACK")
    again, later = shop([tiny()], dict(PAGES))
    (result,) = run_audit(again, Request(organisations=(ORG,)), database)
    assert later.urls == [last]
    assert len(result.cells) == len(PAGES)
    assert tool.execute("SELECT count(*) FROM runs").fetchone() == (1,)


def test_a_lock_that_lasts_while_everything_is_judged_costs_no_visit(
    database: Path, tool: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "PATIENCE", 0.05)
    workshop, _ = shop([tiny()], dict(PAGES))
    observe = Store.observe

    def struck(store: Store, *seen: Any) -> None:
        observe(store, *seen)
        locked(tool)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "observe", struck)
        with pytest.raises(StoreProblemError, match="another program keeps it locked"):
            run_audit(workshop, Request(organisations=(ORG,)), database)
    tool.execute("ROLLBACK")
    again, later = shop([tiny()], dict(PAGES))
    assert len(run_audit(again, Request(organisations=(ORG,)), database)[0].cells) == len(PAGES)
    assert later.urls == []


def test_a_transaction_that_reads_first_waits_as_well(database: Path, tool: sqlite3.Connection) -> None:
    store = Store(database)
    with store.tables.atomic():
        assert store.tables.execute("SELECT count(*) FROM runs").fetchone() == (0,)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            tool.execute("PRAGMA busy_timeout = 0").connection.execute("BEGIN IMMEDIATE")
        store.tables.execute("UPDATE runs SET state = 'abandoned'")
    store.close()
