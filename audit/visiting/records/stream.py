"""Takes the objects of one array out of a JSON text one by one, so that a large file is never whole in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from audit.visiting.records import Unreadable

_BETWEEN = re.compile(r"[\s,]*")
_CHUNK = 1024 * 1024
_LONGEST = 64 * 1024 * 1024  # characters of one element
_EDGE = 20_000


def edges(path: Path) -> tuple[str, str]:
    """The beginning and the end of a file as text, where it says things about itself."""
    with path.open("rb") as file:
        head = file.read(_EDGE)
        file.seek(max(path.stat().st_size - _EDGE, 0))
        return head.decode("utf-8", "replace"), file.read(_EDGE).decode("utf-8", "replace")


def elements(file: TextIO, key: str) -> Iterator[dict[str, Any]]:
    """The objects of the array under ``key`` (or of an outermost array, for an empty key).

    Anything but an object is passed over. Raises `Unreadable` where the text ends or breaks.
    """
    text, position = _beginning(file, key)
    decoder = json.JSONDecoder()
    while True:
        between = _BETWEEN.match(text, position)
        position = between.end() if between else position
        if text[position : position + 1] == "]":
            return
        try:
            value, position = decoder.raw_decode(text, position)
        except RecursionError as error:
            raise Unreadable("JSON nested too deeply") from error
        except ValueError:
            text, position = _more(file, text[position:]), 0
            continue
        if isinstance(value, dict):
            yield value


def _beginning(file: TextIO, key: str) -> tuple[str, int]:
    start = re.compile(rf'"{re.escape(key)}"\s*:\s*\[' if key else r"\[")
    text = file.read(_CHUNK)
    if found := start.search(text):
        return text, found.end()
    raise Unreadable(f"no {key or 'list'} in it")


def _more(file: TextIO, rest: str) -> str:
    """What is left of the text with as much again. Raises `Unreadable` where there is no more."""
    more = file.read(max(_CHUNK, len(rest)))
    if not more or len(rest) > _LONGEST:
        raise Unreadable(f"not valid JSON, or cut off, near {rest[:40]!r}")
    return rest + more
