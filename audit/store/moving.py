"""From schema 1 to 2: what stood in rows becomes contents (`contents`)."""

from __future__ import annotations

import json
import zlib
from typing import Any

from sqlite_utils import Database

from audit.model import Organisation, Result, Seen
from audit.store import contents
from audit.store.codec import parse

_COLUMNS = {
    "results": ("low REAL", "high REAL", "result_2 BLOB NOT NULL DEFAULT x''", "memory_2 BLOB NOT NULL DEFAULT x''"),
    "ways": ("answers BLOB NOT NULL DEFAULT x''",),
}


def move(db: Database) -> None:
    """Every row of schema 1 names its contents; inside the migration's transaction."""
    for table, columns in _COLUMNS.items():
        for column in columns:
            db.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    for run, organisations in db.execute("SELECT id, organisations FROM runs").fetchall():
        stated = contents.put_organisations(db, parse(tuple[Organisation, ...], organisations))
        db.execute("UPDATE runs SET organisations = ? WHERE id = ?", [stated, run])
    for row, blob in db.execute("SELECT rowid, seen FROM visits").fetchall():
        seen = contents.put_seen(db, parse(Seen, zlib.decompress(blob)))
        db.execute("UPDATE visits SET seen = ? WHERE rowid = ?", [seen, row])
    for row, *texts in db.execute("SELECT rowid, result, memory FROM results").fetchall():
        _move_result(db, row, *texts)
    for run, way, skipped in db.execute("SELECT run, way, skipped FROM ways").fetchall():
        body = json.dumps({"answers": _answers(db, run, way), "skipped": json.loads(skipped)}).encode()
        db.execute("UPDATE ways SET answers = ? WHERE run = ? AND way = ?", [contents.put(db, body), run, way])
    for column in ("result", "memory"):
        db.execute(f"ALTER TABLE results DROP COLUMN {column}")
        db.execute(f"ALTER TABLE results RENAME COLUMN {column}_2 TO {column}")
    db.execute("ALTER TABLE ways DROP COLUMN skipped")
    db.execute("DROP TABLE answers")


def _move_result(db: Database, row: int, result: str, memory: str) -> None:
    found: Result = parse(Result, result)
    pillar = found.score.findability
    keys = [contents.put_result(db, found), contents.put(db, memory.encode()), pillar.low, pillar.high, row]
    db.execute("UPDATE results SET result_2 = ?, memory_2 = ?, low = ?, high = ? WHERE rowid = ?", keys)


def _answers(db: Database, run: str, way: str) -> list[tuple[Any, ...]]:
    rows = db.execute(
        "SELECT subjects, visits, reason, detail FROM answers WHERE run = ? AND way = ? ORDER BY number", [run, way]
    )
    return [(json.loads(subjects), json.loads(visits), *rest) for subjects, visits, *rest in rows]
