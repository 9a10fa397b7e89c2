"""Frozen model data to JSON and back, through pydantic: one way for the whole store."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def dump(kind: Any, value: Any) -> bytes:
    """The value of that type as compact JSON with a stable order of fields."""
    return _adapter(kind).dump_json(value)


def build(*kinds: Any) -> None:
    """What writing and reading values of these types needs, before it is needed."""
    for kind in kinds:
        _adapter(kind)


def parse(kind: Any, text: bytes | str) -> Any:
    """The value back. Raises pydantic's ValidationError for anything else."""
    return _adapter(kind).validate_json(text)
