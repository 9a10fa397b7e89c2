"""Deleting by age: pages, what visits saw, hashes of questions, runs that were never finished.

Results, findings, gaps and figures stay for good, and what the latest complete run of an organisation
rests on stays, too. Files go before rows: after a kill the next pruning finds what is left.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from audit.model import Exchange, Retention, Seen
from audit.store import Store, contents, exchanges
from audit.store.oddities import folder_of
from audit.store.problems import StoreProblemError, explained, must_exist

_EXPIRED = exchanges.EXPIRED
_MARK = b'"item":"exchange"'


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How many days each kind of data is kept, counted from a run's end (an unfinished one's start)."""

    evidence_days: int
    visits_days: int
    personal_days: int
    abandoned_days: int


@dataclass(frozen=True, kw_only=True)
class Pruned:
    """What was deleted, or would be.

    ``evidence``, ``visits`` and ``unfinished`` are ids of runs that lose their pages, what they saw,
    or everything; ``hashes`` counts hashes of questions, ``enquiries`` names imported ones (organisation, id)
    whose hashes expire, ``freed`` the bytes by which the database
    became smaller.
    """

    evidence: tuple[str, ...] = ()
    visits: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    hashes: int = 0
    enquiries: tuple[tuple[str, str], ...] = ()
    files: tuple[Path, ...] = ()
    file_bytes: int = 0
    freed: int = 0

    @property
    def lines(self) -> tuple[str, ...]:
        """The same in words, a line for each kind of data; none where nothing is old enough."""
        runs, files = _count(self.evidence, "run"), _count(self.files, "file")
        told = (
            (self.files, f"pages of {runs}: {files}, {self.file_bytes} bytes"),
            (self.visits, f"what the visits of {_count(self.visits, 'run')} saw"),
            (self.unfinished, f"{_count(self.unfinished, 'run')} never finished"),
            (self.hashes, f"hashes of questions: {self.hashes}"),
            (self.enquiries, f"hashes of imported enquiries: {len(self.enquiries)}"),
        )
        return tuple(line for there, line in told if there)


@dataclass(frozen=True, slots=True)
class _Run:
    id: str
    complete: bool
    at: datetime
    spared: bool

    def older(self, days: int, now: datetime) -> bool:
        return self.at < now - timedelta(days=days)


@dataclass(frozen=True, slots=True)
class _Renumbered:
    """A visit whose questions bear numbers in place of hashes."""

    run: str
    way: str
    seen: Seen
    hashes: int


def prune(database: Path, policy: Policy, now: datetime, *, dry_run: bool = False, compact: bool = False) -> Pruned:
    """Delete what is older than the policy allows; with ``dry_run`` only say what would be.

    ``compact`` gives the freed room back to the disk and needs about as much room meanwhile.
    Raises `StoreProblemError`, also while an audit runs.
    """
    must_exist(database)
    store = Store(database, writing=not dry_run)
    try:
        with explained(database):
            pruned, renumbered = _due(store, policy, now)
            return pruned if dry_run else _delete(store, pruned, renumbered, compact=compact)
    finally:
        store.close()


def _due(store: Store, policy: Policy, now: datetime) -> tuple[Pruned, list[_Renumbered]]:
    runs = _runs(store.tables)
    # no result rests on a run that was not finished, so the strictest limit takes it whole
    shortest = min(policy.abandoned_days, policy.evidence_days, policy.visits_days, policy.personal_days)
    unfinished = [run.id for run in runs if not run.complete and run.older(shortest, now)]
    old = [run for run in runs if run.complete and not run.spared]
    named = dict(store.tables.execute("SELECT run, count(warc) FROM visits GROUP BY run").fetchall())
    visits = [run.id for run in old if run.id in named and run.older(policy.visits_days, now)]
    pages = [run.id for run in old if run.older(min(policy.evidence_days, policy.visits_days), now)]
    files = {path: run for run in [*unfinished, *pages] for path in _files(store.evidence_folder, run)}
    # an expiry that the latest run were spared would be none for whoever stops auditing
    asked = [r.id for r in runs if r.id not in {*unfinished, *visits} and r.older(policy.personal_days, now)]
    renumbered = [one for run in asked for one in _renumbered(store.tables, run)]
    pruned = Pruned(
        evidence=tuple(dict.fromkeys([*files.values(), *(run for run in pages if named.get(run))])),
        visits=tuple(visits),
        unfinished=tuple(unfinished),
        hashes=sum(one.hashes for one in renumbered),
        enquiries=tuple(exchanges.expiring(store.tables, now - timedelta(days=policy.personal_days))),
        files=tuple(files),
        file_bytes=sum(path.stat().st_size for path in files),
    )
    return pruned, renumbered


def _runs(db: Database) -> list[_Run]:
    """All runs by age; spared are the latest complete ones of each organisation."""
    finished = db.execute(
        """SELECT r.organisation, r.run FROM results r JOIN runs u ON u.id = r.run
           WHERE u.state = 'complete' ORDER BY u.finished, r.run"""
    )
    spared = set(dict(finished.fetchall()).values())
    rows = db.execute("SELECT id, state = 'complete', coalesce(finished, started) FROM runs ORDER BY 3, 1")
    return [_Run(id_, bool(complete), datetime.fromisoformat(at), id_ in spared) for id_, complete, at in rows]


def _files(folder: Path, run: str) -> Iterator[Path]:
    # by whole names: a run's id may begin with the id of another one
    names = (folder / f"{run}-{retention}.warc.gz" for retention in Retention)
    yield from (path for path in names if path.exists())
    yield from sorted(folder_of(folder, run).glob("*"))


def _renumbered(db: Database, run: str) -> Iterator[_Renumbered]:
    """Numbers in the order of the hashes tell the run's questions apart just as well: it is judged alike."""
    rows = db.execute(
        "SELECT way, c.body, at FROM visits JOIN contents c ON c.hash = seen WHERE run = ? ORDER BY way, id", [run]
    )
    visits = [(way, seen) for way, *stored in rows if (seen := _with_questions(*stored))]
    ids = sorted({question.id for _, seen in visits for question in _questions(seen)})
    if all(id_.startswith(_EXPIRED) for id_ in ids):
        return
    number = {id_: f"{_EXPIRED}{count:06d}" for count, id_ in enumerate(ids, 1)}
    for way, seen in visits:
        items = tuple(replace(i, id=number[i.id]) if isinstance(i, Exchange) else i for i in seen.items)
        yield _Renumbered(run, way, replace(seen, items=items), len(_questions(seen)))


def _with_questions(body: bytes, at: str) -> Seen | None:
    # hardly any visit shows one, and looking at the bytes is much cheaper than reading them
    seen = contents.seen_of(body, at) if _MARK in zlib.decompress(body) else None
    return seen if seen and _questions(seen) else None


def _questions(seen: Seen) -> list[Exchange]:
    return [item for item in seen.items if isinstance(item, Exchange)]


def _delete(store: Store, pruned: Pruned, renumbered: Collection[_Renumbered], *, compact: bool) -> Pruned:
    for path in pruned.files:
        _unlink(path)
    # what is deleted is overwritten in the file, not only forgotten
    store.tables.execute("PRAGMA secure_delete = ON").fetchall()
    with store.tables.atomic():
        _delete_rows(store.tables, pruned, renumbered)
    before = _settled(store)
    if compact:
        store.tables.vacuum()
    return replace(pruned, freed=before - _settled(store))


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
        if path.parent.name.endswith("-odd") and not any(path.parent.iterdir()):
            path.parent.rmdir()
    except OSError as error:
        raise StoreProblemError(
            f"{path}: cannot be deleted ({error.strerror or error}). The database was left as it was."
        ) from error


def _delete_rows(db: Database, pruned: Pruned, renumbered: Collection[_Renumbered]) -> None:
    for run in [*pruned.visits, *pruned.unfinished]:
        db.execute("DELETE FROM visits WHERE run = ?", [run])
    for run in pruned.unfinished:
        db.execute("DELETE FROM ways WHERE run = ?", [run])
        db.execute("DELETE FROM runs WHERE id = ?", [run])
    for run in pruned.evidence:
        db.execute(
            """UPDATE visits SET warc = NULL, warc_offset = NULL, warc_length = NULL, picture_offset = NULL,
               picture_length = NULL WHERE run = ?""",
            [run],
        )
    exchanges.expire(db, list(pruned.enquiries))
    for one in renumbered:
        key = [one.run, one.way, one.seen.visit.id]
        hash_ = contents.put_seen(db, one.seen)
        db.execute("UPDATE visits SET seen = ? WHERE run = ? AND way = ? AND id = ?", [hash_, *key])
    contents.forget_unnamed(db)


def _settled(store: Store) -> int:
    """The size of the database in bytes, when nothing of it waits in the write-ahead log any more."""
    store.tables.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return store.path.stat().st_size


def _count(things: Collection[object], what: str) -> str:
    return f"{len(things)} {what}{'s' if len(things) != 1 else ''}"
