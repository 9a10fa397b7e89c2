"""Looking for words as people write them: capitals, umlauts and hyphens make no difference."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_APART = re.compile(r"[^a-z0-9]+")
_SHORT = 5  # shorter words ("Kita", "Hort") stand inside other words too often


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case, ä as ae, ß as ss, everything that is no letter or digit as one blank."""
    return _APART.sub(" ", text.casefold().translate(_FOLD)).strip()


def named(words: Iterable[str], text: str) -> tuple[str, ...]:
    """The words that stand in the text, in their order; short words only as whole words."""
    spaced = f" {fold(text)} "
    glued = spaced.replace(" ", "")
    return tuple(word for word in words if _stands(fold(word), spaced, glued))


def _stands(word: str, spaced: str, glued: str) -> bool:
    if len(word) < _SHORT:
        return bool(word) and f" {word} " in spaced
    return word.replace(" ", "") in glued
