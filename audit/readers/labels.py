"""Labels of the reply time ("Antwortet in der Regel innerhalb weniger Stunden"), understood in German and English.

The words are in labels.toml, with source and date. A label is shown or promised, never measured.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from audit.model import Swiftness
from audit.page import squash
from audit.readers.tables import table


class Label(NamedTuple):
    """What a label means: its swiftness, and the hours within which it promises an answer (None: it names no time)."""

    swiftness: Swiftness
    hours: float | None = None


def label_in(text: str) -> str:
    """The label in its own words: one line of bounded length."""
    return squash(text)[: table("labels")["longest"]].strip()


def label_of(text: str) -> Label | None:
    """What a label of the reply time means; None for one that is not understood. Never raises."""
    words, said = table("labels"), label_in(text).casefold()
    if _holds(said, words["negated"]["words"]):
        return None
    times = [(match[1], table("promises")["hours"][match[2]]) for match in _times().finditer(said)]
    named = [number * unit for told, unit in times if (number := _number(told))]
    named += [hours for phrase, hours in words["within"].items() if phrase in said]
    if named:
        return Label(swiftness_of(max(named)), max(named))
    if times:  # "a few hours", "wenige Tage": more than one
        return Label(swiftness_of(2 * max(unit for _, unit in times)))
    for word, some in ((Swiftness.AT_ONCE, words["at_once"]), (Swiftness.UNTIMED, words["untimed"])):
        if _holds(said, some["words"]):
            return Label(word)
    return None


@cache
def _times() -> re.Pattern[str]:
    units = "|".join(sorted(table("promises")["hours"], key=len, reverse=True))
    return re.compile(rf"(?:\b(\d{{1,3}}|[^\W\d_]{{1,9}})\s?)?(?<![^\W\d_])({units})\b")


def _number(told: str | None) -> float:
    if told and told.isdecimal():
        return float(told)
    return float(table("labels")["numbers"].get(told) or table("promises")["numbers"].get(told) or 0)


def swiftness_of(hours: float) -> Swiftness:
    """How soon it is to answer within so many hours."""
    least = table("labels")["swiftness"]
    return next((Swiftness(word) for word, from_ in least.items() if hours >= from_), Swiftness.AT_ONCE)


def _holds(said: str, words: list[str]) -> bool:
    return any(re.search(rf"\b{re.escape(word)}", said) for word in words)
