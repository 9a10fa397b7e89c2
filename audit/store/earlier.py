"""What earlier runs saw and may be used again: conclusive answers with what the server said of them, held controls."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from audit.checker import Checker
from audit.freshness import Earlier, Validators, may_be_reused, reader_of, validators
from audit.model import Retention, Seen, Visit
from audit.page import Page
from audit.saying import Remarks
from audit.store.codec import parse
from audit.store.contents import seen_of
from audit.store.evidence import Place, read_page

_NOTHING: dict[str, str | None] = dict.fromkeys(("etag", "modified", "fresh_until", "reader"))


def columns(db: Database, checker: Checker, seen: Seen, page: Page | None) -> dict[str, str | None]:
    """The columns of a visit by which it can be used again; all empty for what must not be."""
    if seen.reason or not may_be_reused(checker, seen.visit):
        return _NOTHING
    if seen.cached:
        row = _latest(db, checker, seen.visit)
        return dict(zip(_NOTHING, row[:4], strict=True)) if row else _NOTHING
    said = validators(page) if page else Validators()
    until = said.until.isoformat() if said.until else None
    return dict(zip(_NOTHING, (said.etag, said.modified, until, reader_of(checker)), strict=True)) if said else _NOTHING


def remember(db: Database, folder: Path, checker: Checker, visit: Visit) -> Earlier | None:
    """The latest conclusive answer to the same visit, read by the same reader; None where it is not whole any more."""
    row = _latest(db, checker, visit) if may_be_reused(checker, visit) else None
    if row is None:
        return None
    etag, modified, until, _, body, at, *place = row
    seen = seen_of(body, at)
    page = None
    if checker.retention is Retention.FULL:
        if not place[0]:
            return None
        try:
            page = read_page(folder, Place(*place), visit)
        except (OSError, ValueError):
            return None
    said = Validators(etag or "", modified or "", datetime.fromisoformat(until) if until else None)
    return Earlier(seen=seen, validators=said, page=page)


def _latest(db: Database, checker: Checker, visit: Visit) -> tuple[Any, ...] | None:
    row: tuple[Any, ...] | None = db.execute(
        """SELECT etag, modified, fresh_until, reader, c.body, at, warc, warc_offset, warc_length, sha256
           FROM visits JOIN contents c ON c.hash = seen WHERE way = ? AND id = ? AND reader = ?
           ORDER BY at DESC, run DESC LIMIT 1""",
        [checker.id, visit.id, reader_of(checker)],
    ).fetchone()
    return row


def proven(db: Database, way: str, since: datetime) -> tuple[str, Remarks, datetime] | None:
    """What is said of a way's control that was made and held since then, also in codes, and when; None: none was."""
    row = db.execute(
        """SELECT w.control_note, w.control_said, w.control_at FROM ways w JOIN runs u ON u.id = w.run
           WHERE w.way = ? AND w.control IS NULL AND w.control_at >= ? AND u.state = 'complete'
           ORDER BY w.control_at DESC LIMIT 1""",
        [way, since.isoformat()],
    ).fetchone()
    return (row[0], parse(Remarks, row[1]), datetime.fromisoformat(row[2])) if row else None


def made_since(db: Database, since: datetime) -> dict[str, int]:
    """How many visits each host (with its port, if any) got since then, over all runs."""
    rows = db.execute(
        """SELECT CASE instr(rest, '/') WHEN 0 THEN rest ELSE substr(rest, 1, instr(rest, '/') - 1) END, count(*)
           FROM (SELECT substr(url, instr(url, '://') + 3) AS rest FROM visits WHERE at >= ? AND instr(url, '://') > 0)
           GROUP BY 1""",
        [since.isoformat()],
    )
    return dict(rows.fetchall())
