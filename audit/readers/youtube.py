"""Comments and ids as the YouTube Data API (v3) shows them; of comments only ids, times and whether they ask."""

from __future__ import annotations

import re
from datetime import datetime

from audit.page import NotUnderstood
from audit.readers.objects import Object, part, string
from audit.readers.questions import Said, moment

CHANNEL = re.compile(r"UC[\w-]{22}")
_COMMENT = re.compile(r"[\w.-]{1,200}")


def channel_id(key: object) -> str:
    """The id of a channel. Raises `NotUnderstood` for anything else."""
    return _id(key, CHANNEL)


def said_in(comment: Object, me: str, replies: list[Object], count: object) -> Said:
    """A comment with those of the shown ``replies`` that are ``me``'s; ``count`` is how many replies there are."""
    snippet = part(comment, "snippet")
    return Said(
        key=_id(comment.get("id"), _COMMENT),
        at=written_at(comment),
        text=string(snippet, "textOriginal") or string(snippet, "textDisplay"),
        answers=tuple(written_at(reply) for reply in replies if author_of(reply) == me),
        whole=isinstance(count, int) and len(replies) >= count,
        own=author_of(comment) == me,
    )


def author_of(comment: Object) -> str:
    """The id of the channel that wrote a comment, or an empty text."""
    return string(part(comment, "snippet").get("authorChannelId"), "value")


def written_at(comment: Object) -> datetime:
    """When a comment was written. Raises `NotUnderstood` without a time."""
    return moment(part(comment, "snippet").get("publishedAt"))


def _id(key: object, form: re.Pattern[str]) -> str:
    if not isinstance(key, str) or not form.fullmatch(key):
        raise NotUnderstood("no id of a channel or comment")
    return key
