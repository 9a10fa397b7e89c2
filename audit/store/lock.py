"""One writer per database: a lock file that the operating system frees even after a kill."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class WriterLock:
    """Held from the start of a writing process to its end."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab")
        try:
            _take(self._file)
            self.held = True
        except OSError:
            self._file.close()
            self.held = False

    def release(self) -> None:
        """Let the next writer in."""
        self._file.close()


def only_writer(database: Path) -> WriterLock:
    """The lock beside a database; look at ``held``."""
    return WriterLock(database.with_name(database.name + ".lock"))
