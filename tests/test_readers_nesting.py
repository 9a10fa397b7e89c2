"""How deep markup may nest before it is parsed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit import More, Page, Visit
from audit.nesting import shallow
from audit.readers import breaks_off
from platforms.website import Website


def page(source: str) -> Page:
    """A page of the own website."""
    return Page(
        visit=Visit("https://a.example/", step="page"), at=datetime(2026, 11, 23, tzinfo=UTC), body=source.encode()
    )


def test_markup_that_nests_without_end_is_cut_before_it_is_parsed() -> None:
    source = "<html><body><h1>Haus</h1>" + "<div>" * 100_000
    assert len(shallow(source)) < 12_000
    items = list(Website().read(page(source)))
    assert any(isinstance(item, More) for item in items)


def test_closing_tags_of_other_names_do_not_hide_the_depth() -> None:
    assert len(shallow("<div></x>" * 100_000)) < 20_000


def test_formatting_left_open_in_every_paragraph_is_cut_early() -> None:
    assert len(shallow("<p><b class=x>" * 10_000)) < 6_000


def test_many_elements_side_by_side_are_kept() -> None:
    source = "<ul>" + "<li>eins<br><img src=x>" * 50_000 + "</ul>" + "<div><b>x</b></div>" * 50_000
    assert shallow(source) == source


def test_a_whole_page_does_not_break_off() -> None:
    assert not breaks_off(page("<html><body><p>Haus</p></body></html>"))


@pytest.mark.shared
def test_no_real_page_is_cut(shared: Path) -> None:
    for path in (shared / "data/pages").glob("*.html"):
        text = path.read_bytes().decode("latin-1")
        assert shallow(text) == text, path.name
