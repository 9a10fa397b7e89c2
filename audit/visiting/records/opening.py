"""A data-set file as an index: built when first asked for, kept beside, taken up again while the file is the same."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from audit.visiting.records import Source, Unreadable, day
from audit.visiting.records import files as readers
from audit.visiting.records import index as form
from audit.visiting.records.index import Index, build

_ENDING, _PART = ".records", ".part"
_ABANDONED = 3600.0  # seconds without a write after which the half index of a killed process is cleared away


@dataclass(frozen=True, slots=True)
class Opened:
    """An index, the day of its data (of the file where the data say none), and why it is incomplete (empty: whole)."""

    index: Index
    as_of: date
    incomplete: str


def opened(path: Path, kept: Path | None = None) -> Opened:
    """The index of a data set (a file, or a folder of them).

    With a folder ``kept`` it is found there again by the next process.

    What cannot be written there is built for this process alone. Raises `Unreadable` with the reason in words.
    """
    if not path.exists():
        raise Unreadable("there is no such file")
    found = _taken_up(kept / _name(path)) if kept else None
    index = found or (_kept(path, kept) if kept else _built(path))
    written = datetime.fromtimestamp(max(state.st_mtime for _, state in _files(path)), UTC).date()
    return Opened(index, day(index.told["as_of"]) or written, str(index.told["incomplete"]))


def _taken_up(place: Path) -> Index | None:
    with contextlib.suppress(OSError, ValueError), place.open("rb") as file:
        return Index.open(file)
    return None


def _kept(path: Path, kept: Path) -> Index:
    """Built under another name and then renamed: a process that dies leaves no half index."""
    try:
        kept.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(prefix=_prefix(path), suffix=_PART, dir=kept)
    except OSError:
        return _built(path)
    part = Path(name)
    try:
        with os.fdopen(number, "w+b") as file:
            index = _into(path, file)
        _forget_older(path, kept, part.stat().st_mtime)
        part.replace(kept / _name(path))
        return index
    finally:
        part.unlink(missing_ok=True)


def _built(path: Path) -> Index:
    with tempfile.TemporaryFile() as file:
        return _into(path, file)


def _into(path: Path, file: BinaryIO) -> Index:
    source = Source()
    build(readers.read(path, source), file, _told(source))
    return Index.open(file)


def _told(source: Source) -> Callable[[], dict[str, Any]]:
    return lambda: {"as_of": source.as_of.isoformat() if source.as_of else "", "incomplete": source.incomplete}


def _forget_older(path: Path, kept: Path, now: float) -> None:
    """Clear away the index of an earlier state of the file, and what a killed process left half done."""
    for older in kept.glob(f"{_prefix(path)}*"):
        with contextlib.suppress(OSError):
            if older.suffix == _ENDING or older.stat().st_mtime < now - _ABANDONED:
                older.unlink()


def _prefix(path: Path) -> str:
    return f"{_hash(str(path.resolve()))}-"


def _files(path: Path) -> list[tuple[str, os.stat_result]]:
    """The file, or the folder with all that lies in it."""
    return [(one.name, one.stat()) for one in ([path, *sorted(path.iterdir())] if path.is_dir() else [path])]


def _name(path: Path) -> str:
    """By the file's place, and by what changes with its content or with us."""
    states = " ".join(f"{name} {state.st_size} {state.st_mtime_ns}" for name, state in _files(path))
    content = f"{states} {readers.VERSION} {form.VERSION}"
    return f"{_prefix(path)}{_hash(content)}{_ENDING}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
