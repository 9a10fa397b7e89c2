"""Platforms that findbar leaves out, each with its reason: rows of ``platforms/left-out.toml``.

What is missing on purpose is said, so that nobody takes it for forgotten, and nobody builds it a second time.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

_TEXTS = ("name", "because")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One platform or interface that is left out. ``instead`` is the id of the platform that covers the same need."""

    name: str
    because: str
    seen: date
    instead: str = ""


def load_left_out(folder: Path) -> list[LeftOut]:
    """The rows of the folder's ``left-out.toml`` in their order; none without the file.

    Raises ValueError naming the file and what is wrong.
    """
    path = folder / "left-out.toml"
    if not path.exists():
        return []
    try:
        rows = tomllib.loads(path.read_text("utf-8")).get("left-out", [])
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: cannot be read as TOML: {error}") from error
    return [_row(path, number, row) for number, row in enumerate(rows, 1)]


def _row(path: Path, number: int, row: dict[str, Any]) -> LeftOut:
    missing = [key for key in _TEXTS if not (isinstance(row.get(key), str) and row[key].strip())]
    missing += [] if type(row.get("seen")) is date else ["seen (a date)"]
    if missing or set(row) - {*_TEXTS, "seen", "instead"}:
        raise ValueError(f"{path}: row {number}: expected name, because, seen and perhaps instead; missing: {missing}")
    return LeftOut(**row)
