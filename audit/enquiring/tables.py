"""The tables of this package: caps, times and kinds (enquiring.toml), and what is written (texts.toml)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def rules() -> dict[str, Any]:
    """Caps, times, and which services are asked about what."""
    return _read("enquiring.toml")


@cache
def texts() -> dict[str, Any]:
    """Texts by kind, their frame, and the mail that names a test afterwards."""
    return _read("texts.toml")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
