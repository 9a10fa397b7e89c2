"""The report as PDF: what the browser prints says its title, language and structure."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.visiting.chromium import find_browser
from audit.visiting.printing import NoPrinter, pdf_of
from reports.delivery import write_report
from reports.html import render
from tests.conftest import skip_or_fail
from tests.result_factory import make_hostile, make_result


@pytest.mark.browser
def test_the_browser_prints_a_pdf_with_language_structure_and_outline(tmp_path: Path) -> None:
    pytest.importorskip("playwright.sync_api")
    if not find_browser():
        skip_or_fail("browser", "no Chromium, Chrome or Edge is installed")
    pdf = pdf_of(render(make_hostile(), "de"))
    assert pdf.startswith(b"%PDF-")
    for mark in (b"/Lang (de)", b"/StructTreeRoot", b"/Outlines", b"/Title"):
        assert mark in pdf
    assert b"/JavaScript" not in pdf


def test_without_a_browser_one_line_says_how_to_get_one(tmp_path: Path) -> None:
    pytest.importorskip("playwright.sync_api")
    with pytest.raises(NoPrinter, match=r"is no file.*playwright install chromium"):
        pdf_of("<p>", str(tmp_path / "none"))


def test_a_report_is_written_in_every_form_asked_for(tmp_path: Path) -> None:
    files = {f"{kind}_file": tmp_path / "out" / f"report.{kind}" for kind in ("html", "csv", "ical", "pdf")}
    write_report(make_result(), "en", printer=lambda html: html.encode()[:20], **files)  # type: ignore[arg-type]
    assert files["pdf_file"].read_bytes().startswith(b"<!doctype html>")
    assert files["ical_file"].read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
