"""The figures of an organisation's complete runs over time, and what it stated in each."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from audit.model import Figures, Organisation, Result
from audit.store import contents
from audit.store.codec import parse

_FIGURES = ("findability", "accuracy", "response", "offered", "total", "coverage")


def figures(db: Database, organisation: str) -> list[Figures]:
    """One per complete run, the oldest first."""
    rows = db.query(
        """SELECT r.run, u.finished AS at, u.method, r.findability, r.accuracy, r.response, r.offered, r.total,
             r.coverage, r.low, r.high
           FROM results r JOIN runs u ON u.id = r.run
           WHERE r.organisation = ? AND u.state = 'complete' ORDER BY u.finished, u.id""",
        [organisation],
    )
    return [Figures(**{**row, "at": datetime.fromisoformat(row["at"])}) for row in rows]


def figures_of(result: Result) -> Figures:
    """The figures of one result."""
    score = result.score
    return Figures(
        run=result.run, at=result.finished, method=result.method, low=score.findability.low,
        high=score.findability.high, total=score.total, coverage=score.coverage,
        **{name: getattr(score, name).value for name in _FIGURES[:4]},
    )  # fmt: skip


def with_comparisons(db: Database, run: str) -> Iterator[tuple[str, dict[str, float | None], bytes]]:
    """Of every organisation in a complete run its figures by name and its whole result as JSON, by organisation."""
    rows = db.execute(
        """SELECT r.organisation, r.findability, r.accuracy, r.coverage, c.body
           FROM results r JOIN runs u ON u.id = r.run JOIN contents c ON c.hash = r.result
           WHERE u.state = 'complete' AND r.run = ? ORDER BY r.organisation""",
        [run],
    )
    for organisation, findable, accurate, coverage, body in rows:
        figured = {"findability": findable, "accuracy": accurate, "coverage": coverage}
        yield organisation, figured, zlib.decompress(body)


def stated(db: Database, run: str, organisation: str) -> Organisation | None:
    """What one organisation stated in a run; only its own part of the run's federation is parsed."""
    row = db.execute("SELECT organisations FROM runs WHERE id = ?", [run]).fetchone()
    key = json.loads(row[0]).get(organisation) if row else None
    found: Organisation | None = parse(Organisation, contents.get(db, bytes.fromhex(key))) if key else None
    return found


def audited(db: Database) -> list[str]:
    """The organisations with a complete run, the latest audited first."""
    rows: Any = db.execute(
        """SELECT r.organisation FROM results r JOIN runs u ON u.id = r.run WHERE u.state = 'complete'
           GROUP BY r.organisation ORDER BY max(u.finished) DESC, r.organisation"""
    )
    return [row[0] for row in rows]


def run_before(db: Database, organisation: str, before: datetime | None = None) -> tuple[str, datetime] | None:
    """The latest complete run of an organisation (that ended before a moment), and when it ended."""
    row: Any = db.execute(
        """SELECT id, finished FROM runs WHERE state = 'complete' AND finished < ?
           AND EXISTS (SELECT 1 FROM results WHERE run = runs.id AND organisation = ?)
           ORDER BY finished DESC LIMIT 1""",
        [before.isoformat() if before else "9", organisation],
    ).fetchone()
    return (row[0], datetime.fromisoformat(row[1])) if row else None


def is_the_same(db: Database, organisation: str, since: datetime, until: datetime) -> bool:
    """Whether all complete runs that ended between two moments gave one and the same result."""
    row: Any = db.execute(
        """SELECT count(DISTINCT r.result) FROM results r JOIN runs u ON u.id = r.run
           WHERE r.organisation = ? AND u.state = 'complete' AND u.finished BETWEEN ? AND ?""",
        [organisation, since.isoformat(), until.isoformat()],
    ).fetchone()
    return bool(row[0] == 1)


def visits_by_outcome(db: Database, run: str) -> dict[str, int]:
    """How many visits of a run were answered, and how many were not, by reason."""
    rows: Any = db.execute(
        "SELECT coalesce(reason, 'answered'), count(*) FROM visits WHERE run = ? GROUP BY 1 ORDER BY 1", [run]
    )
    return dict(rows.fetchall())
