"""Lists as plain records, whatever file they came in. I/O: reads one file or folder, at most 20 MiB."""

from __future__ import annotations

import tomllib
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Row = tuple[int, Mapping[str, str]]


class ImportProblem(ValueError):
    """A list that cannot be imported as a whole, and why."""


@dataclass(frozen=True)
class Records:
    """Rows by number (as a person counts them in the file) and those that could not be read.

    ``name`` is the sheet's, where there are several; ``notes`` say what else was passed over.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    refused: tuple[tuple[int, str], ...] = ()
    hsds: tuple[Mapping[str, Any], ...] = ()
    name: str = ""
    notes: tuple[str, ...] = ()


@cache
def table() -> dict[str, Any]:
    """The word lists and limits of ``columns.toml``, read once."""
    return tomllib.loads(Path(__file__).with_name("columns.toml").read_text(encoding="utf-8"))


def read_bytes(path: Path) -> bytes:
    """The bytes of a file that is not empty and not too large. Raises ImportProblem."""
    limit = table()["limits"]["file_bytes"]
    try:
        with path.open("rb") as stream:
            body = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        raise ImportProblem(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(body) > limit:
        raise ImportProblem(f"{path} is larger than {limit // 1024**2} MiB")
    if not body.strip():
        raise ImportProblem(f"{path} is empty")
    return body


def parts_of(path: Path, names: Callable[[str], bool]) -> dict[str, bytes]:
    """The wanted files of a folder or archive by their bare names, small letters. Raises ImportProblem."""
    if path.is_dir():
        found = sorted(one for one in path.iterdir() if one.is_file() and names(one.name.lower()))
        bodies = {one.name.lower(): read_bytes(one) for one in found}
    else:
        bodies = _unpacked(path, names)
    if sum(map(len, bodies.values())) > table()["limits"]["unpacked_bytes"]:
        raise ImportProblem(f"{path} holds more than 200 MiB")
    return bodies


def _unpacked(path: Path, names: Callable[[str], bool]) -> dict[str, bytes]:
    limit = table()["limits"]["unpacked_bytes"]
    bodies: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for part in sorted(archive.infolist(), key=lambda part: part.filename):
                name = part.filename.rsplit("/", 1)[-1].lower()
                if names(name) and name not in bodies:
                    limit -= part.file_size
                    if limit < 0:
                        raise ImportProblem(f"{path} unpacks to more than 200 MiB")
                    bodies[name] = archive.read(part)
    except BROKEN_ARCHIVE as error:
        raise ImportProblem(f"{path} cannot be unpacked: {error}") from error
    return bodies


# What zipfile, openpyxl and the libraries below them raise on broken files (XML errors are SyntaxErrors).
BROKEN_ARCHIVE = (
    zipfile.BadZipFile, SyntaxError, LookupError, TypeError, AttributeError, OSError, EOFError, RuntimeError,
    ArithmeticError, NotImplementedError, UnicodeError, MemoryError,
)  # fmt: skip
