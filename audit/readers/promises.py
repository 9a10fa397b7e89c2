"""Reply times that a page promises, in its words ("innerhalb von zwei Werktagen") or for machines (processingTime)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from audit.readers.tables import table

_AROUND = 120  # characters beside a time in which the word of answering stands
_END = re.compile(r"[.!?\n|·]")
# ISO 8601 durations as schema.org's Duration writes them, without years and months
_DURATION = re.compile(r"P(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:\d{1,4}S)?)?\Z")


def reply_hours_in(text: str) -> float | None:
    """The longest time, in hours, within which a text promises an answer; None where it promises none. Never raises."""
    found = (_hours(match) for match in _times().finditer(text) if _is_ours(match))
    return max((hours for hours in found if hours), default=None)


def duration_hours(texts: Iterable[str]) -> float | None:
    """The longest of some ISO 8601 durations ("P2D", "PT48H") in hours; None where none is one."""
    found = (_DURATION.match(text.strip()) for text in texts)
    parts = [[int(part or 0) for part in match.groups()] for match in found if match]
    return max((168 * w + 24 * d + h + m / 60 for w, d, h, m in parts if w or d or h or m), default=None)


@cache
def _times() -> re.Pattern[str]:
    words = table("promises")
    before = "|".join(re.escape(word).replace(r"\ ", r"\s") for word in words["before"])
    units = "|".join(sorted(words["hours"], key=len, reverse=True))
    number = r"\d{1,3}|[^\W\d_]{2,9}"
    return re.compile(
        rf"\b(?:{before})\s(?:von\s|of\s)?(?:({number})\s?(?:bis|oder|to|-|–)\s?)?({number})\s(?:working\s)?({units})\b",
        re.IGNORECASE,
    )


def _is_ours(match: re.Match[str]) -> bool:
    text = match.string
    start = _END.split(text[max(match.start() - _AROUND, 0) : match.start()])[-1]
    sentence = f"{start}{match[0]}{_END.split(text[match.end() : match.end() + _AROUND])[0]}".casefold()
    words = table("promises")
    return any(w in sentence for w in words["answering"]) and not any(w in sentence for w in words["not_ours"])


def _hours(match: re.Match[str]) -> float | None:
    told = match[2].casefold()
    number = int(told) if told.isdecimal() else table("promises")["numbers"].get(told)
    return float(number * table("promises")["hours"][match[3].casefold()]) if number else None
