"""The word tables beside this file, read once and folded."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from audit.judging.comparing.folding import fold, tokens

Phrase = tuple[str, ...]


_FRONT = 7  # letters: shorter names of associations begin other words by chance


@dataclass(frozen=True, slots=True)
class Words:
    """Folded words by what they do. ``phrases`` maps a first word to (phrase, role, id), longest first.

    Roles: association, kind, legal, body, placeholder. Kind ids are "field/group". ``fronts`` are
    associations that compounds begin with, longest first.
    """

    phrases: Mapping[str, tuple[tuple[Phrase, str, str], ...]]
    kind_words: Mapping[str, str]
    association_words: Mapping[str, str]
    fronts: tuple[str, ...]
    wikidata: Mapping[str, str]
    abbreviations: Mapping[str, str]
    short_endings: Mapping[str, str]
    stop_words: frozenset[str]
    weak_words: frozenset[str]
    endings: tuple[str, ...]
    street_endings: tuple[str, ...]
    inside: frozenset[str]
    houses: frozenset[str]
    crossing: frozenset[str]
    annexes: frozenset[str]
    placeholders: frozenset[str]
    street_words: Mapping[str, str]


def read_table(name: str, package: str = __package__ or "") -> dict[str, Any]:
    """A TOML table that lies beside the code of ``package``."""
    return tomllib.loads(files(package).joinpath(name).read_text(encoding="utf-8"))


@cache
def levels() -> dict[str, Any]:
    """Where one level ends and the next begins (levels.toml)."""
    return read_table("levels.toml")


@cache
def words() -> Words:
    """All word tables, folded. Reading them is done once per process."""
    table, associations, kinds = read_table("words.toml"), read_table("associations.toml"), read_table("kinds.toml")
    short = {fold(word): fold(full) for word, full in table["abbreviations"].items()}
    entries = [(name, "association", key) for key, row in associations.items() for name in row["names"]]
    entries += [
        (word, "kind", f"{field}/{group}")
        for field, groups in kinds.items()
        for group, members in groups.items()
        for word in members
    ]
    entries += [(word, "legal", "") for word in table["legal_forms"]]
    entries += [(word, "body", "") for word in table["bodies"]]
    entries += [(word, "placeholder", "") for word in table["placeholders"]]
    phrases = [(tuple(short.get(part, part) for part in tokens(text)), role, key) for text, role, key in entries]
    association_words = {phrase[0]: key for phrase, role, key in phrases if role == "association" and len(phrase) == 1}
    return Words(
        phrases=_by_first_word(phrases),
        kind_words={phrase[0]: key for phrase, role, key in phrases if role == "kind" and len(phrase) == 1},
        association_words=association_words,
        fronts=tuple(sorted((word for word in association_words if len(word) >= _FRONT), key=len, reverse=True)),
        wikidata={qid: key for key, row in associations.items() for qid in row["wikidata"]},
        abbreviations=short,
        short_endings={fold(word): fold(full) for word, full in table["short_endings"].items()},
        stop_words=_folded(table["stop_words"]),
        weak_words=frozenset(short.get(word, word) for word in _folded(table["weak_words"])),
        endings=tuple(sorted(_folded(table["endings"]), key=lambda ending: (-len(ending), ending))),
        inside=_folded(table["inside"]),
        houses=_folded(table["houses"]),
        crossing=_folded(table["crossing"]),
        annexes=_folded(table["annexes"]),
        placeholders=frozenset(word for text in table["placeholders"] for word in tokens(text)),
        street_words={fold(word): fold(full) for word, full in table["street_words"].items()},
        street_endings=tuple(sorted(_folded(table["street_endings"]))),
    )


def _folded(values: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(value) for value in values)


def _by_first_word(phrases: Iterable[tuple[Phrase, str, str]]) -> dict[str, tuple[tuple[Phrase, str, str], ...]]:
    grouped: dict[str, list[tuple[Phrase, str, str]]] = {}
    for phrase in phrases:
        grouped.setdefault(phrase[0][0], []).append(phrase)
    return {first: tuple(sorted(found, key=lambda row: -len(row[0]))) for first, found in grouped.items()}
