"""Is the entry in the organisation's own hands, and does the platform show what was entered there?"""

from __future__ import annotations

from audit.judging.view import View
from audit.model import Finding, Outcome
from audit.saying import english, say

ID, ORDER = "claimed", 148


def judge(view: View) -> Finding | None:
    """A finding without points; the question arises only where the platform says whose the entry is."""
    listing = view.listing
    if listing is None or listing.claimed is None:
        return None
    wrong = () if listing.claimed else say("not-claimed")
    for field in listing.overridden:
        wrong += say(f"overridden-{field}")
    return view.finding(ID, Outcome.NOT_MET if wrong else Outcome.MET, note=english(wrong), said=wrong)
