"""Readers of data-set files: each turns one file format into plain records.

A record is ``{"id": "node/1", "lat": 48.1, "lon": 11.5, "tags": {"name": ...}, "updated": "2025-11-22"}``;
``lat`` and ``lon`` are None where the source has no position, ``updated`` is left out where unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

Record = dict[str, Any]


class Unreadable(Exception):
    """The file cannot be used; the message says why, for a person."""


@dataclass
class Source:
    """What a file says about itself while it is read: its day, and whether it is known to be incomplete."""

    as_of: date | None = None
    incomplete: str = field(default="")


Reader = Callable[[Path, Source], Iterator[Record]]


def day(text: object) -> date | None:
    """The calendar day at the beginning of an ISO time, or None."""
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def degrees(latitude: object, longitude: object) -> tuple[float | None, float | None]:
    """A position as numbers (decimal comma allowed), or two Nones for anything that is none."""
    try:
        north, east = (float(str(value).strip().replace(",", ".")) for value in (latitude, longitude))
    except ValueError:
        return None, None
    return (north, east) if -90 <= north <= 90 and -180 <= east <= 180 and (north or east) else (None, None)


def texts(tags: object) -> dict[str, str]:
    """The tags of an object as texts; empty ones and nested values are left out."""
    if not isinstance(tags, dict):
        return {}
    flat = ((str(key), value) for key, value in tags.items() if isinstance(value, str | int | float))
    return {key: str(value).strip() for key, value in flat if str(value).strip()}
