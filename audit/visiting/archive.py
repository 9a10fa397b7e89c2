"""An archive of answers: folders that people can write by hand.

    <folder>/<host>/visits.toml      entries with path = "/suche?x=1" of that host
    <folder>/visits.toml             entries with url = "https://host/suche?x=1" (one checker's fixtures)

    [[visit]]
    path = "/suche?ort=Musterstadt"   # the order of the query does not matter; "{KEY}" stands for any value
    file = "suche.html"               # beside the table; times in it are relative (templates.py)
    type = "text/html; charset=utf-8" # guessed from the file's name where absent
    method = "GET"                    # and status = 200, headers = {...}, delay_ms = 0, body = "short text"
    body_contains = "Beratung"        # for POST: only requests whose body holds this
    fault = "reset"                   # see `FAULTS`

What is not listed is not there: ``/robots.txt`` answers 404, all else is unreachable.
"""

from __future__ import annotations

import mimetypes
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from audit.visiting.getting import PLACEHOLDER
from audit.visiting.templates import fill_times

# Faults that change what is answered, as (status, type, headers, body); None keeps the recorded part.
ANSWERS: Mapping[str, tuple[int, str, tuple[tuple[str, str], ...], bytes | None]] = {
    "429": (429, "text/plain", (("retry-after", "2"),), b"too many requests"),
    "500": (500, "text/plain", (), b"internal server error"),
    "503": (503, "text/plain", (("retry-after", "2"),), b"service unavailable"),
    "challenge": (
        403, "text/html; charset=utf-8", (("cf-mitigated", "challenge"),),
        b"<html><title>Just a moment...</title><body>Checking your browser</body></html>",
    ),
    "maintenance": (
        200, "text/html; charset=utf-8", (),
        b"<html><title>Wartungsarbeiten</title><body>Wir sind bald wieder da.</body></html>",
    ),
    "html": (200, "text/html; charset=utf-8", (), b"<html><title>Portal</title><body><p>Willkommen</p></body></html>"),
    "empty": (200, "", (), b""),
}  # fmt: skip
# Faults of the connection: closed without an answer, never an answer, a body shorter than announced,
# a byte at a time.
BREAKS = ("reset", "timeout", "truncated", "slow")
FAULTS = (*ANSWERS, *BREAKS)
_TYPES = {".json": "application/json", ".geojson": "application/geo+json", ".xml": "application/xml"}


class BadArchive(Exception):
    """The archive cannot be used; the message names file, entry and fault."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One archived answer. ``delay`` is in seconds; ``fault`` a break of the connection, or empty."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    delay: float = 0.0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    query: tuple[tuple[str, str], ...]
    contains: str
    answer: Answer

    def fits(self, query: tuple[tuple[str, str], ...], body: str) -> bool:
        """Whether a request is the one recorded."""
        if len(query) != len(self.query) or self.contains not in body:
            return False
        return all(a == b and (c == d or _any(d)) for (a, c), (b, d) in zip(query, self.query, strict=True))


def _any(value: str) -> bool:
    return PLACEHOLDER.fullmatch(value) is not None


def spoilt(answer: Answer, fault: str) -> Answer:
    """The answer with a fault put in. Raises `ValueError` for a fault that is not of `FAULTS`."""
    if fault in ANSWERS:
        status, kind, headers, body = ANSWERS[fault]
        type_ = (("content-type", kind),) if kind else ()
        return Answer(status, type_ + headers, answer.body if body is None else body, answer.delay)
    if fault and fault not in BREAKS:
        raise ValueError(f"unknown fault {fault!r}; known: {', '.join(FAULTS)}")
    return replace(answer, fault=fault or answer.fault)


NOT_FOUND = Answer(404, (("content-type", "text/plain"),), b"not found")


class Archive:
    """All answers of a folder, read once. Times in them count from ``now`` (aware)."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self._now = now
        self._entries: dict[tuple[str, str, str], list[_Entry]] = {}
        self.urls: list[str] = []
        tables = [table for table in (folder / "visits.toml", *sorted(folder.glob("*/visits.toml"))) if table.is_file()]
        if not tables:
            raise BadArchive(f"{folder}: no visits.toml in it or in a folder below it")
        for table in tables:
            self._read(table, "" if table.parent == folder else table.parent.name)

    def answer(self, method: str, url: str, body: str = "") -> Answer | None:
        """The recorded answer to a request for a canonical address, or None."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        path, query = unquote(parts.path) or "/", _query(parts.query)
        for entry in self._entries.get((method.upper(), parts.netloc.lower(), path), ()):
            if entry.fits(query, body):
                return replace(entry.answer, body=fill_times(entry.answer.body, self._now))
        return NOT_FOUND if path == "/robots.txt" and method.upper() == "GET" else None

    def _read(self, table: Path, host: str) -> None:
        try:
            entries = tomllib.loads(table.read_text("utf-8")).get("visit", [])
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise BadArchive(f"{table}: {error}") from error
        for number, entry in enumerate(entries, 1):
            try:
                self._add(entry, table.parent, host)
            except (KeyError, ValueError, TypeError, AttributeError, OSError) as error:
                raise BadArchive(f"{table}: visit {number}: {type(error).__name__}: {error}") from error

    def _add(self, entry: Mapping[str, Any], folder: Path, host: str) -> None:
        if unknown := set(entry) - _KNOWN:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(sorted(_KNOWN))}")
        url = entry["url"] if "url" in entry else f"https://{host}{entry['path']}"
        parts = urlsplit(url)
        answer = spoilt(_recorded(entry, folder), entry.get("fault", ""))
        key = (entry.get("method", "GET").upper(), parts.netloc.lower(), unquote(parts.path) or "/")
        kept = _Entry(_query(parts.query), entry.get("body_contains", ""), answer)
        self._entries.setdefault(key, []).append(kept)
        self.urls.append(url)

    def hosts(self) -> Iterator[str]:
        """The hosts that have answers."""
        return iter(sorted({host for _, host, _ in self._entries}))


_KNOWN = {
    "path", "url", "file", "body", "type", "method", "status", "headers", "delay_ms", "body_contains", "fault",
}  # fmt: skip


def _recorded(entry: Mapping[str, Any], folder: Path) -> Answer:
    file, headers = entry.get("file", ""), {key.lower(): str(value) for key, value in entry.get("headers", {}).items()}
    if kind := entry.get("type") or _type(file):
        headers.setdefault("content-type", kind)
    body = (folder / file).read_bytes() if file else str(entry.get("body", "")).encode()
    return Answer(int(entry.get("status", 200)), tuple(headers.items()), body, entry.get("delay_ms", 0) / 1000)


def _type(file: str) -> str:
    suffix = Path(file).suffix.lower()
    kind = _TYPES.get(suffix) or mimetypes.types_map.get(suffix, "")
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _query(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(parse_qsl(text, keep_blank_values=True, max_num_fields=1000)))
