"""The days that German opening hours name: lists, ranges, exceptions, words that may mean Saturday too."""

from __future__ import annotations

from audit.readers.german_words import AND, DASH, DAY, EXCEPT, GROUP, WORKDAYS, Token, tokens
from audit.readers.week import HOLIDAY, Contradiction, Week

LONGEST = 2000
_SATURDAY = 5
_REST = {_SATURDAY, 6, HOLIDAY}


def days_of(text: str) -> tuple[int, ...]:
    """The weekdays that a text names ("Mo-Fr", "Montag, Mittwoch"); () where it says anything else."""
    sentence = Days(list(tokens(text[:LONGEST])))
    try:
        days = sentence.sure()
    except Contradiction:
        return ()
    return () if sentence.kind() else days


class Days:
    """A reader that walks once over the tokens. Raises `Contradiction` for what it does not understand."""

    def __init__(self, words: list[Token]) -> None:
        self.words, self.at = words, 0
        self.found = Week()
        self.workdays = ""  # the word that may mean Saturday too

    def kind(self, ahead: int = 0) -> str:
        """The kind of the next token, or of one further on; "" behind the last."""
        place = self.at + ahead
        return self.words[place].kind if place < len(self.words) else ""

    def take(self) -> Token:
        """The next token, passed."""
        self.at += 1
        return self.words[self.at - 1]

    def skip(self) -> bool:
        """Pass separators; True if there was one."""
        before = self.at
        while self.kind() == AND:
            self.at += 1
        return self.at > before

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
            if self.mixed(days) and not set(days) <= {_SATURDAY, 6}:
                raise Contradiction(self.at)  # "Mo-Fr PH": both, or only where they meet; "So feiertags" is both
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

    def mixed(self, days: list[int]) -> bool:
        """True where a day follows a public holiday, or the other way round, without a sign between."""
        return self.kind() == DAY and (self.words[self.at].value == HOLIDAY) != (days[-1] == HOLIDAY)

    def sure(self) -> tuple[int, ...]:
        """Days without any that may be meant."""
        days, perhaps = self.days()
        if perhaps:
            raise Contradiction(perhaps)
        return days

    def one_day_or_range(self) -> list[int]:
        """ "Mo", "Mo-Fr", "werktags"; a holiday stands alone."""
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
