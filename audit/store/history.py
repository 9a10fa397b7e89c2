"""Derived rows of a finished run: result, current cells, spans of findings, open and closed gaps.

Spans are written only on change and *current* by upsert: 40 ms against 5.5 s for a window query
over five million rows (dossier performance, 2026-11-23).
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from audit.model import ENQUIRIES, Cell, Memory, Reason, Result, State
from audit.store import contents, spans
from audit.store.codec import dump
from audit.store.rows import put_rows

_IDLE = frozenset({Reason.NOT_RUN, Reason.BUDGET})


def record(db: Database, result: Result, memory: Memory) -> None:
    """All derived rows of one organisation's result, inside the caller's transaction."""
    score = result.score
    put_rows(db, "results", [{
        "run": result.run, "organisation": result.organisation, "result": contents.put_result(db, result),
        "memory": contents.put(db, dump(Memory, memory)),
        "low": score.findability.low, "high": score.findability.high,
        "findability": score.findability.value, "accuracy": score.accuracy.value, "response": score.response.value,
        "offered": score.offered.value, "total": score.total, "coverage": score.coverage,
    }], ("run", "organisation"))  # fmt: skip
    rows = [(_cell(result, cell), bool(cell.carried_from) or cell.reason in _IDLE) for cell in result.cells]
    put_rows(db, "current", [row for row, idle in rows if not idle], ("subject", "platform"))
    # a look that was not made this time does not wipe out what an earlier one saw
    put_rows(db, "current", [row for row, idle in rows if idle], ("subject", "platform"), first_stays=True)
    spans.record(db, result)
    _gaps(db, result)


def _cell(result: Result, cell: Cell) -> dict[str, Any]:
    visits = sorted({visit for finding in cell.findings for visit in finding.visits})
    return {
        "subject": cell.subject, "platform": cell.platform, "organisation": result.organisation, "way": cell.way,
        "state": cell.state, "reason": cell.reason, "findability": cell.findability, "accuracy": cell.accuracy,
        "weight": cell.weight, "visits": json.dumps(visits), "run": result.run, "at": result.finished.isoformat(),
    }  # fmt: skip


def _gaps(db: Database, result: Result) -> None:
    at = result.finished.isoformat()
    rows = db.execute(
        """SELECT id, first_run, first_at, platform, subjects FROM gaps
           WHERE organisation = ? AND state IN ('open', 'disputed')""",
        [result.organisation],
    )
    known = {row[0]: row[1:] for row in rows}
    every = (*result.gaps, *result.disputed)
    put_rows(
        db,
        "gaps",
        [
            {
                "id": gap.id, "organisation": result.organisation, "kind": gap.kind, "platform": gap.platform,
                "subjects": json.dumps(gap.subjects), "unit": gap.unit, "minutes": gap.minutes,
                "points": gap.points, "state": "disputed" if gap.dispute else "open",
                "first_run": known.get(gap.id, (result.run, at))[0], "first_at": known.get(gap.id, (result.run, at))[1],
                "last_run": result.run, "last_at": at,
            }
            for gap in every
        ],
        ("id",),
    )  # fmt: skip
    still = {gap.id for gap in every}
    seen = {
        (cell.platform, cell.subject)
        for cell in result.cells
        if cell.state is not State.UNKNOWN and not cell.carried_from
    }
    answered = bool(result.score.answering)  # where no wait is known any more, nothing says that they got shorter
    gone = [
        (result.run, at, id_)
        for id_, (*_, platform, subjects) in known.items()
        if id_ not in still and (answered if platform == ENQUIRIES else _closed(platform, json.loads(subjects), seen))
    ]
    db.conn.executemany("UPDATE gaps SET state = 'closed', last_run = ?, last_at = ? WHERE id = ?", gone)
    opened = [(gap.id, result.organisation, "opened", result.run, at) for gap in every if gap.id not in known]
    closed = [(id_, result.organisation, "closed", result.run, at) for *_, id_ in gone]
    db.conn.executemany("INSERT OR REPLACE INTO gap_events VALUES (?, ?, ?, ?, ?)", [*opened, *closed])


def _closed(platform: str, subjects: list[str], seen: set[tuple[str, str]]) -> bool:
    """Only what was looked at can have been mended: silence about a cell leaves its gaps open."""
    return all((platform, subject) in seen for subject in subjects)


def memory_of(db: Database, organisation: str, now: datetime) -> Memory:
    """What is known of an organisation before a new run: open gaps since when, absences confirmed by age."""
    rows = db.execute(
        "SELECT id, first_at FROM gaps WHERE organisation = ? AND state IN ('open', 'disputed')", [organisation]
    )
    first_seen = tuple(sorted((id_, datetime.fromisoformat(at)) for id_, at in rows))
    return Memory(first_seen=first_seen, confirmed=_missed_before(db, organisation, now))


def _missed_before(db: Database, organisation: str, before: datetime) -> tuple[tuple[str, str], ...]:
    """Subject and platform of cells whose current absence began at least 20 hours before that time."""
    prefix = f"{organisation}/"
    rows = db.execute(
        """SELECT subject, platform, max(last_at), outcome, first_at FROM spans
           WHERE criterion = 'listed' AND subject >= ? AND subject < ? GROUP BY subject, platform""",
        [prefix, prefix + "\U0010ffff"],
    )
    limit = (before - spans.CONFIRMED_AFTER).isoformat()
    return tuple(sorted((r[0], r[1]) for r in rows if r[3] == "not-met" and r[4] <= limit))
