"""What changed between two runs: confirmed once two runs 20 hours apart agree, and whose change it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from audit.auditing import Workshop, run_audit
from audit.changing import changed, since_the_run_before
from audit.judging.turning import Basis, changes
from audit.model import Change, Changes, Mover, Organisation, Outcome, Reason, Result, Retention, Span, Turn
from audit.requesting import Request
from audit.store import Store, StoreProblemError
from audit.working import UnknownNameError
from reports.changed import alike, difference
from reports.data import changes_json
from reports.html import render
from reports.terminal import print_changes
from reports.texts import Texts
from reports.views import View
from tests.helpers import DEBT, NOW, broken, organisation, shop, tiny
from tests.result_factory import make_result

PAGE = "https://tiny.example/schulden"
FOUND, NOTHING = "listing Schuldnerberatung", "nothing"
FULL = tiny(retention=Retention.FULL)


class Nights:
    """A database with one run for each answer, a day apart unless hours say otherwise."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "findbar.db"
        self.results: list[Result] = []
        self.shop: Workshop = shop([FULL], {})[0]

    def night(self, answer: Any, hours: float, org: Organisation | None = None) -> None:
        workshop, _ = shop([FULL], {PAGE: answer}, at=NOW + timedelta(hours=hours))
        made = run_audit(workshop, Request(organisations=(org or organisation(DEBT),), fresh=True), self.database)
        self.results += made

    def nights(self, *answers: Any) -> Nights:
        for number, answer in enumerate(answers):
            self.night(answer, 24 * number)
        return self

    def changes(self, first: int = -2, last: int = -1) -> Changes:
        return changed(self.database, self.shop, "hilfe", self.results[first].run, self.results[last].run)[1]

    def told(self, first: int = -2, last: int = -1) -> list[tuple[str, Turn, Mover, bool]]:
        return [(c.criterion, c.turn, c.mover, c.confirmed) for c in self.changes(first, last).changes]


@pytest.fixture
def kept(tmp_path: Path) -> Nights:
    return Nights(tmp_path)


LOST = ("listed", Turn.BROKE, Mover.PLATFORM, True)
CAME = ("listed", Turn.FOUND, Mover.PLATFORM, True)


def test_a_change_seen_once_waits_and_counts_when_the_next_night_agrees(kept: Nights) -> None:
    kept.nights(FOUND, FOUND, NOTHING)
    assert kept.told() == [(*LOST[:3], False)]
    kept.night(NOTHING, 72)
    assert kept.told() == [LOST]


def test_a_confirmed_change_is_told_once(kept: Nights) -> None:
    kept.nights(FOUND, NOTHING, NOTHING, NOTHING)
    assert kept.told(1, 2) == [LOST]
    assert kept.told(2, 3) == []


def test_two_runs_within_twenty_hours_confirm_nothing(kept: Nights) -> None:
    kept.nights(NOTHING, NOTHING)
    for hours in (48, 58):
        kept.night(FOUND, hours)
    assert kept.told() == [(*CAME[:3], False)]
    kept.night(FOUND, 68.5)
    assert CAME in kept.told()


def test_what_could_not_be_checked_is_no_change_and_does_not_end_one(kept: Nights) -> None:
    kept.nights(FOUND, FOUND, broken(Reason.BLOCKED))
    assert kept.told() == []
    assert kept.changes().not_compared == 1
    for hours, answer in ((72, NOTHING), (96, broken(Reason.BLOCKED)), (120, NOTHING)):
        kept.night(answer, hours)
    assert kept.told(3, 4) == [(*LOST[:3], False)]
    assert kept.told(4, 5) == [LOST]


def test_what_came_and_went_within_the_window_is_no_change(kept: Nights) -> None:
    kept.nights(FOUND, FOUND, NOTHING, FOUND)
    assert kept.told(1, 3) == []
    assert kept.told(2, 3) == []


def test_a_month_is_compared_by_its_ends(kept: Nights) -> None:
    kept.nights(NOTHING, NOTHING, FOUND, FOUND, NOTHING, NOTHING)
    assert kept.told(1, 3) == [CAME]
    assert kept.told(1, 5) == []


def moved(number: str) -> Organisation:
    return organisation(replace(DEBT, phone=number))


def phone(kept: Nights) -> Change:
    (found,) = [c for c in kept.changes().changes if c.criterion == "phone"]
    return found


def test_a_new_statement_in_the_file_is_the_organisations_own_change(kept: Nights) -> None:
    kept.nights(FOUND, FOUND)
    for hours in (48, 72):
        kept.night(FOUND, hours, moved("+49 3600 999"))
    assert (phone(kept).turn, phone(kept).mover) == (Turn.BROKE, Mover.ORGANISATION)
    assert phone(kept).after == "+49 3600 999 → +49 3600 111"


def span(run: str, difference: str, day: int, outcome: Outcome = Outcome.NOT_MET) -> Span:
    at = NOW + timedelta(days=day)
    return Span(
        subject="hilfe/schulden@haus", platform="tiny", criterion="phone", outcome=outcome, difference=difference,
        first_run=run, last_run=run, since=at, confirmed=at + timedelta(days=1),
    )  # fmt: skip


def basis(methods: dict[str, int], again: tuple[Outcome, str] | None = None) -> Basis:
    return Basis(stated=lambda run: organisation(DEBT), methods=methods, again=lambda run, span: again)


OLD, NEW = span("a", "1 → 2", 0), span("b", "1 → 3", 5)


def whose(found: Basis) -> list[tuple[Turn, Mover]]:
    told = changes([OLD, NEW], NOW + timedelta(days=4), NOW + timedelta(days=9), found)
    return [(change.turn, change.mover) for change in told]


def test_another_number_on_the_platform_is_the_platforms_change() -> None:
    assert whose(basis({"a": 1, "b": 1})) == [(Turn.CHANGED, Mover.PLATFORM)]


def test_what_the_new_method_alone_sees_otherwise_is_the_methods() -> None:
    assert whose(basis({"a": 1, "b": 2}, NEW.value)) == [(Turn.CHANGED, Mover.METHOD)]
    assert whose(basis({"a": 1, "b": 2}, OLD.value)) == [(Turn.CHANGED, Mover.PLATFORM)]
    assert whose(basis({"a": 1, "b": 2}, None)) == [(Turn.CHANGED, Mover.METHOD)]


def test_the_figures_over_time_carry_their_range(kept: Nights) -> None:
    kept.nights(FOUND, NOTHING, NOTHING)
    found = kept.changes(0, 2)
    assert [figures.run for figures in found.trend] == [result.run for result in kept.results]
    assert [f.findability for f in found.trend][1:] == [0.0, 0.0]
    assert all(f.low is not None and f.low <= f.findability <= f.high for f in found.trend)


def test_by_default_the_last_two_complete_runs_are_compared(kept: Nights) -> None:
    kept.nights(FOUND, FOUND, NOTHING)
    _, found = changed(kept.database, kept.shop)
    assert (found.before.run, found.after.run) == (kept.results[1].run, kept.results[2].run)


def test_one_run_alone_has_no_changes_and_unknown_names_are_answered_with_known_ones(kept: Nights) -> None:
    kept.nights(FOUND)
    with pytest.raises(StoreProblemError, match="only one complete run"):
        changed(kept.database, kept.shop)
    with pytest.raises(UnknownNameError, match="hilfe"):
        changed(kept.database, kept.shop, "hilfee")
    with pytest.raises(UnknownNameError, match=kept.results[0].run[:8]):
        changed(kept.database, kept.shop, "hilfe", kept.results[0].run[:-1])


def test_a_new_method_judges_the_earlier_run_again_and_shows_both(kept: Nights) -> None:
    kept.nights(FOUND, FOUND)
    store = Store(kept.database)
    store.tables.table("runs").update(kept.results[0].run, {"method": 0})
    store.close()
    found = kept.changes()
    assert (found.before.method, found.after.method) == (0, 1)
    assert found.judged_again is not None
    assert found.judged_again.findability == found.after.findability
    assert [figures.run for figures in found.trend] == [kept.results[1].run]


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("width", [80, 160])
def test_the_terminal_shows_what_broke_and_the_trend_within_its_width(kept: Nights, lang: str, width: int) -> None:
    kept.nights(FOUND, NOTHING, NOTHING)
    result, found = changed(kept.database, kept.shop)
    written = StringIO()
    print_changes(result, found, lang, Console(file=written, width=width, highlight=False))
    text = written.getvalue()
    assert max(map(len, text.splitlines())) <= width
    assert {"de": "Schlechter geworden (1)", "en": "Got worse (1)"}[lang] in text
    assert {"de": "Änderung der Plattform", "en": "change of the platform"}[lang] in text


def test_the_json_of_changes_is_plain_data_with_stable_words(kept: Nights) -> None:
    kept.nights(FOUND, NOTHING, NOTHING)
    data = json.loads(changes_json(kept.changes()))
    assert data["schema_version"] == 1
    assert [(c["turn"], c["mover"], c["confirmed"]) for c in data["changes"]] == [("broke", "platform", True)]
    assert data["after"]["run"] == kept.results[2].run


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_html_report_shows_what_changed_since_the_run_before_and_the_figures_over_time(
    kept: Nights, lang: str
) -> None:
    kept.nights(FOUND, NOTHING, NOTHING)
    since = since_the_run_before(kept.database, kept.shop)
    assert since(kept.results[0]).changes is None
    assert 'id="changes"' not in render(kept.results[0], lang, past=since(kept.results[0]))
    page = render(kept.results[2], lang, past=since(kept.results[2]))
    assert {"de": "<h3>Schlechter geworden</h3>", "en": "<h3>Got worse</h3>"}[lang] in page
    assert page.count('<a href="#changes">') == 1
    assert page.count('scope="row" role="rowheader">') >= 3


@pytest.mark.parametrize(
    ("kept", "english", "in_german"),
    [
        ("Alt 1 → Neu 2", "shown Neu 2, stated Alt 1", "gezeigt Neu 2, angegeben Alt 1"),
        (" → 2026-11-16", "16 November 2026", "16. November 2026"),
        ("Mo-We 09:00-12:00 → ", "Mo-We 09:00-12:00", "Mo-Mi 09:00-12:00"),
        ("→ 2026-11-25 11:00 (28 d)", "25 November 2026, 11:00 (within 28 days)",
         "25. November 2026, 11:00 (in 28 Tagen)"),
        ("→ 2026-02-31", "2026-02-31", "2026-02-31"),
    ],
)  # fmt: skip
def test_before_and_after_are_written_as_people_write_them(kept: str, english: str, in_german: str) -> None:
    told = [difference(kept, Texts(lang)).replace("\xa0", " ") for lang in ("en", "de")]
    assert told == [english, in_german]


def test_what_changed_alike_at_several_services_is_told_once_with_their_names() -> None:
    result = make_result()
    one = Change(
        subject="", platform="mastodon", criterion="active", turn=Turn.CHANGED, mover=Mover.PLATFORM, before="→ a",
        after="→ b", since=NOW, confirmed=True,
    )  # fmt: skip
    subjects = [row.subject for row in result.rows[:5]]
    every = [replace(one, subject=subject) for subject in subjects] + [replace(one, subject=subjects[0], after="→ c")]
    (first, names), (other, name) = alike(every, View(result), Texts("de"))
    assert (first.after, other.after) == ("→ b", "→ c")
    assert name == View(result).subject(subjects[0])
    assert names.startswith(f"{name}; ")
    assert names.endswith("und 2 weitere")
