"""What the tests of social platforms share: pages from plain values, queries by address, odd JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from audit import About, Checker, NotUnderstood, Page, Query, Visit
from audit.model import Item, Organisation, Subject

AT = datetime(2026, 11, 23, tzinfo=UTC)
KEYS = ["id", "items", "data", "snippet", "replies", "comments", "post", "author", "record", "feed", "thread", "reply",
        "name", "username", "did", "handle", "actors", "labels", "created_time", "media"]  # fmt: skip
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=15,
)


def page(value: Any, step: str = "", note: str = "", url: str = "https://api.example/x", **more: Any) -> Page:
    """An answer holding a value as JSON, or the bytes as they are."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    visit = Visit(url, step=step, note=note, params=tuple(more.pop("params", ())))
    return Page(visit=visit, at=AT, body=body, **more)


def asked(checker: Checker, *urls: str, name: str = "Muster") -> list[Visit]:
    """The visits for an organisation with these profile addresses."""
    subject = Subject(about=About.PROFILE, organisation=Organisation(id="m", name=name))
    return list(checker.search(Query(subject=subject, profiles=urls)))


def reads_or_refuses(checker: Checker, shown: Page) -> list[Item]:
    """What is read, or nothing where it is not understood; anything else fails the test."""
    try:
        return list(checker.read(shown))
    except NotUnderstood:
        return []


def recorded(shared: Path, platform: str, name: str) -> Any:
    """A recorded answer's JSON."""
    value = json.loads((shared / "recordings" / platform / name).read_text("utf-8"))
    return value["response"]["json"] if isinstance(value, dict) and "response" in value else value
