"""Every text of what was read, changed in one go: before anything read is kept, it passes here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

Read = TypeVar("Read")


def each_text(value: Read, change: Callable[[str], str]) -> Read:
    """The value with ``change`` applied to every text in it, in data classes and tuples at any depth.

    What does not change is the same object.
    """
    changed: Any = _changed(value, change)
    return changed  # type: ignore[no-any-return]


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if type(value) is str:  # words of vocabularies and marks of keys are not texts that were read
        return change(value)
    if isinstance(value, tuple):
        members = tuple(_changed(member, change) for member in value)
        return members if any(a is not b for a, b in zip(members, value, strict=True)) else value
    if is_dataclass(value) and not isinstance(value, type):
        told = ((one.name, getattr(value, one.name)) for one in fields(value))
        new = {name: after for name, before in told if (after := _changed(before, change)) is not before}
        return replace(value, **new) if new else value
    return value


def storable(text: str) -> str:
    """A text that can be written as UTF-8: JSON may hold half a character ("\\ud800"), which nothing can store."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text
