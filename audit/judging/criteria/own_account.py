"""Do the organisation's website and its account lead to each other, so that nobody takes another's for it?"""

from __future__ import annotations

from audit.judging.accounts import leads_to
from audit.judging.view import View
from audit.model import Finding, Kind, Outcome, Reason

ID, ORDER = "own_account", 147


def judge(view: View) -> Finding | None:
    """A finding without points. Met by links in both directions; not met where one of them is surely missing."""
    listing, website = view.listing, view.subject.organisation.website
    if view.platform.kind is not Kind.SOCIAL or listing is None or not website or view.linked is None:
        return None
    # a way that does not show all links of an account can prove that it leads here, but not that it does not
    back = leads_to(listing, website) or (False if "link" in view.proves else None)
    shown = ", ".join(listing.websites[:3])
    wrong = [why for fails, why in ((view.linked is False, _NO_WAY), (back is False, _NO_WAY_BACK)) if fails]
    if wrong:
        return view.finding(ID, Outcome.NOT_MET, stated=website, shown=shown, note="; ".join(wrong))
    if isinstance(view.linked, Reason):
        return view.finding(ID, Outcome.UNKNOWN, reason=view.linked)
    if back is None:
        return view.finding(ID, Outcome.NOT_APPLICABLE, reason=Reason.NOT_SHOWN)
    return view.finding(ID, Outcome.MET, stated=website, shown=shown)


_NO_WAY = "the website does not link to the account"
_NO_WAY_BACK = "the account does not link to the website"
