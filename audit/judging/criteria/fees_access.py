"""Are fees and access stated, so that nobody stays away for want of money or because of stairs?"""

from __future__ import annotations

from audit.judging.view import View
from audit.model import Finding, Outcome

ID, ORDER = "fees_access", 140


def judge(view: View) -> Finding | None:
    """A finding without points; asked only where the way can show either."""
    if view.listing is None or not view.proves & {"fees", "access"}:
        return None
    stated = [text for text in (view.listing.fees_text, view.listing.access_text) if text]
    return view.finding(ID, Outcome.MET if stated else Outcome.NOT_MET, shown="; ".join(stated))
