"""Names of services and places: alike, part of one another, only generic, or of something else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz

from audit.judging.comparing.comparison import Comparison, absent
from audit.judging.comparing.likeness import likeness, told_apart
from audit.judging.comparing.nameparts import NameParts, dissect
from audit.judging.comparing.tables import levels, words
from audit.model import Level
from audit.saying import say

_BRACKETS = re.compile(r"\([^()\d]{4,80}\)")
_RANK = {
    "same": 8, "close": 7, "contained": 6, "generic_same": 5, "some": 4, "annex": 3, "generic": 2, "other_number": 2,
    "other": 1, "absent": 0,
}  # fmt: skip


def compare(stated: Iterable[str], shown: Iterable[str], *, places: frozenset[str] = frozenset()) -> Comparison:
    """The best agreement of any stated with any shown name.

    ``places`` are folded words of the town: a town inside a name tells nothing apart as long as
    other words do. Symmetric in ``stated`` and ``shown``.
    """
    ours = tuple(name for name in stated if name.strip())
    theirs = tuple(name for name in shown if name.strip())
    return _best(ours, theirs, places) if ours and theirs else absent(ours, theirs)


@lru_cache(maxsize=50_000)
def _best(ours: tuple[str, ...], theirs: tuple[str, ...], places: frozenset[str]) -> Comparison:
    """Kept: platforms copy from each other, and a match is compared again field by field."""
    readings = [pair for one in ours for other in theirs for pair in _readings(one, other)]
    found = [_pair(dissect(one), dissect(other), places) for one, other in readings]
    telling = [pair for pair in found if pair[0].weight_key != "generic"]  # a generic name beside it excuses nothing
    found = telling or found
    return max(found, key=lambda comparison: (_RANK[comparison[0].weight_key], comparison[1]))[0]


def _readings(one: str, other: str) -> list[tuple[str, str]]:
    """Both names as they are; where only one has something in brackets, also without it."""
    short = one if "(" in other else _without_brackets(one), other if "(" in one else _without_brackets(other)
    return [(one, other), short] if short != (one, other) else [(one, other)]


def _without_brackets(name: str) -> str:
    """ "Kiwi (Kinder und Wirtschaft)" as "Kiwi"; "Linde (Haus 2)" stays: it is told from others by that."""
    left = _BRACKETS.sub(" ", name)
    return left if left.strip() else name


def _pair(one: NameParts, other: NameParts, places: frozenset[str]) -> tuple[Comparison, float]:
    ours, theirs = _without(one.words, places), _without(other.words, places)
    if not ours and not theirs and one.words and other.words:
        ours, theirs = one.words, other.words  # towns are all that the names have
    if not ours or not theirs:
        return _generic(one, other, nothing_left=not ours and not theirs), 0.0
    alike, contained = likeness(ours, theirs)
    if told_apart(ours, theirs):
        return Comparison(Level.CONFLICT, "other_number", say("name-number")), alike
    found = _by_likeness(alike, contained)
    return _of_annex(found, one, other), alike


def _without(parts: tuple[str, ...], places: frozenset[str]) -> tuple[str, ...]:
    return parts if places.isdisjoint(parts) else tuple(word for word in parts if word not in places)


def _by_likeness(alike: float, contained: float) -> Comparison:
    table = levels()["name"]
    share = say("name-alike", f"{100 * alike:.0f}")
    if alike >= table["same"]:
        return Comparison(Level.SAME, "same", say("name-same") if alike == 1 else share)
    if alike >= table["close"]:
        return Comparison(Level.PARTIAL, "close", share)
    if contained >= table["contained"]:
        return Comparison(Level.PARTIAL, "contained", say("name-contained"))
    if alike >= table["some"]:
        return Comparison(Level.PARTIAL, "some", share)
    return Comparison(Level.CONFLICT, "other", say("name-other", f"{100 * alike:.0f}"))


def _of_annex(found: Comparison, one: NameParts, other: NameParts) -> Comparison:
    """The car park of a house bears its name and is not the house."""
    annexes = words().annexes
    differing = annexes & (set(one.whole) ^ set(other.whole))
    if found.weight_key not in ("same", "close", "contained") or not differing:
        return found
    return Comparison(Level.PARTIAL, "annex", say("name-annex", ", ".join(sorted(differing))))


def _generic(one: NameParts, other: NameParts, *, nothing_left: bool) -> Comparison:
    same_sort = one.kinds == other.kinds and one.associations == other.associations
    if nothing_left and (one.whole == other.whole or (same_sort and (one.kinds or one.associations))):
        return Comparison(Level.SAME, "generic_same", say("name-same") + say("generic-only"))
    spelt = fuzz.ratio("".join(one.whole), "".join(other.whole)) / 100
    if spelt >= levels()["name"]["spelling"]:  # one of the two is misspelt, or the generic words are
        share = say("name-alike", f"{100 * spelt:.0f}")
        return Comparison(Level.PARTIAL, "generic_same", share + say("generic-only"))
    return Comparison(Level.PARTIAL, "generic", say("name-generic"))
