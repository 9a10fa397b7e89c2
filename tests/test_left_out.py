"""What is left out on purpose is said, in the documents and in the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

import platforms
from audit.left_out import load_left_out
from audit.testing.documents import page, shipped
from tests.sites import configure, findbar

SHIPPED = Path(platforms.__path__[0])


def test_every_reason_names_what_covers_the_same_need_where_something_does() -> None:
    registry = shipped(platforms)
    assert len(registry.left_out) >= 15
    assert {one.instead for one in registry.left_out} - set(registry.platforms) == {""}


def test_the_page_about_platforms_says_what_is_left_out() -> None:
    text = page(shipped(platforms))
    assert "## Left out" in text
    for one in load_left_out(SHIPPED):
        assert f"| {one.name} | {one.because} |" in text


def test_the_terminal_says_what_is_left_out_and_nothing_else(tmp_path: Path) -> None:
    configure(tmp_path)
    said = findbar(tmp_path, "platforms", "list", "--left-out").output
    assert "Weisse Liste" in said
    assert "openstreetmap-overpass" not in said


def test_a_folder_without_a_table_leaves_out_nothing(tmp_path: Path) -> None:
    assert load_left_out(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[left-out]]\nname = 'x'\nbecause = 'y'\n", "seen"),
        ("[[left-out]]\nname = 'x'\nbecause = ' '\nseen = 2026-11-24\n", "because"),
        ("[[left-out]]\nname = 'x'\nbecause = 'y'\nseen = 2026-11-24\nwhy = 'z'\n", "row 1"),
        ("[[left-out", "cannot be read"),
    ],
)
def test_a_wrong_row_is_refused_with_file_and_reason(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "left-out.toml").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=said) as told:
        load_left_out(tmp_path)
    assert "left-out.toml" in str(told.value)
