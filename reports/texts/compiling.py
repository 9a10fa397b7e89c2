"""Compiles the catalogues with Babel, while findbar is built or tested; the same sources make the same bytes."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compiled(source: Path) -> bytes:
    """A catalogue (.po) as gettext reads it (.mo). Raises Babel's PoFileError for one that is no catalogue."""
    with source.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    binary = BytesIO()
    write_mo(binary, catalogue)
    return binary.getvalue()


def compile_all(locale: Path) -> list[Path]:
    """Writes every catalogue below ``locale`` beside its source, whole or not at all; returns the files."""
    return [_written(source.with_suffix(".mo"), compiled(source)) for source in sorted(locale.rglob("*.po"))]


def _written(binary: Path, content: bytes) -> Path:
    beside = binary.with_suffix(f".{os.getpid()}")
    beside.write_bytes(content)
    return beside.replace(binary)
