"""The ledger of tasks: which gap is which task of which system, and what stands in it (its fingerprint).

A row is committed before its task is made (``making``): a task whose number got lost is looked for before another is
made. States: ``making``, ``open``, ``closed``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Handed:
    """One gap as a task: its number there, the fingerprint of its text, its state."""

    gap: str
    task: str
    fingerprint: str
    state: str


def handed(db: Database, system: str, organisation: str) -> dict[str, Handed]:
    """By gap, what a system (kind, address and project) holds of an organisation."""
    rows = db.execute(
        "SELECT gap, task, fingerprint, state FROM tasks WHERE system = ? AND organisation = ?", [system, organisation]
    )
    return {row[0]: Handed(*row) for row in rows}


def keep(db: Database, system: str, organisation: str, one: Handed, at: datetime) -> None:
    """Note a task as it is now, committed at once."""
    with db.atomic():
        db.execute(
            "INSERT OR REPLACE INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?)",
            [system, one.gap, organisation, one.task, one.fingerprint, one.state, at.astimezone(UTC).isoformat()],
        )


def states_of(db: Database, organisation: str, gaps: Iterable[str]) -> dict[str, str]:
    """The state of each gap of an organisation (open, disputed, closed) as the last run that saw it left it."""
    query = "SELECT state FROM gaps WHERE id = ? AND organisation = ?"
    rows = ((gap, db.execute(query, [gap, organisation]).fetchone()) for gap in gaps)
    return {gap: row[0] for gap, row in rows if row}
