"""Sitemaps (sitemaps.org protocol 0.9, read 2026-11-23) without ever expanding an entity."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from xml.parsers import expat

from audit.page import NotUnderstood

_MOST = 20_000
_LONGEST_URL = 2048
_UNPACKED = 20 * 1024 * 1024
_ROOTS = {"urlset": "urls", "sitemapindex": "maps"}
_ROBOTS_LINE = re.compile(r"^[ \t]*+sitemap[ \t]*+:[ \t]*+(\S++)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages and the further sitemaps that one names, in order; ``complete``: read to its end."""

    urls: tuple[str, ...] = ()
    maps: tuple[str, ...] = ()
    complete: bool = True


class _Enough(Exception):
    """As many addresses as asked for."""


class _Reader:
    """Collects the text of every loc below the root."""

    def __init__(self, most: int) -> None:
        self.most, self.root, self.depth = most, "", 0
        self.found: list[str] = []
        self.text: list[str] | None = None

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rsplit(":", 1)[-1]
        self.depth += 1
        if self.depth == 1:
            self.root = _ROOTS.get(local, "")
            if not self.root:
                raise NotUnderstood(f"sitemap expected, got <{local[:40]}>")
        self.text = [] if local == "loc" and self.depth == 3 else None

    def data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def end(self, _name: str) -> None:
        self.depth -= 1
        url = "".join(self.text or ()).strip()
        self.text = None
        if url.startswith(("http://", "https://")) and len(url) <= _LONGEST_URL:
            self.found.append(url)
            if len(self.found) >= self.most:
                raise _Enough

    def doctype(self, *_what: object) -> None:
        raise NotUnderstood("sitemap with a DOCTYPE: refused, it could declare entities")


def sitemap(body: bytes, most: int = _MOST) -> Sitemap:
    """The addresses in a sitemap or sitemap index (also gzipped, at most 20 MiB), at most ``most``.

    Raises `NotUnderstood` for what is no sitemap and for any DOCTYPE. One that breaks off in the
    middle, or holds more, is read that far and is not ``complete``.
    """
    reader = _Reader(most)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.data, reader.doctype
    complete = True
    try:
        parser.Parse(_unpacked(body), True)
    except _Enough:
        complete = False
    except (expat.ExpatError, ValueError, LookupError) as error:
        if not reader.root:
            raise NotUnderstood(f"sitemap expected: {error}") from error
        complete = False
    return Sitemap(complete=complete, **{reader.root: tuple(dict.fromkeys(reader.found))})


def _unpacked(body: bytes) -> bytes:
    if body[:2] != b"\x1f\x8b":
        return body.lstrip()
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, _UNPACKED)
    except zlib.error as error:
        raise NotUnderstood(f"gzip expected: {error}") from error


def sitemaps_of_robots(text: str) -> tuple[str, ...]:
    """The addresses of the "Sitemap:" lines of a robots.txt, at most 50."""
    found = (url for url in _ROBOTS_LINE.findall(text) if url.startswith(("http://", "https://")))
    return tuple(dict.fromkeys(url[:_LONGEST_URL] for url in found))[:50]
