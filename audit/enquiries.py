"""``findbar enquiries import``: from a source of one's own to stored exchanges, with a summary to tell.

Everything that names a person stays in `audit.sources`; here are times, services and counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from audit.auditing import Workshop
from audit.enquiring import answers
from audit.gathering import Job, WayTo, Wish, kind_of, place
from audit.model import Organisation
from audit.sources.gathered import CHANNELS, Gathered, SourceProblemError
from audit.sources.hashing import Salt
from audit.store import Store, exchanges, ledger
from audit.store.problems import explained
from audit.ways_out import desk_getter
from audit.working import UnknownNameError, WorkingFolder, organisations_of

__all__ = ["Imported", "Wish", "count_tested", "import_enquiries", "import_into", "kind_of", "place", "wish_of"]


@dataclass(frozen=True, kw_only=True)
class Imported:
    """An import in numbers. ``skipped`` and ``noted`` count by reason; ``lost``: the connection broke for good."""

    organisation: str
    kind: str
    questions: int
    new: int
    known: int
    answered: int
    open: int
    answered_later: int
    skipped: tuple[tuple[str, int], ...]
    noted: tuple[tuple[str, int], ...]
    lost: bool = False


def wish_of(*, kind: str | None, since: datetime | None, **words: Any) -> Wish:
    """A wish from what is typed."""
    return Wish(kind=kind or "", since=since.date() if since else None, **words)


def import_into(folder: WorkingFolder, workshop: Workshop, organisation: str, wish: Wish) -> Imported:
    """Import into a working folder. Raises also `UnknownNameError` where it is unclear whose enquiries these are."""
    every = {o.id: o for o in organisations_of(folder.organisations, workshop.catalogue)[0]}
    if not organisation and len(every) == 1:
        organisation = next(iter(every))
    if not organisation:
        raise SourceProblemError(f"Whose enquiries are these? Say --organisation: {', '.join(sorted(every)[:20])}.")
    if organisation not in every:
        raise UnknownNameError("organisation", organisation, every)
    return import_enquiries(
        folder.database, every[organisation], wish, workshop.environment, workshop.clock.now(),
        lambda host, key: desk_getter(workshop.settings, workshop.agent, key, host, workshop.clock.now),
    )  # fmt: skip


def import_enquiries(
    database: Path,
    organisation: Organisation,
    wish: Wish,
    environment: Mapping[str, str],
    now: datetime,
    way_to: WayTo | None = None,
) -> Imported:
    """Read a source and store its exchanges; ``way_to`` opens the way to a help desk.

    Raises `SourceProblemError`, `UnknownNameError`, `StoreProblemError`.
    """
    kind, service = wish.kind or kind_of(wish.source), _service(organisation, wish.service)
    if wish.channel and wish.channel not in CHANNELS:
        raise UnknownNameError("channel", wish.channel, CHANNELS)
    store = Store(database)
    try:
        with explained(database):
            salt = Salt(exchanges.salt(store.tables, now))
            tested = ledger.rows(store.tables, organisation.id)
            known = exchanges.known(store.tables, organisation.id) | answers.known(tested, salt.of)
            askers = frozenset(row["reply_to"] for row in tested)
            job = Job(organisation, wish, service, salt, known, now, askers, environment, way_to)
            left = exchanges.state(store.tables, job.mailbox) if kind == "imap" else None
        gathered, read_to = job.gather(kind, left or {})
        _since(gathered, wish.since)
        found = (gathered.exchanges, gathered.links, gathered.answers)
        with explained(database):
            state = (job.mailbox, read_to) if read_to is not None else None
            _take_tested(store, organisation.id, gathered, now)
            kept = exchanges.keep(store.tables, organisation.id, found, state, now)
    finally:
        store.close()
    return _told(organisation.id, kind, gathered, kept)


def _take_tested(store: Store, organisation: str, gathered: Gathered, now: datetime) -> None:
    """Answers to test enquiries go into their ledger; one that was answered had arrived, and counts from now on."""
    for id_, when in gathered.answers.items():
        if tested := answers.enquiry_of(id_):
            ledger.answer(store.tables, tested, when)
    count_tested(store, organisation, now)


def count_tested(store: Store, organisation: str, now: datetime) -> None:
    """Test enquiries that arrived are counted from the next run on, open ones too."""
    arrived = answers.exchanges(ledger.rows(store.tables, organisation))
    exchanges.keep(store.tables, organisation, (arrived, {}, {}), None, now)


def _service(organisation: Organisation, wanted: str) -> str:
    """The id that a word means. Raises `UnknownNameError`."""
    found = place(organisation, "")(wanted)
    if found is None:
        raise UnknownNameError("service", wanted, (s.id for s in organisation.services))
    return found


def _since(gathered: Gathered, since: date | None) -> None:
    if since:
        start = datetime(since.year, since.month, since.day, tzinfo=UTC)
        old = {e.id for e in gathered.exchanges if e.asked_at < start}
        gathered.exchanges = [e for e in gathered.exchanges if e.id not in old]
        gathered.skipped["before-since"] += len(old)


def _told(organisation: str, kind: str, gathered: Gathered, kept: exchanges.Kept) -> Imported:
    questions = [e for e in gathered.exchanges if e.kind == "question"]
    open_ = sum(1 for e in questions if e.answered_at is None)
    return Imported(
        organisation=organisation,
        kind=kind,
        questions=len(questions),
        new=kept.new,
        known=kept.known,
        answered=len(questions) - open_,
        open=open_,
        answered_later=kept.answered,
        skipped=_counts(gathered.skipped),
        noted=_counts(gathered.noted),
        lost=gathered.lost,
    )


def _counts(counter: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(((key, n) for key, n in counter.items() if n), key=lambda pair: (-pair[1], pair[0])))
