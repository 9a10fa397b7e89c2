"""The tree of a federation: who is above whom. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from audit.model import Entity


class Tree:
    """Entities by id with their ways up. A parent that nobody is stands as an entity called by its id.

    Parents that lead round in a circle are left out, each entity of the circle standing at the top.
    """

    def __init__(self, entities: Iterable[Entity]) -> None:
        known = {entity.id: entity for entity in entities}
        for parent in {entity.parent for entity in known.values()} - known.keys() - {""}:
            known[parent] = Entity(id=parent, name=parent)
        self.entities: Mapping[str, Entity] = {id_: _settled(known[id_], known) for id_ in sorted(known)}
        children: dict[str, list[Entity]] = defaultdict(list)
        for entity in self.entities.values():
            children[entity.parent].append(entity)
        self._children = {id_: sorted(some, key=lambda e: (e.name, e.id)) for id_, some in children.items()}

    def upwards(self, id_: str) -> Iterator[str]:
        """The entity itself, then everyone above it."""
        while id_:
            yield id_
            id_ = self.entities[id_].parent

    def is_leaf(self, id_: str) -> bool:
        """Whether nobody is below it."""
        return id_ not in self._children

    def walk(self) -> Iterator[tuple[Entity, int]]:
        """All entities with their depth, parents before their children, these by name."""
        open_ = [(entity, 0) for entity in reversed(self._children.get("", []))]
        while open_:
            entity, depth = open_.pop()
            yield entity, depth
            open_ += [(child, depth + 1) for child in reversed(self._children.get(entity.id, []))]


def _settled(entity: Entity, known: Mapping[str, Entity]) -> Entity:
    seen, at = {entity.id}, entity.parent
    while at and at not in seen:
        seen.add(at)
        at = known[at].parent
    return Entity(id=entity.id, name=entity.name) if at == entity.id else entity
