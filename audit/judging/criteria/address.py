"""Is the address right?"""

from __future__ import annotations

from audit.judging.comparing import addresses
from audit.judging.view import View
from audit.model import Finding, Level, Listing, Outcome, Reason
from audit.saying import Remarks

ID, ORDER = "address", 70


def judge(view: View) -> Finding:
    """Compared street, house number, postcode and town; never asked of a protected service."""
    if view.offered.service.protected:
        return view.finding(ID, Outcome.NOT_APPLICABLE, reason=Reason.PROTECTED)
    stated = view.offered.location.address

    def compare(listing: Listing) -> tuple[Level, str, Remarks]:
        found = addresses.compare(stated, listing.address)
        return found.level, str(listing.address), found.said

    return view.field(ID, str(stated), compare)
