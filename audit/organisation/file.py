"""Reads organisation files (TOML): one organisation, or a folder of them as a federation.

All problems of all files come at once. A broken file in a folder is left out and named; a file
read alone, or a folder in which none is good, raises `FileProblems`. The format is explained in
docs/organisation-file.md. I/O: reads the files, and the day where none is given.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from audit.model import Organisation
from audit.nesting import has_endless_key
from audit.organisation.assembling import NO_SERVICE, Desk, assemble
from audit.organisation.catalogue import Catalogue
from audit.organisation.federation import Settled, settle
from audit.organisation.problems import FileProblems, Notes, Problem
from audit.organisation.schema import TABLES, OrganisationTable
from audit.organisation.toml_lines import key_lines
from audit.organisation.values import rules


@dataclass(frozen=True)
class Read:
    """What files gave: organisations in order of their file names, and warnings worth a look.

    ``problems`` are of files that were left out, by file and line.
    """

    organisations: tuple[Organisation, ...]
    warnings: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()


def load(path: Path, catalogue: Catalogue, *, today: date | None = None) -> Organisation:
    """The organisation of one file. ``today`` (default: now in Berlin) limits review dates.

    Raises FileProblems.
    """
    organisation, notes = _read(path, catalogue, today or _today())
    if organisation is None or notes.problems:
        raise FileProblems(notes.problems)
    return organisation


def load_all(path: Path, catalogue: Catalogue, *, today: date | None = None) -> tuple[Organisation, ...]:
    """All organisations of a file or of the ``*.toml`` files of a folder. Raises FileProblems if any is left out."""
    read = read_all(path, catalogue, today=today)
    if read.problems:
        raise FileProblems(read.problems)
    return read.organisations


def read_all(path: Path, catalogue: Catalogue, *, today: date | None = None) -> Read:
    """What is good of a file or a folder, and what is wrong. Raises FileProblems where nothing is good."""
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not files:
        raise FileProblems([Problem(str(path), 0, "", "", "holds no organisation file", "expected *.toml")])
    read = [_read(file, catalogue, today or _today()) for file in files]
    good = [(organisation, notes) for organisation, notes in read if organisation is not None and not notes.problems]
    settled = settle(good, complete=len(good) == len(files)) if path.is_dir() else Settled(tuple(o for o, _ in good))
    wrong = FileProblems([*settled.problems, *(problem for _, notes in read for problem in notes.problems)])
    if not settled.organisations:
        raise wrong
    warnings = [w for o, notes in read for w in notes.warnings if not _is_umbrella(o, w, settled.organisations)]
    return Read(settled.organisations, (*warnings, *settled.warnings), wrong.problems)


def _is_umbrella(organisation: Organisation | None, warning: Problem, every: Sequence[Organisation]) -> bool:
    """An umbrella body may offer nothing itself: its members do."""
    if organisation is None or warning.message != NO_SERVICE:
        return False
    return any(other.parent == organisation.id for other in every)


def _today() -> date:
    return datetime.now(ZoneInfo("Europe/Berlin")).date()


def _read(path: Path, catalogue: Catalogue, today: date) -> tuple[Organisation | None, Notes]:
    text, problem = _text(path)
    if problem:
        return None, Notes(str(path), {}, {}, [problem])
    return parse(text, catalogue, file=str(path), today=today)


def _text(path: Path) -> tuple[str, Problem | None]:
    limit = rules()["limits"]["file_bytes"]
    try:
        with path.open("rb") as stream:
            body = stream.read(limit + 1)
    except FileNotFoundError:
        return "", _whole(path, "does not exist", "findbar init makes a first one")
    except (OSError, ValueError) as error:
        return "", _whole(path, f"cannot be read: {getattr(error, 'strerror', None) or error}")
    if len(body) > limit:
        return "", _whole(path, f"is larger than {limit // 1024} KiB", "split it into one file per organisation")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        return "", _whole(path, "is not UTF-8 text", "save it as UTF-8", line)
    if "\0" in text:
        return "", _whole(path, "is a binary file, not TOML")
    return (text, None) if text.strip() else ("", _whole(path, "is empty", 'begin with name = "..."'))


def _whole(path: Path, message: str, hint: str = "", line: int = 0) -> Problem:
    return Problem(str(path), line, "", "", message, hint)


def parse(text: str, catalogue: Catalogue, *, file: str, today: date) -> tuple[Organisation | None, Notes]:
    """The organisation of a TOML text, and what is wrong with it. Never raises on any text.

    The organisation is None only where nothing usable is left; with problems noted it is incomplete.
    """
    try:
        data = _toml(text)
    except (ValueError, RecursionError) as error:
        return None, Notes(file, {}, {}, [_syntax(file, error, text)])
    notes = Notes(file, key_lines(text), data)
    try:
        table, lost = _shape(data, notes)
    except RecursionError as error:
        return None, Notes(file, {}, {}, [_syntax(file, error, text)])
    if table is None:
        return None, notes
    notes.kept = lost
    return assemble(table, Desk(notes, catalogue, today, frozenset(_incomplete(data, lost)))), notes


def _toml(text: str) -> dict[str, Any]:
    if has_endless_key(text):
        raise RecursionError
    return tomllib.loads(text)


def _incomplete(data: dict[str, Any], kept: dict[str, list[int]]) -> set[str]:
    return {table for table, places in kept.items() if len(places) < len(data[table])}


def _syntax(file: str, error: Exception, text: str) -> Problem:
    if isinstance(error, RecursionError):
        return Problem(file, 0, "", "", "is nested too deeply")
    message, _, place = str(error).partition(" (at ")
    line = place.removeprefix("line ").split(",")[0]
    number = int(line) if line.isdigit() else text.rstrip("\n").count("\n") + 1
    return Problem(file, number, "", "", f"is no valid TOML: {message}")


def _shape(data: dict[str, Any], notes: Notes) -> tuple[OrganisationTable | None, dict[str, list[int]]]:
    """The checked tables. What is wrong is noted and left out, so that the rest is checked as well."""
    try:
        return OrganisationTable.model_validate(data), {}
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
    for detail in errors:
        notes.shape(detail)
    rest = deepcopy(data)
    lost = _without(rest, errors)
    try:
        return OrganisationTable.model_validate(rest), lost
    except ValidationError:
        return None, lost


def _without(data: dict[str, Any], errors: Sequence[ErrorDetails]) -> dict[str, list[int]]:
    """Take what is wrong out of the data; a row lacking a needed key goes whole.

    Returns, for each table that lost a row or an id, the places of the rows that stayed.
    """
    drop: dict[str, set[int]] = {}
    for detail in errors:
        path = detail["loc"]
        table, index = str(path[0]), path[1] if len(path) > 1 else None
        if isinstance(index, int):
            places = drop.setdefault(table, set())
            key = str(path[2]) if len(path) > 2 else ""
            if not key or _needed(table, key):
                places.add(index)
            else:
                data[table][index].pop(key, None)
        elif isinstance(index, str) and not (table in TABLES and _needed(table, index)):
            data[table].pop(index, None)
        else:
            data.pop(table, None)
    for table, places in drop.items():
        data[table] = [row for index, row in enumerate(data[table]) if index not in places]
    data.setdefault("name", "?")
    sizes = {table: len(data[table]) + len(places) for table, places in drop.items()}
    return {table: [i for i in range(sizes[table]) if i not in places] for table, places in drop.items()}


def _needed(table: str, key: str) -> bool:
    field = TABLES[table].model_fields.get(key)
    return field is not None and field.is_required()
