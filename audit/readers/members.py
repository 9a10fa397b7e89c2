"""What stands where in a JSON answer, whatever its shape: a path of names, through lists, never an exception."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from audit.page import squash

_MOST = 100


def members(thing: object, *path: str) -> Iterator[Any]:
    """Everything at the path; a list on the way, or at its end, stands for each of its elements.

    ``members(place, "contacts", "phone", "value")`` reads ``{"contacts": [{"phone": [{"value": 1}]}]}``.
    """
    for one in thing if isinstance(thing, list) else [thing]:
        if not path:
            yield one
        elif isinstance(one, dict) and path[0] in one:
            yield from members(one[path[0]], *path[1:])


def texts(thing: object, *path: str) -> tuple[str, ...]:
    """The squashed texts at the path without empty and repeated ones, at most 100."""
    found = (squash(one) for one in members(thing, *path) if isinstance(one, str))
    return tuple(dict.fromkeys(filter(None, found)))[:_MOST]


def text(thing: object, *path: str) -> str:
    """The first text at the path, or an empty one."""
    return next(iter(texts(thing, *path)), "")


def number(thing: object, *path: str) -> float | None:
    """The first finite number at the path (a truth value or a text is none), or None."""
    for one in members(thing, *path):
        if isinstance(one, int | float) and not isinstance(one, bool) and abs(one) < 1e15 and math.isfinite(one):
            return float(one)
    return None


def array(thing: object, *path: str) -> list[Any] | None:
    """The list itself at a path of names (no list on the way), or None where there is none."""
    for name in path:
        thing = thing.get(name) if isinstance(thing, dict) else None
    return thing if isinstance(thing, list) else None
