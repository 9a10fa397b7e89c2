"""Where keys stand in a TOML text: no TOML reader keeps positions of values (tried 2026-11-23)."""

from __future__ import annotations

import re
from collections.abc import Sequence

Path = tuple[str | int, ...]

_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=(.*)$")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_FENCE = re.compile(r'"""|\'\'\'')


def key_lines(text: str) -> dict[Path, int]:
    """Line numbers (from 1) of headers and keys by path: ``("service", 1, "kind")``."""
    found: dict[Path, int] = {}
    counts: dict[str, int] = {}
    prefix: Path = ()
    skip = _Skip()
    for number, line in enumerate(text.split("\n"), start=1):
        if skip.inside(line):
            continue
        if header := _HEADER.match(line):
            prefix = _prefix(header, counts)
            found.setdefault(prefix, number)
        elif key := _KEY.match(line):
            found.setdefault((*prefix, *_names(key[1])), number)
            skip.begin(key[2])
    return found


def line_of(lines: dict[Path, int], path: Sequence[str | int]) -> int:
    """The line of the path, or of the nearest table around it; 1 where nothing is known."""
    for end in range(len(path), 0, -1):
        if tuple(path[:end]) in lines:
            return lines[tuple(path[:end])]
    return 1


class _Skip:
    """Keeps track of values over several lines: multi-line strings and arrays."""

    def __init__(self) -> None:
        self.fence = ""
        self.depth = 0

    def begin(self, value: str) -> None:
        fences = _FENCE.findall(value)
        if len(fences) % 2:
            self.fence = fences[-1]
            return
        self.depth = max(0, _depth(value))

    def inside(self, line: str) -> bool:
        if self.fence:
            self.fence = "" if self.fence in line else self.fence
            return True
        if self.depth:
            self.depth = max(0, self.depth + _depth(line))
            return True
        return False


def _depth(line: str) -> int:
    bare = _STRING.sub("", line).split("#")[0]
    return bare.count("[") - bare.count("]")


def _prefix(header: re.Match[str], counts: dict[str, int]) -> Path:
    names = _names(header[2])
    if header[1] == "[":
        return names
    name = ".".join(map(str, names))
    counts[name] = counts.get(name, -1) + 1
    return (*names, counts[name])


def _names(dotted: str) -> Path:
    return tuple(name.strip("\"'") for name in re.findall(_NAME, dotted))
