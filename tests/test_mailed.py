"""The mail that asks whoever edits entries to put them right: whole, in both languages, and harmless."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from audit.model import EditedBy, Gap, Result
from reports.calendar import gaps_ical
from reports.data import dumps
from reports.html import render
from reports.printed import print_list
from reports.tables import gaps_csv, gaps_xlsx
from reports.terminal import print_gaps
from reports.texts import Texts
from reports.wording import worded
from tests.result_factory import make_result


@pytest.fixture
def result() -> Result:
    whole = make_result()
    mails = (replace(gap, id="a/finder/corrections/all", edited_by=EditedBy.UMBRELLA) for gap in whole.gaps)
    return replace(whole, gaps=tuple(gap for gap in mails if gap.corrections))


def mail_of(result: Result, lang: str) -> Gap:
    (gap,) = worded(result, lang).gaps
    return gap


def test_the_mail_names_every_entry_with_what_is_shown_and_what_is_right(result: Result) -> None:
    text = mail_of(result, "de").paste
    assert text.startswith("Guten Tag,\n\nbitte berichtigen Sie bei ")
    for said in (
        "1. Schuldnerberatung, Haus Mitte (dort: „Hilfswerk Haus Mitte“)",
        "Telefonnummer: dort steht „+49 871 805-0“, richtig ist „+49 871 805 1200“",
        "richtig ist „Mo-Fr 09:00-17:00, Di 17:00-19:00“",
        "E-Mail: richtig ist „sucht@hilfswerk.example“",
        Texts("de").gap("not-recognisable").title,
    ):
        assert said in text


def test_an_entry_in_which_a_service_is_not_named_comes_with_the_facts_of_that_service(result: Result) -> None:
    (gap,) = result.gaps
    named = replace(gap, subjects=tuple(sorted({s for line in gap.corrections for s in line.subjects})),
                    paste="Eins\nZeile\n\nZwei\nZeile")  # fmt: skip
    text = mail_of(replace(result, gaps=(named,)), "en").paste
    assert "Right is:\n     Zwei\n     Zeile" in text or "Right is:\n     Eins\n     Zeile" in text


def test_a_mail_of_many_entries_is_not_cut_short(result: Result) -> None:
    (gap,) = result.gaps
    many = tuple(replace(line, entry=f"Eintrag {n}") for n in range(80) for line in gap.corrections)
    text = mail_of(replace(result, gaps=(replace(gap, corrections=many),)), "de").paste
    assert "Eintrag 79" in text
    assert text.endswith(Texts("de").say("mail_thanks"))


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_report_holds_the_whole_mail(result: Result, lang: str) -> None:
    console = Console(file=io.StringIO(), width=200)
    print_gaps(result, lang, console)
    told = " ".join(console.file.getvalue().split())  # type: ignore[attr-defined]
    assert all(line.id in told and line.stated.split(",")[0] in told for line in result.gaps[0].corrections)
    for page in (render(result, lang), print_list(result, lang), gaps_csv(result, lang), gaps_ical(result, lang)):
        assert Texts(lang).say("mail_thanks") in page.replace("\r\n ", "")


def test_of_a_protected_service_no_entry_is_named(result: Result) -> None:
    (gap,) = result.gaps
    secret = next(row.subject for row in result.rows if row.protected)
    lines = [replace(line, subjects=(secret,), entry="Haus am Versteck") for line in gap.corrections]
    lines.append(replace(lines[0], kind="wrong-address", field="address", shown="Am Versteck 1", stated="-"))
    shown = mail_of(replace(result, gaps=(replace(gap, subjects=(secret,), corrections=tuple(lines)),)), "de")
    assert "Versteck" not in repr(shown)
    assert not any(line.entry or line.url for line in shown.corrections)


def missing(result: Result, services: int) -> Result:
    """The same with one mail that asks for many services to be added."""
    (gap,) = result.gaps
    paste = "\n\n".join(f"Dienst {n}\nHilfswerk Auenstadt e. V.\n+49 871 805 {n:04d}" for n in range(services))
    mail = replace(gap, id="a/finder/missing/all", kind="missing", corrections=(), paste=paste)
    return replace(result, gaps=(mail,))


def test_what_is_missing_where_others_edit_is_asked_for_by_mail_not_entered_by_oneself(result: Result) -> None:
    asked = missing(result, 2)
    text = mail_of(asked, "de").paste
    assert text.startswith("Guten Tag,\n\nbitte nehmen Sie bei ")
    assert "Dienst 1\nHilfswerk" in text
    page = print_list(asked, "de")
    assert Texts("de").say("mail_add_fix") in page
    assert Texts("de").gap("missing").fix not in page


def test_a_mail_about_hundreds_of_services_names_the_last_one_in_every_report(result: Result) -> None:
    asked = missing(result, 400)
    for told in (render(asked, "en"), gaps_csv(asked, "en"), dumps(asked)):
        assert "Dienst 399" in told
    assert b"xl/worksheets" in gaps_xlsx(missing(result, 2000), "en")
