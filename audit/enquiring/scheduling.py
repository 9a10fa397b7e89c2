"""The schedule: which mailbox is asked when, in each window its share, within the caps. Pure, reproducible by its seed.

Mailboxes take turns, and with every turn a mailbox's next window comes: office, evening, weekend. Windows are those of
promptness (the state's holidays count as weekend); day and minute are drawn from the seed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from audit.enquiring.allowing import Addressee
from audit.enquiring.tables import rules
from audit.judging.promptness import BERLIN, SCORED, window
from audit.model import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One enquiry to be: whom, about which of the kinds allowed, and when (aware, Berlin's time)."""

    addressee: Addressee
    kind: str
    window: Window
    at: datetime
    draw: int  # chooses the text


def schedule(who: Sequence[Addressee], first: date, last: date, state: str, seed: str) -> list[Slot]:
    """All enquiries of a consent from its ``first`` to its ``last`` day, by time.

    Weeks begin on Mondays; those that the consent holds in part get what their days allow.
    """
    order = sorted(who)
    random.Random(f"{seed}|order").shuffle(order)  # noqa: S311 - a lot, not a secret
    planned: list[Slot] = []
    turn = 0
    monday = first - timedelta(days=first.weekday())
    while order and monday <= last:
        chance = random.Random(f"{seed}|{monday}")  # noqa: S311 - a lot, not a secret
        days = [day for n in range(7) if first <= (day := monday + timedelta(days=n)) <= last]
        turn = _week(order, turn, days, state, chance, planned)
        monday += timedelta(days=7)
    return sorted(planned, key=lambda slot: (slot.at, slot.addressee))


def _week(
    order: Sequence[Addressee], turn: int, days: Sequence[date], state: str, chance: random.Random, planned: list[Slot]
) -> int:
    """Add one week's enquiries; the turn that is next. A turn whose window has no day left waits for the next week."""
    caps, busy = rules()["caps"], Counter[date]()
    asked = Counter(slot.addressee.service for slot in planned)
    weekly = Counter[str]()
    for _ in range(min(len(order), caps["week"])):
        who, next_window = order[turn % len(order)], SCORED[(turn // len(order) + turn % len(order)) % len(SCORED)]
        if asked[who.service] >= caps["service"] or weekly[who.service] >= caps["service_week"]:
            turn += 1
            continue
        free = [day for day in days if busy[day] < caps["day"] and any(_times(day, next_window, state))]
        if not free:
            break
        day = chance.choice(free)
        busy[day] += 1
        asked[who.service] += 1
        weekly[who.service] += 1
        at = chance.choice(list(_times(day, next_window, state)))
        kind = chance.choice(who.kinds)
        planned.append(Slot(addressee=who, kind=kind, window=next_window, at=at, draw=chance.randrange(1_000_000)))
        turn += 1
    return turn


def _times(day: date, wanted: Window, state: str) -> Iterator[datetime]:
    """The minutes of a day that lie in a window, without its last half hour: late is still within it."""
    margin = timedelta(minutes=rules()["times"]["late_minutes"])
    for hour in range(8, 22):
        begin = datetime.combine(day, time(hour), BERLIN)
        if window(begin, state) is wanted:
            moments = (begin.replace(minute=minute) for minute in range(60))
            yield from (at for at in moments if window(at + margin, state) is wanted)


def within_caps(slot: Slot, sent: Sequence[Mapping[str, str]]) -> bool:
    """Whether one more enquiry keeps to the caps, given what the ledger holds of this consent.

    Of a row ``service`` and ``planned_at`` are read. What is uncertain or was refused counts as sent.
    """
    caps, day = rules()["caps"], slot.at.date()
    rows = [(row["service"], datetime.fromisoformat(row["planned_at"]).astimezone(BERLIN).date()) for row in sent]
    same_week = [service for service, when in rows if when.isocalendar()[:2] == day.isocalendar()[:2]]
    return bool(
        sum(when == day for _, when in rows) < caps["day"]
        and len(same_week) < caps["week"]
        and sum(service == slot.addressee.service for service, _ in rows) < caps["service"]
        and same_week.count(slot.addressee.service) < caps["service_week"]
    )
