"""Takes the elements of one array out of a JSON text one by one, so that a large file is never a large tree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from audit.visiting.records import Unreadable

_BETWEEN = re.compile(r"[\s,]*")


def elements(text: str, key: str) -> Iterator[dict[str, Any]]:
    """The objects of the array under ``key`` (or of an outermost array, for an empty key).

    Anything but an object is passed over. Raises `Unreadable` where the text ends or breaks.
    """
    start = re.search(rf'"{re.escape(key)}"\s*:\s*\[' if key else r"\[", text)
    if not start:
        raise Unreadable(f"no {key or 'list'} in it")
    decoder, position = json.JSONDecoder(), start.end()
    while True:
        position = _end(_BETWEEN.match(text, position), position)
        if text[position : position + 1] == "]":
            return
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            raise Unreadable(f"not valid JSON near character {position:,}") from error
        if isinstance(value, dict):
            yield value


def _end(match: re.Match[str] | None, otherwise: int) -> int:
    return match.end() if match else otherwise
