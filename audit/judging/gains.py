"""What closing a gap gains, in points of findability and accuracy together (DESIGN 10 and 11)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from audit.judging.method import method
from audit.model import Cell, Finding, Outcome

ACCURATE = frozenset({"name", "address", "phone", "hours", "link", "email"})  # the fields that accuracy is made of


def points(pairs: Sequence[tuple[Cell, Finding]], whole: float) -> float:
    """What closing the gap adds to findability and accuracy, in points of the two together."""
    share = method().total
    both = share["findability"] + share["accuracy"]
    total = 0.0
    for cell, finding in pairs:
        found, right = cell.findability or 0.0, cell.accuracy if cell.accuracy is not None else 1.0
        if finding.criterion in ("listed", "recognisable", "first_step", "open_status"):
            gain = share["findability"] * _lift(cell, finding)
        elif finding.criterion in ACCURATE:
            gain = share["accuracy"] * found * (1 - (finding.value or 0.0)) * _field_share(cell, finding.criterion)
        elif finding.criterion == "duplicate":
            gain = share["accuracy"] * found * right * (1 / method().factors["duplicate"] - 1)
        else:
            gain = 0.0
        total += cell.weight * gain
    return 100 * total / whole / both


def _lift(cell: Cell, finding: Finding) -> float:
    """How far findability rises; the lifts of all findings of one cell add up to what it lacks."""
    worth = method().findability
    failed = {f.criterion for f in cell.findings if f.outcome is Outcome.NOT_MET}
    if finding.criterion == "listed":
        return worth["complete"] - (cell.findability or 0.0)
    shown = _unclosed(cell, failed)
    if finding.criterion == "open_status":
        return shown
    if finding.criterion == "first_step":
        return worth["complete"] - max(shown, worth["named"])
    return max(worth["named" if "first_step" in failed else "complete"] - shown, 0.0)


def _unclosed(cell: Cell, failed: set[str]) -> float:
    """Findability as it would be if nobody called the service closed."""
    worth = method().findability
    named = next((f.value for f in cell.findings if f.criterion == "recognisable"), None) or worth["listed"]
    return worth["complete"] if named >= worth["named"] and "first_step" not in failed else named


def _field_share(cell: Cell, criterion: str) -> float:
    shares = {
        f.criterion: method().share(f.criterion, switchboard=False)
        for f in cell.findings
        if f.criterion in ACCURATE and f.value is not None
    }
    whole = math.fsum(shares.values())
    return shares.get(criterion, 0.0) / whole if whole else 0.0
