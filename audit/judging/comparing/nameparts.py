"""A name taken apart: who (association), what sort (kind), and the words that tell it from others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from audit.judging.comparing.folding import tokens
from audit.judging.comparing.tables import Words, words

_HANGING = re.compile(r"(?<!\w)(\w{3,}+)-\s*+(?:und|u\.|&|/|,|\+|oder)\s*+(?=(\w++))", re.IGNORECASE)
_LETTERS = ("e", "u")  # stop words in front of others: "e. V.", "u. a."
_TYPO_LENGTH = 7  # shorter words are too alike to be mended
_TYPO_RATIO = 88.0
_COMPOUND_RATIO = 92.0  # a word that ends with a kind's is mended only where hardly anything is wrong
_SHORTEST_REST = 4  # letters behind an association's name in one word


@dataclass(frozen=True, slots=True)
class NameParts:
    """What a name is made of.

    ``words`` are the folded distinguishing words in order, ``kinds`` ids like "daycare/creche",
    ``associations`` ids like "awo", ``whole`` all folded words.
    """

    words: tuple[str, ...]
    kinds: frozenset[str]
    associations: frozenset[str]
    whole: tuple[str, ...]


@lru_cache(maxsize=200_000)
def dissect(name: str) -> NameParts:
    """Take a name apart. Legal forms, stop words and words like "Kreisverband" are left out."""
    table = words()
    whole = normal_tokens(name)
    spelt = tuple(map(_spelt, whole))
    kept: list[str] = []
    kinds: set[str] = set()
    associations: set[str] = set()
    position = 0
    while position < len(whole):
        length, role, key = _phrase(spelt, position, table) or _word(spelt[position], table)
        here = whole[position : position + max(1, length)]
        if _tells_apart(here, role, position, len(whole)):
            role = ""
        if role == "kind":
            kept += _kept_of_kind(here, key, kinds, table) if length else _modifier(here[0], key, table)
            kinds.add(key)
        elif role == "association":
            associations.add(key)
        elif not role:
            kept += here
        position += len(here)
    return NameParts(tuple(kept), frozenset(kinds), frozenset(associations), whole)


def _tells_apart(here: tuple[str, ...], role: str, position: int, length: int) -> bool:
    """ "Gruppe E" ends with a letter that tells it from others, "Co Gos" begins with no company."""
    if len(here) > 1 or length == 1:
        return False
    return (role == "stop" and position == length - 1 and here[0] in _LETTERS) or (role == "legal" and position == 0)


def normal_tokens(text: str) -> tuple[str, ...]:
    """Folded words with abbreviations written out and hanging hyphens completed."""
    table = words()
    raw = tuple(part for token in tokens(complete_hyphens(text)) for part in _split(token))
    last = len(raw) - 1
    return tuple(_written_out(token, position, last, table) for position, token in enumerate(raw))


@lru_cache(maxsize=100_000)
def _split(word: str) -> tuple[str, ...]:
    """ "Caritaszentrum" as "Caritas-Zentrum"; a street ("Johanniterstraße") stays whole."""
    table = words()
    if word in table.association_words or word.endswith((*table.street_endings, "strasse")):
        return (word,)
    for front in table.fronts:
        if word.startswith(front) and len(word) - len(front) >= _SHORTEST_REST:
            return front, word[len(front) :]
    return (word,)


def complete_hyphens(text: str) -> str:
    """ "Schuldner- und Insolvenzberatung" as "Schuldnerberatung und Insolvenzberatung"."""
    return _HANGING.sub(_completed, text)


def _completed(match: re.Match[str]) -> str:
    following = "".join(tokens(match[2]))
    for ending in words().endings:
        if following.endswith(ending) and following != ending:
            return f"{match[1]}{ending} und "
    return match[0]


def _written_out(word: str, position: int, last: int, table: Words) -> str:
    if word == "ev":  # "Ev. Kindergarten" is a church's, "Kinder eV" a registered association
        return word if position == last else "evangelisch"
    if word.endswith("strasse"):
        return word[: -len("asse")]
    if word not in table.kind_words and word[-4:] in table.short_endings and len(word) >= _TYPO_LENGTH:
        return word[:-4] + table.short_endings[word[-4:]]
    return table.abbreviations.get(word, word)


def _phrase(whole: tuple[str, ...], start: int, table: Words) -> tuple[int, str, str] | None:
    for phrase, role, key in table.phrases.get(whole[start], ()):
        if whole[start : start + len(phrase)] == phrase:
            return len(phrase), role, key
    return None


@lru_cache(maxsize=100_000)
def _kind_by_ending(word: str) -> tuple[str, str] | None:
    """The generic word a compound ends with, and its kind: "waldkindergarten" ends with "kindergarten"."""
    fitting = [known for known in words().kind_words if len(known) >= 5 and word.endswith(known)]
    longest = max(fitting, key=len, default="")
    return (longest, words().kind_words[longest]) if longest else None


@lru_cache(maxsize=100_000)
def _spelt(word: str) -> str:
    """The association's or kind's word that a misspelt one means ("johaniter"); any other word as it is."""
    table = words()
    if len(word) < _TYPO_LENGTH or word in table.phrases or word in table.stop_words:
        return word
    needed = _COMPOUND_RATIO if _kind_by_ending(word) else _TYPO_RATIO
    for known in (table.association_words, table.kind_words):
        scores = [(fuzz.ratio(word, name), name) for name in known if len(name) >= _TYPO_LENGTH]
        best, name = max(scores, default=(0.0, ""))
        if best >= needed:
            return name
    return word


def _word(word: str, table: Words) -> tuple[int, str, str]:
    if word in table.stop_words:
        return 1, "stop", ""
    ending = _kind_by_ending(word)
    return (0, "kind", ending[1]) if ending else (1, "", "")


def _kept_of_kind(here: tuple[str, ...], key: str, kinds: set[str], table: Words) -> tuple[str, ...]:
    """A second field's word tells apart: the "Klinikum" in "Haus für Kinder Klinikum Pasing" is a place."""
    fields = {known.partition("/")[0] for known in kinds}
    if not fields or key.partition("/")[0] in fields:
        return ()
    return tuple(word for word in here if word not in table.stop_words)


def _modifier(word: str, key: str, table: Words) -> list[str]:
    ending = _kind_by_ending(word)
    front = word.removesuffix(ending[0]) if ending and ending[1] == key else ""
    return [front] if len(front) >= 3 and front not in table.stop_words else []
