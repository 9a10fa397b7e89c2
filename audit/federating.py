"""The federation of one run, read from the database: the results of its organisations, one at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from audit.judging.rolling import RollUp
from audit.judging.sharing import shared
from audit.looking import reading
from audit.model import Entity, Federation, Organisation, Result
from audit.organisation.catalogue import Catalogue
from audit.store import Store, StoreProblemError, contents
from audit.store.codec import parse


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
    stated = contents.facts_of(store.tables, _stated(store, run))
    return (Entity(id=one["id"], name=one["name"], parent=one.get("parent", "")) for one in stated)


def _stated(store: Store, run: str) -> str:
    sql = "SELECT organisations FROM runs WHERE id = ? AND state = 'complete'"
    row = store.tables.execute(sql, [run]).fetchone()
    return row[0] if row else "{}"


def _results(store: Store, run: str) -> Iterator[tuple[Organisation, Result]]:
    """What each organisation stated and its result; only one of them is in memory at a time."""
    for id_, key in json.loads(_stated(store, run)).items():
        sql = f"{contents.RESULTS} AND r.run = ? AND r.organisation = ?"
        if row := store.tables.execute(sql, [run, id_]).fetchone():
            stated: Organisation = parse(Organisation, contents.get(store.tables, bytes.fromhex(key)))
            yield stated, contents.result_of(*row)
