"""A stored run scored again from its comparisons: what the method of today makes of them, without any matching.

Possible for every run whose results are kept, also where listings are not (DESIGN 7); `looking.rejudged` matches again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audit.judging.judge import switchboards
from audit.judging.rescoring import rescored
from audit.looking import reading
from audit.pausing import no_collecting
from audit.store import Store, StoreProblemError
from audit.store.figures import with_comparisons


@dataclass(frozen=True, kw_only=True)
class Rescored:
    """A run scored again: the ids of its organisations, and which of their figures moved.

    ``moved`` are (organisation, figure, before, after): findability and accuracy from 0 to 100, coverage from 0 to 1,
    None where nothing is known.
    """

    run: str
    organisations: tuple[str, ...]
    moved: tuple[tuple[str, str, float | None, float | None], ...]


def scored_again(database: Path, run: str = "") -> Rescored:
    """A stored run (the latest) under the method in force. Raises `StoreProblemError` where there is none."""
    store = reading(database)
    try:
        wanted = run or store.latest_run() or ""
        if not store.tables.execute("SELECT 1 FROM runs WHERE id = ? AND state = 'complete'", [wanted]).fetchone():
            raise StoreProblemError(f"{database} holds no finished run {run}".rstrip() + ".")
        with no_collecting():
            figures = list(_figures(store, wanted))
    finally:
        store.close()
    moved = tuple(row for row in figures if row[2] != row[3])
    return Rescored(run=wanted, organisations=tuple(dict.fromkeys(row[0] for row in figures)), moved=moved)


def _figures(store: Store, run: str) -> Iterator[tuple[str, str, float | None, float | None]]:
    """Every figure of every organisation, as stored and as scored again."""
    shared = {stated.id: switchboards(stated) for stated in store.expected(run)}
    for organisation, before, body in with_comparisons(store.tables, run):
        sums = rescored(body, shared.get(organisation, frozenset()))
        after = {
            "findability": sums.findability().value, "accuracy": sums.accuracy().value, "coverage": sums.coverage,
        }  # fmt: skip
        yield from ((organisation, name, before[name], value) for name, value in after.items())
