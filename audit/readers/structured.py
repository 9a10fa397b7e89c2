"""What a page states for machines: schema.org entities in JSON-LD and microdata, and listings made of them.

JSON-LD is read from the tree parsed already (JSON-LD 1.1, W3C; microdata: HTML Living Standard;
both read 2026-11-23), forgiving what real pages do: comments around the JSON, control characters,
commas too many, no @context, types as list or URL.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from selectolax.lexbor import LexborNode

from audit.page import Page, squash

_DEPTH = 24
_MOST = 2000
_MOST_VALUES = 100
_LONGEST = 2000
_WRAPPING = re.compile(
    r"^\s*(?://)?\s*(?:<!--|(?://)?\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|(?://)?\s*\]\]>|/\*\s*\]\]>\s*\*/)\s*;?\s*$"
)
_COMMA = re.compile(r",(\s*[}\]])")
_DECODER = json.JSONDecoder(strict=False)


@dataclass(slots=True, eq=False)
class Entity:
    """One thing: short type names, properties (name to texts and entities), its @id, where it stood."""

    types: tuple[str, ...] = ()
    properties: dict[str, list[str | Entity]] = field(default_factory=dict)
    id: str = ""
    source: str = "json-ld"

    def texts(self, *names: str) -> tuple[str, ...]:
        """The texts of the properties, in order."""
        return tuple(one for name in names for one in self.properties.get(name, ()) if isinstance(one, str))

    def text(self, *names: str) -> str:
        """The first text of the properties, or an empty text."""
        return next(iter(self.texts(*names)), "")

    def children(self, *names: str) -> tuple[Entity, ...]:
        """The entities of the properties, in order."""
        return tuple(one for name in names for one in self.properties.get(name, ()) if isinstance(one, Entity))

    def add(self, name: str, value: str | Entity) -> None:
        """Keep one more value of a property, as long as there are not too many."""
        values = self.properties.setdefault(name, [])
        if value != "" and len(values) < _MOST_VALUES:
            values.append(value[:_LONGEST] if isinstance(value, str) else value)


def entities(page: Page) -> list[Entity]:
    """Every entity of the page, nested ones too, in document order; at most 2,000. Never raises."""
    found: list[Entity] = []
    for node in page.all("script"):
        if "ld+json" in (node.attributes.get("type") or "").lower():
            _walk(_json(node.text()), found, _DEPTH)
    return (found + _microdata(page))[:_MOST]


def _json(text: str) -> Any:
    """The JSON of a script, its usual faults forgiven; None where it is none."""
    text = _WRAPPING.sub("", _WRAPPING.sub("", text)).strip()
    for attempt in (text, _COMMA.sub(r"\1", text)):
        try:
            return _DECODER.raw_decode(attempt)[0]
        except (ValueError, RecursionError):
            continue
    return None


def _walk(value: Any, found: list[Entity], depth: int) -> Entity | None:
    """Add the entities of a JSON value to ``found``; returns the one that the value itself is."""
    if depth <= 0 or len(found) >= _MOST:
        return None
    if isinstance(value, list):
        for one in value:
            _walk(one, found, depth - 1)
        return None
    if not isinstance(value, dict):
        return None
    entity = Entity(_types(value.get("@type", value.get("type"))), id=_plain(value.get("@id")))
    found.append(entity)
    for name, content in value.items():
        if name not in ("@type", "@id", "@context"):
            _keep(entity, _short(name), content, found, depth)
    return entity


def _keep(entity: Entity, name: str, content: Any, found: list[Entity], depth: int) -> None:
    if isinstance(content, list) and depth:
        for one in content:
            _keep(entity, name, one, found, depth - 1)
    elif isinstance(content, dict) and "@value" not in content:
        if child := _walk(content, found, depth - 1):
            entity.add(name, child)
    else:
        entity.add(name, _plain(content["@value"] if isinstance(content, dict) else content))


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return squash(html.unescape(value[: 2 * _LONGEST]))
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _types(value: Any) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [value]
    return tuple(_short(name) for name in names[:20] if isinstance(name, str) and name)


def _short(name: str) -> str:
    """``https://schema.org/NGO``, ``schema:NGO`` and ``NGO`` are the same name."""
    return re.split(r"[/#:]", name.strip().rstrip("/"))[-1]


def _microdata(page: Page) -> list[Entity]:
    """One pass in document order: every itemprop belongs to the nearest itemscope above it."""
    scopes: dict[int, Entity] = {}
    lent: dict[str, Entity] = {}
    nodes = page.all("[itemscope], [itemprop]")[:_MOST]
    for node in nodes:
        if "itemscope" in node.attributes:
            entity = Entity(_itemtypes(node), id=_attribute(node, "itemid"), source="microdata")
            scopes[node.mem_id] = entity
            lent |= dict.fromkeys(_attribute(node, "itemref").split()[:20], entity)
    for node in nodes:
        owner = _owner(node, scopes, lent) if "itemprop" in node.attributes else None
        for name in _attribute(node, "itemprop").split()[:10] if owner else ():
            if owner:
                owner.add(_short(name), scopes.get(node.mem_id) or _content(node, page.url))
    return list(scopes.values())


def _owner(node: LexborNode, scopes: Mapping[int, Entity], lent: Mapping[str, Entity]) -> Entity | None:
    above: LexborNode | None = node
    for _ in range(200):
        if above is None:
            return None
        if above.mem_id in scopes and above.mem_id != node.mem_id:
            return scopes[above.mem_id]
        if lent and (name := _attribute(above, "id")) in lent:
            return lent[name]
        above = above.parent
    return None


def _itemtypes(node: LexborNode) -> tuple[str, ...]:
    return tuple(_short(name) for name in _attribute(node, "itemtype").split()[:20])


def _attribute(node: LexborNode, name: str) -> str:
    return (node.attributes.get(name) or "").strip()


_BY_TAG = {"a": "href", "link": "href", "area": "href", "img": "src", "iframe": "src", "object": "data",
           "time": "datetime", "data": "value", "meter": "value"}  # fmt: skip


def _content(node: LexborNode, base: str) -> str:
    if "content" in node.attributes:
        return squash(_attribute(node, "content"))
    name = _BY_TAG.get(node.tag or "", "")
    value = _attribute(node, name) if name else ""
    if value and name in ("href", "src", "data"):
        return _joined(base, value)
    return squash(value) or squash(node.text(separator=" ", strip=True))


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def all_ids(found: list[Entity]) -> Iterator[tuple[str, Entity]]:
    """The entities that say more than their @id, by @id."""
    return ((entity.id, entity) for entity in found if entity.id and entity.properties)
