"""The federation of one run, read from the database: the results of its organisations, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from audit.judging.rolling import RollUp
from audit.judging.sharing import shared
from audit.looking import reading
from audit.model import Consent, Entity, Federation, Organisation, Result
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
        members = {member.id: member for member in _members(store, wanted)}
        if not members:
            raise StoreProblemError(f"{database} holds no finished run {run}".rstrip() + ".")
        if len(members) == 1:
            return None
        rolling = RollUp((Entity(id=m.id, name=m.name, parent=m.parent) for m in members.values()), catalogue)
        for result in _results(store, wanted):
            rolling.take(shared(result, members[result.organisation]))
        return rolling.federation()
    finally:
        store.close()


def the_federation(database: Path, catalogue: Catalogue, run: str = "") -> Federation:
    """As `federation`. Raises `StoreProblemError` also where the run was of one organisation alone."""
    found = federation(database, catalogue, run)
    if found is None:
        raise StoreProblemError("That run audited one organisation alone. A federation: findbar audit FOLDER")
    return found


def _members(store: Store, run: str) -> Iterator[Organisation]:
    """What each organisation stated of its place in the tree and of sharing; all else is left in the database."""
    rows = store.tables.execute(
        """SELECT json_extract(each.value, '$.id'), json_extract(each.value, '$.name'),
             json_extract(each.value, '$.parent'), json_extract(each.value, '$.share'),
             json_extract(each.value, '$.consent')
           FROM runs, json_each(runs.organisations) AS each WHERE runs.id = ? AND runs.state = 'complete'""",
        [run],
    )
    for id_, name, parent, share, consent in rows:
        agreed = parse(Consent, consent) if consent else None
        yield Organisation(id=id_, name=name, parent=parent or "", share=bool(share), consent=agreed)


def _results(store: Store, run: str) -> Iterator[Result]:
    """By organisation; only one of them is in memory at a time."""
    rows = store.tables.execute("SELECT result FROM results WHERE run = ? ORDER BY organisation", [run])
    return (parse(Result, row[0]) for row in rows)
