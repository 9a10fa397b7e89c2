"""What earlier runs saw stands in where this one could not look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from audit.judging.carrying import waits
from audit.judging.judge import Case, judge
from audit.model import LastGood, Memory, Result
from audit.store import Store
from audit.store.lasting import last_good, seen_twice


def with_last_good(store: Store, case: Case, result: Result) -> tuple[Result, Memory]:
    """The result, once more with what was last seen of the cells that could not be seen this time."""
    waiting = [cell for cell in result.cells if waits(cell)]
    good = last_good(store.tables, case.organisation, waiting, result.method) if waiting else ()
    if not good:
        return result, case.memory
    memory = replace(case.memory, last_good=good, confirmed=_confirmed(store, case.memory, good))
    return judge(replace(case, memory=memory)), memory


def _confirmed(store: Store, memory: Memory, good: Sequence[LastGood]) -> tuple[tuple[str, str], ...]:
    """Absences that this run's look confirms, and of the carried ones those that an earlier look had confirmed."""
    kept = {(last.cell.subject, last.cell.platform) for last in good}
    return tuple(sorted((set(memory.confirmed) - kept) | seen_twice(store.tables, kept)))
