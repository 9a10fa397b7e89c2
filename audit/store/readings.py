"""What readers read, run by run: pages understood and fields filled, as numbers alone."""

from __future__ import annotations

from collections.abc import Mapping

from sqlite_utils import Database

from audit.store.rows import put_rows

_RUNS = 5  # earlier runs that are compared with

Counts = Mapping[tuple[str, str], tuple[int, int]]


def record(db: Database, run: str, counts: Counts) -> None:
    """The counts of a run, inside the caller's transaction."""
    rows = [
        {"run": run, "way": way, "field": field, "number": number, "good": good}
        for (way, field), (number, good) in counts.items()
    ]
    put_rows(db, "readings", rows, ("run", "way", "field"))


def before(db: Database) -> dict[tuple[str, str], tuple[int, int]]:
    """The counts of the latest five complete runs of each way together."""
    rows = db.execute(
        """SELECT way, field, sum(number), sum(good) FROM (
             SELECT r.*, dense_rank() OVER (PARTITION BY r.way ORDER BY u.finished DESC, u.id DESC) AS age
             FROM readings r JOIN runs u ON u.id = r.run WHERE u.state = 'complete')
           WHERE age <= ? GROUP BY way, field""",
        [_RUNS],
    )
    return {(way, field): (number, good) for way, field, number, good in rows}
