"""One thing that a page states for machines: its types, its properties, its @id."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from audit.page import squash

MOST = 2000
_MOST_VALUES = 100
_LONGEST = 2000


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


def plain(value: Any) -> str:
    """A text or number as text on one line without character references; everything else is empty."""
    if isinstance(value, str):
        return squash(html.unescape(value[: 2 * _LONGEST]))
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def short(name: str) -> str:
    """``https://schema.org/NGO``, ``schema:NGO`` and ``NGO`` are the same name."""
    return re.split(r"[/#:]", name.strip().rstrip("/"))[-1]


def all_ids(found: Iterable[Entity]) -> Iterator[tuple[str, Entity]]:
    """The entities that say more than their @id, by @id."""
    return ((entity.id, entity) for entity in found if entity.id and entity.properties)


def resolved(entity: Entity, by_id: Mapping[str, Entity], *names: str) -> tuple[Entity, ...]:
    """The entities of the properties; where only an @id stands, the one it refers to."""
    return tuple(one if one.properties else by_id.get(one.id, one) for one in entity.children(*names))


def merged(found: list[Entity]) -> list[Entity]:
    """The entities, what several of them say of one @id gathered in the first (JSON-LD 1.1, node objects).

    Pages give one @id to unlike things, too: those that share no type stay apart.
    """
    first: dict[str, list[Entity]] = {}
    kept: list[Entity] = []
    for entity in found:
        same = first.setdefault(entity.id, []) if entity.id and entity.properties else None
        other = next((one for one in same or () if _alike(one, entity)), None)
        if other is None:
            kept.append(entity)
            if same is not None and len(same) < _MOST_VALUES:
                same.append(entity)
        else:
            _gather(other, entity)
    return kept


def _alike(one: Entity, other: Entity) -> bool:
    return not one.types or not other.types or bool(set(one.types) & set(other.types))


def _gather(into: Entity, more: Entity) -> None:
    for name, values in more.properties.items():
        for value in values:
            if value not in into.properties.get(name, ()):
                into.add(name, value)
    more.properties = into.properties
