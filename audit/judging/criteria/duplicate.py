"""Is the service listed more than once, so that one entry goes stale unseen?"""

from __future__ import annotations

from audit.judging.view import View
from audit.model import Finding, Outcome

ID, ORDER = "duplicate", 50


def judge(view: View) -> Finding | None:
    """Not met by a second entry of the same identity."""
    if view.match is None or view.own_site:
        return None
    if not view.duplicates:
        return view.finding(ID, Outcome.MET)
    names = "; ".join(match.listing.name for match in view.duplicates)
    visits = tuple(dict.fromkeys(match.visit for match in (view.match, *view.duplicates)))
    return view.finding(ID, Outcome.NOT_MET, shown=names, stated=view.match.listing.name, visits=visits)
