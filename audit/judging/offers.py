"""Offered reachability: in which hours of the week a person or a bookable slot is on offer (DESIGN 10, O)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from audit.judging.comparing.hours import Schedule, monday_of, weeks
from audit.judging.promptness import window
from audit.model import Cell, Listing, Offer, Organisation, Slot, Subject, Window

_WINDOW_HOURS = {Window.OFFICE: 50, Window.EVENING: 20, Window.WEEKEND: 28}
HORIZON = timedelta(days=28)


def offer(
    subject: Subject, cells: Sequence[Cell], organisation: Organisation, slots: Iterable[Slot], now: datetime
) -> Offer | None:
    """What one service offers; None where neither hours nor slots were seen anywhere.

    Hours are promised in the file's contact points, shown by matched entries, or stated in the
    file; the best of them counts for each window, free slots of the coming four weeks come on top,
    and the sources are named. Where free times were looked for and none was seen, that is known, too.
    """
    known, seen = list(_weeks(subject, cells, organisation, monday_of(now))), list(slots)
    free = sorted((s for s in seen if s.free and now <= s.start <= now + HORIZON), key=lambda s: s.start)
    days = days_looked((c.match.listing for c in cells if c.match and c.match.state == "match"), seen, now)
    if not known and not free and not days:
        return None
    best = {w: max((_share(found, w) for _, found in known), default=0.0) for w in _WINDOW_HOURS}
    for slot in free:
        at = window(slot.start, organisation.state)
        if at in best:
            best[at] = min(best[at] + _hours(slot) / 4 / _WINDOW_HOURS[at], 1.0)
    named = [source for source, _ in known] + ["slots"] * bool(free)
    return Offer(
        subject=subject.key,
        office=best[Window.OFFICE],
        evening=best[Window.EVENING],
        weekend=best[Window.WEEKEND],
        next_slot=free[0].start if free else None,
        evening_slots=sum(window(slot.start, organisation.state) is Window.EVENING for slot in free),
        weekend_slots=sum(window(slot.start, organisation.state) is Window.WEEKEND for slot in free),
        slot_days=days,
        sources=tuple(dict.fromkeys(named)),
    )


def days_looked(listings: Iterable[Listing], seen: Iterable[Slot], now: datetime) -> int:
    """For how many days ahead free times were looked for, at most four weeks; 0: nowhere.

    A portal that lists times to come, free or not, was looked at for all four weeks.
    """
    asked = [(one.slots_until - now.date()).days for one in listings if one.slots_until]
    coming = any(slot.start >= now for slot in seen)
    most = max([*asked, HORIZON.days if coming else 0], default=0)
    return max(0, min(most, HORIZON.days))


def _share(found: list[Schedule], window: Window) -> float:
    return math.fsum(week.share(window) for week in found) / len(found)


def _hours(slot: Slot) -> float:
    return (slot.end - slot.start) / timedelta(hours=1) if slot.end else 0.5


def _weeks(
    subject: Subject, cells: Iterable[Cell], organisation: Organisation, monday: date
) -> Iterable[tuple[str, list[Schedule]]]:
    offered = subject.offered
    if offered is None:
        return
    texts = [("promised", p.hours) for p in organisation.contact_points if p.service in ("", offered.service.id)]
    texts += [(c.platform, c.match.listing.opening_hours) for c in cells if c.match and c.match.state == "match"]
    texts.append(("stated", offered.opening_hours or offered.service.opening_hours or offered.location.opening_hours))
    for source, text in texts:
        if text and (found := weeks(text, monday)):
            yield source, found
