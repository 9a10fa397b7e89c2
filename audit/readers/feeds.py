"""News feeds, Atom 1.0 (RFC 4287) and RSS 2.0 (rssboard.org; read 2026-11-24), without ever expanding an entity."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from xml.parsers import expat

from audit.page import NotUnderstood, squash
from audit.readers.questions import moment

_MOST = 500
_LONGEST = 20_000
_ROOTS = ("feed", "rss")
_ENTRIES = ("entry", "item")
_TIMES = ("published", "updated", "pubDate", "date")
_TEXTS = ("description", "summary", "subtitle")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: title, link, text, and when it was published (None where no time is understood)."""

    title: str = ""
    link: str = ""
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's own title, link and text, and its entries in order; ``complete``: read to its end."""

    title: str = ""
    link: str = ""
    text: str = ""
    entries: tuple[Entry, ...] = ()
    complete: bool = True

    @property
    def last(self) -> datetime | None:
        """When the latest entry was published, None where no entry tells."""
        return max((entry.at for entry in self.entries if entry.at), default=None)


class _Enough(Exception):
    """As many entries as are read."""


@dataclass
class _Reader:
    """Collects title, link, text and time of the feed and of each entry; ``about`` is the one being read."""

    root: str = ""
    depth: int = 0
    inside: int = 0  # the depth of the entry being read, 0 outside of entries
    about: dict[str, str] = field(default_factory=dict)
    head: dict[str, str] = field(default_factory=dict)
    entries: list[dict[str, str]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    size: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rsplit(":", 1)[-1]
        self.depth += 1
        if self.depth == 1:
            self.root = local if local in _ROOTS else ""
            if not self.root:
                raise NotUnderstood(f"feed expected, got <{local[:40]}>")
            self.about = self.head
        if local in _ENTRIES and not self.inside:
            self.inside, self.about = self.depth, {}
            self.entries.append(self.about)
        if name == "link" and attributes.get("href") and attributes.get("rel", "alternate") == "alternate":
            self.about.setdefault("link", attributes["href"])
        self.text, self.size = [], 0

    def data(self, text: str) -> None:
        if self.size < _LONGEST:
            self.text.append(text)
            self.size += len(text)

    def end(self, name: str) -> None:
        # names with a prefix say other things (media:title), but for Dublin Core's date and YouTube's description
        local = name if name not in ("dc:date", "media:description") else name.split(":")[1]
        said = squash("".join(self.text))[:_LONGEST]
        at_home = self.depth - self.inside == 1 or local == "description"
        if said and (at_home if self.inside else self.depth <= 3):
            self.about.setdefault(local, said)
        if self.depth == self.inside:
            self.inside, self.about = 0, self.head
            if len(self.entries) >= _MOST:
                raise _Enough
        self.depth -= 1
        self.text, self.size = [], 0

    def doctype(self, *_what: object) -> None:
        raise NotUnderstood("feed with a DOCTYPE: refused, it could declare entities")


def feed(body: bytes) -> Feed:
    """The feed with at most 500 entries. Raises `NotUnderstood` for what is no feed and for any DOCTYPE.

    One that breaks off in the middle is read that far and is not ``complete``.
    """
    reader, complete = _Reader(), True
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.data, reader.doctype
    try:
        parser.Parse(body.lstrip(), True)
    except _Enough:
        complete = False
    except (expat.ExpatError, ValueError, LookupError) as error:
        if not reader.root:
            raise NotUnderstood(f"feed expected: {error}") from error
        complete = False
    head = reader.head
    entries = tuple(Entry(one.get("title", ""), one.get("link", ""), _text(one), _at(one)) for one in reader.entries)
    return Feed(head.get("title", ""), head.get("link", ""), _text(head), entries, complete)


def _text(told: dict[str, str]) -> str:
    return next((told[name] for name in _TEXTS if name in told), "")


def _at(told: dict[str, str]) -> datetime | None:
    for text in (told[name] for name in _TIMES if name in told):
        try:
            return moment(text)
        except NotUnderstood:
            pass
        try:
            at = parsedate_to_datetime(text)
            return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        except (ValueError, OverflowError, IndexError, TypeError):
            continue
    return None
