"""Findings as spans of time: a row is written only on change, and confirmed once a later run agrees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from audit.model import Cell, Finding, Outcome, Reason, Result, Span
from audit.store.rows import put_rows

CONFIRMED_AFTER = timedelta(hours=20)
_CONCLUSIVE = {Outcome.MET.value, Outcome.NOT_MET.value}
_END = "\U0010ffff"
_Key = tuple[str, str, str]


def difference_of(finding: Finding) -> str:
    """What was stated and what is shown, as one text; nothing where neither is known."""
    return f"{finding.stated} → {finding.shown}" if finding.shown or finding.stated else ""


def record(db: Database, result: Result) -> None:
    """The findings of one organisation's result, inside the caller's transaction."""
    last, held = _known(db, result.organisation)
    at, changed, lasting = result.finished, [], []
    text = at.isoformat()
    for finding in (finding for cell in result.cells for finding in _looked_at(cell)):
        key = (finding.subject, finding.platform, finding.criterion)
        now = (finding.outcome.value, finding.reason and finding.reason.value, difference_of(finding))
        before = last.get(key)
        if before and (before["outcome"], before["reason"], before["difference"]) == now:
            confirmed = before["confirmed_at"] or _confirmed(before["since_at"], at)
            lasting.append((result.run, text, confirmed, *key, before["first_run"]))
        else:
            changed.append(_new(key, now, held.get(key), at, text, result.run))
    db.conn.executemany(
        """UPDATE spans SET last_run = ?, last_at = ?, confirmed_at = ?
           WHERE subject = ? AND platform = ? AND criterion = ? AND first_run = ?""",
        lasting,
    )
    put_rows(db, "spans", changed, ("subject", "platform", "criterion", "first_run"))


def _looked_at(cell: Cell) -> tuple[Finding, ...]:
    """What this run's look found: where a verdict was carried on nothing, or that the look failed and why."""
    if not cell.carried_from:
        return cell.findings
    if cell.reason in (None, Reason.BUDGET):
        return ()
    silence = Finding(
        subject=cell.subject, platform=cell.platform, criterion="listed", outcome=Outcome.UNKNOWN, reason=cell.reason
    )
    return (silence,)


def _known(db: Database, organisation: str) -> tuple[dict[_Key, Any], dict[_Key, Any]]:
    """The latest span of each finding, and the latest one that was conclusive."""
    last: dict[_Key, Any] = {}
    held: dict[_Key, Any] = {}
    for row in _rows(db, organisation):
        key = (row["subject"], row["platform"], row["criterion"])
        last[key] = row
        if row["outcome"] in _CONCLUSIVE:
            held[key] = row
    return last, held


def _rows(db: Database, organisation: str) -> Iterator[dict[str, Any]]:
    return db.query(
        "SELECT * FROM spans WHERE subject >= ? AND subject < ? ORDER BY last_at, first_at",
        [f"{organisation}/", f"{organisation}/{_END}"],
    )


def _new(
    key: _Key, now: tuple[str, str | None, str], held: Any, at: datetime, text: str, run: str
) -> dict[str, Any]:  # fmt: skip
    """A span that begins; where only silence lies between, it goes on from when the same was last seen."""
    same = held is not None and (held["outcome"], held["difference"]) == (now[0], now[2])
    since, confirmed = (held["since_at"], held["confirmed_at"]) if same else (text, None)
    return {
        "subject": key[0], "platform": key[1], "criterion": key[2],
        "outcome": now[0], "reason": now[1], "difference": now[2],
        "first_at": text, "last_at": text, "since_at": since, "first_run": run, "last_run": run,
        "confirmed_at": confirmed or (_confirmed(since, at) if same else None),
    }  # fmt: skip


def _confirmed(since: str, at: datetime) -> str | None:
    return at.isoformat() if at - datetime.fromisoformat(since) >= CONFIRMED_AFTER else None


def looked(db: Database) -> dict[tuple[str, str], datetime]:
    """When each cell, by subject and platform, was last seen conclusively."""
    rows = db.execute(
        """SELECT subject, platform, max(last_at) FROM spans WHERE outcome IN ('met', 'not-met')
           GROUP BY subject, platform"""
    )
    return {(row[0], row[1]): datetime.fromisoformat(row[2]) for row in rows}


def certain_after(db: Database, organisation: str, since: datetime) -> bool:
    """Whether any span of an organisation was confirmed after a moment."""
    row = db.execute(
        "SELECT 1 FROM spans WHERE subject >= ? AND subject < ? AND confirmed_at > ? LIMIT 1",
        [f"{organisation}/", f"{organisation}/{_END}", since.isoformat()],
    )
    return row.fetchone() is not None


def spans_of(db: Database, organisation: str) -> list[Span]:
    """All conclusive spans of an organisation, in the order in which they ended."""
    return [
        Span(
            subject=row["subject"], platform=row["platform"], criterion=row["criterion"],
            outcome=Outcome(row["outcome"]), difference=row["difference"], first_run=row["first_run"],
            last_run=row["last_run"], since=datetime.fromisoformat(row["since_at"]),
            confirmed=datetime.fromisoformat(row["confirmed_at"]) if row["confirmed_at"] else None,
        )
        for row in _rows(db, organisation)
        if row["outcome"] in _CONCLUSIVE
    ]  # fmt: skip
