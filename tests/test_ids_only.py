"""Platforms that forbid storing: judged in full, kept as ids, levels and verdicts, and judged again all the same."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from audit.auditing import run_audit
from audit.judging.baring import bared
from audit.looking import explanation, rejudged
from audit.model import (
    Address,
    Exchange,
    Item,
    Level,
    Listing,
    More,
    Nothing,
    Organisation,
    Reason,
    Retention,
    Seen,
    State,
    Visit,
)
from audit.page import NotUnderstood, Page
from audit.requesting import Request
from audit.store import Store, StoreProblemError
from reports.html import render
from reports.terminal import print_explain
from tests.helpers import (
    ADDICTION,
    DEBT,
    NOW,
    Tiny,
    everything_written,
    listing,
    organisation,
    shop,
    tiny,
)

PAGE = "https://tiny.example/schulden"
THEIRS = ("Wortlaut", "4711", "Anderswo", "Fremde Allee")


class Quoting(Tiny):
    """Shows an entry whose every text is the provider's own."""

    retention = Retention.IDS_ONLY

    def read(self, page: Page) -> list[Item]:  # type: ignore[override]  # a list is an iterator's better
        if "odd" in page.text:
            raise NotUnderstood("Wortlaut of the provider")
        if "nothing" in page.text:
            return [Nothing("Wortlaut: nichts")]
        return [
            listing(
                "Schuldnerberatung", id="place-1", phones=("+49 3600 4711",), text="Wortlaut",
                opening_hours="Mo-Fr 08:00-12:00", alternate_names=("Anderswo",),
                url="https://provider.example/Wortlaut", categories=("Wortlaut",),
            ),
            listing("Hilfe e. V.", id="place-2", phones=(), address=Address(street="Fremde Allee", house_number="1")),
        ]  # fmt: skip


def of_them() -> Tiny:
    return Quoting()


ORG = organisation(DEBT, ADDICTION)


def audited(folder: Path, answers: dict[str, str], org: Organisation = ORG) -> Path:
    workshop, _ = shop([of_them()], dict(answers))
    run_audit(workshop, Request(organisations=(org,)), folder / "findbar.db")
    return folder / "findbar.db"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return audited(tmp_path, {PAGE: "entry", "https://tiny.example/sucht": "odd"})


def test_nothing_the_provider_said_is_written_anywhere(database: Path) -> None:
    written = everything_written(database.parent)
    assert [text for text in THEIRS if text.encode() in written] == []
    assert b"place-1" in written


def test_the_verdict_is_as_full_as_that_of_any_other_platform(database: Path) -> None:
    bare = explanation(database, "hilfe/schulden@haus/tiny").cell
    full = {f.criterion: f for f in bare.findings}
    assert bare.state is State.GAPS
    assert bare.match
    assert bare.match.probability > 0.9
    assert full["phone"].level is Level.CONFLICT
    assert full["phone"].stated == "+49 3600 111"
    assert full["phone"].shown == ""
    assert {ground.field: ground.why for ground in bare.match.grounds}["phone"] == "other phone"
    assert not [said for ground in bare.match.grounds for said in ground.said if said.parts]


def test_a_run_is_judged_again_from_the_comparisons_that_were_kept(database: Path) -> None:
    workshop, web = shop([of_them()], {})
    assert rejudged(database, workshop).equal
    assert web.urls == []


def test_an_entry_that_is_nobodys_is_told_by_its_id(database: Path) -> None:
    workshop, _ = shop([of_them()], {})
    store = Store(database, writing=False)
    strays = workshop.rejudge(store, store.latest_run() or "")[0].strays
    store.close()
    assert [(stray.kind, stray.name, stray.url) for stray in strays] == [("orphan", "place-2", "")]


def test_the_report_shows_what_is_right_and_that_theirs_differs(database: Path) -> None:
    found = explanation(database, "hilfe/schulden@haus/tiny")
    console = Console(file=StringIO(), width=120)
    print_explain(found.result, found.cell, "en", console)
    told = console.file.getvalue()  # type: ignore[attr-defined]
    assert "place-1" in told
    assert "the provider forbids keeping more" in told
    assert "differs (the text may not be kept)" in render(found.result, "en")


def test_after_a_kill_only_what_showed_an_entry_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {PAGE: "entry", "https://tiny.example/sucht": "nothing"}

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Store, "observe", killed)
        with pytest.raises(KeyboardInterrupt):
            audited(tmp_path, answers)
    workshop, web = shop([of_them()], dict(answers))
    (result,) = run_audit(workshop, Request(organisations=(ORG,)), tmp_path / "findbar.db")
    assert web.urls == [PAGE]
    assert [cell.state for cell in result.cells] == [State.GAPS, State.MISSING]


def test_of_a_visit_only_ids_and_how_it_ended_are_kept() -> None:
    seen = Seen(
        visit=Visit(PAGE), at=NOW, detail="",
        items=(
            Listing(name="Wortlaut", id="a"), Exchange(id="q", asked_at=NOW), More("Wortlaut", reason=Reason.BUDGET),
        ),
    )  # fmt: skip
    kept = bared(of_them(), seen)
    assert kept.items == (Listing(name="", id="a"), More("", reason=Reason.BUDGET))
    assert bared(tiny(), seen) is seen


def test_without_a_stored_run_there_is_nothing_to_judge_again(tmp_path: Path) -> None:
    workshop, _ = shop([of_them()], {})
    with pytest.raises((StoreProblemError, KeyError)):
        rejudged(tmp_path / "none.db", workshop)
