"""What a page states for machines: schema.org entities in JSON-LD, microdata and RDFa.

JSON-LD is read from the tree parsed already (JSON-LD 1.1, W3C, read 2026-11-23), forgiving what real
pages do: comments and CDATA around and inside the JSON, control characters, commas too many, escapes
that are none, several values in one script, no @context, types as list or URL.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from audit.page import Page
from audit.readers.entity import MOST, Entity, all_ids, merged, plain, short
from audit.readers.markup import microdata, rdfa
from audit.readers.tables import table

_DEPTH = 24
_MOST_VALUES = 200
_LONGEST_SCRIPT = 2_000_000
_START = re.compile(r"(?<!<!)(?<!CDATA)[\[{]")
_BETWEEN = re.compile(r"[\s,;\ufeff]*")
_DECODER = json.JSONDecoder(strict=False)
# Strings are kept as they are (but for escapes JSON does not know); comments and blanks are no part of JSON.
# An open string or comment ends with the text: nothing is looked at twice.
_STRING = r'"(?:[^"\\]|\\.)*+"?'
_TOKEN = re.compile(_STRING + r"|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|//[^\n]*|[^\S \t\n\r]|[\ufeff\u200b\u2060]", re.DOTALL)
_COMMA = re.compile(rf"({_STRING})|,(?=\s*[,}}\]])", re.DOTALL)
_NO_ESCAPE = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|(.))', re.S)


def entities(page: Page) -> list[Entity]:
    """Every entity of the page, nested ones too, in document order; at most 2,000. Never raises."""
    found: list[Entity] = []
    for node in page.all("script[type]"):
        kind = (node.attributes.get("type") or "").lower()
        if any(name in kind for name in table("structured")["read"]["json_ld"]):
            for value in values(node.text()):
                _walk(value, found, _DEPTH)
    return merged((found + microdata(page) + rdfa(page))[:MOST])


def values(text: str) -> list[Any]:
    """The JSON values of one script, usual faults forgiven; none where it holds none. Never raises."""
    text = text[:_LONGEST_SCRIPT]
    found = list(_decoded(text)) or list(_decoded(_mended(text)))
    if not found and "&quot;" in text:
        found = list(_decoded(_mended(html.unescape(text))))
    return found


def _decoded(text: str) -> Iterator[Any]:
    """One value after the other, from the first bracket on; what follows the last is left."""
    start = _START.search(text)
    at = start.start() if start else len(text)
    for _ in range(_MOST_VALUES):
        if text[at : at + 1] not in ("{", "["):
            return
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at


def _mended(text: str) -> str:
    return _COMMA.sub(lambda found: found[1] or "", _TOKEN.sub(_token, text))


def _token(found: re.Match[str]) -> str:
    """A string with its wrong escapes taken as plain characters; anything else is a blank."""
    if not found[0].startswith('"'):
        return " "
    return _NO_ESCAPE.sub(lambda escape: escape[0] if escape[1] else escape[2], found[0])


def _walk(value: Any, found: list[Entity], depth: int) -> Entity | None:
    """Add the entities of a JSON value to ``found``; returns the one that the value itself is."""
    if depth <= 0 or len(found) >= MOST:
        return None
    if isinstance(value, list):
        for one in value:
            _walk(one, found, depth - 1)
        return None
    if not isinstance(value, dict):
        return None
    entity = Entity(_types(value.get("@type", value.get("type"))), id=plain(value.get("@id")))
    found.append(entity)
    for name, content in value.items():
        if name not in ("@type", "@id", "@context"):
            _keep(entity, short(name), content, found, depth)
    return entity


def _keep(entity: Entity, name: str, content: Any, found: list[Entity], depth: int) -> None:
    if isinstance(content, dict) and (listed := content.get("@list", content.get("@set"))) is not None:
        content = listed
    if isinstance(content, list) and depth:
        for one in content:
            _keep(entity, name, one, found, depth - 1)
    elif isinstance(content, dict) and "@value" not in content:
        if child := _walk(content, found, depth - 1):
            entity.add(name, child)
    else:
        entity.add(name, plain(content["@value"] if isinstance(content, dict) else content))


def _types(value: Any) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [value]
    return tuple(short(name) for name in names[:20] if isinstance(name, str) and name)


__all__ = ["Entity", "all_ids", "entities", "values"]
