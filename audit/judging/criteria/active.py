"""Is the account alive, or does it look abandoned to someone who wants to ask there?"""

from __future__ import annotations

from datetime import timedelta

from audit.judging.method import method
from audit.judging.view import View
from audit.model import Finding, Outcome

ID, ORDER = "active", 145


def judge(view: View) -> Finding | None:
    """A finding without points: not met where nothing was posted for half a year (method.toml, [activity])."""
    if view.listing is None or view.listing.last_active is None:
        return None
    quiet = timedelta(days=method().activity["quiet_days"])
    alive = view.now.date() - view.listing.last_active <= quiet
    shown = view.listing.last_active.isoformat()
    return view.finding(ID, Outcome.MET if alive else Outcome.NOT_MET, shown=shown)
