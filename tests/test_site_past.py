"""Trend, pace and targets of a federation: sums of its runs, of each organisation only what may leave it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from audit.advancing import advancing
from audit.auditing import run_audit
from audit.federating import the_federation
from audit.judging.sharing import ALL_SOURCES, shared_lives, shared_pace
from audit.model import Advance, Federation, GapLife, Organisation, Target
from audit.organisation.catalogue import load_catalogue
from audit.requesting import Request
from reports.advancing import together
from reports.site.writing import SiteFolder
from reports.site.written import LIST
from reports.texts import LANGUAGES, Texts
from tests.helpers import ADDICTION, DEBT, organisation, shop, tiny
from tests.past_factory import aim, make_past, run
from tests.result_factory import NOW
from tests.test_pace import DEBTS, FOUND, LOST, day
from tests.test_site import build

DUE = day(60).date()
BY_THEN = (Target(figure="findability", value=90, due=DUE),)
MENDED = {**LOST, DEBTS: FOUND[DEBTS]}


def member(id_: str) -> Organisation:
    return organisation(DEBT, ADDICTION, id=id_, name=f"Haus {id_}", parent="top", targets=BY_THEN)


def audited(database: Path, answers: dict[str, Any], number: int, *ids: str) -> None:
    workshop, _ = shop([tiny()], answers, at=day(number))
    top = Organisation(id="top", name="Verband", targets=BY_THEN)
    run_audit(workshop, Request(organisations=(top, *map(member, ids)), fresh=True), database)


def written(database: Path, folder: Path, lang: str = "de") -> tuple[Path, Federation, dict[str, Advance]]:
    found: dict[str, Advance] = {}
    with advancing(database) as past:

        def advances(federation: Federation) -> dict[str, Advance]:
            found.update(past.advances(federation))
            return found

        site = SiteFolder(folder, lang, since=past.pace, advances=advances)
        federation = the_federation(database, load_catalogue(), each=site.take)
        return site.finish(federation), federation, found


@pytest.fixture(scope="module")
def federated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs a fortnight apart: one member, then two, of which the debt counselling is found at last."""
    database = tmp_path_factory.mktemp("past") / "findbar.db"
    for number, answers, ids in ((0, LOST, "a"), (14, LOST, "ab"), (28, MENDED, "ab")):
        audited(database, answers, number, *ids)
    return database


def test_a_federation_is_summed_run_by_run_and_says_of_how_many_it_is(federated: Path, tmp_path: Path) -> None:
    _, federation, advances = written(federated, tmp_path)
    advance, whole = advances["top"], federation.node("top").whole
    assert advances.keys() == {"top"}
    assert [each.findability for each in advance.pace.trend] == [0, 0, pytest.approx(whole.findability.value)]
    assert [each.coverage for each in advance.pace.trend] == [pytest.approx(whole.coverage)] * 3
    assert advance.members == (1, 2)
    assert (advance.pace.whole.open, advance.pace.whole.closed, advance.pace.at_first) == (2, 2, 4)
    assert sum(month.closed for month in advance.pace.months) == 2


def test_the_target_of_an_umbrella_body_is_for_all_below_and_those_of_all_are_counted(
    federated: Path, tmp_path: Path
) -> None:
    _, federation, advances = written(federated, tmp_path)
    (own,) = advances["top"].pace.aims
    assert own.actual == pytest.approx(federation.node("top").whole.findability.value)
    assert own.per_month is not None
    assert sum(advances["top"].courses) == 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages_show_the_trend_and_each_organisation_its_own(federated: Path, tmp_path: Path, lang: str) -> None:
    first = LexborHTMLParser(written(federated, tmp_path, lang)[0].read_text("utf-8"))
    own = LexborHTMLParser((tmp_path / "organisations" / "a.html").read_text("utf-8"))
    for page in (first, own):
        assert page.css_first("#pace #h-curve-findability") is not None
        assert page.css_first("#pace #h-pace_months") is not None
        assert page.css_first("#pace .aims") is not None
    texts, pace = Texts(lang), first.css_first("#pace").text()
    assert texts.say("pace_now", open=texts.count("gap", 2), first=4) in pace
    assert texts.say("site_trend_members", date=texts.date(day(0)), first=1, last=2) in pace
    assert texts.say("pace_now", open=texts.count("gap", 2), first=4) in first.css_first("#summary").text()


def test_an_earlier_run_by_another_method_is_not_drawn(federated: Path, tmp_path: Path) -> None:
    _, federation, _ = written(federated, tmp_path)
    with advancing(federated) as past:
        other = past.advances(replace(federation, method=federation.method + 1))["top"].pace.trend
    assert [each.run for each in other] == [federation.run]


def test_late_answers_and_figures_of_answers_stay_where_they_are_not_shared() -> None:
    lives = [
        GapLife(gap=f"o/enquiries/late-evening/service-kita-mail-{source}", unit="", opened=NOW, closed=None)
        for source in ("imported", "tested", "public")
    ] + [GapLife(gap="o/osm/missing/kita-imported", unit="", opened=NOW, closed=None)]
    kept = [life.gap.rpartition("-")[2] for life in shared_lives(lives, frozenset({"public", "tested"}))]
    assert kept == ["tested", "public", "imported"]  # the last is no late answer
    assert shared_lives(lives, ALL_SOURCES) == lives
    pace = make_past().pace
    assert pace is not None
    answers = replace(aim(80, 60, 1.0, None, on_course=False), figure="response")
    told = replace(pace, trend=(replace(run(0), response=50.0, total=60.0),), aims=(*pace.aims, answers))
    hidden = shared_pace(told, Organisation(id="o", name="O"))
    assert (hidden.trend[0].response, hidden.trend[0].total, hidden.aims) == (None, None, pace.aims)
    assert shared_pace(told, Organisation(id="o", name="O", share=True)) == told


def test_without_targets_anywhere_that_is_said() -> None:
    pace = make_past().pace
    assert pace is not None
    words = together(Advance(pace=replace(pace, aims=()), courses=(0, 0, 0), members=(3, 3)), Texts("de"))
    assert words.notes == (Texts("de").say("site_no_targets"),)


def test_pages_of_what_vanished_are_removed_and_foreign_or_changed_files_stay(tmp_path: Path) -> None:
    build(tmp_path, "de", {"a": "", "b": "", "c": ""})
    (tmp_path / "organisations" / "own.html").write_text("mine", encoding="utf-8")
    (tmp_path / "organisations" / "c.html").write_text("edited by hand", encoding="utf-8")
    with (tmp_path / LIST).open("a", encoding="utf-8") as file:
        file.write(f"{'0' * 64}  ../outside.html\nnonsense\n")
    build(tmp_path, "de", {"a": ""})
    there = {file.name for file in (tmp_path / "organisations").iterdir()}
    assert there == {"a.html", "c.html", "own.html"}
    listed = (tmp_path / LIST).read_text("utf-8")
    assert "organisations/a.html" in listed
    assert "organisations/b.html" not in listed
