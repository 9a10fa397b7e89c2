"""Do the organisation's website and its account lead to each other, so that nobody takes another's for it?"""

from __future__ import annotations

from audit.judging.accounts import leads_to
from audit.judging.view import View
from audit.model import Finding, Kind, Outcome, Reason
from audit.saying import english, say

ID, ORDER = "own_account", 147


def judge(view: View) -> Finding | None:
    """A finding without points. Met by links in both directions; not met where one of them is surely missing."""
    listing, website = view.listing, view.subject.organisation.website
    if view.platform.kind is not Kind.SOCIAL or listing is None or not website or view.linked is None:
        return None
    # a way that does not show all links of an account can prove that it leads here, but not that it does not
    back = leads_to(listing, website) or (False if "link" in view.proves else None)
    shown = ", ".join(listing.websites[:3])
    wrong = (say("no-way") if view.linked is False else ()) + (say("no-way-back") if back is False else ())
    if wrong:
        return view.finding(ID, Outcome.NOT_MET, stated=website, shown=shown, note=english(wrong), said=wrong)
    if isinstance(view.linked, Reason):
        return view.finding(ID, Outcome.UNKNOWN, reason=view.linked)
    if back is None:
        return view.finding(ID, Outcome.NOT_APPLICABLE, reason=Reason.NOT_SHOWN)
    return view.finding(ID, Outcome.MET, stated=website, shown=shown)
