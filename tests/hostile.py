"""Hostile content for whole audits: what a platform says, with anything at all put in place of its parts."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console

from audit.auditing import Workshop
from audit.checker import Checker
from audit.demonstration import archive
from audit.model import Listing, Nothing, Result, Seen, State
from audit.page import Page
from audit.requesting import Request
from audit.store import Store
from audit.visiting.getting import Limits, Permit, permit_all
from audit.visiting.replay import ReplayGetter
from reports.data import dumps
from reports.html import render
from reports.terminal import print_explain, print_gaps, print_result
from tests.attacks import WAYS, Town, ground, workshop
from tests.helpers import FakeClock

TEXTS: Sequence[str] = (
    "<script>alert('findbar-canary')</script><img src=x onerror=alert(1)>", "</script><!--", "]]><svg onload=alert(1)>",
    "\x1b[2J\x1b]0;owned\x07\x9b31m\r", "\u202egnp.exe\u2066\u200f", '=HYPERLINK("https://evil.example","x")',
    "@SUM(1)|cmd",
    "[bold red]x[/] [link=https://evil.example]x[/link]", "{{ 7*7 }}{% raw %}", "a\0b", "\ud800", "x\udfffy", "\ud83d",
    "https://[::1", "javascript:alert(1)", "http://169.254.169.254/latest", "https://x.example/{HERE_API_KEY}",
    "mailto:a@b\r\nBcc: c@d", "tel:" + "9" * 400, "https://user:pw@evil.example:99999/", "//", "data:text/html,x",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31", "99:99-88:88", "Mo-Su 00:00-48:00; PH off",
    "Do, 31. Dezember 9999 23:59 - 00:00", "1e999", "NaN", "-0", "٣٤٥", "９９９９９", "ﷺ" * 50,
    "e\u0301" * 500, "\u200b" * 300,
    "a" * 100_000, "(" * 5_000, "Schuldnerberatung " * 2_000, "ß" * 3_000, "İ" * 300, "\ufeff", "", " ",
)  # fmt: skip
NUMBERS: Sequence[Any] = (
    0, -1, 10**30, 10**400, -(10**18), 1e308, float("inf"), float("nan"), -0.0, 91.0, 181.0, True, None, 2**63,
)  # fmt: skip


def deep(levels: int, inner: Any = "x") -> Any:
    """A list within a list, so many levels."""
    for _ in range(levels):
        inner = [inner]
    return inner


def spoilt_json(value: Any, chance: Random, share: float) -> Any:
    """The value with about that share of its parts replaced, dropped, doubled or buried."""
    if chance.random() < share:
        return _instead(value, chance)
    if isinstance(value, dict):
        kept = ((key, each) for key, each in value.items() if chance.random() >= share / 4)
        return {_key(key, chance, share): spoilt_json(each, chance, share) for key, each in kept}
    if isinstance(value, list):
        return [spoilt_json(each, chance, share) for each in value for _ in range(2 if chance.random() < share else 1)]
    return value


def _key(key: str, chance: Random, share: float) -> str:
    return chance.choice(TEXTS)[:100] if chance.random() < share / 8 else key


_MOMENTS: Sequence[str] = (
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01", "9999-12-31", "2026-02-30T00:00:00Z",
    "2026-10-25T02:30:00+02:00", "2026-11-24T11:00:00", "1970-01-01T00:00:00Z", "2026-W01-1", "20261124T110000Z",
)  # fmt: skip
_DATED = re.compile(r"\d{4}-\d\d-\d\d")


def _instead(value: Any, chance: Random) -> Any:
    if isinstance(value, str) and _DATED.match(value) and chance.random() < 0.7:
        return chance.choice(_MOMENTS)
    kinds: list[Callable[[], Any]] = [
        lambda: chance.choice(TEXTS), lambda: chance.choice(TEXTS), lambda: f"{value}{chance.choice(TEXTS)}",
        lambda: chance.choice(NUMBERS), list, dict, lambda: deep(chance.choice([3, 60, 400])), lambda: [value],
        lambda: {"value": value, "id": value},
    ]  # fmt: skip
    return chance.choice(kinds)()


_PARTS = re.compile(r"(<[^>]*>)")
_VALUE = re.compile(r'"[^"]*"')


def spoilt_markup(text: str, chance: Random, share: float) -> str:
    """Markup with texts and attribute values replaced, tags dropped, doubled or left open, and islands of depth."""
    out = []
    for part in _PARTS.split(text):
        if chance.random() >= share:
            out.append(part)
        elif not part.startswith("<"):
            out.append(_whole(chance))
        else:
            out.append(chance.choice(_TAGS)(part, chance))
    return "".join(out)


_TAGS = (
    lambda part, chance: "",
    lambda part, chance: part * 2,
    lambda part, chance: part * 700,
    lambda part, chance: "<div>" * 3000 + part,
    lambda part, chance: _VALUE.sub(lambda _: f'"{_whole(chance)}"', part),
    lambda part, chance: f"<script type='application/ld+json'>{json.dumps(deep(500, chance.choice(TEXTS)))}</script>",
    lambda part, chance: part + "<a href='" + _whole(chance) + "'>" + _whole(chance) + "</a>",
    lambda part, chance: part + "<table><svg><style><!--",
)


def _whole(chance: Random) -> str:
    return chance.choice(TEXTS).encode("utf-8", "replace").decode()


def spoilt(page: Page, chance: Random, share: float) -> Page:
    """The page with hostile parts, as it might come: JSON or markup, at times cut, doubled or in another charset."""
    try:
        body = json.dumps(spoilt_json(json.loads(page.body), chance, share)).encode()
    except (ValueError, RecursionError):
        body = spoilt_markup(page.body.decode("utf-8", "replace"), chance, share).encode()
    ends = [body] * 12 + [
        body[: len(body) // 2],
        body + body,
        body.replace(b"e", b"\xff\x00"),
        b"\0" * 100,
        b"[" * 50_000,
    ]
    return replace(page, body=chance.choice(ends))


@dataclass
class HostileTown:
    """The town of the attacks whose every answer is spoilt; robots.txt too."""

    town: Town
    chance: Random
    share: float

    async def get(self, visit: Any, limits: Limits, permit: Permit = permit_all) -> Page:
        """A page that may say anything."""
        return spoilt(await self.town.get(visit, limits, permit), self.chance, self.share)

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class Outcome:
    """What came of one hostile audit: its result, what each way saw, and every text that was made of it."""

    result: Result
    again: Result
    seen: list[tuple[str, Seen]]
    html: str
    json: str
    terminal: str


def audited(seed: int, share: float, body: bytes | None = None) -> Outcome:
    """One whole audit against a hostile town, stored, judged again and shown.

    ``share`` is how much of each answer is spoilt; ``body`` stands in place of every answer.
    """
    _, organisation = ground()
    clock = FakeClock()
    town = Town(ReplayGetter(archive(), clock.now, wait=False), clock, {})
    if body is not None:
        town.faults = {host: lambda page: replace(page, body=body) for hosts in WAYS.values() for host in hosts}
    shop = workshop(town if body is not None else HostileTown(town, Random(seed), share), clock)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory() as folder:
        return _stored(shop, Request(organisations=(organisation,)), Path(folder) / "findbar.db")


def _stored(shop: Workshop, request: Request, database: Path) -> Outcome:
    store, seen = Store(database), []
    keep = store.keep

    def noting(run: str, checker: Checker, one: Seen, page: Page | None) -> None:
        seen.append((checker.platform.id, one))
        keep(run, checker, one, page)

    store.keep = noting  # type: ignore[method-assign, assignment]
    try:
        (result,) = asyncio.run(shop.perform(request, store, lambda _: None))
        (again,) = shop.rejudge(store, result.run)
    finally:
        store.close()
    return Outcome(result, again, seen, render(result, "de"), dumps(result), shown(result))


def shown(result: Result) -> str:
    """Everything the terminal shows of a result."""
    console = Console(width=100, record=True, file=StringIO())
    print_result(result, "de", console, files=[])
    print_gaps(result, "de", console)
    for cell in result.cells[:: len(result.cells) // 2]:
        print_explain(result, cell, "de", console, ())
    return console.export_text()


def unfounded(outcome: Outcome) -> list[str]:
    """Cells called missing although their platform showed neither its sign of absence nor any entry."""
    told = {platform for platform, one in outcome.seen if any(isinstance(i, Nothing | Listing) for i in one.items)}
    return [cell.id for cell in outcome.result.cells if cell.state is State.MISSING and cell.platform not in told]
