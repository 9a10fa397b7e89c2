"""Is the e-mail address right?"""

from __future__ import annotations

from audit.judging.comparing import emails
from audit.judging.view import View
from audit.model import Finding, Level, Listing

ID, ORDER = "email", 100


def judge(view: View) -> Finding:
    """Any address stated for the service, its place or the organisation counts as right."""
    offered = view.offered
    chain = (offered.email, offered.service.email, offered.location.email, view.subject.organisation.email)
    stated = [address for address in chain if address]

    def compare(listing: Listing) -> tuple[Level, str, str]:
        found = emails.compare(stated, listing.emails)
        return found.level, ", ".join(listing.emails[:3]), found.why

    return view.field(ID, stated[0] if stated else "", compare)
