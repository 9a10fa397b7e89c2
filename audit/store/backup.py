"""A copy of the database and its evidence, consistent although an audit writes meanwhile.

SQLite's online backup takes the database as it is at one moment: in one step, so that a reader of the
write-ahead log neither waits for the writer nor makes it wait (sqlite.org/backup.html and
sqlite.org/wal.html, read 2026-11-24). Evidence is only ever appended to: what that moment's rows
name of it is whole.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from audit.store import Store
from audit.store.lock import only_writer
from audit.store.problems import StoreProblemError, must_exist

_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Backup:
    """What was copied; sizes in bytes. ``lacking`` are evidence files that are gone, or shorter than their rows say."""

    runs: int
    size: int
    evidence_files: int
    evidence_size: int
    lacking: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, str]:
        """The same in words: the database, and the evidence."""
        runs, files = (
            f"{n} {what}{'s' if n != 1 else ''}" for n, what in ((self.runs, "run"), (self.evidence_files, "file"))
        )
        return f"{runs}, {self.size} bytes", f"{files} of evidence, {self.evidence_size} bytes"


def backup(database: Path, target: Path, *, force: bool = False) -> Backup:
    """Copy a database to ``target`` and its evidence beside it, where ``--db`` finds it.

    The copy is one file without a write-ahead log, and is checked before it gets its name. What is
    there already is replaced only with ``force``, and only by a whole copy. Raises `StoreProblemError`.
    """
    must_exist(database)
    store = Store(database, writing=False)
    try:
        _may_write(store, target, force=force)
        with _explained(target), TemporaryDirectory(prefix=f"{target.name}.", dir=target.parent) as made:
            copy, evidence = Path(made) / "database", Path(made) / "evidence"
            done = _copy(store, copy, evidence)
            with _alone(target):
                _put(evidence, _evidence(target), Path(made) / "old")
                _put_database(copy, target)
            return done
    finally:
        store.close()


def _evidence(database: Path) -> Path:
    return database.with_name(f"{database.stem}.evidence")


def _may_write(store: Store, target: Path, *, force: bool) -> None:
    folder = _evidence(target)
    if not target.parent.is_dir():
        raise StoreProblemError(f"The folder {target.parent} does not exist. No backup was written.")
    if target.is_dir():
        raise StoreProblemError(f"{target} is a folder. Name a file in it: {target / store.path.name}")
    if _same(target, store.path) or _same(folder, store.evidence_folder):
        raise StoreProblemError(
            f"{target} would overwrite {store.path} or its folder of evidence. Choose another name or folder."
        )
    there = next((path for path in (target, folder) if path.exists()), None)
    if there and not force:
        raise StoreProblemError(f"{there} is there already. Choose another name, or replace it with --force.")


def _same(one: Path, other: Path) -> bool:
    both = one.exists() and other.exists()
    return one.resolve() == other.resolve() or (both and one.samefile(other))


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreProblemError(f"{target}: no backup was written ({error.strerror or error}).") from error
    except sqlite3.DatabaseError as error:
        raise StoreProblemError(f"{target}: no backup was written ({error}).") from error


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """A database that is to be replaced must not be in use."""
    lock = only_writer(target) if target.exists() else None
    if lock and not lock.held:
        raise StoreProblemError(f"{target} is in use by an audit. No backup was written.")
    try:
        yield
    finally:
        if lock:
            lock.release()


def _copy(store: Store, file: Path, folder: Path) -> Backup:
    """The database first, then of each evidence file what the copied rows name."""
    with closing(sqlite3.connect(file)) as copy:
        store.tables.conn.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()
        _check(copy)
        named = copy.execute(
            """SELECT warc, max(warc_offset + warc_length) FROM visits WHERE warc IS NOT NULL
               GROUP BY warc ORDER BY warc"""
        ).fetchall()
        runs = copy.execute("SELECT count(*) FROM runs").fetchone()[0]
    copied = [(name, end, _beginning(store.evidence_folder, folder, Path(name).name, end)) for name, end in named]
    return Backup(
        runs=runs,
        size=file.stat().st_size,
        evidence_files=sum(length > 0 for *_, length in copied),
        evidence_size=sum(length for *_, length in copied),
        lacking=tuple(name for name, end, length in copied if length < end),
    )


def _check(copy: sqlite3.Connection) -> None:
    found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(f"the database is damaged: {found}")


def _beginning(source: Path, folder: Path, name: str, end: int) -> int:
    """Copy the first ``end`` bytes of a file, as far as they are there; how many it were."""
    if not (source / name).is_file():
        return 0
    folder.mkdir(exist_ok=True)
    with (source / name).open("rb") as read, (folder / name).open("wb") as written:
        while (left := end - written.tell()) > 0 and (chunk := read.read(min(_CHUNK, left))):
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
        return written.tell()


def _put(made: Path, folder: Path, old: Path) -> None:
    if folder.exists():
        folder.rename(old)
    if made.exists():
        made.rename(folder)


def _put_database(copy: Path, target: Path) -> None:
    # a log that a killed writer left beside the old database would be taken for the new one's
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    copy.replace(target)
