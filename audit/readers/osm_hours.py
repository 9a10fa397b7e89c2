"""OSM opening_hours values read into rules: strict about meaning, tolerant of how it is written.

Syntax and precedence: wiki.openstreetmap.org, Key:opening_hours/specification (0.7.2, read
2026-11). What is written loosely (German days, "9-12", "08.00", blanks, a forgotten comma) is read
where only one meaning is possible.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from audit.readers import osm_tokens as t
from audit.readers.osm_rules import Rule, Span, written
from audit.readers.osm_tokens import LONGEST, Token, bare_time, halves, likely, tokens
from audit.readers.week import FULL_DAY, Contradiction, valid

_LATEST = 2 * FULL_DAY
_WIDE: Final = frozenset({t.MONTH, t.WEEK, t.EASTER})
_YEARS = range(1900, 2101)
_TIMES: Final = frozenset({t.TIME, t.NUMBER, t.EVENT, t.ALWAYS, "("})
_REST: Final = frozenset({"Sa", "Su", "PH", "SH"})
_NTH = re.compile(r"-?[1-5](?:-[1-5])?(?:,-?[1-5](?:-[1-5])?)*")


@lru_cache(maxsize=20_000)
def rules(text: str) -> tuple[Rule, ...]:
    """The rules of a value; none where it is not understood. Never raises."""
    if not text.strip() or len(text) > LONGEST:
        return ()
    try:
        found = _Reader(tokens(text)).rules()
    except Contradiction:
        return ()
    return found if found and valid(written(found)) else ()


class _Reader:
    """Walks once over the tokens. Raises `Contradiction` for what has no one meaning."""

    def __init__(self, words: list[Token]) -> None:
        self.words, self.at = words, 0

    def kind(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.words[place].kind if place < len(self.words) else ""

    def text(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.words[place].text if place < len(self.words) else ""

    def take(self, kind: str = "") -> str:
        if not self.kind() or (kind and self.kind() != kind):
            raise Contradiction(self.at)
        self.at += 1
        return self.words[self.at - 1].text

    def rules(self) -> tuple[Rule, ...]:
        found: list[Rule] = []
        joint = self.joint(";")
        while self.kind():
            found.append(self.rule(joint))
            joint = self.joint("")
            if not joint and self.kind():
                joint = self.forgotten(found[-1])
        return tuple(found)

    def joint(self, joint: str) -> str:
        """The sign between two rules, of several the strongest; an appointment in plain words fills the rest."""
        while self.kind() in (t.NEXT, t.ELSE, t.COMMA):
            sign = self.take()
            joint = joint if joint == "||" or (joint == ";" and sign == ",") else sign
        if joint and self.kind() == t.BARE:
            return "||"
        return {"|": "||"}.get(joint, joint)

    def forgotten(self, before: Rule) -> str:
        """The sign somebody forgot: days behind times begin another rule."""
        if before.dated and before.times and self.begins_days():
            return ";"
        raise Contradiction(self.at)

    def rule(self, joint: str) -> Rule:
        if self.kind() == t.ALWAYS and self.take():
            state, note = self.state(timed=False)
            return Rule(joint, state=state, note=note)
        wide, (within, days), times = self.wide(), self.days(), self.times()
        if times and not (wide or days) and self.begins_days():
            wide, (within, days) = self.wide(), self.days()
        state, note = self.state(timed=bool(times))
        if not (times or state or note):
            raise Contradiction(self.at)
        return Rule(joint, wide, within, days, times, state, note)

    def begins_days(self) -> bool:
        return self.kind() in (t.DAY, t.HOLIDAYS) or self.begins_wide()

    def begins_wide(self) -> bool:
        year = self.kind() == t.NUMBER and len(self.text()) == 4 and int(self.text()) in _YEARS
        return self.kind() in _WIDE or year

    def wide(self) -> str:
        """Years, months, dates, weeks and easter, as OSM writes them."""
        parts: list[str] = []
        before = ""
        while self.begins_wide() or (self.kind() in (t.NUMBER, t.DASH, t.COMMA, "/", t.SHIFT) and parts):
            kind = self.kind()
            if kind == t.NUMBER and before == t.NUMBER and not self.begins_wide():
                break
            if kind == t.COMMA and not self.goes_on():
                break
            if kind == t.WEEK and before == t.COMMA:  # "week 01,week 03"
                self.take()
                before = ""
                continue
            parts.append(self.take() if kind != t.NUMBER else self.number())
            before = kind
        if parts and parts[-1] in (",", "-", "/"):
            raise Contradiction(self.at)
        return _joined(parts)

    def goes_on(self) -> bool:
        """Whether dates follow the comma."""
        self.at += 1
        more = self.begins_wide() or self.kind() == t.NUMBER
        self.at -= 1
        return more

    def number(self) -> str:
        return f"{int(self.take()):02d}"

    def days(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Holidays that narrow the days (a blank behind them), and weekdays and holidays that add up."""
        groups: list[list[str]] = [[]]
        while self.kind() in (t.DAY, t.HOLIDAYS):
            holiday = self.kind() == t.HOLIDAYS
            groups[-1].append(self.holiday() if holiday else self.weekdays())
            if self.kind(1) in (t.DAY, t.HOLIDAYS) and (self.kind() == t.COMMA or self.slip(groups[-1])):
                self.take()
            elif self.kind() in (t.DAY, t.HOLIDAYS) and holiday != (self.kind() == t.HOLIDAYS):
                groups.append([])
        if self.kind() == t.COMMA and groups[0] and self.kind(1) in (t.TIME, t.NUMBER):
            self.take()
        narrowing = [_holiday(one) for one in groups[0]]
        if len(groups) > 2 or (len(groups) == 2 and (not all(narrowing) or any(map(_holiday, groups[1])))):
            raise Contradiction(groups)
        return tuple(groups[0]) if len(groups) == 2 else (), tuple(groups[-1])

    def slip(self, days: list[str]) -> bool:
        """Whether a semicolon stands for a comma: "Sa,Su;PH off" are days of rest that belong together."""
        return self.kind() == t.NEXT and set(days) <= _REST and self.text(1) in _REST - set(days)

    def holiday(self) -> str:
        return " ".join([self.take(t.HOLIDAYS), *([self.take()] if self.kind() == t.SHIFT else [])])

    def weekdays(self) -> str:
        first = self.take(t.DAY)
        if self.kind() == t.DASH and self.kind(1) == t.DAY and "-" not in first:
            self.take()
            last = self.take(t.DAY)
            if "-" in last:
                raise Contradiction(last)
            return first if first == last else f"{first}-{last}"
        if self.kind() != "[":
            return first
        nth = self.nth()
        return f"{first}[{nth}]" + (f" {self.take()}" if self.kind() == t.SHIFT else "")

    def nth(self) -> str:
        self.take("[")
        parts = []
        while self.kind() in (t.NUMBER, t.DASH, t.COMMA):
            parts.append(self.take())
        self.take("]")
        if not _NTH.fullmatch(nth := "".join(parts)):
            raise Contradiction(nth)
        return nth

    def times(self) -> tuple[Span, ...]:
        spans: list[Span] = []
        while self.kind() in _TIMES:
            spans.append(self.span())
            if self.kind() in (t.COMMA, "/") and self.kind(1) in _TIMES and not self.dated_next():
                self.take()
        return tuple(spans)

    def dated_next(self) -> bool:
        self.at += 1
        year = self.kind() == t.NUMBER and self.begins_wide() and self.kind(1) != t.DASH
        self.at -= 1
        return year

    def span(self) -> Span:
        if self.kind() == t.ALWAYS and self.take():
            return Span("00:00", "24:00")
        bare = self.kind() == t.NUMBER
        start, late = self.point()
        end = ""
        if self.kind() == t.DASH:
            self.take()
        if self.kind() != "+" and self.words[self.at - 1].kind == t.DASH:
            bare = bare or self.kind() == t.NUMBER
            end, after_noon = self.point()
            start, end = halves(start, late, end, after_noon)
            if bare and end[:1].isdigit() and not likely(start, end):
                raise Contradiction(end)
        open_end = self.kind() == "+"
        if open_end:
            self.take()
        if not (end or open_end) or (start.isascii() and start[0].isdigit() and start >= "24:00"):
            raise Contradiction(start)
        return Span(start, end, open_end)

    def point(self) -> tuple[str, str]:
        """A time of the day and the "am" or "pm" behind it."""
        if self.kind() == "(":
            return self.shifted(), ""
        if self.kind() == t.EVENT:
            return self.take(), ""
        text = self.take() if self.kind() == t.TIME else bare_time(self.take(t.NUMBER))
        if int(text[:2]) * 60 + int(text[3:]) > _LATEST:
            raise Contradiction(text)
        return text, self.take() if self.kind() == t.NOON else ""

    def shifted(self) -> str:
        self.take("(")
        event, sign, time = self.take(t.EVENT), self.take(), self.take(t.TIME)
        self.take(")")
        if sign not in ("+", "-"):
            raise Contradiction(sign)
        return f"({event}{sign}{time})"

    def state(self, *, timed: bool) -> tuple[str, str]:
        """The word and the note at the end of a rule."""
        state = note = ""
        while self.kind() in (t.STATE, t.NOTE, t.BARE):
            kind, text = self.kind(), self.take()
            if (state or note if kind == t.STATE else note) or (kind == t.BARE and timed):
                raise Contradiction(text)
            state, note = (text, note) if kind == t.STATE else (state, text)
        return state, note


def _holiday(item: str) -> bool:
    return item[:2] in ("PH", "SH")


_CLOSE: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r" ?([-,/]) ?"), r"\1"),
    (re.compile(r"(?<=[^ ])(?=[+-]\d+ days?)"), " "),
)


def _joined(parts: list[str]) -> str:
    text = " ".join(parts)
    for pattern, by in _CLOSE:
        text = pattern.sub(by, text)
    return text


__all__ = ["Rule", "Span", "rules", "written"]
