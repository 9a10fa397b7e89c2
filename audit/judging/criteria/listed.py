"""Is the service, or at least its organisation at this place, listed on the platform at all?"""

from __future__ import annotations

from audit.judging.view import View
from audit.model import Finding, Outcome, Reason

ID, ORDER = "listed", 10


def judge(view: View) -> Finding:
    """Met by a match; not met only where the platform itself said so to the end of the chain."""
    if view.offered.service.protected and not view.match:
        return view.finding(ID, Outcome.NOT_APPLICABLE, reason=Reason.PROTECTED)
    if view.match:
        return view.finding(ID, Outcome.MET, value=1.0, shown=view.match.listing.name)
    if view.unclear:
        name = view.unclear.listing.name
        return view.finding(ID, Outcome.UNKNOWN, reason=Reason.UNCLEAR_MATCH, shown=name, visits=(view.unclear.visit,))
    if view.reason:
        return view.finding(ID, Outcome.UNKNOWN, reason=view.reason)
    return view.finding(ID, Outcome.NOT_MET, value=0.0)
