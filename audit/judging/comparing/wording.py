"""How many words two names share, how many only one has, and whether they begin and end alike."""

from __future__ import annotations

from collections.abc import Iterable

from audit.judging.comparing.comparison import Comparison, absent
from audit.judging.comparing.likeness import aligned, likeness, spelt_alike
from audit.judging.comparing.nameparts import dissect
from audit.model import Level
from audit.saying import say

_COUNTS = ("none", "one", "two", "three", "many")
_ENDS = {
    (True, True): (Level.SAME, "both"),
    (True, False): (Level.PARTIAL, "first"),
    (False, True): (Level.PARTIAL, "last"),
    (False, False): (Level.CONFLICT, "neither"),
}

Names = tuple[tuple[str, ...], tuple[str, ...]]


def most_alike(
    stated: Iterable[str], shown: Iterable[str], places: frozenset[str], streets: frozenset[str] = frozenset()
) -> Names | None:
    """The distinguishing words of the two names that are most alike; None where either side has none.

    Words of ``places`` are left out where others are left, those of ``streets`` always: a street or
    town that agrees is evidence of the address.
    """
    ours, theirs = _words(stated, places, streets), _words(shown, places, streets)
    pairs = [(one, other) for one in ours for other in theirs]
    return aligned(*max(pairs, key=lambda pair: (likeness(*pair), sorted(pair)))) if pairs else None


def _words(names: Iterable[str], places: frozenset[str], streets: frozenset[str]) -> list[tuple[str, ...]]:
    found = (tuple(word for word in dissect(name).words if word not in streets) for name in names)
    return [tuple(word for word in one if word not in places) or one for one in found if one]


def compare(names: Names | None) -> Comparison:
    """Words in common and words left over. Symmetric.

    The key says how many are shared and what is left: "all" (nothing), "one" or "more" on one side,
    "both" (a word on each side) or "apart" (several on each side); "none" where none is shared.
    """
    if names is None:
        return absent((), ())
    ones, others = _left(*names), _left(*reversed(names))
    left, right = len(ones), len(others)
    shared = min(len(names[0]) - left, len(names[1]) - right)
    telling = _telling(frozenset(names[0]).intersection(names[1]), frozenset(ones + others))
    if not shared:
        return Comparison(Level.CONFLICT, "none", say("words-none"), telling)
    count, rest = _COUNTS[min(shared, len(_COUNTS) - 1)], _rest(min(left, right), max(left, right))
    level = Level.SAME if rest == "all" else Level.PARTIAL
    return Comparison(level, f"{count}_{rest}", say("words-shared", str(shared), str(left), str(right)), telling)


def _left(ones: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    return [word for word in ones if not spelt_alike(word, others)]


def _telling(shared: frozenset[str], left: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Each word by itself: a "library" left over tells more than most words do, a shared "centre" less."""
    return (*(("words_shared", word) for word in sorted(shared)), *(("words_left", word) for word in sorted(left)))


def _rest(fewer: int, more: int) -> str:
    if fewer:
        return "both" if fewer == 1 else "apart"
    return ("all", "one", "more")[min(more, 2)]


def compare_ends(names: Names | None) -> Comparison:
    """Whether both names begin with one word and end with one word. Symmetric."""
    if names is None:
        return absent((), ())
    one, other = names
    alike = tuple(bool(spelt_alike(one[at], (other[at],)) or spelt_alike(other[at], (one[at],))) for at in (0, -1))
    level, key = _ENDS[alike[0], alike[1]]
    return Comparison(level, key, say(f"ends-{key}"))
