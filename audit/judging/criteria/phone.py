"""Is the phone number right?"""

from __future__ import annotations

from audit.judging.comparing import phones
from audit.judging.view import View
from audit.model import Finding, Level, Listing
from audit.saying import Remarks, say

ID, ORDER = "phone", 80


def judge(view: View) -> Finding:
    """The service's own number is right; the place's switchboard instead of it is partly right."""
    own = [number for number in (view.offered.phone, view.offered.service.phone) if number]
    switchboard = view.offered.location.phone or view.subject.organisation.phone
    stated = own or [switchboard]

    def compare(listing: Listing) -> tuple[Level, str, Remarks]:
        found, shown = phones.compare(stated, listing.phones), ", ".join(listing.phones[:3])
        central = phones.compare(switchboard, listing.phones) if own and switchboard else None
        if found.level is Level.CONFLICT and central and central.level is Level.SAME:
            return Level.PARTIAL, shown, say("phone-central")
        return found.level, shown, found.said

    return view.field(ID, stated[0], compare)
