"""The database: tables, views and the steps from version to version (docs/database.md).

Ids are slugs, never row numbers. Every released version upgrades itself: a step once released is
never changed, a new one is added.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from audit.store import contents, moving

VERSION = 2
migrations = Migrations("findbar")
_READINGS = """
    run TEXT NOT NULL REFERENCES runs(id), way TEXT NOT NULL, field TEXT NOT NULL, number INTEGER NOT NULL,
    good INTEGER NOT NULL, PRIMARY KEY (run, way, field)"""
_READERS = """SELECT r.way, r.field, u.finished, r.number, r.good, round(100.0 * r.good / r.number) AS percent,
    w.control FROM readings r JOIN runs u ON u.id = r.run JOIN ways w ON w.run = r.run AND w.way = r.way
    WHERE u.state = 'complete' ORDER BY r.way, r.field, u.finished"""
_EXCHANGES = """
    organisation TEXT NOT NULL, id TEXT NOT NULL, service TEXT NOT NULL, channel TEXT NOT NULL, kind TEXT NOT NULL,
    source TEXT NOT NULL, asked_at TEXT NOT NULL, answered_at TEXT, known_at TEXT NOT NULL, known_after TEXT NOT NULL,
    answer_known_after TEXT,
    PRIMARY KEY (organisation, id)"""
_MESSAGES = """
    organisation TEXT NOT NULL, hash TEXT NOT NULL, exchange TEXT NOT NULL, PRIMARY KEY (organisation, hash)"""
_SOURCES = "id TEXT PRIMARY KEY, state TEXT NOT NULL, at TEXT NOT NULL"
_ENQUIRIES = """
    id TEXT PRIMARY KEY, organisation TEXT NOT NULL, address TEXT NOT NULL, service TEXT NOT NULL, kind TEXT NOT NULL,
    time_window TEXT NOT NULL, planned_at TEXT NOT NULL, state TEXT NOT NULL, note TEXT NOT NULL, message TEXT NOT NULL,
    reply_to TEXT NOT NULL, subject TEXT NOT NULL, reveal TEXT NOT NULL, sent_at TEXT, answered_at TEXT,
    revealed_at TEXT"""
_TOLD = """
    receiver TEXT NOT NULL, organisation TEXT NOT NULL, unit TEXT NOT NULL, fingerprint TEXT NOT NULL,
    run TEXT NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL, changes INTEGER NOT NULL, state TEXT NOT NULL,
    note TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (receiver, organisation, unit, fingerprint)"""
_TASKS = """
    system TEXT NOT NULL, gap TEXT NOT NULL, organisation TEXT NOT NULL, task TEXT NOT NULL, fingerprint TEXT NOT NULL,
    state TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (system, gap)"""
_ENQUIRY_KEYS = "id TEXT PRIMARY KEY, secret TEXT NOT NULL"
_LOOKS_SINCE_2 = (
    "shown TEXT NOT NULL DEFAULT '[]'", "unseen INTEGER NOT NULL DEFAULT 0", "note TEXT NOT NULL DEFAULT ''",
    "screenshot TEXT NOT NULL DEFAULT ''",
)  # fmt: skip
_SINCE_2 = (
    "etag TEXT", "modified TEXT", "fresh_until TEXT", "reader TEXT", "picture_offset INTEGER", "picture_length INTEGER",
)  # fmt: skip

_IMPORTED = {"exchanges": _EXCHANGES, "messages": _MESSAGES, "sources": _SOURCES}

_SPANS_SINCE_2 = ("since_at TEXT NOT NULL DEFAULT ''", "confirmed_at TEXT")
_SPANS_BEFORE_2 = """UPDATE spans SET since_at = first_at, confirmed_at =
    CASE WHEN julianday(last_at) - julianday(first_at) >= 20 / 24.0 THEN last_at END"""

_GAP_EVENTS = """
    gap TEXT NOT NULL, organisation TEXT NOT NULL, event TEXT NOT NULL, run TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (gap, event, run)"""
_GAP_EVENTS_BEFORE_2 = """INSERT INTO gap_events SELECT id, organisation, 'opened', first_run, first_at FROM gaps
    UNION ALL SELECT id, organisation, 'closed', last_run, last_at FROM gaps WHERE state = 'closed'"""

_TABLES = {
    "runs": """
        id TEXT PRIMARY KEY, state TEXT NOT NULL, started TEXT NOT NULL, finished TEXT, method INTEGER NOT NULL,
        manifest TEXT NOT NULL, scope TEXT NOT NULL, organisations TEXT NOT NULL, vantage TEXT""",
    "visits": """
        run TEXT NOT NULL REFERENCES runs(id), way TEXT NOT NULL, id TEXT NOT NULL, url TEXT NOT NULL,
        method TEXT NOT NULL, status INTEGER NOT NULL, reason TEXT, detail TEXT NOT NULL, at TEXT NOT NULL,
        seen BLOB NOT NULL, warc TEXT, warc_offset INTEGER, warc_length INTEGER, sha256 TEXT,
        PRIMARY KEY (run, way, id)""",
    "answers": """
        run TEXT NOT NULL REFERENCES runs(id), way TEXT NOT NULL, number INTEGER NOT NULL, subjects TEXT NOT NULL,
        visits TEXT NOT NULL, reason TEXT, detail TEXT NOT NULL, PRIMARY KEY (run, way, number)""",
    "ways": """
        run TEXT NOT NULL REFERENCES runs(id), way TEXT NOT NULL, reason TEXT, detail TEXT NOT NULL,
        control TEXT, control_note TEXT NOT NULL, skipped TEXT NOT NULL, PRIMARY KEY (run, way)""",
    "results": """
        run TEXT NOT NULL REFERENCES runs(id), organisation TEXT NOT NULL, result TEXT NOT NULL, memory TEXT NOT NULL,
        findability REAL, accuracy REAL, response REAL, offered REAL, total REAL, coverage REAL NOT NULL,
        PRIMARY KEY (run, organisation)""",
    "spans": """
        subject TEXT NOT NULL, platform TEXT NOT NULL, criterion TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT,
        difference TEXT NOT NULL, first_run TEXT NOT NULL, last_run TEXT NOT NULL, first_at TEXT NOT NULL,
        last_at TEXT NOT NULL, PRIMARY KEY (subject, platform, criterion, first_run)""",
    "current": """
        subject TEXT NOT NULL, platform TEXT NOT NULL, organisation TEXT NOT NULL, way TEXT NOT NULL,
        state TEXT NOT NULL, reason TEXT, findability REAL, accuracy REAL, weight REAL NOT NULL, visits TEXT NOT NULL,
        run TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (subject, platform)""",
    "looks": """
        subject TEXT NOT NULL, platform TEXT NOT NULL, found INTEGER NOT NULL, phone TEXT NOT NULL, link TEXT NOT NULL,
        at TEXT NOT NULL, PRIMARY KEY (subject, platform)""",
    "gaps": """
        id TEXT PRIMARY KEY, organisation TEXT NOT NULL, kind TEXT NOT NULL, platform TEXT NOT NULL,
        subjects TEXT NOT NULL, unit TEXT NOT NULL, minutes REAL NOT NULL, points REAL NOT NULL, state TEXT NOT NULL,
        first_run TEXT NOT NULL, first_at TEXT NOT NULL, last_run TEXT NOT NULL, last_at TEXT NOT NULL""",
}
_INDEXES = (
    "CREATE INDEX visits_by_id ON visits (id)",
    "CREATE INDEX spans_last ON spans (subject, platform, criterion, last_run)",
    "CREATE INDEX current_by_organisation ON current (organisation)",
    "CREATE INDEX gaps_by_organisation ON gaps (organisation, state)",
)
_VIEWS = {
    "matrix": """SELECT organisation, subject, platform, state, reason, round(findability * 100) AS findability,
        round(accuracy * 100) AS accuracy, at FROM current ORDER BY subject, platform""",
    "open_gaps": """SELECT organisation, kind, platform, unit, minutes, points,
        round(points / max(minutes, 1), 3) AS points_per_minute,
        round(julianday(last_at) - julianday(first_at)) AS days_open, id
        FROM gaps WHERE state = 'open' ORDER BY points_per_minute DESC, id""",
    "not_checked": """SELECT platform, reason, count(*) AS cells, round(sum(weight), 1) AS weight
        FROM current WHERE state = 'unknown' GROUP BY platform, reason ORDER BY weight DESC""",
    "scores": """SELECT r.organisation, u.finished, u.method, r.findability, r.accuracy, r.response, r.offered,
        r.total, r.coverage, r.run FROM results r JOIN runs u ON u.id = r.run WHERE u.state = 'complete'
        ORDER BY u.finished DESC""",
    "history": """SELECT s.subject, s.platform, s.criterion, s.outcome, s.reason, s.difference, s.first_at, s.last_at
        FROM spans s ORDER BY s.subject, s.platform, s.criterion, s.first_at""",
}


@migrations()
def first_tables(db: Database) -> None:
    """Version 1: runs, visits, answers, ways, results, history, current cells and gaps."""
    for name, columns in _TABLES.items():
        db.execute(f"CREATE TABLE {name} ({columns}) STRICT")
    for index in _INDEXES:
        db.execute(index)
    for name, query in _VIEWS.items():
        db.create_view(name, query)


@migrations()
def earlier_answers(db: Database) -> None:
    """Version 2: answers used again, readings, looks, enquiries, confirmed spans, lives of gaps, alerts."""
    for column in _SPANS_SINCE_2:
        db.execute(f"ALTER TABLE spans ADD COLUMN {column}")
    db.execute(_SPANS_BEFORE_2)
    db.execute(f"CREATE TABLE gap_events ({_GAP_EVENTS}) STRICT")
    db.execute("CREATE INDEX gap_events_by_organisation ON gap_events (organisation)")
    db.execute(_GAP_EVENTS_BEFORE_2)
    for column in _SINCE_2:
        db.execute(f"ALTER TABLE visits ADD COLUMN {column}")
    db.execute("ALTER TABLE ways ADD COLUMN control_at TEXT")
    for column in ("control_said", "detail_said"):
        db.execute(f"ALTER TABLE ways ADD COLUMN {column} TEXT NOT NULL DEFAULT '[]'")
    db.execute(f"CREATE TABLE readings ({_READINGS}) STRICT")
    for name, columns in _IMPORTED.items():
        db.execute(f"CREATE TABLE {name} ({columns}) STRICT")
    db.execute(f"CREATE TABLE enquiries ({_ENQUIRIES}) STRICT")
    db.execute(f"CREATE TABLE enquiry_keys ({_ENQUIRY_KEYS}) STRICT")
    db.execute(f"CREATE TABLE told ({_TOLD}) STRICT")
    db.execute(f"CREATE TABLE tasks ({_TASKS}) STRICT")
    db.create_view("readers", _READERS)
    db.execute("CREATE INDEX visits_by_visit ON visits(way, id, at) WHERE reader IS NOT NULL")
    for column in _LOOKS_SINCE_2:
        db.execute(f"ALTER TABLE looks ADD COLUMN {column}")
    db.execute(f"CREATE TABLE contents ({contents.TABLE}) STRICT, WITHOUT ROWID")
    moving.move(db)
    db.execute("CREATE INDEX results_by_organisation ON results (organisation)")


def tables_and_views() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of all tables and views, for the documentation's test."""
    own = ("contents", "readings", "gap_events", *_IMPORTED, "enquiries", "enquiry_keys", "told", "tasks")
    return (*(name for name in _TABLES if name != "answers"), *own), (*_VIEWS, "readers")
