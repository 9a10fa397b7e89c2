"""The current state of one organisation out of five million findings: milliseconds for each question.

``python benchmarks/state.py [FINDINGS]`` fills a database with 25,000 organisations (fewer with fewer findings) of
30 cells and their findings on eight nights, and one real result for each, and asks for organisations drawn at random.
The baseline beside it answers from the history alone, as one would without a table of current cells.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from growth import Portals, shown
from measuring import table
from nights import LoopClock, VirtualLoop
from planning import facility

from audit.auditing import Workshop
from audit.model import Via
from audit.organisation.catalogue import load_catalogue
from audit.registry import Registry
from audit.requesting import Request
from audit.settings import Settings
from audit.store import Store, contents

PLATFORMS, CRITERIA, NIGHTS, ASKED = 30, 7, 8, 200
START = datetime(2026, 11, 1, 3, tzinfo=UTC)
_SPAN = """INSERT INTO spans (subject, platform, criterion, outcome, difference, first_run, last_run, first_at, last_at,
    since_at) VALUES (?, ?, ?, 'met', '', ?, 'night-7', ?, ?, ?)"""
_LATEST = """SELECT subject, platform, outcome, max(last_at) FROM spans
    WHERE criterion = 'listed' AND subject >= ? AND subject < ? GROUP BY subject, platform"""


def keys(organisations: int) -> Iterator[tuple[str, str]]:
    """Every cell as subject and platform."""
    return ((f"f{n}/dienst@haus", f"portal-{k:02}") for n in range(organisations) for k in range(PLATFORMS))


def fill(store: Store, organisations: int) -> None:
    """Runs, spans, current cells and results, as so many nights leave them."""
    db, ends = store.tables, [(START + timedelta(days=night)).isoformat() for night in range(NIGHTS)]
    result = _result()
    with db.atomic():
        for night, at in enumerate(ends):
            db.execute(
                "INSERT INTO runs VALUES (?, 'complete', ?, ?, 1, '{}', '{}', '{}', NULL)", [f"night-{night}", at, at]
            )
        spans = (
            (subject, platform, f"criterion-{each}" if each else "listed", f"night-{each % NIGHTS}", *[ends[0]] * 3)
            for subject, platform in keys(organisations)
            for each in range(CRITERIA)
        )
        db.conn.executemany(_SPAN, spans)
        db.conn.executemany(
            "INSERT INTO current VALUES (?, ?, ?, ?, 'complete', NULL, 1, 1, 5, '[]', 'night-7', ?)",
            ((s, p, s.split("/")[0], p, ends[-1]) for s, p in keys(organisations)),
        )
        body, known = contents.put(db, result), contents.put(db, b"{}")
        db.conn.executemany(
            "INSERT INTO results (run, organisation, coverage, result, memory) VALUES (?, ?, 1, ?, ?)",
            ((f"night-{night}", f"f{n}", body, known) for night in range(NIGHTS) for n in range(organisations)),
        )


def _result() -> bytes:
    """A real result of one organisation on the thirty platforms."""
    catalogue, loop = load_catalogue(), VirtualLoop()
    clock, one = LoopClock(loop), facility(0, ("debt-counselling",))
    shop = Workshop(
        settings=Settings(contact="someone@example.org"), catalogue=catalogue, clock=clock, environment={},
        registry=Registry(tuple(map(shown, range(PLATFORMS)))), getters={Via.HTTP: Portals(clock, (one,))},
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "findbar.db")
        loop.run_until_complete(shop.perform(Request(organisations=(one,)), store, lambda _: None))
        key = store.tables.execute("SELECT result FROM results").fetchone()[0]
        body = contents.get(store.tables, key)
        store.close()
    return body


def milliseconds(ask: Callable[[str], object], organisations: int) -> tuple[float, float]:
    """Median and slowest of questions about organisations drawn at random."""
    chance, spent = random.Random(7), []  # noqa: S311 - no secret
    for _ in range(ASKED):
        name = f"f{chance.randrange(organisations)}"
        began = time.perf_counter()
        ask(name)
        spent.append(1000 * (time.perf_counter() - began))
    return median(spent), max(spent)


def main() -> None:
    """Print milliseconds for each question."""
    findings = int(sys.argv[1]) if len(sys.argv) > 1 else 5_250_000
    organisations = findings // (PLATFORMS * CRITERIA)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "findbar.db"
        store = Store(path)
        fill(store, organisations)
        store.close()
        store = Store(path, writing=False)
        db = store.tables
        asks: dict[str, Callable[[str], object]] = {
            "current cells": lambda one: db.execute("SELECT * FROM matrix WHERE organisation = ?", [one]).fetchall(),
            "the whole latest result, read": store.result,
            "what is known before a new run": lambda one: store.memory(one, START + timedelta(days=9)),
            "baseline: listed or not, from the history": lambda one: db.execute(
                _LATEST, [f"{one}/", f"{one}/\U0010ffff"]
            ).fetchall(),
        }
        rows = [(name, milliseconds(ask, organisations)) for name, ask in asks.items()]
        store.close()
        size = path.stat().st_size / 1e6
    table(
        f"state: {organisations:,} organisations, {findings:,} findings, {size:,.0f} MB; milliseconds (aim: 5)",
        [(name, f"{half:.2f} median, {most:.2f} slowest of {ASKED}") for name, (half, most) in rows],
    )


if __name__ == "__main__":
    main()
