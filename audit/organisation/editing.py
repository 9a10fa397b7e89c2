"""Edits organisation files with their comments kept: gaps assigned and disputed, absences intended.

The edited text is read back before it is written: whatever is wrong with it is said as for any file, and where
anything but the decision would change, nothing is written. I/O: reads and replaces the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from audit.model import Organisation
from audit.organisation.catalogue import Catalogue
from audit.organisation.file import load, parse
from audit.organisation.problems import FileProblems


class CannotEditError(ValueError):
    """The file is written in a way that is better edited by hand; the message holds the lines to add."""

    def __init__(self, path: Path, table: str, row: Mapping[str, Any]) -> None:
        lines = tomlkit.dumps({table: [dict(row)]}).strip()
        super().__init__(f"{path} cannot be edited without touching more than this. Add it by hand:\n\n{lines}")


def file_of(folder: Path, organisation: str, catalogue: Catalogue, *, today: date | None = None) -> Path | None:
    """The good file of a folder (or the file itself) that is about that organisation."""
    files = sorted(folder.glob("*.toml")) if folder.is_dir() else [folder]
    return next((path for path in files if _id_in(path, catalogue, today) == organisation), None)


def _id_in(path: Path, catalogue: Catalogue, today: date | None) -> str:
    try:
        return load(path, catalogue, today=today).id
    except FileProblems:
        return ""


def decide(
    path: Path, table: str, row: Mapping[str, Any], same: tuple[str, ...], catalogue: Catalogue, today: date
) -> Organisation:
    """Put a row into a ``[[table]]``, in place of the one that has the same values for the keys ``same``.

    Raises `FileProblems` for what the file must not hold, `CannotEditError` where more than the row would change.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        before = stream.read()
    wanted = _with(tomllib.loads(before.removeprefix("\ufeff")), table, row, same)
    after = _edited(path, before, table, row, same)
    if _loaded(after.removeprefix("\ufeff")) != wanted:
        raise CannotEditError(path, table, row)
    organisation, notes = parse(after.removeprefix("\ufeff"), catalogue, file=str(path), today=today)
    if organisation is None or notes.problems:
        raise FileProblems(notes.problems)
    _replace(path, after)
    return organisation


def _loaded(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _with(data: dict[str, Any], table: str, row: Mapping[str, Any], same: tuple[str, ...]) -> dict[str, Any]:
    """The data as it shall be."""
    rows = data.setdefault(table, [])
    place = _place(rows, row, same)
    if place is None:
        rows.append(dict(row))
    else:
        rows[place] = {**rows[place], **row}
    return data


def _place(rows: Any, row: Mapping[str, Any], same: tuple[str, ...]) -> int | None:
    pairs = enumerate(rows)
    return next((i for i, old in pairs if all(old.get(key, "") == row.get(key, "") for key in same)), None)


def _edited(path: Path, text: str, table: str, row: Mapping[str, Any], same: tuple[str, ...]) -> str:
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as problem:
        raise CannotEditError(path, table, row) from problem
    rows = document.get(table)
    if rows is None or not isinstance(rows, AoT):
        return _appended(text, table, row)
    place = _place(rows, row, same)
    if place is None:
        return _appended(text, table, row)
    for key, value in row.items():
        rows[place][key] = value
    return tomlkit.dumps(document)


def _appended(text: str, table: str, row: Mapping[str, Any]) -> str:
    """A new table goes to the end, so that nothing above it moves."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = ["", f"[[{table}]]", *tomlkit.dumps(dict(row)).strip().split("\n"), ""]
    return text + ("" if text.endswith("\n") else end) + end.join(lines)


def _replace(path: Path, text: str) -> None:
    """The whole new file or the whole old one, never half of either."""
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8", newline="")
    new.chmod(path.stat().st_mode)
    new.replace(path)
