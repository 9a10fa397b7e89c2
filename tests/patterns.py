"""Regular expressions that can read one text in many ways: what makes a search of hostile text endless.

A repeat is *ambiguous* beside another one that may take over its characters: ``\\s*[a-z]?\\s*`` reads n blanks in
n ways, and inside another repeat, ``(?:-\\d\\s*)*`` before ``\\s*-``, the ways multiply with each round.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

_PARSER: Any = importlib.import_module("re._parser")
_ALPHABET = frozenset(map(chr, range(32, 127))) | frozenset("\t\n\u00a0äöüßéÄÖÜ–—€")
_ENDLESS = _PARSER.MAXREPEAT


@dataclass(frozen=True)
class Part:
    """One part of a pattern: characters it may begin with, whether it may be empty, and how often it may repeat."""

    first: frozenset[str]
    empty: bool
    single: bool = True
    varies: bool = False
    endless: bool = False


def patterns(package: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern that the modules of a package keep, or that a function without arguments makes."""
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            made = value() if _makes_pattern(value) else value
            for one in made if isinstance(made, tuple | list) else [made]:
                if isinstance(one, re.Pattern) and isinstance(one.pattern, str):
                    yield f"{found.name}.{name}", one


def _makes_pattern(value: object) -> bool:
    inner = inspect.unwrap(value) if callable(value) else None
    return inspect.isfunction(inner) and not inspect.signature(inner).parameters and (
        inner.__annotations__.get("return") == "re.Pattern[str]"
    )  # fmt: skip


def ambiguous(pattern: re.Pattern[str]) -> list[str]:
    """The repeats that can share their characters with what follows, each by characters that both read."""
    ignoring = bool(pattern.flags & re.IGNORECASE)
    return [_told(found) for found in _shared(_PARSER.parse(pattern.pattern, pattern.flags), ignoring, within=False)]


def _told(shared: frozenset[str]) -> str:
    return "".join(sorted(shared))[:12]


def _shared(items: Any, ignoring: bool, *, within: bool) -> Iterator[frozenset[str]]:
    """Of one sequence, and of all inside it; ``within`` an endless repeat, the end is followed by the beginning."""
    parts = [part for item in items for part in _parts(item, ignoring)]
    for at, part in enumerate(parts):
        if not (part.single and (part.varies if within else part.endless)):
            continue
        for other in [*parts[at + 1 :], *(parts[: at + 1] if within else ())]:
            if part.first & other.first and other.single and (other.varies if within else other.endless):
                yield part.first & other.first
            if not other.empty:
                break
    for name, arg in items:
        for inner, repeated in _inner(str(name), arg):
            yield from _shared(inner, ignoring, within=repeated or (within and len(items) == 1))


def _inner(name: str, arg: Any) -> list[tuple[Any, bool]]:
    """The sequences inside an item, and whether they repeat endlessly."""
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        return [(arg[2], arg[1] == _ENDLESS)] if len(arg[2]) > 1 or str(arg[2][0][0]) in _NESTED else []
    if name == "BRANCH":
        return [(branch, False) for branch in arg[1]]
    if name in ("SUBPATTERN", "ASSERT", "ASSERT_NOT"):
        return [(arg[-1], False)]
    return [(arg, False)] if name == "ATOMIC_GROUP" else [(arg[2], False)] if name == "POSSESSIVE_REPEAT" else []


_NESTED = ("SUBPATTERN", "BRANCH", "MAX_REPEAT", "MIN_REPEAT")


def _parts(item: tuple[Any, Any], ignoring: bool) -> list[Part]:
    name, arg = str(item[0]), item[1]
    if name == "SUBPATTERN":
        return [part for inner in arg[-1] for part in _parts(inner, ignoring)]
    if name in ("AT", "ASSERT", "ASSERT_NOT", "GROUPREF"):
        return [Part(frozenset(), empty=True)]
    if name == "BRANCH":
        return [_any_of([_whole(branch, ignoring) for branch in arg[1]])]
    if name == "ATOMIC_GROUP":
        return [_whole(arg, ignoring)]
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return [_repeat(name, arg, ignoring)]
    return [Part(_characters(name, arg, ignoring), empty=False)]


def _repeat(name: str, arg: Any, ignoring: bool) -> Part:
    least, most, inner = arg
    body, tried = _whole(inner, ignoring), name != "POSSESSIVE_REPEAT"
    single = len(inner) == 1 and str(inner[0][0]) not in _NESTED
    return Part(body.first, least == 0 or body.empty, single, tried and least < most, tried and most == _ENDLESS)


def _whole(items: Any, ignoring: bool) -> Part:
    """A sequence as one part."""
    first: frozenset[str] = frozenset()
    for part in (part for item in items for part in _parts(item, ignoring)):
        first |= part.first
        if not part.empty:
            return Part(first, empty=False, single=False)
    return Part(first, empty=True, single=False)


def _any_of(parts: Sequence[Part]) -> Part:
    return Part(frozenset().union(*(p.first for p in parts)), any(p.empty for p in parts), single=False)


def _characters(name: str, arg: Any, ignoring: bool) -> frozenset[str]:
    if name == "IN":
        found = frozenset().union(*(_characters(str(n), a, ignoring) for n, a in arg if str(n) != "NEGATE"))
        return _ALPHABET - found if str(arg[0][0]) == "NEGATE" else found
    if name == "CATEGORY":
        return _category(str(arg))
    tests = {
        "LITERAL": lambda sign: ord(sign) == arg,
        "NOT_LITERAL": lambda sign: ord(sign) != arg,
        "RANGE": lambda sign: arg[0] <= ord(sign) <= arg[1],
        "ANY": lambda sign: sign != "\n",
    }
    found = frozenset(filter(tests[name], _ALPHABET))
    return found | {other for sign in found for other in (sign.lower(), sign.upper())} if ignoring else found


def _category(name: str) -> frozenset[str]:
    letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[name.rsplit("_", 1)[-1]]
    pattern = re.compile("\\" + (letter.upper() if "_NOT_" in name else letter))
    return frozenset(filter(pattern.match, _ALPHABET))
