"""Contents: what is said again is stored once, packed, and known by its hash.

So a night in which nothing changed costs the rows of its visits and little else. Deleted are contents that no row
names any more.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from audit.model import Organisation, Result, Seen
from audit.store.codec import dump, parse

TABLE = "hash BLOB PRIMARY KEY, body BLOB NOT NULL"
RESULTS = """SELECT c.body, u.id, u.started, u.finished FROM results r JOIN runs u ON u.id = r.run
    JOIN contents c ON c.hash = r.result WHERE u.state = 'complete'"""  # rows for `result_of`
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def put(db: Database, body: bytes) -> bytes:
    """The hash of a content, stored if it is new; inside the caller's transaction."""
    key = hashlib.sha256(body).digest()[:16]
    if not db.execute("SELECT 1 FROM contents WHERE hash = ?", [key]).fetchone():
        db.execute("INSERT INTO contents VALUES (?, ?)", [key, zlib.compress(body)])
    return key


def get(db: Database, key: bytes) -> bytes:
    """The content of a hash. Raises KeyError."""
    row = db.execute("SELECT body FROM contents WHERE hash = ?", [key]).fetchone()
    if row is None:
        raise KeyError(key.hex())
    return zlib.decompress(row[0])


def put_seen(db: Database, seen: Seen) -> bytes:
    """What a visit saw; its time is the row's."""
    return put(db, dump(Seen, replace(seen, at=_NO_TIME)))


def seen_of(body: bytes, at: str) -> Seen:
    """What a visit saw, from the packed content and the row's time."""
    seen: Seen = parse(Seen, zlib.decompress(body))
    return replace(seen, at=datetime.fromisoformat(at))


def put_result(db: Database, result: Result) -> bytes:
    """A result; its run and times are those of the row."""
    return put(db, dump(Result, replace(result, run="", started=_NO_TIME, finished=_NO_TIME)))


def result_of(body: bytes, run: str, started: str, finished: str) -> Result:
    """A result, from the packed content, its run, and when that began and ended."""
    result: Result = parse(Result, zlib.decompress(body))
    began, ended = datetime.fromisoformat(started), datetime.fromisoformat(finished)
    return replace(result, run=run, started=began, finished=ended)


def put_organisations(db: Database, organisations: tuple[Organisation, ...]) -> str:
    """What each states; JSON of ids and hashes, in order."""
    return json.dumps({one.id: put(db, dump(Organisation, one)).hex() for one in organisations})


def organisations_of(db: Database, named: str) -> Iterator[Organisation]:
    """What was stated, from JSON of ids and hashes, one after the other."""
    return (parse(Organisation, get(db, bytes.fromhex(key))) for key in json.loads(named).values())


def readable(db: Database) -> None:
    """Lets queries read contents: ``content(hash)`` is their JSON, as text."""
    db.register_function(lambda key: get(db, key).decode(), name="content", deterministic=True)


def facts_of(db: Database, named: str) -> Iterator[dict[str, Any]]:
    """What was stated as plain JSON, one at a time: quicker than `organisations_of` where names are asked for."""
    return (json.loads(get(db, bytes.fromhex(key))) for key in json.loads(named).values())


def forget_unnamed(db: Database) -> None:
    """Delete contents that no row names any more; inside the caller's transaction."""
    db.execute(
        """DELETE FROM contents WHERE lower(hex(hash)) NOT IN (
             SELECT lower(hex(seen)) FROM visits UNION SELECT lower(hex(result)) FROM results
             UNION SELECT lower(hex(memory)) FROM results UNION SELECT lower(hex(answers)) FROM ways
             UNION SELECT each.value FROM runs, json_each(runs.organisations) AS each)"""
    )
