"""Opening hours somewhere in a page's text: runs of days and times, and what they are hours of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from audit.readers.german import read
from audit.readers.german_words import (
    AND,
    APPOINTMENT,
    BETWEEN,
    CLOSED,
    DASH,
    DAY,
    EXCEPT,
    GROUP,
    ONLY,
    OTHER,
    SCHOOL,
    TIME,
    WORKDAYS,
    Token,
    tokens,
)
from audit.readers.tables import table

_SHOWN_TIME = re.compile(r"\d\s*uhr\b|\d[:.]\d\d\b|\d\s?h\b|\d\s?[ap]\.?m\b", re.IGNORECASE)
_LONGEST_RUN = 600
_MOST_RUNS = 40
_MOST_TRIES = 300  # day words that a text may hold without hours behind them
_INHERITS = 60  # characters between a run and the next one that belongs to the same label
_BROKEN = 20  # characters behind days with an unknown word ("Mo bis einschließlich Do"): what follows is only a part
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Run:
    """Hours found in a text: OSM syntax ("" when not understood), the words as shown, and the label before them."""

    opening_hours: str
    shown: str
    label: str  # opening | other | ""


def hours_in(text: str) -> tuple[str, str]:
    """The opening hours of a page's text and the words as shown.

    The first is "" unless everything labelled as opening hours (or, without any label, every run)
    says the same; telephone hours and dates of courses are shown but never taken for opening hours.
    """
    found = list(runs(text))
    for label in ("opening", ""):
        if chosen := [run for run in found if run.label == label]:
            said = {run.opening_hours for run in chosen}
            return (said.pop() if len(said) == 1 else "", _shown(chosen))
    return "", _shown(found)


def _shown(found: list[Run]) -> str:
    return " | ".join(dict.fromkeys(run.shown for run in found))[:400]


def runs(text: str) -> Iterator[Run]:
    """Every run of days and times in a text on one line, at most 40."""
    if not _SHOWN_TIME.search(text):
        return
    end, skip, label, count, tries, broken = 0, 0, "", 0, 0, -_BROKEN - 1
    for start in _day_words().finditer(text):
        if start.start() < max(end, skip) or count >= _MOST_RUNS or tries >= _MOST_TRIES:
            continue
        words, read_to, cut = _run(text[start.start() : start.start() + _LONGEST_RUN])
        if not words:
            skip, tries = start.start() + read_to, tries + 1
            broken = skip if cut else broken
            continue
        stop = start.start() + words[-1].end
        shown = text[start.start() : stop] + _hour_word(text[stop : stop + 4])
        label = _label(text[end : start.start()]) or (label if start.start() - end < _INHERITS else "")
        regular = (
            not cut
            and start.start() - broken > _BROKEN
            and not _irregular(text[max(0, start.start() - 30) : start.start()], text[stop : stop + 40])
        )
        end, count = stop, count + 1
        yield Run(_hours(words) if regular and _SHOWN_TIME.search(shown) else "", shown.strip(), label)


def _hours(words: list[Token]) -> str:
    week = read(words)
    return str(week) if week else ""


def _hour_word(after: str) -> str:
    return " Uhr" if after.strip().lower().startswith("uhr") else ""


@cache
def _day_words() -> re.Pattern[str]:
    hours = table("hours")
    names = {form for name in [*hours["days"], *hours["groups"], *hours["words"]["workdays"]] for form in _forms(name)}
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted(names, key=len, reverse=True))})(?![^\W_])")


def _forms(name: str) -> set[str]:
    """Short names count with a capital only: "so" and "do" are everyday words."""
    return {name.capitalize(), name.upper()} | ({name} if len(name) > 5 else set())


def _run(text: str) -> tuple[list[Token], int, bool]:
    """The tokens up to the first word without meaning ([] without a range of times), how far it read, and if amid days.

    It also broke off amid days where some are left with a time that is no range ("Mo-Do 10-18 Uhr, Fr bis 19 Uhr").
    """
    words: list[Token] = []
    for token in tokens(text):
        if token.kind == OTHER:
            break
        words.append(token)
    read_to, cut = (words[-1].end, words[-1].kind in (DASH, AND)) if words else (0, False)
    left = set()
    while words and not _ends(words):
        left.add(words.pop().kind)
    cut |= bool(words) and {DAY, TIME} <= left
    kinds = "".join(token.kind for token in words)
    ranges = (TIME + DASH + TIME in kinds or BETWEEN in kinds) and kinds[:1] in (DAY, GROUP, WORKDAYS)
    return words if ranges else [], read_to, cut


def _ends(words: list[Token]) -> bool:
    kinds = [token.kind for token in words[-4:]]
    if EXCEPT in kinds[-3:]:
        return kinds[-1] in (SCHOOL, DAY, GROUP)
    if kinds[-1] in (CLOSED, APPOINTMENT, ONLY):
        return True
    return kinds[-3:] == [TIME, DASH, TIME] or kinds == [BETWEEN, TIME, AND, TIME]


def _label(before: str) -> str:
    """What the words before say that the hours are: the nearest label counts."""
    labels = table("hours")["labels"]
    near = before[-int(labels["reach"]) :].lower()
    places = {kind: max(near.rfind(word) for word in labels[kind]) for kind in ("opening", "other")}
    best = max(places, key=lambda kind: places[kind])
    return best if places[best] >= 0 else ""


def _irregular(before: str, after: str) -> bool:
    words = [word.lower() for word in _WORD.findall(before)[-1:] + _WORD.findall(after)[:3] if word.lower() != "uhr"]
    odd = table("hours")["labels"]["irregular"]
    return any(word in odd or "tägig" in word for word in words) or bool(re.search(r"\d\.\s*$", before))
