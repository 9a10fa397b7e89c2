"""Every real answer in the shared recordings is read by a checker, looked at by a test, or named with a reason."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

import platforms
from audit import Listing, NotUnderstood, Page, Visit
from audit.checker import Checker
from audit.visiting.records import Source
from audit.visiting.records.files import read as records
from audit.working import registry_for

HERE = Path(__file__).parent
ROWS: list[dict[str, Any]] = tomllib.loads((HERE / "recorded_answers.toml").read_text("utf-8"))["answer"]
WAYS: dict[str, Checker] = {checker.id: checker for checker in registry_for(platforms, HERE / "nowhere").checkers}
FOLLOWED = ("way", "test", "data", "why")


def files_of(folder: Path) -> dict[str, list[Path]]:
    """The files of each row, by its glob: a file belongs to the first row that names it."""
    taken: set[Path] = set()
    found: dict[str, list[Path]] = {}
    for row in ROWS:
        own = sorted(path for path in folder.glob(row["files"]) if path.is_file() and path.name != "SOURCES.md")
        found[row["files"]] = [path for path in own if path not in taken]
        taken |= set(own)
    return found


def answer(row: dict[str, Any], path: Path) -> list[Any]:
    """What the row's checker reads there. Raises `NotUnderstood`."""
    body = path.read_bytes()
    if row.get("inside"):
        value = json.loads(body)
        for key in row["inside"].split("."):
            value = value[key]
        body = json.dumps(value).encode()
    checker = WAYS[row["way"]]
    visit = Visit(
        f"https://{(*checker.hosts, 'server.example')[0]}/", step=row.get("step", ""), note=row.get("note", "")
    )
    return list(checker.read(Page(visit=visit, at=datetime(2026, 11, 24, tzinfo=UTC), body=body)))


def counted(items: list[Any]) -> str:
    kinds = Counter(type(item).__name__ for item in items)
    return ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["files"])
def test_a_row_says_one_thing_of_its_files(row: dict[str, Any]) -> None:
    assert len(set(FOLLOWED) & set(row)) == 1
    assert row.get("way", "here") in WAYS
    for name in re.findall(r"left-out\.toml: ([^)]+)", row.get("why", "")):
        assert name in (HERE.parent / "platforms" / "left-out.toml").read_text("utf-8")


@pytest.mark.shared
def test_every_recorded_answer_is_in_the_table(shared: Path) -> None:
    folder = shared / "recordings"
    every = {path for path in folder.rglob("*") if path.is_file() and path.name != "SOURCES.md"}
    found = files_of(folder)
    assert {row for row, paths in found.items() if not paths} == set()
    assert sorted(every - {path for paths in found.values() for path in paths}) == []


@pytest.mark.shared
@pytest.mark.parametrize("row", [row for row in ROWS if "way" in row], ids=lambda row: row["files"])
def test_a_checker_reads_in_it_what_a_person_reads(shared: Path, row: dict[str, Any]) -> None:
    for path in files_of(shared / "recordings")[row["files"]]:
        if row["reads"] == "refused":
            with pytest.raises(NotUnderstood):
                answer(row, path)
            continue
        items = answer(row, path)
        assert counted(items) == row["reads"], path.name
        if "first" in row:
            first = next(item for item in items if isinstance(item, Listing))
            assert ", ".join(filter(None, (first.name, str(first.address)))) == row["first"], path.name


@pytest.mark.shared
@pytest.mark.parametrize("row", [row for row in ROWS if row.get("data")], ids=lambda row: row["files"])
def test_a_data_set_has_as_many_records_as_a_person_counts(shared: Path, row: dict[str, Any]) -> None:
    for path in files_of(shared / "recordings")[row["files"]]:
        assert len(list(records(path, Source()))) == int(row["reads"])


@pytest.mark.shared
@pytest.mark.parametrize("row", [row for row in ROWS if "test" in row], ids=lambda row: row["files"])
def test_the_test_that_is_named_opens_these_files(shared: Path, row: dict[str, Any]) -> None:
    source = (HERE / row["test"]).read_text("utf-8")
    for path in files_of(shared / "recordings")[row["files"]]:
        assert named(path, source), f"{row['test']} does not name {path.name}"


def named(path: Path, source: str) -> bool:
    """Whether a test names the file: its name, or an end of it, or a glob in its folder."""
    told = [text for text in re.findall(r'"([^"\n]{4,})"', source) if text not in (".json", ".html")]
    return any(
        fnmatch(path.name, text) or path.stem.endswith(text) or path.name.endswith(text.rsplit("/")[-1])
        for text in told
    )
