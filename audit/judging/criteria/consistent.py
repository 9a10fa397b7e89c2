"""Does the own website say the same thing everywhere about the service: phone, address, opening hours?"""

from __future__ import annotations

from audit.judging.contradicting import contradictions
from audit.judging.view import View
from audit.model import Finding, Outcome

ID, ORDER = "consistent", 115


def judge(view: View) -> Finding | None:
    """A finding without points, asked of the own website only, never of a protected service.

    ``shown`` holds both versions of each field, ``note`` which fields, ``visits`` where both stand.
    """
    if view.match is None or not view.own_site or view.offered.service.protected or not view.also:
        return None
    places = [location.address for location in view.subject.organisation.locations]
    listings = {match.listing: match.visit for match in view.also}
    here = [o for o in view.subject.organisation.offered if o.service.id == view.offered.service.id]
    found = contradictions(view.match.listing, listings, view.offered, places, only=len(here) == 1)
    if not found:
        return view.finding(ID, Outcome.MET)
    shown = "; ".join(f"{one.one} ≠ {one.other}" for one in found)
    beside = {one.beside for one in found}
    more = [match.visit for match in view.also if match.listing.url in beside and match.visit]
    return view.finding(
        ID,
        Outcome.NOT_MET,
        shown=shown,
        note=" ".join(one.field for one in found),
        visits=tuple(dict.fromkeys([view.match.visit, *more])),
    )
