"""What is said again is stored once, and deleted with the last row that names it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from audit.auditing import run_audit
from audit.looking import rejudged
from audit.model import Result
from audit.requesting import Request
from audit.store import Store, contents
from audit.store.pruning import Policy, prune
from tests.helpers import ADDICTION, DEBT, NOW, organisation, shop, tiny


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "findbar.db"


def night(database: Path, day: int, *, shown: str = "listing Schuldnerberatung") -> Result:
    answers = {"https://tiny.example/schulden": shown, "https://tiny.example/sucht": "nothing"}
    at = NOW + timedelta(days=day, minutes=7 * day)
    workshop, _ = shop([tiny()], answers, at=at)
    return run_audit(workshop, Request(organisations=(organisation(DEBT, ADDICTION),)), database)[0]


def counts(database: Path) -> Counter[str]:
    connection = sqlite3.connect(database)
    try:
        names = ("runs", "visits", "ways", "contents", "results", "spans", "current", "gaps", "gap_events")
        return Counter({n: connection.execute(f"SELECT count(*) FROM {n}").fetchone()[0] for n in names})  # noqa: S608
    finally:
        connection.close()


def test_a_night_in_which_nothing_changed_adds_its_visits_and_nothing_that_was_said_before(database: Path) -> None:
    for day in range(3):  # what is missing is confirmed by the second night
        night(database, day)
    before = counts(database)
    night(database, 3)
    assert counts(database) - before == Counter(runs=1, visits=2, ways=1, results=1)


def test_what_was_stored_once_is_read_for_each_run_with_its_own_times(database: Path) -> None:
    results = [night(database, day) for day in range(4)]
    store = Store(database, writing=False)
    try:
        assert [store.results(result.run) for result in results] == [[result] for result in results]
        assert store.result("hilfe") == results[-1]
        seen = [store.observed(result.run).ways[0].answers[0].chain[0].at for result in results]
        assert seen == sorted(set(seen))
    finally:
        store.close()
    assert all(rejudged(database, shop([tiny()], {}, at=NOW)[0], result.run).equal for result in results)


def test_a_change_adds_what_is_new_and_pruning_forgets_what_nobody_names(database: Path) -> None:
    for day in range(4):
        night(database, day)
    before = counts(database)
    night(database, 4, shown="listing Schuldnerhilfe")
    night(database, 5, shown="listing Schuldnerhilfe")
    assert counts(database)["contents"] > before["contents"]
    saw = _visits_saw(database)
    policy = Policy(evidence_days=1, visits_days=1, personal_days=1, abandoned_days=1)
    prune(database, policy, NOW + timedelta(days=30))
    assert _visits_saw(database) < saw
    assert counts(database)["results"] == 6


def test_a_content_that_is_not_there_is_a_fault(database: Path) -> None:
    store = Store(database)
    with pytest.raises(KeyError, match="00ff"):
        contents.get(store.tables, b"\x00\xff")
    store.close()


def _visits_saw(database: Path) -> int:
    connection = sqlite3.connect(database)
    try:
        bodies = connection.execute("SELECT hash FROM contents").fetchall()
        return len(bodies)
    finally:
        connection.close()
