"""An answer with reading helpers: what every checker gets to read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode
from w3lib.encoding import html_to_unicode

from audit.model import Visit
from audit.nesting import shallow

Node = LexborNode  # one element of a page, for the annotations of checkers
_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_UNSPOKEN = ["script", "style", "noscript", "template", "svg"]


class NotUnderstood(Exception):
    """The answer is not what the reader knows: the cell becomes unknown (layout-changed)."""


def squash(text: str | None) -> str:
    """Text with runs of white space and invisible characters folded into one blank."""
    return " ".join(_INVISIBLE.sub(" ", text or "").split())


@dataclass(frozen=True, kw_only=True)
class Page:
    """One answer as it came: final ``url``, ``status``, ``headers`` (lower-case names), decoded ``body``.

    Answers of a data set carry ``records`` instead of a body; a browser adds a ``picture`` (JPEG).
    """

    visit: Visit
    at: datetime
    url: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    records: tuple[Mapping[str, Any], ...] = field(default=())
    picture: bytes = b""

    def header(self, name: str) -> str:
        """The first header of that name, or an empty text."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @cached_property
    def text(self) -> str:
        """The body as text: header charset, then byte order mark, meta element, and a safe guess."""
        return str(html_to_unicode(self.header("content-type"), self.body)[1])

    @cached_property
    def markup(self) -> str:
        """The text up to where it nests deeper than any real page; shorter than `text` only if hostile."""
        return shallow(self.text)

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The parsed HTML. Never raises: HTML has no errors, only repairs."""
        return LexborHTMLParser(self.markup)

    @cached_property
    def readable(self) -> str:
        """The visible text of the page on one line, without scripts and styles."""
        tree = LexborHTMLParser(self.markup)
        tree.strip_tags(_UNSPOKEN)
        return squash(tree.body.text(separator=" ", strip=True)) if tree.body else ""

    @cached_property
    def title(self) -> str:
        """The text of the title element."""
        node = self.tree.css_first("title")
        return squash(node.text()) if node else ""

    def fragment(self, html: object) -> Page:
        """A piece of HTML that the answer holds inside JSON, as a page of its own; empty where it is no text."""
        body = html.encode("utf-8", "replace") if isinstance(html, str) else b""
        return replace(self, body=body, headers=(("content-type", "text/html; charset=utf-8"),))

    def data(self, kind: type[dict[str, Any]] | type[list[Any]] = dict) -> Any:
        """The body as JSON of the given outermost kind (dict or list).

        Raises `NotUnderstood` for anything else: HTML, half an answer, another shape.
        """
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise NotUnderstood(f"JSON expected, got {self.body[:40]!r}") from error
        if not isinstance(value, kind):
            raise NotUnderstood(f"JSON {kind.__name__} expected, got {type(value).__name__}")
        return value

    def all(self, css: str, within: LexborNode | None = None) -> list[LexborNode]:
        """All nodes that the selector finds, in the page or within a node."""
        return (within or self.tree).css(css)

    def text_of(self, css: str, within: LexborNode | None = None) -> str:
        """The squashed text of the first node that the selector finds, or an empty text."""
        node = (within or self.tree).css_first(css)
        return squash(node.text(separator=" ", strip=True)) if node else ""

    def attribute(self, css: str, name: str, within: LexborNode | None = None) -> str:
        """An attribute of the first node that the selector finds, or an empty text."""
        node = (within or self.tree).css_first(css)
        return (node.attributes.get(name) or "") if node else ""
