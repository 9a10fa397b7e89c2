"""A way tried live: two requests and no more, "understood", or the page saved and its differences named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from audit.auditing import run_audit
from audit.looking import rejudged
from audit.model import Address, Item, Listing, Query, Reason, Retention, Trial, Visit
from audit.page import NotUnderstood, Page
from audit.requesting import ContactMissingError, Request
from audit.settings import Settings
from audit.store.pruning import Policy, prune
from audit.testing.outlining import describe, differences, outline
from audit.trying import try_live
from audit.working import UnknownNameError
from reports.terminal import print_trial
from reports.wording import worded
from tests.helpers import DEBT, NOW, Tiny, known_to, organisation, shop, tiny

NOWHERE = Path("nowhere")
KNOWN = "https://tiny.example/control"
MADE_UP = "https://tiny.example/made-up"


class Town(Tiny):
    """A way with a control that can hold."""

    control = known_to("tiny")
    known: ClassVar[Listing] = Listing(
        name="Rathaus-Apotheke tiny", address=Address(street="Markt", house_number="1", postcode="00930")
    )

    def search(self, query: Query) -> Iterator[Visit]:
        word = "made-up" if "Zwystrup" in query.name else "control" if "Rathaus" in query.name else "schulden"
        yield Visit(f"https://tiny.example/{word}")

    def read(self, page: Page) -> Iterator[Item]:
        if "odd" in page.text:
            raise NotUnderstood("no hits where hits are expected")
        yield from [self.known] if page.text == "known" else super().read(page)


def tried(tmp_path: Path, answers: dict[str, Any], checker: Tiny | None = None) -> tuple[Trial, list[str]]:
    workshop, web = shop([checker or Town()], answers)
    return try_live(workshop, "tiny", tmp_path / "odd", NOWHERE), [url for url, _, _ in web.asked]


def test_a_way_whose_controls_hold_is_understood_after_two_requests(tmp_path: Path) -> None:
    trial, asked = tried(tmp_path, {KNOWN: "known", MADE_UP: "nothing"})
    assert trial.reason is None
    assert [request.came for request in trial.requests] == [
        "HTTP 200, text/plain, 5 bytes",
        "HTTP 200, text/plain, 7 bytes",
    ]
    assert asked == ["https://tiny.example/robots.txt", KNOWN, MADE_UP]
    assert not (tmp_path / "odd").exists()


def test_a_page_that_is_not_understood_is_saved_and_shown(tmp_path: Path) -> None:
    page = (200, "<title>Neu</title><div class='treffer' id='liste'>odd</div>", {"content-type": "text/html"})
    trial, _ = tried(tmp_path, {KNOWN: page, MADE_UP: "nothing"})
    assert trial.reason is Reason.LAYOUT_CHANGED
    first = trial.requests[0]
    assert first.file
    assert first.file.suffix == ".html"
    assert "treffer" in first.file.read_text()
    assert first.differs == ("holds: #liste, div.treffer",)
    console = Console(file=StringIO(), width=200)
    print_trial(trial, "en", console)
    told = console.file.getvalue()  # type: ignore[attr-defined]
    assert "no hits where hits are expected" in told
    assert "titled “Neu”" in told
    assert str(first.file) in told


def test_of_a_provider_that_forbids_storing_no_page_is_saved(tmp_path: Path) -> None:
    kind = type("Bare", (Town,), {"retention": Retention.IDS_ONLY})()
    trial, _ = tried(tmp_path, {KNOWN: "odd", MADE_UP: "nothing"}, kind)
    assert trial.reason is Reason.LAYOUT_CHANGED
    assert trial.requests[0].file is None
    assert not (tmp_path / "odd").exists()


def told_in_german(trial: Trial) -> str:
    """How the trial ends, as a German reads it."""
    console = Console(file=StringIO(), width=200)
    print_trial(trial, "de", console)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({KNOWN: "known", MADE_UP: "nothing"}, "gefunden, und nichts unter einem erfundenen Namen"),
        ({KNOWN: "nothing", MADE_UP: "nothing"}, "wurde nicht gefunden"),
        ({KNOWN: "odd", MADE_UP: "nothing"}, "die Gegenprobe war nicht zu verstehen"),
    ],
)
def test_the_verdict_of_a_trial_is_told_in_german(tmp_path: Path, answers: dict[str, Any], told: str) -> None:
    trial, _ = tried(tmp_path, answers)
    assert told in told_in_german(trial)
    without, _ = tried(tmp_path, {}, tiny())
    assert "es gibt keine Gegenprobe" in told_in_german(without)


def test_an_entry_that_is_not_found_any_more_is_no_question_of_layout(tmp_path: Path) -> None:
    trial, _ = tried(tmp_path, {KNOWN: "nothing", MADE_UP: "nothing"})
    assert trial.reason is Reason.CONTROL_FAILED
    assert trial.requests[0].file
    assert trial.requests[0].differs == ()


def test_a_forbidden_page_is_not_asked_for(tmp_path: Path) -> None:
    trial, asked = tried(tmp_path, {"https://tiny.example/robots.txt": "User-agent: *\nDisallow: /"})
    assert trial.reason is Reason.ROBOTS_FORBIDDEN
    assert asked == ["https://tiny.example/robots.txt"]


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ({"keys": ("TINY_KEY",), "hosts": ("tiny.example",)}, Reason.NEEDS_KEY),
        ({"default_on": False}, Reason.SWITCHED_OFF),
    ],
)  # fmt: skip
def test_what_cannot_be_used_here_is_said_without_a_request(
    tmp_path: Path, declared: dict[str, Any], reason: Reason
) -> None:
    trial, asked = tried(tmp_path, {}, type("Way", (Town,), declared)())
    assert (trial.reason, asked) == (reason, [])


def test_a_way_without_a_control_says_so(tmp_path: Path) -> None:
    trial, asked = tried(tmp_path, {}, tiny())
    assert "there is no control, a test" in trial.note
    assert asked == []


def test_an_unknown_way_is_named_and_nobody_is_visited_anonymously(tmp_path: Path) -> None:
    workshop, _ = shop([Town()], {})
    with pytest.raises(UnknownNameError, match="Did you mean tiny"):
        try_live(workshop, "tinny", tmp_path, NOWHERE)
    workshop.settings = Settings()
    with pytest.raises(ContactMissingError):
        try_live(workshop, "tiny", tmp_path, NOWHERE)


def test_an_audit_saves_the_page_of_a_control_by_itself_and_pruning_deletes_it(tmp_path: Path) -> None:
    workshop, _ = shop([Town()], {KNOWN: "odd", MADE_UP: "nothing"})
    database = tmp_path / "findbar.db"
    (result,) = run_audit(workshop, Request(organisations=(organisation(DEBT),)), database)
    note = result.columns[0].ways[0].control
    assert f"the page is in findbar.evidence/{result.run}-odd/tiny-" in note
    assert worded(result, "de").columns[0].ways[0].control.startswith("die Gegenprobe war nicht zu verstehen („")
    assert rejudged(database, workshop).equal
    saved = tmp_path / note.rpartition(" in ")[2]
    assert saved.read_text() == "odd"
    workshop, _ = shop([tiny()], {"https://tiny.example/schulden": "nothing"})
    run_audit(workshop, Request(organisations=(organisation(DEBT),)), database)
    prune(database, Policy(evidence_days=0, visits_days=0, personal_days=0, abandoned_days=0), NOW.replace(year=2027))
    assert not saved.parent.exists()


PAGE = Page(visit=Visit(KNOWN), at=NOW)


def test_the_differences_of_json_are_its_members() -> None:
    before = replace(PAGE, body=b'{"items": [{"title": "a", "phone": "1"}], "total": 1}')
    after = replace(PAGE, body=b'{"items": [{"name": "a", "phone": "2"}], "total": 1}')
    assert differences([before], after) == ("lacks: items[].title", "is new: items[].name")
    assert differences([before], before) == ()


@given(st.binary(max_size=300))
def test_any_answer_has_an_outline(body: bytes) -> None:
    page = replace(PAGE, body=body)
    assert len(outline(page)) <= 400
    assert describe(page)
