"""What the findings of a cell are worth: findability, accuracy and state (DESIGN 10)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from audit.judging.method import method
from audit.model import Finding, Level, Outcome, State

_COMPARED = ("name", "address", "phone", "hours", "link", "email")


def findability(findings: Iterable[Finding]) -> float | None:
    """f of DESIGN 10; None where unknown."""
    by = {finding.criterion: finding for finding in findings}
    listed, worth = by["listed"], method().findability
    if listed.outcome is Outcome.UNKNOWN or listed.outcome is Outcome.NOT_APPLICABLE:
        return None
    if listed.outcome is Outcome.NOT_MET or failed(by.values(), "open_status"):
        return 0.0
    value = by["recognisable"].value or worth["listed"]
    first = by["first_step"]
    possible = first.outcome in (Outcome.MET, Outcome.NOT_APPLICABLE)
    return worth["complete"] if value >= worth["named"] and possible else value


def accuracy(findings: Iterable[Finding], *, shared_phone: bool) -> float | None:
    """a of DESIGN 10: the weighted share of the compared fields; None where nothing can be compared."""
    by = {finding.criterion: finding for finding in findings}
    compared = [by[field] for field in _COMPARED if field in by and by[field].value is not None]
    shares = [method().share(f.criterion, switchboard=shared_phone) for f in compared]
    if not compared:
        return None
    value = math.fsum(s * (f.value or 0.0) for s, f in zip(shares, compared, strict=True)) / math.fsum(shares)
    return value * (method().factors["duplicate"] if failed(by.values(), "duplicate") else 1.0)


def failed(findings: Iterable[Finding], criterion: str) -> bool:
    """Whether a criterion is not met."""
    return any(f.criterion == criterion and f.outcome is Outcome.NOT_MET for f in findings)


def state_of(findings: Sequence[Finding], found: float | None) -> State:
    """The state of a cell with these findings and this findability."""
    listed = next(f for f in findings if f.criterion == "listed")
    if listed.outcome is Outcome.NOT_APPLICABLE:
        return State.NOT_APPLICABLE
    if found is None:
        return State.UNKNOWN
    if listed.outcome is Outcome.NOT_MET:
        return State.MISSING
    wrong = any(f.level in (Level.CONFLICT, Level.PARTIAL) and f.outcome is Outcome.NOT_MET for f in findings)
    clean = not wrong and not failed(findings, "duplicate") and found >= 1.0
    return State.COMPLETE if clean else State.GAPS
