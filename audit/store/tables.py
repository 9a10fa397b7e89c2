"""The database as the store uses it: it waits for locks of other tools where its own writing begins."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

PATIENCE = 30.0  # seconds; the visits under way wait with it


class Tables(Database):
    """A transaction takes the lock when it begins: one that has read already could not wait for it any more."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, execute_plugins=False)  # theirs are for people at a prompt
        self.execute(f"PRAGMA busy_timeout = {round(1000 * PATIENCE)}")

    @contextmanager
    def atomic(self) -> Generator[Database, None, None]:
        """Everything within it or nothing."""
        if self.conn.in_transaction:
            with super().atomic():
                yield self
            return
        self.conn.execute("BEGIN IMMEDIATE")
        try:
            yield self
            self.conn.execute("COMMIT")
        except BaseException:
            self.rollback()
            raise
