"""The words of German (and English) opening hours with their meaning; what is not known stays unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from audit.readers.tables import table
from audit.readers.week import Contradiction

DAY, GROUP, TIME, DASH, AND, CLOSED, AFTERNOON, APPOINTMENT, OTHER = "DGT-,CPA?"
ONLY, EXCEPT, SCHOOL, WORKDAYS, NTH, MONTHLY, ALWAYS, FROM, BETWEEN = "OXSWNMEFB"

_NUMBERS = (
    r"[1-5]\.(?=\s*(?:[^\W\d_]|[,/&+]\s*[1-5]\.\s*[^\W\d_]))"
    r"|\d+(?:[:.]\d{2}(?!\d)){0,2}(?:\s?(?:[ap]\.m\.|[ap]m(?=\s*(?:[-–—,;).]|to\b|and\b|until\b|$))))?"
)
_GLUED = r"(?-i:(?:Mo|Di|Mi|Do|Fr|Sa|So)(?=(?:Mo|Di|Mi|Do|Fr|Sa|So)+(?![^\W_])))"  # "MoDiDo"
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2})(?:[:.]\d{2})?)?\s?([ap]?)\.?m?\.?")
_DASHES = re.compile(r"\s*[-–—−‐‑]+\s*")
_NOON = 12 * 60
_SILENT = frozenset(".:()[]\"'*„“”")
_BETWEEN = frozenset(",;|/&+·•")


@dataclass(frozen=True, slots=True)
class Token:
    """One word with its meaning: ``value`` is a day, a first and last day, minutes of the day, or which of a month.

    ``last`` of a time is 1 for "am" and 2 for "pm".
    """

    kind: str
    value: int = 0
    last: int = 0
    text: str = ""
    end: int = 0


@cache
def _vocabulary() -> dict[str, Token]:
    hours = table("hours")
    words = hours["words"]
    kinds = {
        "monthly": MONTHLY, "to": DASH, "and": AND, "closed": CLOSED, "afternoon": AFTERNOON, "noise": "",
        "from": FROM, "between": BETWEEN, "except": EXCEPT, "school": SCHOOL, "workdays": WORKDAYS,
    }  # fmt: skip
    tokens = {word: Token(kind) for names, kind in kinds.items() for word in words[names]}
    tokens |= {word: Token(NTH, number) for word, number in hours["nth"].items()}
    tokens |= {word: Token(GROUP, first, last) for word, (first, last) in hours["groups"].items()}
    return tokens | {word: Token(DAY, day) for word, day in hours["days"].items()}


def _any_of(words: list[str]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first) + ")"


@cache
def appointment_words() -> re.Pattern[str]:
    """All wordings of "by appointment"."""
    parts = {name: _any_of(words) for name, words in table("hours")["appointment"].items()}
    kinds = rf"(?:{parts['kind']}\.?/?\s*){{0,3}}"
    lead = rf"(?:(?:{parts['lead']}|{parts['besides']})\s+)?(?:{parts['only']}\s+)?"
    built = rf"{lead}{parts['before']}\s+{kinds}{parts['noun']}(?:\s+{parts['only']})?"
    needed = rf"(?:um\s+)?{kinds}{parts['noun']}\s+{parts['needed']}"
    return re.compile(rf"(?<![^\W_])(?:{parts['whole']}|{needed}|{built})(?![^\W_])", re.IGNORECASE)


@cache
def _only() -> re.Pattern[str]:
    parts = table("hours")["appointment"]
    return re.compile(rf"\b{_any_of(parts['only'])}\b|^mit\b|{_any_of(parts['needed'])}$", re.IGNORECASE)


@cache
def _besides() -> re.Pattern[str]:
    return re.compile(_any_of(table("hours")["appointment"]["besides"]), re.IGNORECASE)


@cache
def _phrases() -> re.Pattern[str]:
    words = table("hours")["words"]
    named = {"always": _any_of(words["always"]), "free": _any_of(words["free"])}
    whole = "|".join(rf"(?P<{name}>(?<![^\W_]){phrases}(?![^\W_]))" for name, phrases in named.items())
    return re.compile(f"{whole}|{appointment_words().pattern}", re.IGNORECASE)


def tokens(text: str) -> Iterator[Token]:
    """The words of a text with their meaning; silent ones are left out. ``end`` is a place in the text."""
    at = 0
    for found in _phrases().finditer(text):
        yield from _plain(text, at, found.start())
        words = re.sub(r"\s+", " ", found.group())
        kind = ALWAYS if found["always"] else ONLY if _only().search(words) else APPOINTMENT
        if _besides().match(words):
            yield Token(AND, end=found.start())
        if not found["free"]:  # "without appointment" says nothing about times
            yield Token(kind, text=words, end=found.end())
        at = found.end()
    yield from _plain(text, at, len(text))


@cache
def _token() -> re.Pattern[str]:
    compounds = _any_of(table("hours")["words"]["compounds"])
    return re.compile(rf"{_NUMBERS}|{compounds}|{_GLUED}|[^\W\d_]+|\S", re.IGNORECASE)


def _plain(text: str, start: int, end: int) -> Iterator[Token]:
    for found in _token().finditer(text, start, end):
        token = _meaning(found.group().lower())
        if token.kind:
            yield Token(token.kind, token.value, token.last, found.group(), found.end())


def _meaning(word: str) -> Token:
    word = "".join(word.split()) if word[:1].isalpha() else word
    if word[:1].isdecimal():
        return Token(NTH, int(word[0])) if word.endswith(".") and len(word) == 2 else _time(word)
    if word in _SILENT:
        return Token("")
    if word in _BETWEEN:
        return Token(AND)
    return Token(DASH) if _DASHES.fullmatch(word) else _vocabulary().get(word, Token(OTHER))


def _time(word: str) -> Token:
    """Minutes of the day; four digits are hours and minutes ("0930")."""
    time = _TIME.fullmatch(word) or re.fullmatch(r"([01]\d|2[0-4])([0-5]\d)()", word)
    if not time:
        return Token(OTHER)
    hour, minute = int(time[1]), int(time[2] or 0)
    if time[3]:
        if not 1 <= hour <= 12:
            return Token(OTHER)
        hour = hour % 12 + 12 * (time[3] == "p")
    known = hour <= 24 and minute < 60
    return Token(TIME, hour * 60 + minute, "-ap".index(time[3] or "-")) if known else Token(OTHER)


def halved(start: int, end: int) -> tuple[int, int]:
    """Minutes of a range with "pm" (or "am") at its end only: "2-4 pm" is afternoon, "9-5 pm" begins in the morning.

    Raises `Contradiction` where the beginning is after noon already.
    """
    if start > _NOON:
        raise Contradiction(start)
    late = start % _NOON + _NOON if end >= _NOON else start % _NOON
    return (late if late < end else start % _NOON), end
