"""Does the link lead to the organisation?"""

from __future__ import annotations

from audit.judging.comparing import web
from audit.judging.view import View
from audit.model import Finding, Level, Listing

ID, ORDER = "link", 90


def judge(view: View) -> Finding:
    """The service's page or any page of the organisation's domain; on the own website there is none to judge."""
    offered = view.offered
    chain = (offered.url, offered.service.url, offered.location.url, view.subject.organisation.website)
    stated = [url for url in chain if url]

    def compare(listing: Listing) -> tuple[Level, str, str]:
        found = web.compare(stated, listing.websites)
        return found.level, ", ".join(listing.websites[:3]), found.why

    return view.field(ID, stated[0] if stated else "", compare, shows=False if view.own_site else None)
