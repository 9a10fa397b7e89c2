"""``findbar enquiries send``: what is due is claimed in the ledger, then sent; a dry run only shows it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from audit.auditing import Workshop
from audit.clock import Clock
from audit.enquiries import count_tested
from audit.enquiring.allowing import Refused, addressees
from audit.enquiring.mailing import EnquiryProblemError, Outbox, password_of
from audit.enquiring.scheduling import Slot, schedule, within_caps
from audit.enquiring.tables import rules
from audit.enquiring.tokens import token
from audit.enquiring.wording import enquiry, message, revealing
from audit.judging.promptness import BERLIN
from audit.model import Consent, Enquiry, Organisation, Sending
from audit.organisation.catalogue import Catalogue
from audit.organisation.file import load_all
from audit.settings import MailSettings
from audit.store import Store, ledger
from audit.store.problems import explained
from audit.working import UnknownNameError, WorkingFolder


def send(folder: WorkingFolder, workshop: Workshop, organisation: str, *, dry: bool, days: int) -> Sending:
    """Send what is due in a working folder, or show what the next ``days`` would bring.

    Raises `EnquiryProblemError`, `UnknownNameError`, `FileProblems` and `StoreProblemError`.
    """
    everyone = load_all(folder.organisations, workshop.catalogue)  # strict: a broken file may forbid an address
    if organisation and organisation not in {one.id for one in everyone}:
        raise UnknownNameError("organisation", organisation, (one.id for one in everyone))
    if folder.settings.mail is None:
        raise EnquiryProblemError("findbar.toml has no [mail]: host, user and sender are needed to send enquiries.")
    chosen = [one for one in everyone if one.consent and organisation in ("", one.id)]
    if not chosen:
        raise EnquiryProblemError(
            f"No consent: {organisation or 'no organisation file'} has no [consent] of its own. Nothing is sent "
            "without one (docs/test-enquiries.md)."
        )
    post = Post(folder.settings.mail, everyone, workshop.catalogue, folder.database, workshop.clock)
    return post.dry(chosen, days) if dry else post.send(chosen, workshop.environment)


@dataclass(frozen=True)
class Post:
    """Everything that sending needs. ``context`` decides which servers are trusted; default: the system's roots."""

    mail: MailSettings
    everyone: Sequence[Organisation]
    catalogue: Catalogue
    database: Path
    clock: Clock
    context: ssl.SSLContext | None = None

    def dry(self, chosen: Sequence[Organisation], days: int) -> Sending:
        """Exactly what would be sent from now on. Sends nothing."""
        store, now = Store(self.database), self.clock.now()
        try:
            with explained(self.database):
                key, until = ledger.secret(store.tables), now + timedelta(days=days)
                planned = [one for org in chosen for one in self._planned(org, key, now, until, store)]
        finally:
            store.close()
        planned.sort(key=lambda one: (one.at, one.id))
        return Sending(dry=True, planned=tuple(planned), refused=self._refused(chosen, now))

    def _planned(
        self, organisation: Organisation, key: bytes, after: datetime, until: datetime, store: Store
    ) -> Iterator[Enquiry]:
        """What will be due, as the caps will allow it then."""
        rows = ledger.rows(store.tables, organisation.id, _consent(organisation).agreed_on)
        had = {row["id"] for row in rows}
        for one, slot in self._enquiries(organisation, key, after, until):
            if one.id not in had and within_caps(slot, rows):
                rows.append({"service": one.service, "planned_at": one.at.isoformat()})
                yield one

    def send(self, chosen: Sequence[Organisation], environment: Mapping[str, str]) -> Sending:
        """Send what is due, and name as tests what has been answered. Each enquiry is committed before it is sent."""
        store, now = Store(self.database), self.clock.now()
        try:
            with explained(self.database):
                unsure = ledger.close_interrupted(store.tables)
                key = ledger.secret(store.tables)
                late = timedelta(minutes=rules()["times"]["late_minutes"])
                due = [pair for org in chosen for pair in self._enquiries(org, key, now - late, now)]
                waiting = [(org, row) for org in chosen for row in self._waiting(store, org, now)]
                new = _new(due, store)
                if not (new or waiting):
                    return Sending(dry=False, refused=self._refused(chosen, now), unsure=unsure)
                with Outbox(self.mail, password_of(self.mail, environment), self.context) as outbox:
                    done = [sent for one, slot in new if (sent := self._one(one, slot, store, outbox))]
                    revealed = sum(self._reveal(row, org, store, outbox) for org, row in waiting)
                for org in chosen:
                    count_tested(store, org.id, now)
        finally:
            store.close()
        refused = self._refused(chosen, now)
        return Sending(dry=False, done=tuple(done), refused=refused, revealed=revealed, unsure=unsure)

    def _enquiries(
        self, organisation: Organisation, key: bytes, after: datetime, until: datetime
    ) -> list[tuple[Enquiry, Slot]]:
        """The enquiries of an organisation in a span of time, by its schedule."""
        consent = _consent(organisation)
        today = self.clock.now().astimezone(BERLIN).date()
        allowed, _ = addressees(organisation, self.everyone, self.catalogue, today)
        seed = token(key, "schedule", organisation.id)
        slots = schedule(allowed, consent.agreed_on, consent.until, organisation.state, seed)
        sender, plus = self.mail.sender, self.mail.plus
        due = [slot for slot in slots if after < slot.at <= until]
        return [(enquiry(slot, organisation, consent, key, sender, plus=plus), slot) for slot in due]

    def _refused(self, chosen: Sequence[Organisation], now: datetime) -> tuple[tuple[str, str, str], ...]:
        today = now.astimezone(BERLIN).date()
        found: list[Refused] = []
        for organisation in chosen:
            found += addressees(organisation, self.everyone, self.catalogue, today)[1]
        return tuple((one.organisation, one.address, one.reason) for one in found)

    def _one(self, one: Enquiry, slot: Slot, store: Store, outbox: Outbox) -> Enquiry | None:
        rows = ledger.rows(store.tables, one.organisation, self._agreed(one.organisation))
        if not within_caps(slot, rows) or not ledger.claim(store.tables, one):
            return None
        now = self.clock.now()
        outcome = outbox.send(message(one, now), one.reply_to, one.address)
        ledger.settle(store.tables, one.id, outcome.state, outcome.note, now)
        return replace(one, state=outcome.state)

    def _agreed(self, organisation: str) -> date:
        return next(_consent(one).agreed_on for one in self.everyone if one.id == organisation)

    def _waiting(self, store: Store, organisation: Organisation, now: datetime) -> list[dict[str, Any]]:
        open_before = now - timedelta(days=rules()["times"]["open_days"])
        return ledger.to_reveal(store.tables, organisation.id, open_before)

    def _reveal(self, row: dict[str, Any], organisation: Organisation, store: Store, outbox: Outbox) -> bool:
        """Name an enquiry as a test. Noted after it was sent: twice is better than never, if the process is killed."""
        now = self.clock.now()
        mail = revealing(row, organisation, _consent(organisation), now)
        outcome = outbox.send(mail, row["reply_to"], row["address"])
        if outcome.state != "failed":
            note = row["note"] if outcome.state == "sent" else f"naming the test: {outcome.note}"
            ledger.revealed(store.tables, row["id"], now, note)
        return outcome.state == "sent"


def _new(due: Sequence[tuple[Enquiry, Slot]], store: Store) -> list[tuple[Enquiry, Slot]]:
    """Those without a row in the ledger, the earliest first."""
    had = {row["id"] for row in ledger.rows(store.tables)}
    return sorted((pair for pair in due if pair[0].id not in had), key=lambda pair: (pair[0].at, pair[0].id))


def _consent(organisation: Organisation) -> Consent:
    if organisation.consent is None:
        raise EnquiryProblemError(f"{organisation.id} has no [consent] of its own. Nothing was sent.")
    return organisation.consent
