"""The nouns as plain data and back, by their own type hints: nothing here knows a single field."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


class Unreadable(ValueError):
    """Data that is not what the schema says; the message names the place."""


def encode(value: Any) -> Any:
    """Dataclasses as objects, tuples as arrays, dates in ISO 8601, words as their text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _encode_field(kind, getattr(value, name)) for name, kind in _fields(type(value))}
    if isinstance(value, tuple | list):
        return [encode(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _encode_field(kind: Any, value: Any) -> Any:
    """Numbers that may be fractions are always written as such: 20.0, so equal results are equal bytes."""
    may_be_fraction = kind is float or float in get_args(kind)
    return float(value) if may_be_fraction and isinstance(value, int) else encode(value)


def decode(kind: Any, data: Any, where: str = "") -> Any:
    """Plain data as ``kind``; unknown keys are left out, so newer files stay readable.

    Raises Unreadable where the data does not fit.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return _decode_optional(arguments, data, where)
    if origin is tuple:
        return _decode_tuple(arguments, data, where)
    if origin is Literal:
        return _must(data, data in arguments, where, "one of the known words")
    if is_dataclass(kind) and isinstance(kind, type):
        return _decode_dataclass(kind, data, where)
    return _decode_scalar(kind, data, where)


@cache
def hints(kind: type) -> Mapping[str, Any]:
    """The resolved type hints of a dataclass."""
    return get_type_hints(kind)


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, hints(kind)[field.name]) for field in fields(kind))


def _decode_optional(arguments: tuple[Any, ...], data: Any, where: str) -> Any:
    if data is None and type(None) in arguments:
        return None
    kinds = [kind for kind in arguments if kind is not type(None)]
    return decode(kinds[0], data, where)


def _decode_tuple(arguments: tuple[Any, ...], data: Any, where: str) -> tuple[Any, ...]:
    _must(data, isinstance(data, list), where, "an array")
    if arguments[-1] is Ellipsis:
        return tuple(decode(arguments[0], part, f"{where}[{i}]") for i, part in enumerate(data))
    _must(data, len(data) == len(arguments), where, f"an array of {len(arguments)}")
    return tuple(
        decode(kind, part, f"{where}[{i}]") for i, (kind, part) in enumerate(zip(arguments, data, strict=True))
    )


def _decode_dataclass(kind: type, data: Any, where: str) -> Any:
    _must(data, isinstance(data, dict), where, "an object")
    found = {}
    for field in fields(kind):
        path = f"{where}.{field.name}".lstrip(".")
        if field.name in data:
            found[field.name] = decode(hints(kind)[field.name], data[field.name], path)
        elif field.default is MISSING and field.default_factory is MISSING:
            raise Unreadable(f"{path} is missing")
    return kind(**found)


def _decode_scalar(kind: Any, data: Any, where: str) -> Any:
    if kind is float:
        return float(_must(data, isinstance(data, int | float) and not isinstance(data, bool), where, "a number"))
    if kind in {datetime, date} or issubclass(kind, Enum):
        _must(data, isinstance(data, str), where, "a text")
        try:
            return kind(data) if issubclass(kind, Enum) else kind.fromisoformat(data)
        except ValueError as error:
            raise Unreadable(f"{where} cannot be read: {error}") from None
    return _must(data, type(data) is kind, where, f"of type {kind.__name__}")


def _must(data: Any, fits: bool, where: str, wanted: str) -> Any:
    if not fits:
        raise Unreadable(f"{where or 'the file'} should be {wanted}, not {type(data).__name__}")
    return data
