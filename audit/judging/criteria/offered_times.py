"""Is anything offered in the evening or at the weekend: hours on the own website, or bookable slots?"""

from __future__ import annotations

from datetime import date, timedelta

from audit.judging.comparing.hours import monday_of, weeks
from audit.judging.offers import days_looked
from audit.judging.promptness import BERLIN, SCORED, window
from audit.judging.view import View
from audit.model import Finding, Kind, Listing, Outcome, Window

ID, ORDER = "offered_times", 120


def judge(view: View) -> Finding | None:
    """A finding without points (O has its own figure); asked of the own website and of booking portals only.

    ``note`` names the gap: no-slots where a portal shows no free time at all, no-evening where there is
    neither evening nor weekend; else no-weekend is not held against it. ``shown`` says how far was looked.
    """
    if view.listing is None or view.platform.kind not in (Kind.WEBSITE, Kind.BOOKING):
        return None
    free = [slot for slot in view.slots if slot.free and slot.start >= view.now]
    state = view.subject.organisation.state
    offered = _by_hours(view.listing, monday_of(view.now)) | {window(slot.start, state) for slot in free}
    days = days_looked([view.listing], view.slots, view.now)
    if not offered:
        span = f"0 ({view.now:%Y-%m-%d} – {view.now + timedelta(days):%Y-%m-%d})"
        return view.finding(ID, Outcome.NOT_MET, note="no-slots", shown=span) if days else None
    shown = view.listing.opening_hours or "; ".join(
        f"{slot.start.astimezone(BERLIN):%Y-%m-%d %H:%M}" for slot in free[:3]
    )
    if offered & {Window.EVENING, Window.WEEKEND}:
        return view.finding(ID, Outcome.MET, note=", ".join(sorted(offered)), shown=shown)
    shown = f"{shown} ({days} d)" if days else shown
    return view.finding(ID, Outcome.NOT_MET, note="no-evening", shown=shown)


def _by_hours(listing: Listing, monday: date) -> set[Window]:
    return {w for w in SCORED for week in weeks(listing.opening_hours, monday) if week.offered(w) > 0}
