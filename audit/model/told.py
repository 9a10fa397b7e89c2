"""What people are told: digests with confirmed changes, gaps handed over as tasks, what a run came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from audit.model.words import Reason, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One digest for one receiver, whole, and what came of it.

    ``receiver`` is "mail" or the name of a channel, ``unit`` whose changes it tells (empty: everybody's). ``state`` is
    planned, waiting (quiet hours), sent, refused, failed (certainly not sent) or uncertain (it may have arrived).
    """

    receiver: str
    organisation: str
    unit: str
    subject: str
    body: str
    changes: int
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What one call told or would tell (``dry``)."""

    dry: bool
    told: tuple[Told, ...] = ()

    @property
    def failed(self) -> int:
        """Digests that did not go out and are tried again."""
        return sum(one.state in ("failed", "refused") for one in self.told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A gap as a task: what stands in another system. ``facts`` are label, value, and whether the
    value is quoted: not read as markup."""

    gap: str
    title: str
    facts: tuple[tuple[str, str, bool], ...]
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What became of the tasks: each is its ``verb`` (create, adopt, update, close, reopen), gap, title and id there.

    ``waiting`` are tasks that were left for the next call, ``unchanged`` those that were right already.
    """

    system: str
    dry: bool
    done: tuple[tuple[str, str, str, str], ...] = ()
    unchanged: int = 0
    waiting: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one run came to over all its organisations.

    ``coverage`` (0 to 1) weighs organisations by what applies to them; ``skipped`` are platforms of which nothing could
    be seen, with the reason; ``each`` holds id, coverage and number of gaps of every organisation.
    """

    run: str
    started: datetime
    finished: datetime
    cells: tuple[tuple[State, int], ...]
    coverage: float
    skipped: tuple[tuple[str, str, Reason], ...]  # id, name, reason
    each: tuple[tuple[str, float, int], ...]

    @property
    def gaps(self) -> int:
        """The gaps of all."""
        return sum(gaps for _, _, gaps in self.each)

    @property
    def applicable(self) -> int:
        """Cells that matter."""
        return sum(count for state, count in self.cells if state is not State.NOT_APPLICABLE)

    @property
    def known(self) -> int:
        """Cells that were checked."""
        return self.applicable - dict(self.cells).get(State.UNKNOWN, 0)
