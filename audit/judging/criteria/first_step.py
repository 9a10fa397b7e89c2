"""Can the first step be taken from here: call, write, book or register?"""

from __future__ import annotations

from audit.judging.view import View
from audit.model import Action, Finding, Outcome, Reason

ID, ORDER = "first_step", 30
# A link to the website is a way on, but not yet a step.
_STEPS = frozenset({Action.CALL, Action.WRITE, Action.BOOK, Action.REGISTER})

_SHOWN_BY = {Action.CALL: "phone", Action.WRITE: "email"}  # what a way never shows it cannot miss


def judge(view: View) -> Finding:
    """Met by any action the platform allows and the entry offers; slots that are free count as booking."""
    if view.match is None:
        outcome = Outcome.UNKNOWN if view.reason else Outcome.NOT_APPLICABLE
        return view.finding(ID, outcome, reason=view.reason or Reason.NOT_LISTED)
    allowed = view.platform.actions & _STEPS
    if not allowed:
        return view.finding(ID, Outcome.NOT_APPLICABLE, reason=Reason.NOT_SHOWN)
    offered = actions(view) & allowed
    if offered:
        return view.finding(ID, Outcome.MET, value=1.0, note=", ".join(sorted(offered)))
    if allowed <= {action for action, field in _SHOWN_BY.items() if field not in view.proves}:
        return view.finding(ID, Outcome.NOT_APPLICABLE, reason=Reason.NOT_SHOWN)
    return view.finding(ID, Outcome.NOT_MET, value=0.0)


def actions(view: View) -> frozenset[Action]:
    """What the entry offers: as the checker read it, and as its contact facts imply."""
    listing = view.listing
    if listing is None:
        return frozenset()
    implied = {
        Action.CALL: bool(listing.phones),
        Action.WRITE: bool(listing.emails),
        Action.BOOK: any(slot.free for slot in view.slots),
    }
    return frozenset(listing.actions) | {action for action, there in implied.items() if there}
