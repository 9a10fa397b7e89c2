"""Text folded so that spellings of one word become equal: case, umlauts, accents, invisible characters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_E_OF_UMLAUT = re.compile(r"([aou])e+")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’‘`´ʼ](?=[^\W\d_])")
_TOKEN = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"ø": "o", "æ": "a", "œ": "o", "ł": "l", "đ": "d", "þ": "th", "ı": "i"})
_DROPPED = ("Cf", "Mn", "Me")
_ROUNDS = 8


def _once(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char for char in decomposed if unicodedata.category(char) not in _DROPPED)
    return kept.translate(_LETTERS).casefold()


def fold(text: str) -> str:
    """Fold case, accents and umlauts: "Müller", "Mueller" and "Muller" become "muller"; "Omi's" is "omis".

    The e after a, o and u is dropped, because German writes ä as ae, and lists from abroad write it
    as a. Folding is meant for comparing, never for showing. Folding twice changes nothing.
    """
    text = _APOSTROPHE.sub("", text)
    if text.isascii():
        return _E_OF_UMLAUT.sub(r"\1", text.lower())
    for _ in range(_ROUNDS):
        folded = _once(text)
        if folded == text:
            break
        text = folded
    return _E_OF_UMLAUT.sub(r"\1", text)


@lru_cache(maxsize=200_000)
def tokens(text: str) -> tuple[str, ...]:
    """The folded words and numbers of a text, in order."""
    return tuple(_TOKEN.findall(fold(text)))


def visible(text: str) -> str:
    """The text without invisible characters (zero width, bidi marks) and with plain blanks."""
    shown = (char for char in text if unicodedata.category(char) not in ("Cf", "Cc") or char in "\t\n")
    return " ".join("".join(shown).split())
