"""A list to print for each unit: what it closes, where, and with which words; and lists of one unit alone."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from audit.model import Result
from reports.delivery import write_report
from reports.printed import by_unit, of_unit, print_list
from reports.texts import LANGUAGES, Texts
from reports.views import View
from reports.wording import worded
from tests.hostile import TEXTS
from tests.result_factory import make_result


@pytest.fixture(scope="module")
def result() -> Result:
    return make_result()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_gap_is_on_the_page_of_its_unit_with_a_box_and_its_minutes(result: Result, lang: str) -> None:
    view, texts = View(worded(result, lang)), Texts(lang)
    page = LexborHTMLParser(print_list(result, lang))
    sections = page.css("section.unit")
    assert len(sections) == len(by_unit(view)) > 1
    assert sum(len(section.css("li .box")) for section in sections) == len(result.gaps)
    for section, (unit, gaps) in zip(sections, by_unit(view), strict=True):
        assert section.css_first("h2").text() == (view.unit(unit) or texts.say("list_no_unit"))
        assert [task.css_first(".facts b").text() for task in section.css("li")] == [
            texts.effort(gap.minutes) for gap in gaps
        ]


def test_gaps_without_a_unit_come_last(result: Result) -> None:
    gaps = tuple(replace(gap, unit="" if n % 2 else gap.unit) for n, gap in enumerate(result.gaps))
    assert by_unit(View(replace(result, gaps=gaps)))[-1][0] == ""


def test_a_protected_address_is_never_printed_and_hostile_words_do_nothing(result: Result) -> None:
    gap = replace(result.gaps[0], kind="protected-address", shown="Geheimweg 7", stated="", paste="Geheimweg 7")
    odd = replace(result.gaps[1], shown=" ".join(TEXTS[:9]), paste="", stated=TEXTS[0], edit_url="javascript:alert(1)")
    page = print_list(replace(result, gaps=(gap, odd)), "de")
    assert "Geheimweg" not in page
    assert "javascript:" not in page
    assert LexborHTMLParser(page).css("script, img, iframe, svg") == []


def test_lists_of_one_unit_hold_its_gaps_alone_and_the_report_holds_all(result: Result, tmp_path: Path) -> None:
    unit = next(gap.unit for gap in result.gaps if gap.unit)
    mine = {gap.id for gap in result.gaps if gap.unit == unit}
    names = {"csv_file": "g.csv", "ical_file": "g.ics", "list_file": "g.html", "html_file": "all.html"}
    paths = {option: tmp_path / name for option, name in names.items()}
    write_report(result, "de", unit=unit, **paths)  # type: ignore[arg-type]
    rows = list(csv.reader(io.StringIO(paths["csv_file"].read_text("utf-8-sig"))))
    assert {row[-1] for row in rows[1:]} == mine
    assert paths["ical_file"].read_text("utf-8").count("BEGIN:VTODO") == len(mine)
    assert paths["list_file"].read_text("utf-8").count('class="box"') == len(mine)
    assert paths["html_file"].read_text("utf-8").count('id="gap-') == len(result.gaps) > len(mine)
    assert of_unit(result, "") is result


def test_a_list_that_ends_in_pdf_is_printed(result: Result, tmp_path: Path) -> None:
    pages: list[str] = []
    write_report(result, "en", list_file=tmp_path / "g.pdf", printer=lambda page: pages.append(page) or b"%PDF")  # type: ignore[func-returns-value]
    assert (tmp_path / "g.pdf").read_bytes() == b"%PDF"
    assert pages == [print_list(result, "en")]
