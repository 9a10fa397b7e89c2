"""Word lists and marks as TOML tables beside the readers, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The table ``name``.toml of this package. Raises if it is missing or no TOML: it ships with the code."""
    return tomllib.loads((files("audit.readers") / f"{name}.toml").read_text(encoding="utf-8"))
