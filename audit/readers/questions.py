"""Public questions and their first answers: one rule for every social platform, and never a name or a text kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from audit.model import Exchange, Item, Nothing
from audit.page import NotUnderstood, squash
from audit.readers.tables import table

_LONGEST = 10_000
_ASIDE = re.compile(r"https?://\S+|www\.\S+|(?<![\w/])[@#][\w.@-]+")
_WORD = re.compile(r"[^\W\d_]{2,}")


def is_question(text: str) -> bool:
    """Whether a public text asks for help or information, by the table questions.toml. Never raises.

    Only the first 10 000 characters count.
    """
    said = squash(_ASIDE.sub(" ", text[:_LONGEST])).lower()
    said = _words("not_asked").sub(" ", said)
    if len(_WORD.findall(said)) < 2:
        return False
    return any(mark in said for mark in table("questions")["marks"]) or bool(_words("words").search(said))


@cache
def _words(key: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(map(re.escape, table("questions")[key])) + r")\b[?!.]*")


def exchange(key: str, asked: datetime, answered: datetime | None, kind: str = "question", entry: str = "") -> Exchange:
    """A question without author and text, under a hash of the platform's own id.

    ``asked`` and ``answered`` are aware; an answer earlier than the question is no answer. ``entry`` is the id of
    the listing that it was asked at.
    """
    in_order = answered if answered and answered >= asked else None
    return Exchange(id=hashed(key), asked_at=asked, answered_at=in_order, kind=kind, entry=entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A public comment: the platform's id, when and what; ``answers`` are the times of the account's own replies.

    ``whole`` tells that all replies are shown, so that silence is none; ``own`` that the account wrote it.
    """

    key: str
    at: datetime
    text: str
    answers: tuple[datetime, ...] = ()
    whole: bool = True
    own: bool = False


def exchanges(comments: Iterable[Said]) -> list[Exchange]:
    """Comments of others, each with the first own answer; one whose replies are hidden is left out.

    Those that ask for help or information are questions, all others comments: a figure of their own.
    """
    known = [said for said in comments if not said.own and (said.answers or said.whole)]
    return [exchange(said.key, said.at, earliest(said.answers), kind_of(said.text)) for said in known]


def commented(comments: Iterable[Said]) -> Iterator[Item]:
    """The `exchanges` of an account's comments; that others wrote none is a sign of its own."""
    found: list[Item] = [*exchanges(comments)]
    yield from found or [Nothing("no comment of others whose replies are all shown")]


def kind_of(text: str) -> str:
    """ "question" or "comment": what a public text is counted as."""
    return "question" if is_question(text) else "comment"


def hashed(key: str) -> str:
    """16 hexadecimal digits in place of an id that could lead to a person."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16]


def moment(text: object) -> datetime:
    """An ISO 8601 time with its zone ("2026-11-20T10:00:00Z", "+0000" too), as UTC. Raises `NotUnderstood`."""
    try:
        at = datetime.fromisoformat(str(text))
        return at.astimezone(UTC) if at.tzinfo else _no_zone(text)
    except (ValueError, OverflowError) as error:
        raise NotUnderstood(f"no time: {str(text)[:40]!r}") from error


def _no_zone(text: object) -> datetime:
    raise NotUnderstood(f"a time without zone: {str(text)[:40]!r}")


def day(text: object) -> date | None:
    """The day of an ISO 8601 date or time as it stands there, or None."""
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def latest(texts: Iterable[object]) -> date | None:
    """The last day of several ISO 8601 dates or times, None of none; what is no date does not count."""
    return max(filter(None, map(day, texts)), default=None)


def earliest(times: Iterable[datetime]) -> datetime | None:
    """The first of several times, None of none."""
    return min(times, default=None)
