"""Is the e-mail address right?"""

from __future__ import annotations

from audit.judging.comparing import emails
from audit.judging.view import View
from audit.model import Finding, Level, Listing
from audit.saying import Remarks, say

ID, ORDER = "email", 100


def judge(view: View) -> Finding:
    """Any address stated for the service or its place is right; the organisation's instead is partly right."""
    offered, general = view.offered, view.subject.organisation.email
    stated = [address for address in (offered.email, offered.service.email, offered.location.email) if address]

    def compare(listing: Listing) -> tuple[Level, str, Remarks]:
        found, shown = emails.compare(stated, listing.emails), ", ".join(listing.emails[:3])
        central = emails.compare(general, listing.emails) if general else None
        if found.level is Level.CONFLICT and central and central.level is Level.SAME:
            return Level.PARTIAL, shown, say("email-general")
        return found.level, shown, found.said

    return view.field(ID, stated[0] if stated else "", compare)
