"""Trend, pace and targets in the HTML report: in words on the first screen, as pictures with figures behind them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from audit.changing import since_the_run_before
from audit.model import Past, Target
from reports.html import render
from reports.pacing import MOST, drawn, pacing
from reports.texts import LANGUAGES, Texts
from reports.views import View
from tests.helpers import ADDICTION, DEBT, organisation, shop, tiny
from tests.past_factory import make_past, run
from tests.result_factory import HOSTILE, make_result
from tests.test_pace import DEBTS, FOUND, LOST, audited, day


def section(past: Past | None, lang: str = "de", where: str = "#pace") -> LexborNode | None:
    return LexborHTMLParser(render(make_result(), lang, past=past)).css_first(where)


def text_of(past: Past, lang: str = "de", where: str = "#pace") -> str:
    found = section(past, lang, where)
    assert found is not None
    return " ".join(found.text().split())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_screen_says_of_each_target_whether_it_is_on_course(lang: str) -> None:
    told = text_of(make_past(), lang, "#summary .aims")
    first = {
        "de": "Auffindbarkeit: 60 von 80 bis 31. März 2027. Auf Kurs: In diesem Tempo erreicht am 1. Februar 2027.",
        "en": "Findability: 60 of 80 by 31 March 2027. On course: reached on 1 February 2027 at this pace.",
    }
    assert told.startswith(first[lang])
    assert {"de": "Kindertagesstätte Regenbogen: – von 80", "en": "Kindertagesstätte Regenbogen: – of 80"}[lang] in told
    assert {"de": "Schulden: 20 von 80", "en": "Debt: 20 of 80"}[lang] in told


def test_every_sign_of_a_target_differs_in_shape() -> None:
    found = section(make_past(), where="#summary .aims")
    assert found is not None
    signs = [use.attributes["href"] for use in found.css("use")]
    assert signs == ["#m-complete", "#m-missing", "#m-unknown", "#m-missing"]


def test_many_targets_do_not_push_the_next_steps_away_and_those_off_course_are_shown() -> None:
    past = make_past()
    assert past.pace is not None
    reached, late, *_ = past.pace.aims
    many = Past(pace=replace(past.pace, aims=(*[reached] * 5, late, *[reached] * 3)))
    page = LexborHTMLParser(render(make_result(), "de", past=many)).css_first("#summary")
    assert len(page.css(".aims li")) == 4
    assert "Nicht auf Kurs" in page.css_first(".aims").text()
    assert "und 5 weitere Ziele" in page.text().replace("\xa0", " ")
    assert page.html.index(Texts("de").say("next_steps")) < page.html.index('class="aims"')
    assert section(many).text().count("Auffindbarkeit:") == 9  # type: ignore[union-attr] # it is there


def test_without_targets_the_first_screen_is_as_before_and_the_section_says_so() -> None:
    past = make_past()
    assert past.pace is not None
    bare = Past(pace=replace(past.pace, aims=()))
    assert section(bare, where="#summary .aims") is None
    assert "stehen keine Ziele" in text_of(bare)
    assert section(None) is None


def test_a_curve_shows_only_figures_known_twice_and_has_words_and_a_table() -> None:
    found = section(make_past(6))
    assert found is not None
    assert [node.attributes["id"] for node in found.css("figure h3")] == [
        "h-curve-findability", "h-curve-accuracy", "h-pace_months",
    ]  # fmt: skip
    curve = found.css_first("figure")
    assert len(curve.css("circle")) == len(curve.css("tbody tr")) == 6
    assert len(curve.css("path.goal")) == 2  # those of single services and fields are elsewhere
    alt = curve.css_first("svg > title").text().replace("\xa0", " ")
    assert alt.endswith("20. Oktober 2026: 58 (42–78); weitere Läufe dazwischen: 4; 24. November 2026: 60 (45–80)")


@pytest.mark.parametrize(
    ("runs", "alike", "told"),
    [(1, 1, "bisher gibt es einen."), (3, 1, "nach der jetzigen gibt es erst einen."), (3, 3, "fehlt ein Wert")],
)
def test_where_nothing_can_be_drawn_one_sentence_says_why(runs: int, alike: int, told: str) -> None:
    past = make_past(3)
    assert past.pace is not None
    nothing = tuple(replace(each, findability=None, accuracy=None) for each in past.pace.trend[:alike])
    few = Past(pace=replace(past.pace, runs=runs, trend=nothing))
    assert told in text_of(few)
    found = section(few)
    assert found is not None
    assert len(found.css("svg.picture")) == (runs > 1)  # the months need no single method
    assert len(found.css("#h-pace_units")) == (runs > 1)


def test_of_very_many_runs_the_last_of_each_week_is_drawn() -> None:
    nights = [replace(run(0), run=str(n), at=run(0).at + timedelta(days=n)) for n in range(800)]
    shown = drawn(nights)
    assert len(shown) == MOST
    assert shown[-1] == nights[-1]
    assert {each.at.weekday() for each in shown[:-1]} == {6}
    assert drawn(nights[:MOST]) == nights[:MOST]


def test_names_from_the_file_do_nothing_in_the_page() -> None:
    page = render(make_result(), "de", past=make_past(3, HOSTILE[0]))
    assert HOSTILE[0] not in page
    assert "&lt;script&gt;window.hacked" in page
    past = make_past(3, "a\u202eb\x1b[31m")
    assert past.pace is not None
    words = pacing(past.pace, View(make_result()), Texts("de"))
    assert not {"\u202e", "\x1b"} & set(str(words.tables))


def test_the_pace_of_an_earlier_run_knows_nothing_of_later_ones(tmp_path: Path) -> None:
    database, workshop = tmp_path / "findbar.db", shop([tiny()], LOST, at=day(0))[0]
    org = organisation(DEBT, ADDICTION, targets=(Target(figure="findability", value=90, due=day(60).date()),))
    results = [
        audited(database, answers, number, org)
        for number, answers in ((0, LOST), (10, {**LOST, DEBTS: FOUND[DEBTS]}), (20, LOST))
    ]
    since = since_the_run_before(database, workshop)
    paces = [since(result).pace for result in results]
    assert [(p.runs, len(p.trend), p.whole.open, p.whole.closed) for p in paces if p] == [
        (1, 1, 2, 0), (2, 2, 1, 1), (3, 3, 2, 1),
    ]  # fmt: skip
    assert since(results[0]).changes is None
