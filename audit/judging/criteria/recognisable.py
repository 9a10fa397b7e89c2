"""Would someone searching in their own words recognise the service in the entry?"""

from __future__ import annotations

from audit.judging.method import method
from audit.judging.view import View
from audit.model import Finding, Outcome, Reason

ID, ORDER = "recognisable", 20


def judge(view: View) -> Finding:
    """Named or under its category counts fully; only in free text, less; not at all, as listed."""
    if view.match is None:
        outcome = Outcome.UNKNOWN if view.reason else Outcome.NOT_APPLICABLE
        return view.finding(ID, outcome, reason=view.reason or Reason.NOT_LISTED)
    worth = method().findability
    recognised = view.match.recognised
    if recognised in ("named", "category"):
        return view.finding(ID, Outcome.MET, value=worth["named"], note=recognised)
    value = worth["text"] if recognised == "text" else worth["listed"]
    return view.finding(ID, Outcome.NOT_MET, value=value, note=recognised, shown=view.match.listing.name)
