"""Parts of an answer in JSON, understood or refused: so that no reader trips over another shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audit.page import NotUnderstood

Object = Mapping[str, Any]


def part(thing: Any, key: str) -> Object:
    """The object under a key. Raises `NotUnderstood` where there is none."""
    found = thing.get(key) if isinstance(thing, dict) else None
    if not isinstance(found, dict):
        raise NotUnderstood(f"no {key}")
    return found


def rows(thing: Any, key: str) -> list[Object]:
    """The list of objects under a key. Raises `NotUnderstood` where there is none, or one that holds something else."""
    found = thing.get(key) if isinstance(thing, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise NotUnderstood(f"no list of {key}")
    return found


def string(thing: Any, key: str) -> str:
    """The text under a key, or an empty one."""
    found = thing.get(key) if isinstance(thing, dict) else None
    return found if isinstance(found, str) else ""
