"""What the engine has to say to people: codes with values, and the English sentence of them (sayings.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from audit.model import Said

Remarks = tuple[Said, ...]


@cache
def sayings() -> Mapping[str, str]:
    """The English text of every code; ``{0}`` is its first value."""
    with Path(__file__).with_name("sayings.toml").open("rb") as file:
        return tomllib.load(file)


@lru_cache(maxsize=4096)
def say(code: str, *parts: str) -> Remarks:
    """One remark; several are joined with ``+``."""
    return (Said(code, parts),)


@lru_cache(maxsize=4096)
def english(said: Remarks) -> str:
    """The remarks as one English sentence; a code of another version is its own text."""
    return ", ".join(sayings().get(one.code, one.code).format(*one.parts) for one in said)


def without_values(said: Iterable[Said]) -> Remarks:
    """The remarks that put in no value, and so can quote nothing."""
    return tuple(one for one in said if not one.parts)
