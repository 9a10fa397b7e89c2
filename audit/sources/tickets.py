"""Tickets of any help desk, as exchanges: when it was asked, and the first answer of a person. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from audit.model import Exchange
from audit.sources.gathered import SOON, Gathered, fault_of
from audit.sources.hashing import Salt
from audit.sources.rows import word
from audit.sources.tables import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a help desk tells of one ticket, without persons and words.

    ``answers`` are times of what agents wrote to the customer, or of the first response alone. ``sender`` is who began
    it (customer, agent, system, "" where that is not told; dropped for spam, drafts and what was deleted), ``way`` the
    help desk's word for its channel, ``group`` the name of its queue.
    """

    id: str
    asked: datetime | None
    answers: tuple[datetime | None, ...] = ()
    sender: str = ""
    way: str = ""
    group: str = ""


def gather(tickets: Iterable[Ticket], system: str, place: Place, channel: str, salt: Salt, now: datetime) -> Gathered:
    """Exchanges of tickets; an answer within a minute is an acknowledgement and stops no clock.

    ``place`` gives the service that is wished (for "") or that a queue is named like.
    """
    gathered, seen = Gathered(), set[str]()
    for ticket in tickets:
        id_ = salt.of("ticket", system, ticket.id)
        if id_ in seen:
            gathered.skipped["duplicate"] += 1
            continue
        seen.add(id_)
        if exchange := _exchange(ticket, id_, place, channel, gathered, now):
            gathered.exchanges.append(exchange)
    return gathered


def _exchange(
    ticket: Ticket, id_: str, place: Place, channel: str, gathered: Gathered, now: datetime
) -> Exchange | None:
    told = word("channel", ticket.way)
    answered = _answered(ticket, gathered)
    if fault := _kind_of_fault(ticket, told) or fault_of(ticket.asked, answered, now):
        gathered.skipped[fault] += 1
        return None
    return Exchange(
        id=id_,
        asked_at=ticket.asked or now,
        answered_at=answered,
        channel=told or channel,
        source="imported",
        service=place("") or place(ticket.group) or "",
    )


def _kind_of_fault(ticket: Ticket, channel: str) -> str:
    """Why a ticket is no question: it is none, we began it, or it is the note of a call that somebody took."""
    if ticket.sender == "dropped":
        return "dropped-ticket"
    if ticket.sender in ("agent", "system"):
        return "not-a-question"
    return "phone-note" if channel == "phone" else ""


def _answered(ticket: Ticket, gathered: Gathered) -> datetime | None:
    later = sorted(at for at in ticket.answers if at and ticket.asked and at > ticket.asked)
    for at in later:
        if ticket.asked and at - ticket.asked > SOON:
            return at
        gathered.noted["probably-automatic"] += 1
    return None
