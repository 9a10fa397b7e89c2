"""Are the opening hours right?"""

from __future__ import annotations

from audit.judging.comparing import hours
from audit.judging.view import View
from audit.model import Finding, Level, Listing, Outcome, Reason
from audit.saying import Remarks

ID, ORDER = "hours", 110


def judge(view: View) -> Finding:
    """Which days differ and by how much; hours shown as text that nobody could read are not compared."""
    offered, listing = view.offered, view.listing
    stated = offered.opening_hours or offered.service.opening_hours or offered.location.opening_hours
    if stated and listing and listing.hours_text and not listing.opening_hours:
        return view.finding(ID, Outcome.UNKNOWN, reason=Reason.LAYOUT_CHANGED, shown=listing.hours_text)

    monday = hours.monday_of(view.now)
    state = offered.location.state or view.subject.organisation.state

    def compare(listing: Listing) -> tuple[Level, str, Remarks]:
        found = hours.compare(stated, listing.opening_hours, monday=monday, state=state)
        return found.level, listing.opening_hours, found.said

    return view.field(ID, stated, compare)
