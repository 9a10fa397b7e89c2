"""The drift alarm: what a reader used to read and hardly reads any more is not believed, and nothing becomes absent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.auditing import run_audit
from audit.judging.drifting import PAGES, drifted
from audit.looking import rejudged
from audit.model import Item, Listing, Outcome, Reason, Result
from audit.page import Page
from audit.requesting import Request
from reports.wording import worded
from tests.helpers import ADDRESS, DEBT, NOW, Tiny, listing, organisation, shop
from tests.test_store import rows

PAGE = "https://tiny.example/schulden"


class Town(Tiny):
    """Shows our entry among thirty of others; without their numbers where the page says so."""

    def read(self, page: Page) -> Iterator[Item]:
        word, _, count = page.text.partition(" ")
        if word == "nothing" or not count:
            return super().read(page)
        entries = [listing("Schuldnerberatung"), *(self.other(number) for number in range(int(count)))]
        phones = () if word == "mute" else ("+49 3600 111",)
        return iter([replace(entry, phones=phones) for entry in entries])

    def other(self, number: int) -> Listing:
        return Listing(name=f"Bäckerei {number}", id=str(number), address=replace(ADDRESS, street=f"Weg {number}"))


def audited(folder: Path, page: Any, day: int) -> Result:
    workshop, _ = shop([Town()], {PAGE: page}, at=NOW + timedelta(days=day))
    return run_audit(workshop, Request(organisations=(organisation(DEBT),)), folder / "findbar.db")[0]


def phone(result: Result) -> Any:
    return next(finding for finding in result.cells[0].findings if finding.criterion == "phone")


def test_a_field_that_vanished_everywhere_is_unknown_and_not_absent(tmp_path: Path) -> None:
    assert phone(audited(tmp_path, "full 30", 0)).outcome is Outcome.MET
    after = audited(tmp_path, "mute 30", 1)
    assert (phone(after).outcome, phone(after).reason) == (Outcome.UNKNOWN, Reason.LAYOUT_CHANGED)
    assert [gap.kind for gap in after.gaps if gap.kind in ("incomplete", "wrong-phone")] == []
    assert any("phone was usual" in warning for warning in after.warnings)
    assert any("Telefonnummer war in den Einträgen üblich" in warning for warning in worded(after, "de").warnings)


@pytest.mark.parametrize(("first", "second"), [("full 5", "mute 5"), ("mute 30", "mute 30"), ("full 30", "full 30")])
def test_few_entries_or_a_field_that_never_was_there_is_no_drift(tmp_path: Path, first: str, second: str) -> None:
    audited(tmp_path, first, 0)
    after = audited(tmp_path, second, 1)
    assert phone(after).outcome is not Outcome.UNKNOWN
    assert after.warnings == ()


def test_such_a_run_is_judged_again_alike(tmp_path: Path) -> None:
    audited(tmp_path, "full 30", 0)
    audited(tmp_path, "mute 30", 1)
    workshop, _ = shop([Town()], {})
    assert rejudged(tmp_path / "findbar.db", workshop).equal


def test_what_was_read_stands_in_a_view_run_by_run(tmp_path: Path) -> None:
    for day, page in enumerate(("full 30", "mute 30")):
        audited(tmp_path, page, day)
    told = rows(tmp_path / "findbar.db", "SELECT number, good, percent FROM readers WHERE field = 'phone'")
    assert told == [(31, 31, 100.0), (31, 0, 0.0)]


def test_where_hardly_a_page_is_understood_silence_is_not_believed() -> None:
    before, now = {("way", PAGES): (100, 98)}, {("way", PAGES): (30, 2)}
    assert drifted(before, now) == (("way", PAGES),)


COUNTED = st.dictionaries(
    st.sampled_from([("a", PAGES), ("a", "phone"), ("b", "link")]), st.tuples(st.integers(1, 99), st.integers(0, 99))
)


@given(COUNTED, COUNTED)
def test_nothing_drifts_that_was_not_there_before(before: dict[Any, Any], now: dict[Any, Any]) -> None:
    assert set(drifted(before, now)) <= set(before) & set(now)
    assert drifted(now, now) == ()
