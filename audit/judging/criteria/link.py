"""Does the link lead to the organisation?"""

from __future__ import annotations

from audit.judging.comparing import web
from audit.judging.view import View
from audit.model import Finding, Level, Listing
from audit.saying import Remarks, say

ID, ORDER = "link", 90


def judge(view: View) -> Finding:
    """The service's own page; without one, any page of the organisation's website will do.

    On the own website there is nothing to judge.
    """
    offered, website = view.offered, view.subject.organisation.website
    own = [url for url in (offered.url, offered.service.url, offered.location.url) if url]
    stated = own or [url for url in (website,) if url]

    def compare(listing: Listing) -> tuple[Level, str, Remarks]:
        found, shown = web.compare(stated, listing.websites), ", ".join(listing.websites[:3])
        if not own and found.level is Level.PARTIAL:
            return Level.SAME, shown, say("link-organisation")
        return found.level, shown, found.said

    return view.field(ID, stated[0] if stated else "", compare, shows=False if view.own_site else None)
