"""Replies to reviews and comments, in words: apart from enquiries in every kind of report."""

from __future__ import annotations

from dataclasses import dataclass

from audit.model import Replying, Result, RolledReplies
from reports.texts import Texts


@dataclass(frozen=True)
class Line:
    """Reviews or comments of one source: what they are, how many got a reply, and how soon."""

    row: Replying
    title: str
    share: str
    wait: str


def replies(result: Result, texts: Texts) -> list[Line]:
    """A line per row of the score, in its order."""
    return [_line(row, texts) for row in result.score.replies]


def _line(row: Replying, texts: Texts) -> Line:
    where = "replies_own" if row.source == "imported" else "replies_public"
    title = f"{texts.count(row.kind, row.count)}, {texts.say(where)}"
    return Line(row, title, share_in_words(row, texts), _wait(row, texts))


def share_in_words(row: Replying | RolledReplies, texts: Texts) -> str:
    """How many of those that are due got a reply."""
    if row.share is None or row.share_low is None or row.share_high is None:
        return texts.say("replies_early")
    young = f" {texts.say('replies_young', n=texts.number(row.count - row.due))}" if row.count > row.due else ""
    between = texts.say("interval", low=texts.percent(row.share_low), high=texts.percent(row.share_high))
    told = {"answered": texts.number(row.answered), "due": texts.number(row.due), "share": texts.percent(row.share)}
    return f"{texts.say('replies_share', interval=between, **told)}{young}"


def _wait(row: Replying, texts: Texts) -> str:
    if row.median_hours is None:
        return texts.say("replies_open")
    return texts.say("replies_wait", hours=texts.after(row.median_hours))
