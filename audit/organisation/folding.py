"""Words made comparable: umlauts, case and punctuation folded, slugs, and the nearest known word."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "&": " und "})
_UMLAUT_SPELT = re.compile(r"([aou])e+")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The text as lower-case words with single blanks; "Köln", "Koeln" and "Koln" become equal."""
    plain = _ascii(unicodedata.normalize("NFC", text).casefold().replace("ß", "ss"))
    return _NOT_WORD.sub(" ", _UMLAUT_SPELT.sub(r"\1", plain)).strip()


def slug(text: str, longest: int = 60) -> str:
    """The text as a slug ("Kita Süd" becomes "kita-sued"), cut at a word; empty if nothing is left."""
    lowered = unicodedata.normalize("NFC", text).casefold().translate(_SPELT)
    words = _NOT_WORD.sub("-", _ascii(lowered)).strip("-")
    if len(words) <= longest:
        return words
    cut = words[: longest + 1]
    return (cut.rsplit("-", 1)[0] if "-" in cut else cut[:longest]).strip("-")


def unique(wanted: str, taken: Collection[str]) -> str:
    """The wanted slug, or the first free one of wanted-2, wanted-3 and so on."""
    number, candidate = 1, wanted
    while candidate in taken:
        number += 1
        candidate = f"{wanted}-{number}"
    return candidate


def nearest(word: str, known: Iterable[str], count: int = 1, cutoff: float = 0.6) -> list[str]:
    """The known words most like the given one, the most similar first."""
    by_spelling = {slug(candidate): candidate for candidate in known}
    close = difflib.get_close_matches(slug(word), list(by_spelling), n=count, cutoff=cutoff)
    return [by_spelling[match] for match in close]


def clean(text: str) -> str:
    """The text on one line without control, bidi and other invisible characters."""
    if text.isprintable():  # no other blank than the plain one, nothing invisible: most texts of a long list
        return " ".join(text.split()) if "  " in text else text.strip()
    visible = (" " if character.isspace() else character for character in text)
    kept = "".join(c for c in visible if unicodedata.category(c) not in _INVISIBLE)
    return re.sub(r"\s+", " ", kept).strip()


def _ascii(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c))
