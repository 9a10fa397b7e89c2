"""Mailbox files (input): mbox and Maildir, header blocks only, one message in memory at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from audit.sources.gathered import SourceProblemError
from audit.sources.headers import MOST_BYTES

_LINE = 65_536  # bytes of one line that are looked at
_FROM = re.compile(rb"From \S{0,320} {0,4}.{0,60}\d{1,2}:\d{2}.{0,40}\d{4}|From -? ?\w{3} \w{3} ")


def is_maildir(path: Path) -> bool:
    """Whether a folder is a Maildir."""
    return path.is_dir() and (path / "cur").is_dir()


def maildir(path: Path) -> Iterator[bytes]:
    """The header blocks of all messages of a Maildir and of the folders in it. Raises `SourceProblemError`."""
    for folder in [path, *(f for f in _inside(path) if is_maildir(f))]:
        for part in (folder / "cur", folder / "new"):
            for file in _inside(part) if part.is_dir() else ():
                if file.is_file():
                    yield _head_of(file)


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise SourceProblemError(f"{folder}: cannot be read ({error.strerror}).") from error


def _head_of(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return _block(stream)
    except OSError as error:
        raise SourceProblemError(f"A message in {file.parent} cannot be read ({error.strerror}).") from error


def _block(stream: BinaryIO) -> bytes:
    lines, size = [], 0
    while size < MOST_BYTES and (line := stream.readline(_LINE)) and line.strip(b"\r\n"):
        lines.append(line)
        size += len(line)
    return b"".join(lines)


def mbox(path: Path) -> Iterator[bytes]:
    """The header blocks of an mbox (RFC 4155 and its relatives), read line by line. Raises `SourceProblemError`."""
    try:
        with path.open("rb") as stream:
            yield from _blocks(stream, path)
    except OSError as error:
        raise SourceProblemError(f"{path}: cannot be read ({error.strerror}).") from error


def _blocks(stream: BinaryIO, path: Path) -> Iterator[bytes]:
    first = stream.readline(_LINE)
    if not first.startswith(b"From "):
        raise SourceProblemError(f"{path}: this is no mbox: its first line does not begin with 'From '.")
    yield _block(stream)
    blank = True
    while line := stream.readline(_LINE):
        if blank and line.startswith(b"From ") and _FROM.match(line):
            yield _block(stream)
            blank = True
        else:
            blank = not line.strip(b"\r\n")
