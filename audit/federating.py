"""The federation of one run, read from the database: the results of its organisations, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from audit.judging.rolling import RollUp
from audit.judging.sharing import shared
from audit.looking import reading
from audit.model import Entity, Federation, Organisation, Result
from audit.organisation.catalogue import Catalogue
from audit.store import Store, StoreProblemError
from audit.store.contents import organisations_of


def federation(
    database: Path, catalogue: Catalogue, run: str = "", *, each: Callable[[Result], None] = lambda _: None
) -> Federation | None:
    """The federation that a complete run (default: the latest) audited; None where it was one organisation alone.

    Waits come in only of entities whose own file said in that run that they are shared. ``each`` is given every result
    as it may be shown, one at a time. Raises `StoreProblemError`.
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
            shown = shared(result, organisation)
            rolling.take(shown)
            each(shown)
        return rolling.federation()
    finally:
        store.close()


def the_federation(
    database: Path, catalogue: Catalogue, run: str = "", *, each: Callable[[Result], None] = lambda _: None
) -> Federation:
    """As `federation`. Raises `StoreProblemError` also where the run was of one organisation alone."""
    found = federation(database, catalogue, run, each=each)
    if found is None:
        raise StoreProblemError("That run audited one organisation alone. A federation: findbar audit FOLDER")
    return found


def _entities(store: Store, run: str) -> Iterator[Entity]:
    return (Entity(id=one.id, name=one.name, parent=one.parent) for one in _stated(store, run))


def _stated(store: Store, run: str) -> Iterator[Organisation]:
    row = store.tables.execute("SELECT organisations FROM runs WHERE id = ? AND state = 'complete'", [run]).fetchone()
    return organisations_of(store.tables, row[0]) if row else iter(())


def _results(store: Store, run: str) -> Iterator[tuple[Organisation, Result]]:
    """What each organisation stated and its result; only one of them is in memory at a time."""
    each = ((organisation, store.result(organisation.id, run)) for organisation in _stated(store, run))
    return ((organisation, result) for organisation, result in each if result)
