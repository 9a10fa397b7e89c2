"""What can go wrong with a database, said to people."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCKED = "another program keeps it locked for writing. End what it is changing, and run the same command again"


class StoreProblemError(RuntimeError):
    """The database cannot be used; the message says why and what to do."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Errors of SQLite and of the disk become sentences. Raises `StoreProblemError`."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        locked = getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        said = _LOCKED if locked else error
        raise StoreProblemError(f"{path}: {said}. Nothing was lost of what was committed before.") from error
    except OSError as error:
        raise StoreProblemError(f"{path}: {error.strerror or error}. Make room or choose another --db.") from error


def must_exist(path: Path) -> None:
    """Nothing is made of a mistyped name. Raises `StoreProblemError` where there is no database."""
    if not path.exists():
        raise StoreProblemError(f"{path} does not exist yet. Run an audit first: findbar audit FILE")
