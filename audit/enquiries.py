"""``findbar enquiries import``: from a source of one's own to stored exchanges, with a summary to tell.

Everything that names a person stays in `audit.sources`; here are times, services and counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from audit.auditing import Workshop
from audit.enquiring import answers
from audit.model import Organisation
from audit.organisation.decoding import decoded
from audit.sources import calls, helpdesk, imap, mailboxes, tables, threads
from audit.sources.gathered import CHANNELS, Gathered, SourceProblemError
from audit.sources.hashing import Salt
from audit.sources.headers import Envelope, envelope
from audit.sources.houses import house_of, lines_of
from audit.sources.rows import columns_of
from audit.store import Store, exchanges, ledger
from audit.store.problems import explained
from audit.working import UnknownNameError, WorkingFolder, organisations_of

KINDS = ("csv", "jsonl", "calls", "zammad", "mbox", "maildir", "imap")
_ENDINGS = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "zammad", ".mbox": "mbox"}
_MOST_BYTES = 200_000_000


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be imported. Empty words are found out: the kind by the source, the service by the file."""

    source: str
    kind: str = ""
    service: str = ""
    channel: str = ""
    folders: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    since: date | None = None
    password_env: str = ""
    token_env: str = ""


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
    return import_enquiries(folder.database, every[organisation], wish, workshop.environment, workshop.clock.now())


def import_enquiries(
    database: Path, organisation: Organisation, wish: Wish, environment: Mapping[str, str], now: datetime
) -> Imported:
    """Read a source and store its exchanges. Raises `SourceProblemError`, `UnknownNameError`, `StoreProblemError`."""
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
            job = _Job(organisation, wish, service, salt, known, now, askers)
            left = exchanges.state(store.tables, job.mailbox) if kind == "imap" else None
        gathered, walk = job.gather(kind, environment, left or {})
        _since(gathered, wish.since)
        found = (gathered.exchanges, gathered.links, gathered.answers)
        with explained(database):
            state = (job.mailbox, walk.state) if walk else None
            _take_tested(store, organisation.id, gathered, now)
            kept = exchanges.keep(store.tables, organisation.id, found, state, now)
    finally:
        store.close()
    return _told(organisation.id, kind, gathered, kept, lost=bool(walk and walk.lost))


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


def kind_of(source: str) -> str:
    """The kind of a source by its name, or its first line. Raises `SourceProblemError` for an unknown one."""
    path = Path(source)
    if source.startswith(("imaps://", "imap://")):
        return "imap"
    if mailboxes.is_maildir(path):
        return "maildir"
    kind = _ENDINGS.get(path.suffix.lower(), "")
    if kind == "csv":
        return "calls" if _is_call_log(_text(path)) else "csv"
    if not kind:
        raise SourceProblemError(f"{source}: what is it? Say --kind: {', '.join(KINDS)}.")
    return kind


def _is_call_log(text: str) -> bool:
    asked, called = (frozenset(columns_of(text, group)) for group in ("exchange", "call"))
    return "asked_at" not in asked and called >= {"at", "status"}


def _service(organisation: Organisation, wanted: str) -> str:
    """The id that a word means. Raises `UnknownNameError`."""
    found = place(organisation, "")(wanted)
    if found is None:
        raise UnknownNameError("service", wanted, (s.id for s in organisation.services))
    return found


def place(organisation: Organisation, service: str) -> tables.Place:
    """From a source's word (id, name, ``service@place``) to the service's id; an empty word means ``service``."""
    known = {o.id.casefold(): o.id for o in organisation.offered}
    for one in organisation.services:
        known |= {name.casefold(): one.id for name in (one.name, *one.alternate_names, one.id)}
    return lambda word: known.get(word.casefold()) if word else service


@dataclass(frozen=True)
class _Job:
    organisation: Organisation
    wish: Wish
    service: str
    salt: Salt
    known: Mapping[str, Any]
    now: datetime
    askers: frozenset[str]

    @property
    def mailbox(self) -> str:
        """A name for where this mailbox was left that does not name it."""
        return self.salt.of("mailbox", self.organisation.id, self.wish.source.casefold(), self.service)

    def gather(self, kind: str, environment: Mapping[str, str], state: imap.State) -> tuple[Gathered, imap.Walk | None]:
        """Everything the source holds, and how far a mailbox was read."""
        where, now = place(self.organisation, self.service), self.now
        channel = self.wish.channel or "mail"
        if kind in ("mbox", "maildir", "imap"):
            return self._mail(kind, environment, state, channel)
        text = _text(Path(self.wish.source))
        if kind == "csv":
            return tables.from_csv(text, where, channel, self.salt, now), None
        if kind == "jsonl":
            return tables.from_json_lines(text, where, channel, self.salt, now), None
        if kind == "calls":
            return calls.from_call_log(text, where, lines_of(self.organisation), self.salt, self.known, now), None
        return helpdesk.from_zammad(text, self.service, channel, self.salt, now), None

    def _mail(
        self, kind: str, environment: Mapping[str, str], state: imap.State, channel: str
    ) -> tuple[Gathered, imap.Walk | None]:
        house = house_of(self.organisation, self.service, self.wish.own, self.salt, self.askers)
        walk = imap.Walk(dict(state)) if kind == "imap" else None
        read: Iterable[tuple[bytes, datetime | None]]
        if walk is not None:
            wish = self.wish
            account = imap.account(wish.source, environment, wish.password_env, wish.token_env)
            read = imap.messages(account, wish.folders, walk, subject=not house.confidential, since=wish.since)
        else:
            path = Path(self.wish.source)
            read = ((block, None) for block in (mailboxes.mbox if kind == "mbox" else mailboxes.maildir)(path))
        envelopes = (envelope(block, house, self.salt, arrived) for block, arrived in read)
        ours = _belonging(envelopes)
        return threads.exchanges(ours, self.service, channel, self.salt, self.known, self.now), walk


def _belonging(envelopes: Iterable[Envelope | None]) -> Iterator[Envelope | None]:
    """The same, and an error where no message is from or to the organisation: the mailbox of another house."""
    read = ours = 0
    for one in envelopes:
        read += one is not None
        ours += bool(one and (one.ours or one.inside))
        yield one
    if read and not ours:
        raise SourceProblemError(
            "No message is from or to an address of this organisation. Is it the mailbox of another house? "
            "Addresses and domains that are yours and not in the file can be named with --own."
        )


def _since(gathered: Gathered, since: date | None) -> None:
    if since:
        start = datetime(since.year, since.month, since.day, tzinfo=UTC)
        old = {e.id for e in gathered.exchanges if e.asked_at < start}
        gathered.exchanges = [e for e in gathered.exchanges if e.id not in old]
        gathered.skipped["before-since"] += len(old)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SourceProblemError(f"{path}: larger than 200 MB. Export a shorter time.")
        return decoded(path.read_bytes())
    except OSError as error:
        raise SourceProblemError(f"{path}: cannot be read ({error.strerror}).") from error


def _told(organisation: str, kind: str, gathered: Gathered, kept: exchanges.Kept, *, lost: bool) -> Imported:
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
        lost=lost,
    )


def _counts(counter: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(((key, n) for key, n in counter.items() if n), key=lambda pair: (-pair[1], pair[0])))
