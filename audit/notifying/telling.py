"""``findbar notify``: who is told which confirmed changes, when; each digest is claimed in the ledger, then sent."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from audit.auditing import Workshop
from audit.changing import confirmed_since
from audit.enquiring.mailing import Outcome
from audit.looking import known_organisation, reading
from audit.model import Change, Organisation, Result, Telling, Told
from audit.notifying.channels import Mailbox, NotifyProblemError, address_of, send_by_apprise
from audit.notifying.hours import is_quiet
from audit.settings import NotifySettings
from audit.store import Store, told
from audit.store import figures as figuring
from audit.store.problems import explained
from audit.store.told import Whom
from audit.working import WorkingFolder

Compose = Callable[[Result, Sequence[Change], str], tuple[str, str]]
_MAIL, _CHANNEL = "mail", "channel "


def tell(
    folder: WorkingFolder, workshop: Workshop, compose: Compose, organisation: str = "", *, dry: bool = False,
    context: ssl.SSLContext | None = None,
) -> Telling:  # fmt: skip
    """Tell everybody what became certain since they were told last; ``dry`` sends and notes nothing.

    ``compose`` words a digest from a result, changes and a unit (empty: everything): subject and text.
    ``context`` decides which mail servers are trusted; default: the system's roots.
    Raises `NotifyProblemError`, `UnknownNameError` and `StoreProblemError`; what cannot be sent is in the answer.
    """
    settings = notify_settings(folder)
    store = reading(folder.database) if dry else Store(folder.database)
    try:
        with explained(folder.database):
            chosen = [known_organisation(store, organisation)] if organisation else figuring.audited(store.tables)
            if not dry:
                told.close_interrupted(store.tables)
            return Teller(settings, store, workshop, compose, dry, context).all(chosen)
    finally:
        store.close()


def notify_settings(folder: WorkingFolder) -> NotifySettings:
    """How people are told. Raises `NotifyProblemError` where nobody is named."""
    settings = folder.settings.notify
    if settings is None or not (settings.mail or settings.channels):
        raise NotifyProblemError("findbar.toml names nobody to tell: [notify.mail] or [notify.channels.NAME].")
    return settings


@dataclass(frozen=True)
class Digest:
    """One digest, worded: for whom, about which changes, up to which result, and where to."""

    whom: Whom
    changes: tuple[Change, ...]
    result: Result
    since: datetime
    subject: str
    body: str
    to: str  # a unit's mailbox; empty for a channel

    @property
    def fingerprint(self) -> str:
        """What stands for these changes: equal ones are never told again."""
        keys = sorted(repr((c.subject, c.platform, c.criterion, c.turn.value, c.since)) for c in self.changes)
        return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:32]


@dataclass
class Teller:
    """Everything that telling needs."""

    settings: NotifySettings
    store: Store
    workshop: Workshop
    compose: Compose
    dry: bool
    context: ssl.SSLContext | None = None

    def all(self, organisations: Sequence[str]) -> Telling:
        """Every digest of every organisation, in order."""
        post, tables = self.settings.mail, self.store.tables
        runs = {id_: run for id_ in organisations if (run := figuring.run_before(tables, id_))}
        with ExitStack() as stack:
            box = stack.enter_context(Mailbox(post, self.workshop.environment, self.context)) if post else None
            done = [one for id_, (run, at) in runs.items() for one in self._organisation(id_, run, at, box)]
        if not self.dry:
            told.advance(tables, {id_: at for id_, (_, at) in runs.items()}, self.workshop.clock.now())
        return Telling(dry=self.dry, told=tuple(done))

    def _organisation(self, id_: str, run: str, at: datetime, box: Mailbox | None) -> Iterator[Told]:
        """The digests of one organisation; one without anything new costs no more than a look at its spans."""
        earlier = figuring.run_before(self.store.tables, id_, at)
        before = earlier[1] if earlier else at
        if not told.news_since(self.store.tables, id_, before):
            return
        stated, result = figuring.stated(self.store.tables, run, id_), self.store.result(id_, run)
        if stated is None or result is None:
            return
        for whom, to in self._receivers(stated):
            digest = self._digest(whom, to, result, before)
            if digest and (one := self._one(digest, stated.state, box)):
                yield one

    def _receivers(self, stated: Organisation) -> Iterator[tuple[Whom, str]]:
        """Whom to tell, with the mailbox of a unit that is written to."""
        units = {unit.id: unit.email for unit in stated.units}
        if self.settings.mail:
            yield from ((Whom(_MAIL, stated.id, id_), email) for id_, email in units.items() if email)
        for name, channel in self.settings.channels.items():
            if not channel.organisations or stated.id in channel.organisations:
                wanted = [unit for unit in channel.units if unit in units] if channel.units else [""]
                yield from ((Whom(f"{_CHANNEL}{name}", stated.id, unit), "") for unit in wanted)

    def _digest(self, whom: Whom, to: str, result: Result, before: datetime) -> Digest | None:
        """What to tell somebody, None where nothing is new to them."""
        since = told.told_until(self.store.tables, whom) or before
        found = confirmed_since(self.store, self.workshop, result, since)
        units = {row.subject: row.unit for row in result.rows}
        mine = tuple(c for c in found if not whom.unit or units.get(c.subject) == whom.unit)
        if not mine:
            return None
        subject, body = self.compose(result, mine, whom.unit)
        return Digest(whom, mine, result, since, subject, body, to)

    def _one(self, digest: Digest, state: str, box: Mailbox | None) -> Told | None:
        """Send one digest, or hold it back; None where exactly this was told before."""
        quiet = is_quiet(self.workshop.clock.now(), self.settings, state)
        if self.dry:
            return _told(digest, Outcome("waiting" if quiet else "planned"))
        if not self._claim(digest, "waiting" if quiet else "sending"):
            return None
        if quiet:
            return _told(digest, Outcome("waiting"))
        outcome = self._send(digest, box)
        told.settle(self.store.tables, digest.whom, digest.fingerprint, outcome.state, outcome.note)
        return _told(digest, outcome)

    def _claim(self, digest: Digest, state: str) -> bool:
        return told.claim(
            self.store.tables, digest.whom, digest.fingerprint, digest.result.run, digest.since,
            digest.result.finished, len(digest.changes), state, self.workshop.clock.now(),
        )  # fmt: skip

    def _send(self, digest: Digest, box: Mailbox | None) -> Outcome:
        if box and digest.to:
            now = self.workshop.clock.now()
            return box.send(digest.to, digest.subject, digest.body, now, self.settings.zone)
        channel = self.settings.channels[digest.whom.receiver.removeprefix(_CHANNEL)]
        url = address_of(channel, self.workshop.environment)
        return send_by_apprise(url, channel.url_env, digest.subject, digest.body)


def _told(digest: Digest, outcome: Outcome) -> Told:
    whom = digest.whom
    return Told(
        receiver=whom.receiver, organisation=whom.organisation, unit=whom.unit, subject=digest.subject,
        body=digest.body, changes=len(digest.changes), state=outcome.state, note=outcome.note,
    )  # fmt: skip
