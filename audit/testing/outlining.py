"""The outline of an answer, and how it differs from that of a recorded one: what a repair of a reader begins with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from audit.page import Page, squash

_DEEPEST, _MOST = 4, 400
_NAMED = 12  # differences told each way


def outline(page: Page) -> frozenset[str]:
    """The members of JSON ("items[].title") or the marked elements of HTML ("div.hit", "#result"), values left out."""
    try:
        found = _members(json.loads(page.body), "", 0)
    except (ValueError, RecursionError):
        found = _elements(page)
    return frozenset(islice(found, _MOST))


def _members(value: Any, path: str, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for key, member in islice(value.items(), 60):
            here = f"{path}.{key}" if path else str(key)
            yield here[:120]
            yield from _members(member, here, depth + 1)
    elif isinstance(value, list):
        for member in value[:5]:
            yield from _members(member, f"{path}[]", depth + 1)


def _elements(page: Page) -> Iterator[str]:
    for node in page.all("[id], [class], [itemprop], form"):
        attributes = node.attributes
        if id_ := attributes.get("id"):
            yield f"#{id_}"[:80]
        if prop := attributes.get("itemprop"):
            yield f"[itemprop={prop}]"[:80]
        classes = (attributes.get("class") or "").split()
        yield from (f"{node.tag}.{name}"[:80] for name in classes[:4])


def differences(recorded: Iterable[Page], found: Page) -> tuple[str, ...]:
    """What the answer lacks of every recorded one, and what it has of none, in words; the first twelve of each."""
    known = [outline(page) for page in recorded]
    here = outline(found)
    gone = sorted(frozenset.intersection(*known) - here) if known else []
    new = sorted(here.difference(*known)) if known else sorted(here)
    told = ("lacks", gone), ("is new" if known else "holds", new)
    return tuple(f"{verb}: {_some(parts)}" for verb, parts in told if parts)


def _some(parts: list[str]) -> str:
    more = f" and {len(parts) - _NAMED} more" if len(parts) > _NAMED else ""
    return ", ".join(squash(part) for part in parts[:_NAMED]) + more


def describe(page: Page) -> str:
    """An answer in one line: status, kind, size, and a web page's title."""
    kind = page.header("content-type").partition(";")[0] or "no content type"
    title = f", titled “{page.title[:80]}”" if "html" in kind and page.title else ""
    return f"HTTP {page.status}, {kind}, {len(page.body):,} bytes{title}"
