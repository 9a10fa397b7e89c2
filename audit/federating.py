"""The federation of one run, read from the database: the results of its organisations, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from audit.judging.rolling import RollUp
from audit.judging.sharing import shared
from audit.looking import reading
from audit.model import Entity, Federation, Organisation, Result
from audit.organisation.catalogue import Catalogue
from audit.store import Store, StoreProblemError
from audit.store.codec import parse


def federation(database: Path, catalogue: Catalogue, run: str = "") -> Federation | None:
    """The federation that a complete run (default: the latest) audited; None where it was one organisation alone.

    Waits come in only of entities whose own file said in that run that they are shared. Raises `StoreProblemError`.
    """
    store = reading(database)
    try:
        wanted = run or store.latest_run() or ""
        entities = list(_entities(store, wanted))
        if not entities:
            raise StoreProblemError(f"{database} holds no finished run {run}".rstrip() + ".")
        if len(entities) == 1:
            return None
        rolling = RollUp(entities, catalogue)
        for organisation, result in _results(store, wanted):
            rolling.take(shared(result, organisation))
        return rolling.federation()
    finally:
        store.close()


def the_federation(database: Path, catalogue: Catalogue, run: str = "") -> Federation:
    """As `federation`. Raises `StoreProblemError` also where the run was of one organisation alone."""
    found = federation(database, catalogue, run)
    if found is None:
        raise StoreProblemError("That run audited one organisation alone. A federation: findbar audit FOLDER")
    return found


def _entities(store: Store, run: str) -> Iterator[Entity]:
    rows = store.tables.execute(
        """SELECT json_extract(each.value, '$.id'), json_extract(each.value, '$.name'),
             json_extract(each.value, '$.parent')
           FROM runs, json_each(runs.organisations) AS each WHERE runs.id = ? AND runs.state = 'complete'""",
        [run],
    )
    return (Entity(id=id_, name=name, parent=parent or "") for id_, name, parent in rows)


def _results(store: Store, run: str) -> Iterator[tuple[Organisation, Result]]:
    """What each organisation stated and its result; only one of them is in memory at a time."""
    rows = store.tables.execute(
        """SELECT each.value, r.result FROM runs, json_each(runs.organisations) AS each
           CROSS JOIN results r ON r.run = runs.id AND r.organisation = json_extract(each.value, '$.id')
           WHERE runs.id = ?""",
        [run],
    )
    return ((parse(Organisation, stated), parse(Result, result)) for stated, result in rows)
