"""Opening hours as German pages write them, read word by word: what is not known is not guessed."""

from __future__ import annotations

import re

from audit.readers.german_days import LONGEST, Days
from audit.readers.german_words import (
    AFTERNOON,
    ALWAYS,
    AND,
    APPOINTMENT,
    BETWEEN,
    CLOSED,
    DASH,
    DAY,
    EXCEPT,
    FROM,
    GROUP,
    MONTHLY,
    NTH,
    ONLY,
    SCHOOL,
    TIME,
    WORKDAYS,
    Token,
    halved,
    tokens,
)
from audit.readers.week import DAYS, HOLIDAY, Contradiction, Range, Week, times

_NOON = 12 * 60
_TURNED = re.compile(rf"[{TIME}{AND}\{DASH}]+[{DAY}{GROUP}][{DAY}{GROUP}{AND}\{DASH}]*(?:;|$)")
_BEGINS = (DAY, GROUP, WORKDAYS, NTH, SCHOOL)


def week(text: str) -> Week | None:
    """The week that a German text states, or None where a word or the order of words is not understood."""
    if len(text) > LONGEST:
        return None
    return read(list(tokens(text)))


def read(words: list[Token]) -> Week | None:
    """The week that the tokens state, or None."""
    sentence = _Sentence(words)
    try:
        return sentence.week()
    except Contradiction:
        return None


class _Sentence(Days):
    """A reader of whole sentences: days, and what holds for them."""

    def comma(self) -> None:
        """Pass a separator between days and their times, a dash too ("So-12:00-23:00")."""
        if self.kind(1) == TIME and (self.kind() == AND or (self.kind() == DASH and self.kind(2) == DASH)):
            self.take()

    def week(self) -> Week:
        self.skip()
        while self.kind():
            before = self.at
            self.clause()
            self.skip()
            if self.at == before:
                raise Contradiction(self.at)  # nothing was understood: looking again would never end
        return self.found

    def clause(self) -> None:
        """Days and what holds for them, times with days behind, or an appointment for all other times."""
        if self.kind() in (APPOINTMENT, ONLY):
            self.found.appointment[()] = self.take().text
        elif self.kind() == CLOSED and self.kind(1) in _BEGINS:
            self.take()
            self.closed()
        elif self.kind() in (TIME, ALWAYS, AFTERNOON):
            self.times_first()
        elif special := self.special():
            self.special_body(special)
        else:
            self.body(*self.days())

    def closed(self) -> None:
        """ "geschlossen an Feiertagen und in den Schulferien": every day named after the word."""
        while self.kind() in _BEGINS:
            if self.kind() in (SCHOOL, NTH):
                self.found.special.append((f"{self.special()} off", ";"))
            else:
                self.found.close(self.sure())
            self.skip()

    def times_first(self) -> None:
        spans = self.spans()
        if not spans or (self.kind() and self.kind() not in (DAY, GROUP, WORKDAYS)):
            raise Contradiction(self.at)
        if not self.kind() and spans == [(0, 24 * 60)] and not self.found.ranges:
            self.found.open(range(7), spans)
            return
        days, perhaps = self.days()
        if not days:
            raise Contradiction(self.at)
        self.open(days, perhaps, spans)

    def special(self) -> str:
        """School holidays, or weekdays of the month ("1. und 3. Dienstag im Monat"), as OSM writes them; else ""."""
        if self.kind() == SCHOOL:
            self.take()
            return "SH"
        numbers: list[int] = []
        while self.kind() == NTH:
            numbers.append(self.take().value)
            self.skip()
        if not numbers:
            return ""
        if self.kind() != DAY or (day := self.take().value) == HOLIDAY:
            raise Contradiction(self.at)
        before = self.at
        while self.kind() == MONTHLY:
            self.take()
        if self.at == before and len(numbers) < 2 and numbers[0] not in (1, -1):
            raise Contradiction(numbers)  # "jeden zweiten Dienstag": of the month, or every fortnight
        return f"{DAYS[day]}[{','.join(map(str, sorted(set(numbers))))}]"

    def special_body(self, special: str) -> None:
        self.comma()
        spans = self.spans()
        if not spans and self.kind() == CLOSED:
            self.take()
            self.found.special.append((f"{special} off", ";"))
        elif spans and special != "SH":
            self.found.special.append((f"{special} {times(spans)}", ","))
        else:
            raise Contradiction(special)

    def spans(self) -> list[Range]:
        spans: list[Range] = []
        while self.kind() in (TIME, BETWEEN, AFTERNOON, ALWAYS):
            if self.kind() == ALWAYS:
                self.take()
                spans.append((0, 24 * 60))
            else:
                late = self.kind() == AFTERNOON and bool(self.take())
                spans.append(self.span(late))
            before = self.at
            if self.skip() and (self.kind() not in (TIME, AFTERNOON) or self.turned(before)):
                self.at = before
                break
        return spans

    def turned(self, before: int) -> bool:
        """True where a semicolon parts these times from the last ones and their own days stand behind them."""
        if ";" not in [word.text for word in self.words[before : self.at]]:
            return False
        rest = "".join(word.kind if word.text != ";" else ";" for word in self.words[self.at :])
        return bool(_TURNED.match(rest))

    def span(self, late: bool) -> Range:
        joint = AND if self.kind() == BETWEEN and self.take() else DASH  # "zwischen 9 und 12 Uhr"
        if (self.kind(), self.kind(1), self.kind(2)) != (TIME, joint, TIME):
            raise Contradiction(self.at)
        start, _, end = self.take(), self.take(), self.take()
        if (late and start.value < _NOON) or (start.last and not end.last):
            raise Contradiction(start)
        return halved(start.value, end.value) if end.last and not start.last else (start.value, end.value)

    def open(self, days: tuple[int, ...], perhaps: tuple[int, ...], spans: list[Range]) -> None:
        """These hours, at some days perhaps; tied to an appointment where the words behind say so."""
        if self.kind() == ONLY:
            self.found.tie([*days, *perhaps], spans, self.take().text)
            return
        self.found.open(days, spans)
        self.found.tie(perhaps, spans, self.workdays, perhaps=True)

    def without_end(self, days: tuple[int, ...]) -> bool:
        """ "ab 18 Uhr"."""
        if (self.kind(), self.kind(1)) != (FROM, TIME):
            return False
        self.take()
        self.found.begin(days, self.take().value)
        return True

    def body(self, days: tuple[int, ...], perhaps: tuple[int, ...]) -> None:
        """Times, an appointment or "closed" for some days; an appointment after times must stand apart."""
        if not days:
            raise Contradiction(self.at)
        if self.without_end(days):
            return
        self.comma()
        spans = self.spans()
        tied = bool(spans) and self.kind() == ONLY
        self.open(days, perhaps, spans)
        before = self.at
        apart = self.skip()
        if spans and self.without_end(days):
            return
        if self.kind() == EXCEPT and spans and self.kind(1) in _BEGINS:
            self.take()
            self.closed()
        elif self.kind() == CLOSED and not spans and not perhaps:
            self.take()
            self.found.close(days)
        elif self.kind() in (APPOINTMENT, ONLY) and (apart or not spans) and not tied:
            self.found.appointment[() if spans else days] = self.take().text
        elif not spans or self.kind() == APPOINTMENT:
            raise Contradiction(self.at)
        else:
            self.at = before
