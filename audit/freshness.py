"""HTTP caching (RFC 9111, 2022-06): for how long an answer is fresh, and how to ask whether it changed since."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from audit.checker import Checker
from audit.model import Retention, Seen, Via, Visit
from audit.page import Page

_LONGEST = timedelta(hours=24)  # whatever a server says: a nightly audit looks itself
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Validators:
    """What an answer says of itself: ``etag`` and ``modified`` as sent, fresh ``until`` when (None: ask at once)."""

    etag: str = ""
    modified: str = ""
    until: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.etag or self.modified or self.until)


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """A conclusive answer of an earlier run, with its ``page`` where that may be kept in full."""

    seen: Seen
    validators: Validators
    page: Page | None = None

    def is_fresh(self, now: datetime) -> bool:
        """Whether the server said that it need not be asked again yet."""
        return self.validators.until is not None and now < self.validators.until

    def conditional(self, visit: Visit) -> Visit:
        """The visit with the question whether anything changed (RFC 9110 13.1)."""
        asked = (("if-none-match", self.validators.etag), ("if-modified-since", self.validators.modified))
        return replace(visit, headers=(*visit.headers, *((name, value) for name, value in asked if value)))


def may_be_reused(checker: Checker, visit: Visit) -> bool:
    """Whether an earlier answer can stand for a new one: a plain page, of which at least an extract may be kept."""
    return visit.via is Via.HTTP and visit.method == "GET" and checker.retention is not Retention.IDS_ONLY


def validators(page: Page) -> Validators:
    """What is needed to use an answer again; nothing of one that must not be stored (no-store, Vary: *)."""
    said = dict(_directives(page.header("cache-control")))
    if page.status != 200 or "no-store" in said or "*" in page.header("vary"):
        return Validators()
    until = None if "no-cache" in said else _until(page, said.get("max-age"))
    return Validators(page.header("etag"), page.header("last-modified"), until)


def _directives(header: str) -> Iterator[tuple[str, str]]:
    for part in header.lower().split(","):
        name, _, value = part.partition("=")
        yield name.strip(), value.strip(' "')


def _until(page: Page, max_age: str | None) -> datetime | None:
    """Until when an answer is fresh; None where it says nothing or is stale already."""
    if max_age is not None:
        seconds = min(_number(max_age), _LONGEST.total_seconds()) - _number(page.header("age"))
        return page.at + timedelta(seconds=seconds) if seconds > 0 else None
    with suppress(ValueError, OverflowError, TypeError):
        expires = parsedate_to_datetime(page.header("expires")).astimezone(UTC)
        return min(expires, page.at + _LONGEST) if expires > page.at else None
    return None


def _number(text: str) -> float:
    """Seconds of a header, 0 for anything that is none."""
    return float(text[:12]) if text.isascii() and text.isdigit() else 0.0


def reader_of(checker: Checker) -> str:
    """A fingerprint of the code that reads a checker's pages: what another reader read is not used again."""
    try:
        return _fingerprint(inspect.getfile(type(checker)))
    except (OSError, TypeError):  # a class made at run time has no file
        return _fingerprint("")


@cache
def _fingerprint(file: str) -> str:
    readers = sorted(path for path in Path(__file__).with_name("readers").iterdir() if path.is_file())
    return sha256(b"".join(path.read_bytes() for path in [*readers, *([Path(file)] if file else [])])).hexdigest()[:16]
