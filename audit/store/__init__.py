"""The store: one SQLite file and, beside it, a folder of WARC evidence. sqlite-utils is used only here.

Per answer the WARC record is appended and flushed, then one small row committed; derived rows come
in batches at the end of a run and can be rebuilt. If the store fails, the run fails loudly.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlite_utils import Database

from audit.checker import Checker
from audit.freshness import Earlier
from audit.looks import PersonsLook
from audit.model import Memory, Observed, Organisation, Reason, Result, Retention, Seen, Visit
from audit.page import Page
from audit.saying import Remarks
from audit.store import contents, earlier, history, observations, readings
from audit.store.codec import parse
from audit.store.evidence import Evidence, Place
from audit.store.lock import only_writer
from audit.store.problems import StoreProblemError, explained
from audit.store.schema import VERSION, migrations
from audit.store.tables import Tables

__all__ = ["Store", "StoreProblemError"]


class Store:
    """One writer per database; ``path`` is the SQLite file, evidence lies in ``<stem>.evidence/``."""

    def __init__(self, path: Path, *, writing: bool = True) -> None:
        self.path = path
        self.evidence_folder = path.with_name(f"{path.stem}.evidence")
        self._lock = only_writer(path) if writing else None
        if self._lock is not None and not self._lock.held:
            raise StoreProblemError(f"{path} is in use by another audit. Wait for it, or choose another --db.")
        try:
            self._open(writing=writing)
        except StoreProblemError:
            self._release()
            raise

    def _open(self, *, writing: bool) -> None:
        with explained(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._db = Tables(self.path)
            found = int(self._db.execute("PRAGMA user_version").fetchone()[0])
            if found > VERSION:
                raise StoreProblemError(
                    f"{self.path} was written by a newer findbar (schema {found}, known {VERSION}). Update findbar."
                )
            if writing:
                self._upgrade()
            elif found < VERSION:
                self._upgrade_alone()

    def _upgrade(self) -> None:
        """To the present schema, in one transaction for each step; those taken already are left out."""
        self._db.enable_wal()
        migrations.apply(self._db)
        self._db.execute(f"PRAGMA user_version = {VERSION}")

    def _upgrade_alone(self) -> None:
        """For a reader: an older findbar may be writing at this moment."""
        lock = only_writer(self.path)
        if not lock.held:
            raise StoreProblemError(f"{self.path} is in use by an older findbar. Wait until its audit has ended.")
        try:
            self._upgrade()
        finally:
            lock.release()

    def close(self) -> None:
        """Close the database and let the next writer in."""
        self._db.close()
        self._release()

    def _release(self) -> None:
        if self._lock:
            self._lock.release()

    @property
    def tables(self) -> Database:
        """The open database, for the store's own modules."""
        return self._db

    # --- a run while it happens

    def hurry(self) -> None:
        """No waiting for the disk after each visit: a kill costs nothing, a power failure the last seconds."""
        self._db.execute("PRAGMA synchronous = NORMAL")

    def begin(
        self, run: str, *, at: datetime, method: int, manifest: dict[str, str], organisations: Sequence[Organisation],
        scope: dict[str, Any],
    ) -> None:  # fmt: skip
        """A new run with everything needed to judge it again: method, manifest and the expected facts."""
        with explained(self.path), self._db.atomic():
            self._db.table("runs").insert({
                "id": run, "state": "running", "started": at.isoformat(), "finished": None, "method": method,
                "manifest": json.dumps(manifest, sort_keys=True), "scope": json.dumps(scope, sort_keys=True),
                "organisations": contents.put_organisations(self._db, tuple(organisations)), "vantage": None,
            })  # fmt: skip

    def free_id(self, wanted: str) -> str:
        """The id, or where a run of that second has it already, the next free one made of it."""
        taken = {row[0] for row in self._db.execute("SELECT id FROM runs WHERE id >= ?", [wanted])}
        ids = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
        return next(id_ for id_ in ids if id_ not in taken)

    def restate(
        self, run: str, *, method: int, manifest: dict[str, str], organisations: Sequence[Organisation]
    ) -> None:
        """A run that is continued is judged by what is stated now, not by what was when it was killed."""
        with explained(self.path), self._db.atomic():
            self._db.table("runs").update(run, {
                "method": method, "manifest": json.dumps(manifest, sort_keys=True),
                "organisations": contents.put_organisations(self._db, tuple(organisations)),
            })  # fmt: skip

    def unfinished(self, scope: dict[str, Any]) -> str | None:
        """The run that was killed with the same scope, to be continued."""
        rows = self._db.execute(
            "SELECT id FROM runs WHERE state = 'running' AND scope = ? ORDER BY started DESC LIMIT 1",
            [json.dumps(scope, sort_keys=True)],
        ).fetchall()
        return rows[0][0] if rows else None

    def abandon_others(self, run: str) -> None:
        """Runs left behind are abandoned: result views show complete runs only."""
        with explained(self.path):
            self._db.execute("UPDATE runs SET state = 'abandoned' WHERE state = 'running' AND id != ?", [run])

    def times(self, run: str) -> tuple[datetime, datetime | None]:
        """When a run began, and when it was finished, if it was."""
        row = self._db.execute("SELECT started, finished FROM runs WHERE id = ?", [run]).fetchone()
        return datetime.fromisoformat(row[0]), datetime.fromisoformat(row[1]) if row[1] else None

    def scope(self, run: str) -> dict[str, Any]:
        """What a run was about, as it was given to `begin`."""
        found: dict[str, Any] = json.loads(self._db.execute("SELECT scope FROM runs WHERE id = ?", [run]).fetchone()[0])
        return found

    def keep(self, run: str, checker: Checker, seen: Seen, page: Page | None) -> None:
        """One visit's end: evidence first, then the row, committed at once."""
        with explained(self.path):
            place: Place | None = None
            if page and page.body and checker.retention is Retention.FULL:
                place = Evidence(self.evidence_folder, run).append(page)
            again = earlier.columns(self._db, checker, seen, page)
            observations.keep_visit(self._db, run, checker.id, seen, place, again)

    def recalled(self, run: str) -> dict[tuple[str, Visit], Seen]:
        """All visits of a run that were committed and conclusive, after cutting back a torn record."""
        end = self._db.execute("SELECT max(warc_offset + warc_length) FROM visits WHERE run = ?", [run]).fetchone()[0]
        Evidence(self.evidence_folder, run).cut_back(end or 0)
        return {(way, seen.visit): seen for way, seen in self._visits(run) if seen.reason is None}

    def remember(self, checker: Checker, visit: Visit) -> Earlier | None:
        """What an earlier run saw of the same visit, where it may be used again."""
        return earlier.remember(self._db, self.evidence_folder, checker, visit)

    def proven(self, checker: Checker, since: datetime) -> tuple[str, Remarks, datetime] | None:
        """A control of the way that held since then: its note, and when it was made."""
        return earlier.proven(self._db, checker.id, since)

    def made_since(self, since: datetime) -> dict[str, int]:
        """How many visits each host got since then."""
        return earlier.made_since(self._db, since)

    def _visits(self, run: str) -> Iterator[tuple[str, Seen]]:
        rows = self._db.execute(
            "SELECT way, c.body, at FROM visits JOIN contents c ON c.hash = seen WHERE run = ? ORDER BY way, id", [run]
        )
        for way, *stored in rows:
            yield way, contents.seen_of(*stored)

    # --- a run when it ended

    def observe(self, run: str, observed: Observed) -> None:
        """What each way saw, as chains of visits: enough to judge again without the network."""
        with explained(self.path), self._db.atomic():
            for way in observed.ways:
                observations.keep_way(self._db, run, way)
            self._db.execute("UPDATE runs SET vantage = ? WHERE id = ?", [observed.vantage, run])

    def observed(self, run: str) -> Observed:
        """The observations of a stored run, as they were. Raises `StoreProblemError` where visits were deleted."""
        if not observations.are_whole(self._db, run):
            raise StoreProblemError(
                f"What run {run} saw was deleted (findbar data prune), so it cannot be judged again. "
                f"Its result is kept: findbar report --run {run}"
            )
        seen = {(way, s.visit.id): s for way, s in self._visits(run)}
        rows = self._db.query("SELECT * FROM ways WHERE run = ? ORDER BY way", [run])
        vantage = self._db.execute("SELECT vantage FROM runs WHERE id = ?", [run]).fetchone()[0]
        ways = tuple(observations.way(self._db, row, seen) for row in list(rows))
        return Observed(ways=ways, vantage=Reason(vantage) if vantage else None)

    def finish(
        self, run: str, at: datetime, results: Iterable[tuple[Result, Memory]],
        read: readings.Counts = MappingProxyType({}),
    ) -> None:  # fmt: skip
        """Results, current cells, spans, gaps and what was ``read`` in one transaction; then the run is complete."""
        with explained(self.path), self._db.atomic():
            readings.record(self._db, run, read)
            for result, memory in results:
                history.record(self._db, result, memory)
            self._db.table("runs").update(run, {"state": "complete", "finished": at.isoformat()})

    # --- looking back

    def result(self, organisation: str = "", run: str = "") -> Result | None:
        """A stored result: of the run given, else of the latest complete one of the organisation (or of any)."""
        whose = f"{contents.RESULTS} AND r.organisation = ?" if organisation else f"{contents.RESULTS} AND ? = ''"
        row = self._db.execute(
            f"{whose} AND (? = '' OR r.run = ?) ORDER BY u.finished DESC, r.run DESC, r.organisation LIMIT 1",
            [organisation, run, run],
        ).fetchone()
        return contents.result_of(*row) if row else None

    def results(self, run: str) -> list[Result]:
        """All results of one complete run, by organisation."""
        rows = self._db.execute(f"{contents.RESULTS} AND r.run = ? ORDER BY r.organisation", [run])
        return [contents.result_of(*row) for row in rows]

    def latest_run(self) -> str | None:
        """The latest complete run."""
        row = self._db.execute(
            "SELECT id FROM runs WHERE state = 'complete' ORDER BY finished DESC, id DESC"
        ).fetchone()
        return row[0] if row else None

    def expected(self, run: str) -> tuple[Organisation, ...]:
        """What the organisations stated when the run began."""
        row = self._db.execute("SELECT organisations FROM runs WHERE id = ?", [run]).fetchone()
        return tuple(contents.organisations_of(self._db, row[0]))

    def memory(self, organisation: str, now: datetime) -> Memory:
        """What earlier runs know of an organisation: for a new run to be judged with."""
        return history.memory_of(self._db, organisation, now)

    def stored_memory(self, run: str, organisation: str) -> Memory:
        """What was known when a run was judged."""
        row = self._db.execute(
            "SELECT memory FROM results WHERE run = ? AND organisation = ?", [run, organisation]
        ).fetchone()
        found: Memory = parse(Memory, contents.get(self._db, row[0]))
        return found

    def keep_looks(self, looks: Sequence[PersonsLook]) -> None:
        """What people saw: the latest look per service and platform."""
        with explained(self.path):
            rows = [
                {**asdict(look), "at": look.at.isoformat(), "shown": json.dumps(look.shown), "unseen": int(look.unseen)}
                for look in looks
            ]
            self._db.table("looks").upsert_all(rows, pk=("subject", "platform"))

    def looks(self, *, seen: bool = False) -> list[PersonsLook]:
        """Everything people saw; with ``seen``, without the looks that could see nothing."""
        rows = self._db.query("SELECT * FROM looks ORDER BY subject, platform")
        return [look for row in rows if not (look := observations.look(row)).unseen or not seen]
