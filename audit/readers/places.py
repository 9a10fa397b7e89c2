"""Postal addresses in text, found from the postcode backwards."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import Any

from audit.model import Address
from audit.readers.tables import table

_MOST = 20
_MOST_LOOKS = 500
_BEFORE = 90
_EDGES = ("", "\n", ",", "|")
_NUMBER = r"\d{1,4}(?:\s?[a-zA-Z](?![^\W\d_]))?(?:\s?[-–/+]\s?\d{1,4}(?:\s?[a-zA-Z](?![^\W\d_]))?)?"
_LINE = re.compile(rf"(?P<street>[^\d\n,;|:()]{{3,60}}?)\s+(?P<number>{_NUMBER})\W{{0,12}}(?:D-?|in)?\s*$")
_SPLIT = re.compile(rf"(?P<street>.{{2,80}}?)\s*(?<!\d)(?P<number>{_NUMBER})")
_WORD = re.compile(r"\S+")


def split_street(line: str) -> tuple[str, str]:
    """Street and house number of one line ("Musterstraße 12 a" -> "Musterstraße", "12 a")."""
    line = line.strip(" ,")[:200]
    found = _SPLIT.fullmatch(line)
    return (found["street"].strip(" ,"), found["number"].strip()) if found else (line, "")


def addresses_in(text: str) -> tuple[Address, ...]:
    """Addresses with street, number, postcode and town, in order, without repeats, at most 20.

    ``text`` may keep its line breaks: a town ends there.
    """
    return tuple(address for _, _, address in addresses_at(text))


def addresses_at(text: str) -> tuple[tuple[int, int, Address], ...]:
    """The addresses of a text (`addresses_in`) with the places where their street begins and their town ends."""
    found: dict[str, tuple[int, int, Address]] = {}
    for place in islice(_town().finditer(text), _MOST_LOOKS):
        before = text[max(0, place.start() - _BEFORE) : place.start()]
        line = _LINE.search(before)
        street = _street(line["street"], apart=before[: line.start()][-1:] in _EDGES) if line else ""
        if line and street:
            number = re.sub(r"\s+", " ", line["number"])
            address = Address(street=street, house_number=number, postcode=place["code"], city=_squash(place["town"]))
            start = place.start() - len(before) + line.start()
            found.setdefault(str(address).casefold(), (start, place.end(), address))
        if len(found) >= _MOST:
            break
    return tuple(found.values())


def _squash(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" .-")


@cache
def _words() -> dict[str, Any]:
    return dict(table("contact")["address"])


@cache
def _town() -> re.Pattern[str]:
    leading = "|".join(re.escape(word) for word in _words()["town_leading"])
    small = r"(?:am|an der|im|bei|ob der|in der|in|auf|vor der|a\.|i\.|b\.|ob|unter)"
    name = r"[A-ZÄÖÜ][\wäöüß]*(?:[-/][\wäöüß]+)*"
    tail = rf"(?:[ ]{small}[ ]?(?:d\.[ ]?)?{name}|[ ]\([A-ZÄÖÜ][\w. ]{{1,20}}\))?"
    return re.compile(rf"(?<![\w-])(?:D[ -]{{1,3}})?(?P<code>\d{{5}})\s+(?P<town>(?:(?:{leading})[ ])?{name}{tail})")


def _street(before: str, *, apart: bool) -> str:
    """The street at the end of the words before a house number, or ""; ``apart``: nothing else on the line."""
    words = _WORD.findall(before)
    while words and not words[0][0].isalnum():
        words.pop(0)
    if not words or words[-1].casefold() in _words()["not_streets"]:
        return ""
    start = _start(words, apart=apart)
    return " ".join(words[start:]) if start is not None else ""


def _start(words: list[str], *, apart: bool) -> int | None:
    """Where the street begins: at a leading word ("An der ..."), at a word with a street's ending, or at the line's."""
    at = len(words) - 1
    if words[at] in _words()["alone"] and at > 0:
        at -= 1
    for first in range(at, max(-1, at - 4), -1):
        if words[first] in _words()["leading"] and all(word.islower() for word in words[first + 1 : at]):
            return first
    if words[-1].lower().endswith(tuple(_words()["endings"])) and words[at][0].isupper():
        return at
    return 0 if apart and len(words) <= 3 and all(word[0].isupper() for word in words) else None
