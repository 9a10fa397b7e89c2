"""The ledger of test enquiries: a row is committed before its mail is sent, and never sent again.

States: ``sending`` (committed, the mail is on its way), ``sent`` (the server took it), ``refused`` (the server refused
this address), ``failed`` (certainly not sent), ``uncertain`` (it may have arrived).
"""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from typing import Any

from sqlite_utils import Database

from audit.model import Enquiry

_KEY = "enquiries"


def secret(db: Database) -> bytes:
    """The secret of this database that tokens are made with; made at the first call."""
    db.table("enquiry_keys").insert({"id": _KEY, "secret": secrets.token_hex(32)}, ignore=True)
    return bytes.fromhex(db.execute("SELECT secret FROM enquiry_keys WHERE id = ?", [_KEY]).fetchone()[0])


def rows(db: Database, organisation: str = "", since: date = date.min) -> list[dict[str, Any]]:
    """All rows (of one organisation, from a day on), by time."""
    query = "SELECT * FROM enquiries WHERE ? IN ('', organisation) AND planned_at >= ? ORDER BY planned_at, id"
    return list(db.query(query, [organisation, since.isoformat()]))


def close_interrupted(db: Database) -> int:
    """Rows that a killed process left in the middle become uncertain; how many. Call it as the only writer."""
    note = "interrupted while sending"
    return int(
        db.execute("UPDATE enquiries SET state = 'uncertain', note = ? WHERE state = 'sending'", [note]).rowcount
    )


def claim(db: Database, one: Enquiry) -> bool:
    """Commit that an enquiry is about to be sent; False where it has a row already, whatever came of it."""
    row = {
        "id": one.id, "organisation": one.organisation, "address": one.address, "service": one.service,
        "kind": one.kind, "time_window": one.window.value, "planned_at": _stamp(one.at), "state": "sending",
        "note": "", "message": one.message, "reply_to": one.reply_to, "subject": one.subject, "reveal": one.reveal,
    }  # fmt: skip
    columns, places = ", ".join(row), ", ".join("?" * len(row))
    with db.atomic():
        done = db.execute(f"INSERT OR IGNORE INTO enquiries ({columns}) VALUES ({places})", list(row.values()))  # noqa: S608 - names of our own columns
        return bool(done.rowcount)


def settle(db: Database, id_: str, state: str, note: str, at: datetime) -> None:
    """What came of an enquiry; ``at`` counts as the time of asking where it may have arrived."""
    sent_at = _stamp(at) if state in ("sent", "uncertain") else None
    with db.atomic():
        db.execute("UPDATE enquiries SET state = ?, note = ?, sent_at = ? WHERE id = ?", [state, note, sent_at, id_])


def answer(db: Database, id_: str, at: datetime) -> bool:
    """The first human answer to an enquiry; earlier ones win. Whether it changed anything."""
    when = _stamp(at)
    with db.atomic():
        return bool(
            db.execute(
                """UPDATE enquiries SET answered_at = ?, sent_at = coalesce(sent_at, planned_at)
                   WHERE id = ? AND state IN ('sent', 'uncertain') AND (answered_at IS NULL OR answered_at > ?)
                   AND coalesce(sent_at, planned_at) <= ?""",
                [when, id_, when, when],
            ).rowcount
        )


def to_reveal(db: Database, organisation: str, open_before: datetime) -> list[dict[str, Any]]:
    """Enquiries to be named as tests now: answered, or open since before a time. Uncertain ones may have arrived."""
    return list(
        db.query(
            """SELECT * FROM enquiries WHERE organisation = ? AND reveal = 'after-answer' AND revealed_at IS NULL
               AND state IN ('sent', 'uncertain') AND (answered_at IS NOT NULL OR planned_at < ?)
               ORDER BY planned_at, id""",
            [organisation, _stamp(open_before)],
        )
    )


def revealed(db: Database, id_: str, at: datetime, note: str) -> None:
    """An enquiry was named as a test, or its address refused to hear it (``note``)."""
    with db.atomic():
        db.execute("UPDATE enquiries SET revealed_at = ?, note = ? WHERE id = ?", [_stamp(at), note, id_])


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0).isoformat()
