"""schema.org in the markup itself: microdata (HTML Living Standard) and RDFa Lite 1.1 (W3C); both read 2026-11-24."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from audit.page import Page, squash
from audit.readers.addresses import joined
from audit.readers.entity import MOST, Entity, short

_ABOVE = 200
_BY_TAG = {"a": "href", "link": "href", "area": "href", "img": "src", "iframe": "src", "object": "data",
           "embed": "src", "source": "src", "audio": "src", "video": "src",
           "time": "datetime", "data": "value", "meter": "value"}  # fmt: skip


@dataclass(frozen=True)
class _Dialect:
    """The attributes of one way to write it. ``about``: which attribute holds the thing's own id."""

    scope: str
    kind: str
    property: str
    about: tuple[str, ...]
    source: str
    refers: str = ""


_MICRODATA = _Dialect("itemscope", "itemtype", "itemprop", ("itemid",), "microdata", "itemref")
_RDFA = _Dialect("typeof", "typeof", "property", ("resource", "about"), "rdfa")


def microdata(page: Page) -> list[Entity]:
    """Every item of the page in document order; properties lent by itemref are their borrower's, too."""
    return _read(page, _MICRODATA)


def rdfa(page: Page) -> list[Entity]:
    """Every thing with a typeof, in document order; a property belongs to the nearest one above it."""
    return _read(page, _RDFA) if page.all(f"[{_RDFA.scope}]") else []


def _read(page: Page, dialect: _Dialect) -> list[Entity]:
    scopes: dict[int, Entity] = {}
    lent: dict[str, list[Entity]] = {}
    nodes = page.all(f"[{dialect.scope}], [{dialect.property}]")[:MOST]
    for node in nodes:
        if dialect.scope in node.attributes:
            entity = scopes[node.mem_id] = _thing(node, dialect)
            for name in _attribute(node, dialect.refers).split()[:20] if dialect.refers else ():
                lent.setdefault(name, []).append(entity)
    for node in nodes:
        names = _attribute(node, dialect.property).split()[:10]
        for owner in _owners(node, scopes, lent) if names else ():
            for name in names:
                owner.add(short(name), scopes.get(node.mem_id) or _content(node, page.url))
    return list(scopes.values())


def _thing(node: LexborNode, dialect: _Dialect) -> Entity:
    types = tuple(short(name) for name in _attribute(node, dialect.kind).split()[:20])
    own = next(filter(None, (_attribute(node, name) for name in dialect.about)), "")
    return Entity(types, id=own, source=dialect.source)


def _owners(node: LexborNode, scopes: Mapping[int, Entity], lent: Mapping[str, list[Entity]]) -> list[Entity]:
    """The nearest thing above, and those that borrow this element or one between."""
    found: list[Entity] = []
    above: LexborNode | None = node
    for _ in range(_ABOVE):
        if above is None:
            break
        if above.mem_id in scopes and above.mem_id != node.mem_id:
            found.append(scopes[above.mem_id])
            break
        if lent:
            found += lent.get(_attribute(above, "id"), ())
        above = above.parent
    mine = scopes.get(node.mem_id)
    return [owner for owner in dict.fromkeys(found) if owner is not mine]


def _attribute(node: LexborNode, name: str) -> str:
    return (node.attributes.get(name) or "").strip()


def _content(node: LexborNode, base: str) -> str:
    if "content" in node.attributes:
        return squash(_attribute(node, "content"))
    name = _BY_TAG.get(node.tag or "", "")
    value = _attribute(node, name) if name else ""
    if value and name in ("href", "src", "data"):
        return joined(base, value)
    return squash(value) or squash(node.text(separator=" ", strip=True))
