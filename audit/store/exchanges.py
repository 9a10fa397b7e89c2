"""Imported enquiries: times and salted hashes, never a person. What is known when a run ends, it counts.

Importing the same twice changes nothing; an answer that comes with a later import finds its question by the
hashes of ``messages``. ``sources`` tells where a mailbox was left, and holds the database's salt.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from audit.model import Exchange

EXPIRED = "expired-"
_SALT = "salt"
_COLUMNS = "id, service, channel, kind, source, asked_at, answered_at"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What an import changed: new questions, those known already, and answers to questions stored earlier."""

    new: int
    known: int
    answered: int


def salt(db: Database, at: datetime) -> bytes:
    """The secret of this database, made at the first import."""
    made = {"id": _SALT, "state": secrets.token_hex(32), "at": at.isoformat()}
    db.table("sources").insert(made, ignore=True)
    return bytes.fromhex(db.execute("SELECT state FROM sources WHERE id = ?", [_SALT]).fetchone()[0])


def state(db: Database, source: str) -> Any:
    """Where the import of a source was left, None where it was never read."""
    row = db.execute("SELECT state FROM sources WHERE id = ?", [source]).fetchone()
    return json.loads(row[0]) if row else None


def known(db: Database, organisation: str) -> dict[str, Exchange]:
    """The stored exchanges by the hashes of their messages and numbers."""
    rows = db.execute(
        f"""SELECT m.hash, {", ".join(f"e.{name.strip()}" for name in _COLUMNS.split(","))} FROM messages m
            JOIN exchanges e ON e.organisation = m.organisation AND e.id = m.exchange
            WHERE m.organisation = ?""",  # noqa: S608 - names of our own columns
        [organisation],
    )
    return {hash_: _exchange(rest) for hash_, *rest in rows}


def known_to(db: Database, organisation: str, run: str) -> tuple[Exchange, ...]:
    """The exchanges as they were known when that run ended, so that it is judged again alike.

    What counts is which complete run came before an import: two of them may fall into one second.
    """
    rows = db.execute(
        """WITH earlier AS (SELECT id FROM runs WHERE rowid < (SELECT rowid FROM runs WHERE id = ?) UNION SELECT '')
           SELECT id, service, channel, kind, source, asked_at,
             CASE WHEN answer_known_after IN earlier THEN answered_at END
           FROM exchanges WHERE organisation = ? AND known_after IN earlier ORDER BY id""",
        [run, organisation],
    )
    return tuple(_exchange(row) for row in rows)


def _latest(db: Database) -> str:
    row = db.execute("SELECT id FROM runs WHERE state = 'complete' ORDER BY rowid DESC LIMIT 1").fetchone()
    return str(row[0]) if row else ""


def _exchange(row: Any) -> Exchange:
    id_, service, channel, kind, source, asked, answered = row
    return Exchange(
        id=id_,
        asked_at=datetime.fromisoformat(asked),
        answered_at=datetime.fromisoformat(answered) if answered else None,
        channel=channel,
        source=source,
        kind=kind,
        service=service,
    )


def keep(
    db: Database,
    organisation: str,
    found: tuple[list[Exchange], Mapping[str, str], Mapping[str, datetime]],
    left: tuple[str, Any] | None,
    at: datetime,
) -> Kept:
    """Exchanges, links and later answers in one transaction, with where the source was ``left``, if it tells."""
    exchanges, links, answers = found
    with db.atomic():
        after = _latest(db)
        new = [e for e in exchanges if _keep_one(db, organisation, e, at, after)]
        later = {e.id: e.answered_at for e in exchanges if e.answered_at} | dict(answers)
        fresh = {e.id for e in new}
        answered = sum(_answer(db, organisation, id_, when, after) for id_, when in later.items() if id_ not in fresh)
        db.conn.executemany(
            "INSERT OR REPLACE INTO messages SELECT ?, ?, ? WHERE EXISTS "
            "(SELECT 1 FROM exchanges WHERE organisation = ? AND id = ?)",
            [(organisation, hash_, id_, organisation, id_) for hash_, id_ in links.items()],
        )
        if left:
            row = {"id": left[0], "state": json.dumps(left[1], sort_keys=True), "at": at.isoformat()}
            db.table("sources").upsert(row, pk="id")
    return Kept(new=len(new), known=len(exchanges) - len(new), answered=answered)


def _keep_one(db: Database, organisation: str, e: Exchange, at: datetime, after: str) -> bool:
    """Whether the exchange is new: neither stored, nor one whose id has expired."""
    asked, answered = _stamp(e.asked_at), _stamp(e.answered_at) if e.answered_at else None
    return bool(
        db.execute(
            """INSERT OR IGNORE INTO exchanges SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS
               (SELECT 1 FROM exchanges WHERE organisation = ? AND id GLOB ? AND asked_at = ? AND service = ?
                AND channel = ?)""",
            [
                *(organisation, e.id, e.service, e.channel, e.kind, e.source, asked, answered, at.isoformat()),
                *(after, after if answered else None, organisation, f"{EXPIRED}*", asked, e.service, e.channel),
            ],
        ).rowcount
    )


def _stamp(at: datetime) -> str:
    """To the second, in UTC: so that the database can compare."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat()


def _answer(db: Database, organisation: str, id_: str, when: datetime, after: str) -> int:
    """The first answer counts; how many rows it changed."""
    return int(
        db.execute(
            """UPDATE exchanges SET answered_at = ?, answer_known_after = ? WHERE organisation = ? AND id = ?
               AND asked_at <= ? AND (answered_at IS NULL OR answered_at > ?)""",
            [_stamp(when), after, organisation, id_, _stamp(when), _stamp(when)],
        ).rowcount
    )


def expiring(db: Database, before: datetime) -> list[tuple[str, str]]:
    """Organisation and id of what became known before that time and still bears a hash."""
    rows = db.execute(
        "SELECT organisation, id FROM exchanges WHERE known_at < ? AND id NOT GLOB ? ORDER BY organisation, id",
        [before.isoformat(), f"{EXPIRED}*"],
    )
    return [(organisation, id_) for organisation, id_ in rows]


def expire(db: Database, ids: list[tuple[str, str]]) -> None:
    """Numbers in place of the hashes, in their order; the hashes of their messages are deleted."""
    taken = db.execute("SELECT coalesce(max(substr(id, 9)), 0) FROM exchanges WHERE id GLOB 'expired-*'").fetchone()
    for number, (organisation, id_) in enumerate(ids, int(taken[0]) + 1):
        db.execute("DELETE FROM messages WHERE organisation = ? AND exchange = ?", [organisation, id_])
        new = f"{EXPIRED}{number:06d}"
        db.execute("UPDATE exchanges SET id = ? WHERE organisation = ? AND id = ?", [new, organisation, id_])
