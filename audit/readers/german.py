"""Opening hours as German pages write them, read word by word: what is not known is not guessed."""

from __future__ import annotations

from audit.readers.german_words import (
    AFTERNOON,
    ALWAYS,
    AND,
    APPOINTMENT,
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
_LONGEST = 2000
_SATURDAY = 5
_REST = {_SATURDAY, 6, HOLIDAY}
_BEGINS = (DAY, GROUP, WORKDAYS, NTH, SCHOOL)


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


def days_of(text: str) -> tuple[int, ...]:
    """The weekdays that a text names ("Mo-Fr", "Montag, Mittwoch"); () where it says anything else."""
    sentence = _Sentence(list(tokens(text[:_LONGEST])))
    try:
        days = sentence.sure()
    except Contradiction:
        return ()
    return () if sentence.kind() else days


class _Sentence:
    """A reader that walks once over the tokens. Raises `Contradiction` for what it does not understand."""

    def __init__(self, words: list[Token]) -> None:
        self.words, self.at = words, 0
        self.found = Week()
        self.workdays = ""  # the word that may mean Saturday too

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

    def comma(self) -> None:
        """Pass a separator between days and their times."""
        if self.kind() == AND and self.kind(1) == TIME:
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

    def days(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Days that are meant, and days that may be."""
        days: list[int] = []
        perhaps: tuple[int, ...] = ()
        while self.kind() in (DAY, GROUP, WORKDAYS):
            if self.kind() == WORKDAYS:
                perhaps = (_SATURDAY,)
                self.found.closed.add(HOLIDAY)
            days += self.one_day_or_range()
            before = self.at
            if self.kind() == DAY and (self.words[self.at].value == HOLIDAY) != (days[-1] == HOLIDAY):
                raise Contradiction(self.at)  # "Mo-Fr PH": both, or only where they meet
            if self.skip() and self.kind() not in (DAY, GROUP, WORKDAYS):
                self.at = before
            elif ";" in [word.text for word in self.words[before : self.at]] and not set(days) <= _REST:
                raise Contradiction(self.at)  # days without hours before the sign
        if len(set(days)) < len(days):
            raise Contradiction(days)
        if self.kind() == EXCEPT:
            self.take()
            without = set(self.sure())
            if not without:
                raise Contradiction(self.at)
            self.found.close(without & {HOLIDAY})
            days, perhaps = [day for day in days if day not in without], tuple(set(perhaps) - without)
        return tuple(days), tuple(day for day in perhaps if day not in days)

    def sure(self) -> tuple[int, ...]:
        days, perhaps = self.days()
        if perhaps:
            raise Contradiction(perhaps)
        return days

    def one_day_or_range(self) -> list[int]:
        first = self.take()
        if first.kind == WORKDAYS:
            self.workdays = first.text
            return list(range(_SATURDAY))
        last = first.last if first.kind == GROUP else first.value
        if first.kind == DAY and self.kind() == DASH and self.kind(1) == DAY:
            last = (self.take(), self.take())[1].value
            if HOLIDAY in (first.value, last):
                raise Contradiction(last)
        if HOLIDAY in (first.value, last):
            return [HOLIDAY]
        return [(first.value + step) % 7 for step in range((last - first.value) % 7 + 1)]

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
        if self.at == before and not set(numbers) <= {1, -1}:
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
        while self.kind() in (TIME, AFTERNOON, ALWAYS):
            if self.kind() == ALWAYS:
                self.take()
                spans.append((0, 24 * 60))
            else:
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

    def body(self, days: tuple[int, ...], perhaps: tuple[int, ...]) -> None:
        """Times, an appointment or "closed" for some days; an appointment after times must stand apart."""
        if not days:
            raise Contradiction(self.at)
        if self.kind() == FROM and self.kind(1) == TIME:
            self.take()
            self.found.begin(days, self.take().value)
            return
        self.comma()
        spans = self.spans()
        tied = bool(spans) and self.kind() == ONLY
        self.open(days, perhaps, spans)
        before = self.at
        apart = self.skip()
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
