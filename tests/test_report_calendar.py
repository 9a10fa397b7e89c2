"""Gaps as calendar tasks: one each, folded and escaped as RFC 5545 asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reports.calendar import folded, gaps_ical
from reports.texts import LANGUAGES, Texts
from tests.result_factory import SECRET_STREET, make_hostile, make_result


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_gap_is_one_task_with_its_due_day(lang: str) -> None:
    result = make_result()
    gaps = tuple(replace(gap, target_date=date(2027, 1, 31)) for gap in result.gaps)
    lines = unfolded(gaps_ical(replace(result, gaps=gaps), lang))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert lines.count("BEGIN:VTODO") == lines.count("END:VTODO") == len(gaps)
    assert lines.count("DUE;VALUE=DATE:20270131") == len(gaps)
    assert len({line for line in lines if line.startswith("UID:")}) == len(gaps)
    assert any(Texts(lang).gap("missing").title in line for line in lines if line.startswith("SUMMARY:"))


def test_a_gap_without_a_target_has_no_due_day() -> None:
    result = make_result()
    gaps = tuple(replace(gap, target_date=None) for gap in result.gaps)
    assert "DUE" not in gaps_ical(replace(result, gaps=gaps), "de")


def test_hostile_text_adds_no_line_of_its_own() -> None:
    result = make_result()
    gap = replace(result.gaps[0], kind="wrong-name", platform="website", edit_url="javascript:alert(1)", id="a\r\nX:1",
                  shown="a\r\nEND:VTODO\r\nBEGIN:VALARM,;\\", stated="b")  # fmt: skip
    lines = unfolded(gaps_ical(replace(result, gaps=(gap,)), "en"))
    assert lines.count("END:VTODO") == 1
    assert "BEGIN:VALARM" not in lines
    assert not [line for line in lines if line.startswith(("URL:", "X:"))]
    names = {"BEGIN", "END", "VERSION", "PRODID", "UID", "DTSTAMP", "SUMMARY", "DESCRIPTION", "PRIORITY", "STATUS",
             "CREATED", "URL", "DUE;VALUE=DATE"}  # fmt: skip
    assert {line.partition(":")[0] for line in unfolded(gaps_ical(make_hostile(), "de"))[:-1]} <= names


def test_a_protected_address_is_in_no_task() -> None:
    assert SECRET_STREET not in gaps_ical(make_result(), "de")


def test_lines_are_folded_at_75_octets_between_characters() -> None:
    parts = list(folded("SUMMARY:" + "ü€" * 60))
    assert all(len(part.encode()) <= 75 for part in parts)
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == "SUMMARY:" + "ü€" * 60
    assert all(part.startswith(" ") for part in parts[1:])
    assert list(folded("END:VTODO")) == ["END:VTODO"]
