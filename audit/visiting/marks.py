"""Tells from an answer that it is not the page that was asked for. The marks are a table: marks.toml.

A long page is never judged by its words, only by status, headers and title: an ordinary page may
hold a captcha in its form, a cookie banner, or an article about maintenance.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from html import unescape
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from audit.model import Reason
from audit.page import Page, squash
from audit.visiting.getting import host_of

Verdict = tuple[Reason, str]
_BY_STATUS = {
    401: (Reason.LOGIN_WALL, "a login is asked for (401)"),
    403: (Reason.BLOCKED, "access refused (403)"),
    406: (Reason.BLOCKED, "refused as not acceptable (406): usually for the user agent"),
    408: (Reason.TIMEOUT, "the server gave up waiting (408)"),
    429: (Reason.RATE_LIMITED, "too many requests (429)"),
    451: (Reason.BLOCKED, "refused for legal reasons (451)"),
}
_UNREAD = re.compile(r"<(script|style|noscript|template)\b.*?</\1", re.DOTALL | re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*+>([^<]*+)", re.IGNORECASE)
_HEAD = 20_000  # characters in which a title stands
_TAGS = re.compile(r"<[^>]*+>")
_LONGEST = 10 * 365 * 86400.0


@cache
def _table() -> dict[str, Any]:
    table = tomllib.loads(files("audit.visiting").joinpath("marks.toml").read_text("utf-8"))
    titles = {reason: _pattern(marks) for reason, marks in table["titles"].items()}
    return table | {"titles": titles}


def _pattern(marks: Iterable[str]) -> re.Pattern[str]:
    alternatives = (".*".join(re.escape(part) for part in mark.split("*")) for mark in marks)
    return re.compile("|".join(f"(?:{one})" for one in alternatives), re.DOTALL)


def classify(page: Page, checker_block_marks: Sequence[str] = (), *, expects_json: bool = False) -> Verdict | None:
    """Why the page carries no verdict, in a word of the vocabulary and a sentence, or None.

    ``checker_block_marks`` are texts by which a checker knows a block page of its platform; they
    count anywhere in the body. ``expects_json``: HTML is judged by its words at any size.
    """
    if mark := next((mark for mark in checker_block_marks if mark and mark in page.text), ""):
        return Reason.BLOCKED, f"the page holds {mark!r}"
    if verdict := _by_headers(page) or (_by_words(page, expects_json) if _is_html(page) else None):
        return verdict
    if page.status == 429 or page.status in _BY_STATUS:
        return _BY_STATUS[page.status]
    if page.status >= 500:
        return Reason.SERVER_ERROR, f"the server failed ({page.status})"
    return None


def _is_html(page: Page) -> bool:
    kind = page.header("content-type").lower()
    if "html" in kind or not kind:
        return page.body.lstrip()[:1] == b"<" or "html" in kind
    return page.status >= 400 and kind.startswith("text/")


def _by_headers(page: Page) -> Verdict | None:
    for mark in _table()["headers"]:
        value = page.header(mark["name"]).lower()
        if value and mark["value"] in value and (not mark["status"] or page.status in mark["status"]):
            return Reason(mark["reason"]), f"a bot challenge ({mark['name']}: {value[:40]})"
    return None


def _by_words(page: Page, expects_json: bool) -> Verdict | None:
    table = _table()
    if page.status == 429:
        return _BY_STATUS[429]
    if verdict := _by_place(page, table) or _by_title(page, table):
        return verdict
    if len(page.body) > table["small_body"] and not expects_json:
        return None
    if page.status == 200 and not _is_short(page.text, table):
        return None
    return _by_markup(page, table) or _by_text(page, table)


def _is_short(text: str, table: dict[str, Any]) -> bool:
    """Whether little of the markup is text to read: counted without a parser, which would cost the most of a visit."""
    most: int = 2 * max(table["small_text"], table["consent_text"])
    # the beginning of an ordinary page is enough to tell that it is not short
    return all(len(_TAGS.sub("", _UNREAD.sub("", part))) <= most for part in (text[: most + most // 4], text))


def _by_place(page: Page, table: dict[str, Any]) -> Verdict | None:
    """A visit that ended somewhere it did not ask for: a consent host, a login page."""
    if not page.url or page.url == page.visit.url:
        return None
    host, path = host_of(page.url), urlsplit(page.url).path.lower()
    if host in table["consent"]["hosts"] and host != host_of(page.visit.url):
        return Reason.CONSENT_WALL, f"sent to {host}"
    asked = urlsplit(page.visit.url).path.lower()
    if _begins(path, table["logins"]["paths"]) and not _begins(asked, table["logins"]["paths"]):
        return Reason.LOGIN_WALL, f"sent to {path[:60]}"
    return None


def _begins(path: str, starts: Iterable[str]) -> bool:
    return any(path == start.rstrip("/") or path.startswith(f"{start.rstrip('/')}/") for start in starts)


def _by_title(page: Page, table: dict[str, Any]) -> Verdict | None:
    found = _TITLE.search(page.text, 0, _HEAD)
    title = squash(unescape(found[1])).lower() if found else ""
    if not title or len(title) > 120:
        return None
    for reason, pattern in table["titles"].items():
        if pattern.fullmatch(title) and _bears_out(page, reason, table):
            return Reason(reason), f"the page is titled {title[:80]!r}"
    return None


def _bears_out(page: Page, reason: str, table: dict[str, Any]) -> bool:
    """A title alone convinces on a bad status; a good page must also be short to be no page at all."""
    return page.status >= 400 or reason == "consent-wall" or len(page.readable) <= table["small_text"]


def _by_markup(page: Page, table: dict[str, Any]) -> Verdict | None:
    if page.status == 200 and len(page.readable) > table["small_text"] // 4:
        return None
    text = page.text.lower()
    for mark in table["markup"]["blocked"]:
        if mark in text:
            return Reason.BLOCKED, f"a bot challenge ({mark})"
    return None


def _by_text(page: Page, table: dict[str, Any]) -> Verdict | None:
    text = page.readable.lower()
    if len(text) > table["small_text"]:
        return _consent(text, table)
    for reason, marks in table["texts"].items():
        if mark := next((mark for mark in marks if mark in text), ""):
            alone = page.status >= 400 or len(text) <= table["small_text"] // 3
            if alone:
                return Reason(reason), f"a short page that says {mark!r}"
    if page.status in {401, 403} and any(word in text for word in table["logins"]["words"]):
        return Reason.LOGIN_WALL, f"a login is asked for ({page.status})"
    return _consent(text, table)


def _consent(text: str, table: dict[str, Any]) -> Verdict | None:
    """A page that is nothing but a consent prompt: short, and full of its words from end to end."""
    marks = table["consent"]
    if not text or len(text) > table["consent_text"]:
        return None
    found = {word: text.count(word) for word in marks["words"] if word in text}
    dense = sum(found.values()) * table["consent_density"] >= len(text)
    return (Reason.CONSENT_WALL, "nothing but a consent prompt") if len(found) >= marks["least"] and dense else None


def retry_after(page: Page, now: datetime) -> float | None:
    """Seconds to wait before the next visit, as far as the answer names them.

    Reads Retry-After in both forms (RFC 9110 10.2.3), else X-RateLimit-Reset (an ISO time, Unix
    seconds or seconds left) where the answer is 429 or says that nothing remains.
    """
    seconds = _seconds(page.header("retry-after"), now)
    spent = page.status == 429 or page.header("x-ratelimit-remaining").strip() == "0"
    if seconds is None and spent:
        seconds = _seconds(page.header("x-ratelimit-reset") or page.header("ratelimit-reset"), now)
    return seconds


def _seconds(text: str, now: datetime) -> float | None:
    text = text.strip()
    number = _number(text)
    if number is not None:
        left = number - now.timestamp() if number > _LONGEST else number
    elif (moment := _moment(text)) is not None:
        left = (moment - now).total_seconds()
    else:
        return None
    return min(max(left, 0.0), _LONGEST)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _moment(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
