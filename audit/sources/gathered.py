"""What a source gives: exchanges without persons, answers to earlier questions, and what was skipped, by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from audit.model import Exchange

CHANNELS = ("mail", "form", "chat", "phone", "counselling", "public")
KINDS = ("question", "review", "comment")
SOON = timedelta(seconds=60)  # a reply faster than a person writes
SKEW = timedelta(minutes=10)  # clocks of two servers may differ by this much

Known = Mapping[str, Exchange]


class SourceProblemError(ValueError):
    """A source that cannot be read; the message says what, where and what to do, and names no person."""


@dataclass
class Gathered:
    """Filled while a source is read.

    ``links`` maps hashes of messages (or numbers) to the id of their exchange, so that an answer that comes
    with a later import finds its question. ``answers`` are times for questions stored earlier, by id.
    ``skipped`` counts what is no question or could not be used, ``noted`` what is only worth telling. ``lost``: the
    connection broke for good, and what was read counts.
    """

    exchanges: list[Exchange] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    answers: dict[str, datetime] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    lost: bool = False

    def answer(self, id_: str, at: datetime) -> None:
        """An answer to a question stored earlier: the first one counts."""
        self.answers[id_] = min(at, self.answers.get(id_, at))


def fault_of(asked: datetime | None, answered: datetime | None, now: datetime) -> str:
    """Why an exchange with these times cannot be counted; "" where it can."""
    if asked is None:
        return "no-date"
    if asked > now + SKEW or (answered and answered > now + SKEW):
        return "future-date"
    if answered and answered < asked - SKEW:
        return "answered-before-asked"
    return ""
