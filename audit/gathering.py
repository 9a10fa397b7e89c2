"""One source of enquiries read, whatever it is: from what is wished to what was gathered, without persons."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from audit.model import Organisation
from audit.organisation.decoding import decoded
from audit.sources import calls, desks, helpdesk, imap, mailboxes, tables, threads, tickets
from audit.sources.gathered import Gathered, SourceProblemError
from audit.sources.hashing import Salt
from audit.sources.headers import Envelope, House, envelope
from audit.sources.houses import house_of, lines_of
from audit.sources.rows import columns_of
from audit.visiting.getting import Getter

KINDS = ("csv", "jsonl", "calls", *helpdesk.READERS, "mbox", "maildir", "imap")
_ENDINGS = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "desk", ".mbox": "mbox"}
_MOST_BYTES = 200_000_000


WayTo = Callable[[str, tuple[str, str]], Getter]  # a host, and the name and value of the key it may see


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


def kind_of(source: str) -> str:
    """The kind of a source by its name, or its first line. Raises `SourceProblemError` for an unknown one."""
    path = Path(source)
    if source.startswith(("imaps://", "imap://")):
        return "imap"
    if desks.is_desk(source):
        return "desk"
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


def place(organisation: Organisation, service: str) -> tables.Place:
    """From a source's word (id, name, ``service@place``) to the service's id; an empty word means ``service``."""
    known = {o.id.casefold(): o.id for o in organisation.offered}
    for one in organisation.services:
        known |= {name.casefold(): one.id for name in (one.name, *one.alternate_names, one.id)}
    return lambda word: known.get(word.casefold()) if word else service


@dataclass(frozen=True)
class Job:
    """One source of one organisation: who it belongs to, what is known already, and the way to a help desk."""

    organisation: Organisation
    wish: Wish
    service: str
    salt: Salt
    known: Mapping[str, Any]
    now: datetime
    askers: frozenset[str]
    environment: Mapping[str, str]
    way_to: WayTo | None

    @property
    def mailbox(self) -> str:
        """A name for where this mailbox was left that does not name it."""
        return self.salt.of("mailbox", self.organisation.id, self.wish.source.casefold(), self.service)

    def gather(self, kind: str, state: imap.State) -> tuple[Gathered, imap.State | None]:
        """Everything the source holds, and how far a mailbox was read."""
        if kind == "imap":
            return self._mailbox(state)
        if kind in ("mbox", "maildir"):
            read = (mailboxes.mbox if kind == "mbox" else mailboxes.maildir)(Path(self.wish.source))
            return self._threads(((block, None) for block in read), self._house()), None
        return self._desk() if desks.is_desk(self.wish.source) else self._listed(
            kind, _text(Path(self.wish.source))
        ), None

    def _listed(self, kind: str, text: str) -> Gathered:
        if kind in ("csv", "jsonl"):
            read = tables.from_csv if kind == "csv" else tables.from_json_lines
            return read(text, self._place, self._channel, self.salt, self.now)
        if kind == "calls":
            lines = lines_of(self.organisation)
            return calls.from_call_log(text, self._place, lines, self.salt, self.known, self.now)
        system, found = helpdesk.tickets(text, "" if kind == "desk" else kind)
        return tickets.gather(found, system, self._place, self._channel, self.salt, self.now)

    @property
    def _place(self) -> tables.Place:
        return place(self.organisation, self.service)

    @property
    def _channel(self) -> str:
        return self.wish.channel or "mail"

    def _desk(self) -> Gathered:
        if self.way_to is None:
            raise SourceProblemError("A help desk can be asked from a working folder only: findbar enquiries import.")
        desk = desks.desk(self.wish.source, self.environment, self.wish.token_env or self.wish.password_env)
        getter = self.way_to(desk.host, (desk.key, desk.value(self.environment[desk.key])))
        read = asyncio.run(_closing(getter, desks.read(desk, getter, self.wish.since)))
        gathered = tickets.gather(read.tickets, desk.system, self._place, self._channel, self.salt, self.now)
        gathered.lost = read.lost
        return gathered

    def _mailbox(self, state: imap.State) -> tuple[Gathered, imap.State]:
        house, wish, walk = self._house(), self.wish, imap.Walk(dict(state))
        account = imap.account(wish.source, self.environment, wish.password_env, wish.token_env)
        read = imap.messages(account, wish.folders, walk, subject=not house.confidential, since=wish.since)
        gathered = self._threads(read, house)
        gathered.lost = walk.lost
        return gathered, walk.state

    def _house(self) -> House:
        return house_of(self.organisation, self.service, self.wish.own, self.salt, self.askers)

    def _threads(self, read: Iterable[tuple[bytes, datetime | None]], house: House) -> Gathered:
        ours = _belonging(envelope(block, house, self.salt, arrived) for block, arrived in read)
        return threads.exchanges(ours, self.service, self._channel, self.salt, self.known, self.now)


async def _closing(getter: Getter, reading: Coroutine[Any, Any, desks.Read]) -> desks.Read:
    try:
        return await reading
    finally:
        await getter.close()


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


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SourceProblemError(f"{path}: larger than 200 MB. Export a shorter time.")
        return decoded(path.read_bytes())
    except OSError as error:
        raise SourceProblemError(f"{path}: cannot be read ({error.strerror}).") from error
