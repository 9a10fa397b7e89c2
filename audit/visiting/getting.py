"""What every getter has in common: limits, the way to say "no page", and the addresses of a visit."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import quote, urlsplit, urlunsplit

from audit.model import Reason, Visit
from audit.page import Page

MIB = 1024 * 1024
PLACEHOLDER = re.compile(r"\{([A-Z][A-Z0-9_]{2,63})\}")

Now = Callable[[], datetime]
Permit = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one visit may cost: bytes on the wire and decoded, redirect hops, seconds."""

    wire_bytes: int = 5 * MIB
    decoded_bytes: int = 20 * MIB
    header_bytes: int = 64 * 1024
    redirects: int = 5
    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0


class Unreachable(Exception):
    """No page: ``reason`` is the verdict, ``detail`` one sentence for a person.

    ``retry_after`` is in seconds where the other side named it, ``status`` the HTTP status or 0.
    """

    def __init__(self, reason: Reason, detail: str, *, retry_after: float | None = None, status: int = 0) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail
        self.retry_after = retry_after
        self.status = status


class Getter(Protocol):
    """Turns one visit into one page. Knows no pace and keeps no state that matters."""

    async def get(self, visit: Visit, limits: Limits, permit: Permit = ...) -> Page:
        """The answer to the visit, whatever its HTTP status. Raises `Unreachable`, nothing else.

        ``permit`` is asked before every redirect is followed.
        """

    async def close(self) -> None:
        """Lets go of connections, files and processes."""


def utc_now() -> datetime:
    """The present time, aware, in UTC: the clock used where none is given."""
    return datetime.now(UTC)


async def permit_all(url: str) -> None:
    """The permit used where no one has a say about redirects."""


def _quoted(text: str) -> str:
    """Percent-encoded, except for the marks of keys (``{NAME}``), which stay readable."""
    parts, position = [], 0
    for mark in PLACEHOLDER.finditer(text):
        parts += [quote(text[position : mark.start()], safe=""), mark[0]]
        position = mark.end()
    return "".join([*parts, quote(text[position:], safe="")])


def canonical_url(visit: Visit) -> str:
    """The address of a visit with its params and without a fragment, as if nothing were overridden."""
    address = visit.url.partition("#")[0]
    if not visit.params:
        return address
    query = "&".join(f"{_quoted(key)}={_quoted(value)}" for key, value in visit.params)
    joint = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    return f"{address}{joint}{query}"


def host_of(url: str) -> str:
    """The lower-case host name of an address, or an empty text where it has none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def authority(url: str) -> str:
    """Host and port of a web address. Raises `Unreachable` for anything else: pages link to all sorts of things."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Unreachable(Reason.ADDRESS_REFUSED, f"not a web address: {url[:80]!r}") from error
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Unreachable(Reason.ADDRESS_REFUSED, f"not a web address: {url[:80]!r}")
    return parts.netloc


def root_of(url: str) -> str:
    """Scheme, host and port of a web address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def on_base(url: str, base_urls: Mapping[str, str]) -> str:
    """The address that is really asked: scheme and host replaced where the host has a base URL."""
    base = base_urls.get(host_of(url))
    if not base:
        return url
    parts = urlsplit(url)
    path = parts.path if parts.path.startswith("/") else f"/{parts.path}"
    return base.rstrip("/") + urlunsplit(("", "", path, parts.query, ""))


def off_base(url: str, base_urls: Mapping[str, str]) -> str:
    """The canonical address of one that was really asked: the inverse of `on_base`."""
    for host, base in base_urls.items():
        stem = base.rstrip("/")
        if url == stem or url.startswith((f"{stem}/", f"{stem}?")):
            return f"https://{host}{url[len(stem) :] or '/'}"
    return url


def actual_url(visit: Visit, base_urls: Mapping[str, str]) -> str:
    """The address that is really asked for a visit; the key of its lane. Marks of keys stay in."""
    return on_base(canonical_url(visit), base_urls)
