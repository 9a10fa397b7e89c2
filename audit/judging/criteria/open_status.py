"""Does the platform wrongly call the service permanently closed?"""

from __future__ import annotations

from audit.judging.view import View
from audit.model import Finding, Outcome

ID, ORDER = "open_status", 40


def judge(view: View) -> Finding | None:
    """Not met by "closed" for a service that is offered: worse than missing, a red flag."""
    if view.listing is None or not view.listing.status:
        return None
    closed = view.listing.status == "closed"
    return view.finding(ID, Outcome.NOT_MET if closed else Outcome.MET, shown=view.listing.status, stated="open")
