"""The contract of one checker, run in one go: what fails comes back as sentences."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import cli
import platforms
from audit import Checker, Item, Page
from audit.registry import Registry, find
from audit.testing.running import failures
from audit.working import UnknownNameError, registry_for
from platforms.here import Here

RECORDINGS = Path(__file__).parent / "recordings"
REGISTRY = registry_for(platforms, Path("nowhere"))


def other(**declared: Any) -> Registry:
    """A registry that holds only a changed HERE."""
    told = {"__doc__": "Changed.", "__module__": Here.__module__, **declared}
    return Registry((type("Other", (Here,), told)(),))


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    shutil.copytree(RECORDINGS / "here", tmp_path / "here")
    return tmp_path


@pytest.mark.parametrize("checker", list(find(platforms).checkers), ids=lambda c: c.id)
def test_every_checker_of_the_project_meets_the_contract(checker: Checker) -> None:
    assert failures(REGISTRY, checker.id, RECORDINGS) == []


def test_a_row_of_the_table_only_declares(tmp_path: Path) -> None:
    assert failures(REGISTRY, "google-maps", tmp_path) == []


def test_an_unknown_way_is_named_with_the_nearest_one() -> None:
    with pytest.raises(UnknownNameError, match=r"No platform way is called 'hre'\. Did you mean here"):
        failures(REGISTRY, "hre", RECORDINGS)


def test_missing_recordings_are_one_sentence(tmp_path: Path) -> None:
    assert failures(REGISTRY, "here", tmp_path / "nowhere") == ["here: no recorded case that is listed or not-listed"]


def test_everything_that_fails_is_told_at_once(recordings: Path) -> None:
    told = failures(other(pace=0.1, read=lambda self, page: []), "here", recordings)
    assert "here: pace must be at least one second" in told
    assert any("here/listed: shows a listing, but none was read" in one for one in told)
    assert any("here/not-listed" in one and "no sign of the platform" in one for one in told)


def test_a_reader_that_raises_is_told_and_stops_nothing(recordings: Path) -> None:
    def read(self: Checker, page: Page) -> Iterable[Item]:
        raise KeyError("hits")

    told = failures(other(read=read), "here", recordings)
    assert "here/listed: KeyError in check_reads_as_recorded: 'hits'" in told
    assert any(one.startswith("here/not-listed: KeyError") for one in told)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("case.json", "{"),
        ("01-name.json", json.dumps({"visit": {"url": "https://x.example"}, "body": "missing.body"})),
        ("01-name.json", json.dumps({"visit": {"url": "https://x.example", "colour": "red"}})),
        ("01-name.json", json.dumps({"visit": {"url": "https://x.example"}, "headers": []})),
    ],
)
def test_recordings_that_cannot_be_read_are_told(recordings: Path, file: str, text: str) -> None:
    (recordings / "here" / "listed" / file).write_text(text, "utf-8")
    assert any("the recordings cannot be read" in one for one in failures(other(), "here", recordings))


def test_the_command_says_what_came_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    held = CliRunner().invoke(cli.main, ["platforms", "test", "here", "--recordings", str(RECORDINGS)])
    assert (held.exit_code, held.output) == (0, "here: the contract holds\n")
    failed = CliRunner().invoke(cli.main, ["platforms", "test", "here", "--recordings", "nowhere"])
    assert failed.exit_code == cli.GAPS
    assert "no recorded case" in failed.output
    unknown = CliRunner().invoke(cli.main, ["--lang", "en", "platforms", "test", "hre"])
    assert unknown.exit_code == cli.WRONG
    assert "Did you mean here" in unknown.output
