"""The tokens of an OSM opening_hours value, also of one written with German words or the wrong signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from audit.readers.german_words import appointment_words
from audit.readers.tables import table
from audit.readers.week import DAYS, HOLIDAY, Contradiction, clock

LONGEST: Final = 1000
"""Characters; OpenStreetMap itself allows 255."""

DAY, HOLIDAYS, MONTH, WEEK, EASTER, EVENT, TIME, NUMBER, NOTE, STATE, SHIFT = (
    "day", "holidays", "month", "week", "easter", "event", "time", "number", "note", "state", "shift",
)  # fmt: skip
ALWAYS, DASH, COMMA, NEXT, ELSE, BARE, NOON = "24/7", "-", ",", ";", "||", "bare note", "noon"

_DASHES = re.compile("[–—−‐‑‒~～]")
_QUOTES = re.compile("[“”„‟«»]")
_TOKEN = re.compile(
    r"""(?P<note>"[^"]*")
      | (?P<always>24\s*/\s*7)
      | (?P<time>\d{1,2}(?::|(?:\.(?=\d\d(?!\d))))\d{2}(?::00)?(?!\d))
      | (?P<shift>[+-]\d{1,3}\s+days?\b)
      | (?P<number>\d{1,4})(?!\d)
      | (?P<word>[^\W\d_]+\.?)
      | (?P<sign>\|\|?|[-,;+()\[\]/:&.])
      | (?P<other>\S)""",
    re.VERBOSE | re.IGNORECASE,
)
_SIGNS = {"|": ELSE, "||": ELSE, "&": COMMA}


class Token(NamedTuple):
    """One token: its kind, and how OSM writes it."""

    kind: str
    text: str = ""


@cache
def _words() -> dict[str, Token]:
    """Every word with its token; words that say nothing have an empty kind."""
    hours = table("hours")
    osm, words = hours["osm"], hours["words"]
    found = {word: Token("") for word in osm["silent"]}
    found |= {word: Token(COMMA, ",") for word in words["and"]} | {word: Token(DASH, "-") for word in words["to"]}
    found |= {word: Token(STATE, state) for state in ("open", "off", "unknown") for word in osm[state]}
    found |= {word: Token(HOLIDAYS, "SH") for word in osm["school"]}
    found |= {word: Token(EASTER, "easter") for word in osm["easter"]} | {
        word: Token(WEEK, "week") for word in osm["week"]
    }
    found |= {word: Token(EVENT, word) for word in osm["events"]} | {word: Token(NOON, word) for word in osm["noon"]}
    found |= {word: Token(MONTH, osm["months"][number]) for word, number in hours["months"].items()}
    found |= {word: Token(DAY, f"{DAYS[a]}-{DAYS[b]}") for word, (a, b) in hours["groups"].items()}
    found |= {word: Token(HOLIDAYS if day == HOLIDAY else DAY, DAYS[day]) for word, day in hours["days"].items()}
    return found


def tokens(text: str) -> list[Token]:
    """The tokens of a value. Raises `Contradiction` for a sign or word that has no meaning in opening hours."""
    plain = _QUOTES.sub('"', _DASHES.sub("-", text))
    return list(_quoted(plain))


def _quoted(text: str) -> Iterator[Token]:
    """Quoted notes as they are; between them, "by appointment" without quotes is a note too."""
    for index, piece in enumerate(re.split(r'("[^"]*")', text)):
        if index % 2:
            yield Token(NOTE, " ".join(piece[1:-1].split()))
            continue
        at = 0
        for found in appointment_words().finditer(piece):
            yield from _plain(piece[at : found.start()])
            yield Token(BARE, " ".join(found.group().split()))
            at = found.end()
        yield from _plain(piece[at:])


@cache
def _late() -> re.Pattern[str]:
    words = (re.escape(word).replace(r"\ ", r"\s+") for word in table("hours")["osm"]["late"])
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


def _plain(text: str) -> Iterator[Token]:
    for found in _TOKEN.finditer(_late().sub("+", text)):
        kind = str(found.lastgroup)
        token = _token(kind, found.group())
        if token.kind:
            yield token


def _token(kind: str, text: str) -> Token:
    if kind == "always":
        return Token(ALWAYS, ALWAYS)
    if kind == "time":
        hour, minute = (int(part) for part in re.split("[:.]", text)[:2])
        return Token(TIME, clock(hour * 60 + minute)) if minute < 60 else _unknown(text)
    if kind == "word":
        return _words().get(text.rstrip(".").lower()) or _unknown(text)
    if kind == "sign":
        return Token("" if text in ".:" else _SIGNS.get(text, text), text)
    return Token(kind, " ".join(text.split())) if kind in (SHIFT, NUMBER) else _unknown(text)


def _unknown(text: str) -> Token:
    raise Contradiction(text)


def bare_time(digits: str) -> str:
    """Bare digits as a time: "9", "0930". Raises `Contradiction` for minutes beyond 59."""
    hour, minute = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if minute > 59:
        raise Contradiction(digits)
    return clock(hour * 60 + minute)


def likely(start: str, end: str) -> bool:
    """Whether bare hours make sense: "9-5" may mean the afternoon or the next morning."""
    return start < end or (start >= "17:00" and end <= "07:00")


def halves(start: str, first: str, end: str, second: str) -> tuple[str, str]:
    """Two times with the "am" or "pm" behind each, if any; "2-4 pm" is afternoon, "9-5 pm" begins in the morning.

    Raises `Contradiction` for 13 pm, and for a first half alone.
    """
    if not second:
        if first:
            raise Contradiction(first)
        return start, end
    end = _by_noon(end, second)
    same = _by_noon(start, first or second)
    return (same if first or same < end else _by_noon(start, "am")), end


def _by_noon(time: str, half: str) -> str:
    hour = int(time[:2]) if time[:1].isdigit() else 0
    if not 1 <= hour <= 12:
        raise Contradiction(time)
    return f"{hour % 12 + 12 * (half == 'pm'):02d}{time[2:]}"
