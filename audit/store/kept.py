"""The results of a complete run, read from the database one at a time: none of them is held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

from audit.model import Result
from audit.store import Store


class Kept(Sequence[Result]):
    """As a list of results in the order of ``organisations``; each is read when it is asked for, and forgotten."""

    def __init__(self, database: Path, run: str, organisations: Sequence[str]) -> None:
        self.run = run
        self._database, self._organisations = database, organisations

    def __len__(self) -> int:
        return len(self._organisations)

    @overload
    def __getitem__(self, index: int) -> Result: ...
    @overload
    def __getitem__(self, index: slice) -> Kept: ...
    def __getitem__(self, index: int | slice) -> Result | Kept:
        if isinstance(index, slice):
            return Kept(self._database, self.run, self._organisations[index])
        return next(iter(Kept(self._database, self.run, [self._organisations[index]])))

    def __iter__(self) -> Iterator[Result]:
        store = Store(self._database, writing=False)
        try:
            for organisation in self._organisations:
                result = store.result(organisation, self.run)
                if result is None:
                    raise KeyError(self.run)
                yield result
        finally:
            store.close()
