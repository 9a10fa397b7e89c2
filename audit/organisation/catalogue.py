"""The service catalogue: kinds of welfare service, their words, tags and key platforms, as a table.

The table is ``catalogue.toml`` beside this file. OSM tags and their German labels follow the
id-tagging-schema (read 2026-11-23), schema.org types version 29.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from dataclasses import field as made_by
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from audit.organisation.folding import fold, nearest

TABLE = Path(__file__).with_name("catalogue.toml")
_ENDINGS = "(?:e|n|en|s|es|r|er|ern)?"
_COMPOUND = 6  # from this length a word also counts as the tail of a compound: "Waldkindergarten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of work. ``general`` is the kind that stands for all; ``usual_days`` is OSM syntax."""

    id: str
    name_de: str
    name_en: str
    general: str = ""
    usual_days: str = ""
    relevance: Mapping[str, float] = made_by(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceKind:
    """One kind of service. ``words`` and ``tags`` come most usual first; the table explains each key."""

    id: str
    field: str
    name_de: str
    name_en: str
    words: tuple[str, ...]
    seekers: tuple[str, ...]
    tags: tuple[str, ...]
    schema: tuple[str, ...]
    categories: tuple[str, ...]
    channel: str
    enquiry_kind: str
    protected: bool = False
    confidential: bool = False
    crisis: bool = False
    relevance: Mapping[str, float] = made_by(default_factory=dict)


@dataclass(frozen=True)
class Catalogue:
    """All kinds and fields by id, and what each platform weighs."""

    version: str
    kinds: Mapping[str, ServiceKind]
    fields: Mapping[str, Field]
    platforms: Mapping[str, float]
    default_relevance: Mapping[str, float]
    protected_relevance: Mapping[str, float]
    unlisted_relevance: float

    def kind(self, id_: str) -> ServiceKind:
        """The kind of that id. Raises KeyError."""
        return self.kinds[id_]

    def field_of(self, kind_id: str) -> str:
        """The field of work of a kind, "" where it is not known."""
        return self.kinds[kind_id].field if kind_id in self.kinds else ""

    def platform_weight(self, platform_id: str) -> float:
        """10, 7.5, 5 or 2.5; 0 where the table does not name the platform."""
        return self.platforms.get(platform_id, 0.0)

    @cached_property
    def named(self) -> frozenset[str]:
        """The platforms of whose relevance the tables say anything."""
        special = [kind.relevance for kind in self.kinds.values()] + [field.relevance for field in self.fields.values()]
        return frozenset(self.default_relevance).union(*special)

    def relevance(self, kind_id: str, platform_id: str, *, protected: bool = False) -> float:
        """1 (key), 0.5 (recommended) or 0 (only where a profile is declared).

        ``protected`` says that the service is protected by its file though its kind is not. An
        unknown kind is judged by the general table alone.
        """
        kind = self.kinds.get(kind_id)
        tables: list[Mapping[str, float]] = []
        if protected or (kind and kind.protected):
            tables.append(self.protected_relevance)
        if kind:
            tables += [kind.relevance, self.fields[kind.field].relevance]
        tables.append(self.default_relevance)
        return next((table[platform_id] for table in tables if platform_id in table), self.unlisted_relevance)

    def guess(self, text: str) -> str | None:
        """The kind whose word is the longest one in a free text, or None; umlauts do not matter."""
        found = self._found(text)
        return max(found, key=lambda hit: hit[0])[1] if found else None

    def mentioned(self, text: str) -> tuple[str, ...]:
        """All kinds named in a text by words that no longer word covers, in order of the text."""
        hits = sorted(self._found(text), key=lambda hit: -hit[0])
        covered: list[tuple[int, int, str]] = []
        for _, kind_id, start, end in hits:
            if not any(start < stop and first < end for first, stop, _ in covered):
                covered.append((start, end, kind_id))
        return tuple(dict.fromkeys(kind_id for _, _, kind_id in sorted(covered)))

    def suggest(self, text: str, count: int = 3) -> tuple[str, ...]:
        """Ids of the kinds whose words are most like a text, for a hint."""
        by_word = {word: kind.id for kind in self.kinds.values() for word in (*kind.words, kind.id, kind.name_en)}
        close = nearest(text, by_word, count=2 * count, cutoff=0.5)
        return tuple(dict.fromkeys(by_word[word] for word in close))[:count]

    def _found(self, text: str) -> list[tuple[int, str, int, int]]:
        folded = fold(text)
        return [
            (len(word), kind_id, match.start(), match.end())
            for word, kind_id, pattern in self._patterns
            if word in folded
            for match in pattern.finditer(folded)
        ]

    @cached_property
    def _patterns(self) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
        return tuple(_patterns(self.kinds))


def _patterns(kinds: Mapping[str, ServiceKind]) -> Iterator[tuple[str, str, re.Pattern[str]]]:
    for kind in kinds.values():
        for word in dict.fromkeys(fold(word) for word in (*kind.words, kind.name_de, kind.name_en)):
            start = r"(?<![0-9])" if len(word) >= _COMPOUND and " " not in word else r"(?<![a-z0-9])"
            yield word, kind.id, re.compile(f"{start}{re.escape(word)}{_ENDINGS}(?![a-z0-9])")


@cache
def load_catalogue() -> Catalogue:
    """The built-in catalogue, read once."""
    return parse(TABLE.read_text(encoding="utf-8"))


def parse(text: str) -> Catalogue:
    """A catalogue from the text of its table. Raises ValueError, KeyError or TypeError on a broken one."""
    data = tomllib.loads(text)
    relevance = _numbers(data["relevance"])
    return Catalogue(
        version=str(data["version"]),
        kinds=MappingProxyType({row["id"]: _kind(row) for row in data["kind"]}),
        fields=MappingProxyType({id_: _field(id_, row) for id_, row in data["fields"].items()}),
        platforms=_numbers(data["platforms"]),
        default_relevance=relevance,
        protected_relevance=_numbers(data["protected_relevance"]),
        unlisted_relevance=float(data["unlisted_relevance"]),
    )


def _kind(row: Mapping[str, Any]) -> ServiceKind:
    known = {name.name for name in fields(ServiceKind)}
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    if unknown := set(row) - known:
        raise ValueError(f"kind {row['id']!r} has unknown keys: {', '.join(sorted(unknown))}")
    values["relevance"] = _numbers(row.get("relevance", {}))
    return ServiceKind(**values)


def _field(id_: str, row: Mapping[str, Any]) -> Field:
    return Field(id=id_, **{**row, "relevance": _numbers(row.get("relevance", {}))})


def _numbers(table: Mapping[str, Any]) -> Mapping[str, float]:
    return MappingProxyType({key: float(value) for key, value in table.items()})
