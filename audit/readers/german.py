"""Opening hours as German pages write them, read word by word: what is not known is not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from audit.readers.tables import table
from audit.readers.week import HOLIDAY, Contradiction, Range, Week

DAY, GROUP, TIME, DASH, AND, CLOSED, AFTERNOON, APPOINTMENT, OTHER = "DGT-,CPA?"
_TOKEN = re.compile(r"\d+(?:[:.]\d{2}(?!\d)){0,2}|[^\W\d_]+|\S")
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2})(?:[:.]\d{2})?)?")
_DASHES = re.compile(r"\s*[-–—−‐‑]+\s*")
_SILENT: Final = frozenset(".:()[]\"'*")
_BETWEEN: Final = frozenset(",;|/&+·•")
_NOON = 12 * 60
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Token:
    """One word with its meaning: ``value`` is a day, a first and last day, or minutes of the day."""

    kind: str
    value: int = 0
    last: int = 0
    text: str = ""
    end: int = 0


@cache
def _vocabulary() -> dict[str, Token]:
    words = table("hours")["words"]
    tokens: dict[str, Token] = {}
    for kind, names in ((DASH, "to"), (AND, "and"), (CLOSED, "closed"), (AFTERNOON, "afternoon"), ("", "noise")):
        tokens |= {word: Token(kind) for word in words[names]}
    tokens |= {word: Token(GROUP, first, last) for word, (first, last) in table("hours")["groups"].items()}
    return tokens | {word: Token(DAY, day) for word, day in table("hours")["days"].items()}


@cache
def appointment_words() -> re.Pattern[str]:
    """All wordings of "by appointment", the longest first."""
    words = sorted(table("hours")["words"]["appointment"], key=len, reverse=True)
    return re.compile("|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words), re.IGNORECASE)


def tokens(text: str) -> Iterator[Token]:
    """The words of a text with their meaning; silent ones are left out. ``end`` is a place in the text."""
    at = 0
    for found in appointment_words().finditer(text):
        yield from _plain(text, at, found.start())
        yield Token(APPOINTMENT, text=re.sub(r"\s+", " ", found.group()), end=found.end())
        at = found.end()
    yield from _plain(text, at, len(text))


def _plain(text: str, start: int, end: int) -> Iterator[Token]:
    for found in _TOKEN.finditer(text, start, end):
        token = _meaning(found.group().lower())
        if token.kind:
            yield Token(token.kind, token.value, token.last, found.group(), found.end())


def _meaning(word: str) -> Token:
    if time := _TIME.fullmatch(word):
        hour, minute = int(time[1]), int(time[2] or 0)
        return Token(TIME, hour * 60 + minute) if hour <= 24 and minute < 60 else Token(OTHER)
    if word in _SILENT:
        return Token("")
    if word in _BETWEEN:
        return Token(AND)
    return Token(DASH) if _DASHES.fullmatch(word) else _vocabulary().get(word, Token(OTHER))


def week(text: str) -> Week | None:
    """The week that a German text states, or None where a word or the order of words is not understood."""
    if len(text) > _LONGEST:
        return None
    return read(list(tokens(text)))


def read(words: list[Token]) -> Week | None:
    """The week that the tokens state, or None."""
    sentence = _Sentence(words)
    try:
        return sentence.week()
    except Contradiction:
        return None


class _Sentence:
    """A reader that walks once over the tokens. Raises `Contradiction` for what it does not understand."""

    def __init__(self, words: list[Token]) -> None:
        self.words, self.at = words, 0
        self.found = Week()

    def kind(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.words[place].kind if place < len(self.words) else ""

    def take(self) -> Token:
        self.at += 1
        return self.words[self.at - 1]

    def skip(self) -> bool:
        """Pass separators; True if there was one."""
        before = self.at
        while self.kind() == AND:
            self.at += 1
        return self.at > before

    def week(self) -> Week:
        self.skip()
        clause = self.times_first if self.kind() == TIME else self.days_first
        while self.kind():
            clause()
            self.skip()
        return self.found

    def days_first(self) -> None:
        if self.kind() == APPOINTMENT:
            self.found.appointment[()] = self.take().text
            return
        days = self.days()
        if not days:
            raise Contradiction(self.at)
        self.body(days)

    def times_first(self) -> None:
        spans = self.spans()
        days = self.days()
        if not spans or not days:
            raise Contradiction(self.at)
        self.found.open(days, spans)

    def days(self) -> tuple[int, ...]:
        days: list[int] = []
        while self.kind() in (DAY, GROUP):
            days += self.one_day_or_range()
            before = self.at
            if self.skip() and self.kind() not in (DAY, GROUP):
                self.at = before
        return tuple(days)

    def one_day_or_range(self) -> list[int]:
        first = self.take()
        last = first.last if first.kind == GROUP else first.value
        if first.kind == DAY and self.kind() == DASH and self.kind(1) == DAY:
            last = (self.take(), self.take())[1].value
            if HOLIDAY in (first.value, last):
                raise Contradiction(last)
        if HOLIDAY in (first.value, last):
            return [HOLIDAY]
        return [(first.value + step) % 7 for step in range((last - first.value) % 7 + 1)]

    def spans(self) -> list[Range]:
        spans: list[Range] = []
        while self.kind() in (TIME, AFTERNOON):
            late = self.kind() == AFTERNOON and bool(self.take())
            spans.append(self.span(late))
            before = self.at
            if self.skip() and self.kind() not in (TIME, AFTERNOON):
                self.at = before
        return spans

    def span(self, late: bool) -> Range:
        if (self.kind(), self.kind(1), self.kind(2)) != (TIME, DASH, TIME):
            raise Contradiction(self.at)
        start, _, end = self.take(), self.take(), self.take()
        if late and start.value < _NOON:
            raise Contradiction(start)
        return start.value, end.value

    def body(self, days: tuple[int, ...]) -> None:
        """Times, an appointment or "closed" for some days; an appointment after times must stand apart."""
        spans = self.spans()
        self.found.open(days, spans)
        before = self.at
        apart = self.skip()
        if self.kind() == CLOSED and not spans:
            self.take()
            self.found.close(days)
        elif self.kind() == APPOINTMENT and (apart or not spans):
            self.found.appointment[() if spans else days] = self.take().text
        elif not spans or self.kind() == APPOINTMENT:
            raise Contradiction(self.at)
        else:
            self.at = before
