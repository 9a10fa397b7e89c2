"""The federation of one run, read from the database: the results of its organisations, one at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from audit.judging.rolling import RollUp
from audit.judging.sharing import shared
from audit.looking import reading
from audit.model import Entity, Federation, Organisation, Result
from audit.organisation.catalogue import Catalogue
from audit.organisation.file import Read, read_all
from audit.organisation.problems import FileProblems
from audit.store import Store, StoreProblemError, contents
from audit.store.codec import parse

Word = Callable[[Organisation], Organisation]  # of what an entity stated in a run, what it says today


def federation(
    database: Path, catalogue: Catalogue, run: str = "", *, each: Callable[[Result], None] = lambda _: None,
    files: Path | None = None, word: Word | None = None,
) -> Federation | None:  # fmt: skip
    """The federation that a complete run (default: the latest) audited; None where it was one organisation alone.

    Waits come in only of entities whose own file says that they are shared: the one that lies in ``files`` today, and
    where none is there, the one of that run (``word`` tells it, where it was read before). ``each`` is given every
    result as it may be shown, one at a time. Raises `StoreProblemError`.
    """
    word = word or words_of_today(files, catalogue)
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
            shown = shared(result, word(organisation))
            rolling.take(shown, shares=word(organisation).share)
            each(shown)
        return rolling.federation()
    finally:
        store.close()


def the_federation(
    database: Path, catalogue: Catalogue, run: str = "", *, each: Callable[[Result], None] = lambda _: None,
    files: Path | None = None, word: Word | None = None,
) -> Federation:  # fmt: skip
    """As `federation`. Raises `StoreProblemError` also where the run was of one organisation alone."""
    found = federation(database, catalogue, run, each=each, files=files, word=word)
    if found is None:
        raise StoreProblemError("That run audited one organisation alone. A federation: findbar audit FOLDER")
    return found


def words_of_today(files: Path | None, catalogue: Catalogue) -> Word:
    """What decides what may be shown of an entity: its file of today, else what it stated in the run.

    A consent that was withdrawn counts for older runs too. While a file there cannot be read, its word is not known:
    then no entity shares whose file was not found among the good ones.
    """
    if files is None or not any(files.glob("*.toml")):
        return lambda stated: stated
    try:
        read = read_all(files, catalogue)
    except FileProblems as wrong:  # nothing there is good
        read = Read((), problems=wrong.problems)
    today = {one.id: one for one in read.organisations}

    def word(stated: Organisation) -> Organisation:
        absent = replace(stated, share=False, consent=None) if read.problems else stated
        return today.get(stated.id, absent)

    return word


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
