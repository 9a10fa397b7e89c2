"""Gaps handed over as tasks: one each, whatever happens in between; changed and closed with the gap."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from audit.auditing import Workshop, run_audit
from audit.model import Export, Result, Task
from audit.notifying.handing import HandOverProblemError, body_of, hand_over
from audit.notifying.wire import Wire, WireProblemError
from audit.requesting import Request
from audit.settings import Settings, TasksSettings
from audit.store import Store
from audit.working import UnknownNameError, WorkingFolder
from reports.tasks import comments, tasks
from tests.helpers import DEBT, NOW, everything_written, organisation, shop, tiny
from tests.result_factory import SECRET_STREET, make_result
from tests.trackers import KEY, SERVERS, Server, serve

GAP, OTHER = "hilfe/tiny/missing/schulden@haus", "hilfe/tiny/wrong-phone/0123456789"
FACTS = (("Was zu tun ist", "Eintrag anlegen", False),)
FIRST = Task(gap=GAP, title="Tiny: Eintrag fehlt", facts=FACTS, due=date(2027, 1, 31))
SECOND = Task(gap=OTHER, title="Tiny: Nummer falsch", facts=(("Steht dort", "0123 ``` @alle /close", True),))


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database with one run, in which one entry is missing."""
    root = tmp_path_factory.mktemp("audited")
    workshop, _ = shop([tiny()], {"https://tiny.example/schulden": "nothing"})
    run_audit(workshop, Request(organisations=(organisation(DEBT),)), root / "findbar.db")
    return (root / "findbar.db").read_bytes()


class Desk:
    """The command in a working folder, towards one server; ``found`` is what the latest audit would make of it."""

    def __init__(self, kind: str, root: Path, server: Server) -> None:
        self.kind, self.root, self.server = kind, root, server
        self.found: list[Task] = [FIRST, SECOND]
        self.key = KEY
        self.set_state("open")

    def set_state(self, state: str, gap: str = OTHER) -> None:
        """What the last audit left of a gap."""
        store = Store(self.root / "findbar.db")
        try:
            store.tables.execute(
                """INSERT OR REPLACE INTO gaps SELECT ?, 'hilfe', 'k', 'tiny', '[]', '', 5, 1, ?, 'r', 'a', 'r', 'a'""",
                [gap, state],
            )
            store.tables.conn.commit()
        finally:
            store.close()

    def hand_over(self, **how: Any) -> Export:
        settings = TasksSettings(url=self.server.base, project="gruppe/projekt", token_env="KEY")  # noqa: S106 - a name
        folder = WorkingFolder(
            self.root, Settings.model_validate({"tasks": {self.kind: settings}}), self.root / "findbar.db"
        )
        workshop: Workshop = shop([tiny()], {}, at=NOW + timedelta(days=1))[0]
        workshop.environment = {"KEY": self.key}
        return hand_over(folder, workshop, self.kind, lambda *_: self.found, comments("de"), **how)

    def verbs(self, **how: Any) -> list[str]:
        done = self.hand_over(**how)
        assert done.problem == ""
        return [verb for verb, *_ in done.done]

    def forget(self, query: str = "DELETE FROM tasks") -> None:
        store = Store(self.root / "findbar.db")
        store.tables.execute(query)
        store.tables.conn.commit()
        store.close()


@pytest.fixture
def desk(request: pytest.FixtureRequest, tmp_path: Path, audited: bytes, httpserver: HTTPServer) -> Desk:
    (tmp_path / "findbar.db").write_bytes(audited)
    kind = getattr(request, "param", "gitlab")
    return Desk(kind, tmp_path, serve(kind, httpserver))


every_system = pytest.mark.parametrize("desk", SERVERS, indirect=True)


@every_system
def test_a_gap_is_one_task_changed_closed_and_opened_again_with_it(desk: Desk) -> None:
    assert desk.verbs() == ["create", "create"]
    issue = desk.server.issues[1]
    assert (issue.title, issue.open) == (FIRST.title, True)
    assert GAP in issue.text
    before = len(desk.server.asked)
    assert desk.hand_over().unchanged == 2
    assert len(desk.server.asked) == before
    desk.found = [FIRST, Task(gap=OTHER, title="Tiny: Nummer noch falsch", facts=())]
    assert desk.verbs() == ["update"]
    assert desk.server.issues[2].title == "Tiny: Nummer noch falsch"
    desk.found = [FIRST]
    assert desk.verbs() == []  # nobody looked at it: it stays open
    desk.set_state("closed")
    assert desk.verbs() == ["close"]
    assert (desk.server.issues[2].open, desk.server.issues[2].comments) == (False, [comments("de")["closed"]])
    desk.found = [FIRST, SECOND]
    desk.set_state("open")
    assert desk.verbs() == ["reopen"]
    assert (desk.server.issues[2].open, desk.server.issues[2].title) == (True, SECOND.title)
    assert sorted(desk.server.issues) == [1, 2]


@every_system
def test_with_the_ledger_lost_every_task_is_found_again_by_its_mark(desk: Desk) -> None:
    desk.hand_over()
    desk.forget()
    desk.found = [FIRST]
    desk.set_state("closed")
    assert desk.verbs() == ["adopt", "close"]
    assert sorted(desk.server.issues) == [1, 2]
    assert [desk.server.issues[n].open for n in (1, 2)] == [True, False]
    desk.forget()
    assert desk.verbs() == ["adopt"]


@every_system
def test_a_key_that_is_wrong_is_said_without_showing_it(desk: Desk) -> None:
    desk.key = "falscher-schluessel-99"
    done = desk.hand_over()
    assert "401" in done.problem
    assert done.done == ()
    assert desk.key not in repr(done)
    assert desk.key.encode() not in everything_written(desk.root)


def test_a_task_whose_number_got_lost_in_the_middle_is_not_made_twice(desk: Desk) -> None:
    desk.hand_over()
    desk.forget("UPDATE tasks SET state = 'making', task = '', fingerprint = ''")
    assert desk.verbs() == ["adopt", "adopt"]
    assert len(desk.server.issues) == 2


def test_an_answer_that_is_lost_after_the_task_was_made_makes_no_second_one(desk: Desk) -> None:
    def made_and_lost(request: Any) -> Response | None:
        if request.method == "POST":
            desk.server.serve(request, ["api", "v4", "projects", "x", "issues"], request.get_json())
            return Response("upstream gone", status=502)
        return None

    desk.server.before = made_and_lost
    done = desk.hand_over()
    assert ("502" in done.problem, len(desk.server.issues)) == (True, 1)
    desk.server.before = lambda _: None
    assert desk.verbs() == ["adopt", "create"]
    assert len(desk.server.issues) == 2


def test_what_was_done_before_the_system_went_away_is_kept(desk: Desk) -> None:
    desk.server.before = lambda request: (
        Response("", status=500) if request.method == "POST" and len(desk.server.issues) == 1 else None
    )
    done = desk.hand_over()
    assert [verb for verb, *_ in done.done] == ["create"]
    assert "500" in done.problem
    desk.server.before = lambda _: None
    assert desk.verbs() == ["create"]


def test_a_task_that_somebody_deleted_there_is_let_go(desk: Desk) -> None:
    desk.hand_over()
    del desk.server.issues[2]
    desk.found = [FIRST, Task(gap=OTHER, title="anders", facts=())]
    assert desk.verbs() == ["gone"]
    assert desk.hand_over().unchanged == 2
    desk.found = [FIRST]
    desk.set_state("closed")
    assert desk.verbs() == ["gone"]
    assert desk.verbs() == []


def test_a_disputed_gap_is_closed_with_that_reason(desk: Desk) -> None:
    desk.hand_over()
    desk.found = [FIRST]
    desk.set_state("disputed")
    assert desk.verbs() == ["close"]
    assert desk.server.issues[2].comments == [comments("de")["disputed"]]


def test_a_dry_run_says_the_same_and_sends_and_notes_nothing(desk: Desk) -> None:
    desk.key = ""
    assert desk.verbs(dry=True) == ["create", "create"]
    assert desk.verbs(dry=True) == ["create", "create"]
    assert desk.server.asked == []


def test_no_more_new_tasks_than_asked_for_the_first_first(desk: Desk) -> None:
    done = desk.hand_over(most=1)
    assert ([gap for _, gap, *_ in done.done], done.waiting) == ([GAP], 1)
    assert desk.verbs(most=1) == ["create"]


def test_a_server_that_asks_for_patience_gets_it(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/x").respond_with_data("", status=429, headers={"Retry-After": "7"})
    httpserver.expect_ordered_request("/x").respond_with_json({"right": True})
    waited: list[float] = []
    with Wire(f"http://127.0.0.1:{httpserver.port}", sleep=waited.append) as wire:
        assert wire.call("GET", "/x") == {"right": True}
    assert waited == [7.0]


def test_a_key_follows_no_redirect(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/x").respond_with_data("", status=302, headers={"Location": "/elsewhere"})
    with (
        Wire(f"http://127.0.0.1:{httpserver.port}", {"PRIVATE-TOKEN": KEY}) as wire,
        pytest.raises(WireProblemError, match="it moved"),
    ):
        wire.call("GET", "/x")
    assert len(httpserver.log) == 1


def test_a_server_that_is_not_there_is_named_by_its_host_alone() -> None:
    with Wire(f"http://127.0.0.1:1/{KEY}") as wire, pytest.raises(WireProblemError, match=r"^127\.0\.0\.1 ") as told:
        wire.call("GET", "/x")
    assert KEY not in str(told.value)


@pytest.mark.parametrize("fence", [("```text", "```"), ("<pre>", "</pre>")])
def test_what_an_entry_shows_cannot_leave_its_block(fence: tuple[str, str]) -> None:
    text = body_of(Task(gap=GAP, title="", facts=(("Dort", "``` </pre> @alle\n/close", True),)), fence)
    assert text.count(fence[1]) == 2 * (1 + fence[0].startswith(fence[1]))
    assert text.rstrip().splitlines()[-2] == f"findbar: {GAP}"


def test_a_mark_that_an_entry_shows_is_not_taken_for_ours(desk: Desk) -> None:
    desk.found = [Task(gap=GAP, title="a", facts=(("Dort", f"x\nfindbar: {OTHER}", True),))]
    desk.hand_over()
    desk.forget()
    assert desk.verbs() == ["adopt"]


def test_without_a_project_or_a_key_it_says_what_to_write(desk: Desk) -> None:
    desk.key = ""
    with pytest.raises(HandOverProblemError, match="variable KEY is empty"):
        desk.hand_over()
    folder = WorkingFolder(desk.root, Settings(), desk.root / "findbar.db")
    with pytest.raises(HandOverProblemError, match=r"\[tasks\.redmine\]"):
        hand_over(folder, shop([tiny()], {})[0], "redmine", lambda *_: [], {})
    with pytest.raises(UnknownNameError, match="unit"):
        desk.hand_over(unit="gibtesnicht", dry=True)


def test_the_tasks_of_a_report_hide_protected_places_and_stay_the_same_from_night_to_night() -> None:
    result: Result = make_result()
    made = tasks(result, "", "de")
    assert {task.gap for task in made} == {gap.id for gap in result.gaps}
    assert SECRET_STREET not in repr(made)
    assert {task.gap for task in tasks(result, "kinder", "en")} == {g.id for g in result.gaps if g.unit == "kinder"}
