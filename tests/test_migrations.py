"""Databases of every schema so far, as they were written then, are upgraded when they are opened."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from audit.auditing import run_audit
from audit.looking import explanation, rejudged, stored_result
from audit.model import Retention, State
from audit.requesting import Request
from audit.store import Store, StoreProblemError
from audit.store.backup import backup
from audit.store.lock import only_writer
from audit.store.pruning import Policy, prune
from audit.store.schema import VERSION
from tests.helpers import ADDICTION, DEBT, NOW, organisation, shop, tiny

STORED = Path(__file__).with_name("databases")
OLDER = sorted(STORED.glob("schema-*.sql"))
FULL = tiny(retention=Retention.FULL)


@pytest.fixture(params=OLDER, ids=lambda path: path.stem)
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A database as an older findbar left it: three days, one killed by nobody; its pages are gone."""
    path = tmp_path / "findbar.db"
    connection = sqlite3.connect(path)
    connection.executescript(request.param.read_text(encoding="utf-8"))
    connection.close()
    return path


def shape(path: Path) -> dict[str, list[str]]:
    """Tables and views with their columns, by name; order is left out, as a table grows at its end."""
    connection = sqlite3.connect(path)
    try:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view', 'index')").fetchall()
        return {n: sorted(row[1] for row in connection.execute(f"PRAGMA table_info('{n}')")) for (n,) in names}
    finally:
        connection.close()


def test_there_is_a_stored_copy_of_every_schema_before_this_one() -> None:
    assert [path.stem for path in OLDER] == [f"schema-{number}" for number in range(1, VERSION)]


def test_an_upgraded_database_has_the_shape_of_a_new_one(older: Path, tmp_path: Path) -> None:
    Store(older).close()
    Store(tmp_path / "new.db").close()
    assert shape(older) == shape(tmp_path / "new.db")


def test_a_reader_upgrades_it_too_and_finds_what_was_stored(older: Path) -> None:
    result = stored_result(older)
    assert {cell.subject: cell.state for cell in result.cells} == {
        "hilfe/schulden@haus": State.MISSING,
        "hilfe/sucht@haus": State.UNKNOWN,
    }
    told = explanation(older, "hilfe/schulden@haus/tiny")
    assert [look.status for look in told.looks] == [200]


def test_while_an_older_findbar_may_be_writing_nobody_upgrades(older: Path) -> None:
    lock = only_writer(older)
    try:
        with pytest.raises(StoreProblemError, match="older findbar"):
            stored_result(older)
    finally:
        lock.release()
    assert stored_result(older)


def test_the_next_audit_goes_on_with_its_history(older: Path) -> None:
    workshop, _ = shop([FULL], {"https://tiny.example/schulden": "nothing"}, at=NOW + timedelta(days=3))
    (result,) = run_audit(workshop, Request(organisations=(organisation(DEBT, ADDICTION),)), older)
    gap = next(gap for gap in result.gaps if "schulden" in gap.subjects[0] and gap.kind == "missing")
    assert gap.confirmed
    assert gap.first_seen
    assert gap.first_seen < NOW + timedelta(days=2, hours=1)


def test_an_older_run_is_judged_again_backed_up_and_pruned(older: Path, tmp_path: Path) -> None:
    workshop, _ = shop([FULL], {})
    assert rejudged(older, workshop).run
    assert backup(older, tmp_path / "copy.db", force=False).runs == 3
    policy = Policy(evidence_days=0, visits_days=0, personal_days=0, abandoned_days=0)
    pruned = prune(older, policy, NOW + timedelta(days=30))
    assert len(pruned.visits) == 2
    assert stored_result(older)


def test_an_upgrade_that_is_broken_off_is_taken_up_again(older: Path) -> None:
    connection = sqlite3.connect(older)
    connection.execute("PRAGMA user_version = 1")  # killed after the steps, before the mark
    connection.close()
    Store(older).close()
    Store(older).close()
    assert sqlite3.connect(older).execute("PRAGMA user_version").fetchone()[0] == VERSION
