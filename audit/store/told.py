"""The ledger of digests: a row is committed before its digest is sent, so that nothing is told twice.

States: ``begun`` (without a receiver: the organisation was looked at up to then), ``waiting`` (held back in quiet
hours), ``sending`` (on its way), ``sent``, ``refused`` and ``failed`` (not sent, tried again), ``uncertain`` (it may
have arrived, never sent again). Receivers are names, never addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlite_utils import Database

from audit.store.spans import certain_after

_OPEN = ("waiting", "failed", "refused")  # not told yet


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody who is told: mail or a channel's name, an organisation, a unit of it (empty: all of it)."""

    receiver: str
    organisation: str
    unit: str

    @property
    def key(self) -> list[str]:
        """The three of them, for a query."""
        return [self.receiver, self.organisation, self.unit]


def told_until(db: Database, whom: Whom) -> datetime | None:
    """Up to when they were told; None where nobody of the organisation ever was."""
    query = "SELECT state, since, until FROM told WHERE receiver = ? AND organisation = ? AND unit = ?"
    own = db.execute(f"{query} ORDER BY at DESC, until DESC LIMIT 1", whom.key).fetchone()
    if own and own[0] in _OPEN:
        return datetime.fromisoformat(own[1])
    looked = db.execute(query, ["", whom.organisation, ""]).fetchone()
    return max((datetime.fromisoformat(row[2]) for row in (own, looked) if row), default=None)


def news_since(db: Database, organisation: str, before: datetime) -> bool:
    """Whether anything became certain since somebody of an organisation was told last (or, if never, ``before``)."""
    row = db.execute(
        f"""SELECT coalesce(min(CASE WHEN state IN {_OPEN} THEN since WHEN receiver = '' THEN until END), ?)
            FROM told WHERE organisation = ?""",  # noqa: S608
        [_stamp(before), organisation],
    ).fetchone()
    return certain_after(db, organisation, datetime.fromisoformat(row[0]))


def advance(db: Database, until: Mapping[str, datetime], at: datetime) -> None:
    """All of these organisations were looked at up to then: what nobody is told of later is older."""
    rows = [("", id_, "", "", "", _stamp(end), _stamp(end), 0, "begun", "", _stamp(at)) for id_, end in until.items()]
    with db.atomic():
        db.conn.executemany("INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def close_interrupted(db: Database) -> int:
    """Rows that a killed process left in the middle become uncertain; how many. Call it as the only writer."""
    note = "interrupted while sending"
    return int(db.execute("UPDATE told SET state = 'uncertain', note = ? WHERE state = 'sending'", [note]).rowcount)


def claim(
    db: Database, whom: Whom, fingerprint: str, run: str, since: datetime, until: datetime, changes: int,
    state: str, at: datetime,
) -> bool:  # fmt: skip
    """Commit that a digest is about to be sent (or waits); False where exactly this was told before."""
    with db.atomic():
        db.execute(
            f"""DELETE FROM told WHERE receiver = ? AND organisation = ? AND unit = ? AND fingerprint != ?
                AND state IN {_OPEN}""",  # noqa: S608
            [*whom.key, fingerprint],
        )  # what was not told is part of this one
        if _insert(db, whom, fingerprint, run, since, until, changes, state, at):
            return True
        done = db.execute(
            f"""UPDATE told SET run = ?, until = ?, state = ?, at = ? WHERE receiver = ? AND organisation = ?
                AND unit = ? AND fingerprint = ? AND state IN {_OPEN}""",  # noqa: S608
            [run, _stamp(until), state, _stamp(at), *whom.key, fingerprint],
        )
        return bool(done.rowcount)


def settle(db: Database, whom: Whom, fingerprint: str, state: str, note: str) -> None:
    """What came of a digest."""
    with db.atomic():
        db.execute(
            """UPDATE told SET state = ?, note = ?
               WHERE receiver = ? AND organisation = ? AND unit = ? AND fingerprint = ?""",
            [state, note, *whom.key, fingerprint],
        )


def _insert(
    db: Database, whom: Whom, fingerprint: str, run: str, since: datetime, until: datetime, changes: int,
    state: str, at: datetime,
) -> bool:  # fmt: skip
    row = [*whom.key, fingerprint, run, _stamp(since), _stamp(until), changes, state, "", _stamp(at)]
    return bool(db.execute("INSERT OR IGNORE INTO told VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row).rowcount)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
