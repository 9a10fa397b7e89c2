"""The columns of the matrix: each platform with the ways that led to it, as the method section shows them."""

from __future__ import annotations

from collections.abc import Sequence

from audit.checker import Checker, Platform
from audit.judging.seeing import Seen
from audit.model import Column, WayObserved, WayReport
from audit.saying import english, say


def column(platform: Platform, seen: Sequence[Seen]) -> Column:
    """One platform with every way that was planned or used."""
    return Column(
        id=platform.id, name=platform.name, kind=platform.kind, ways=tuple(_way(w.checker, w.observed) for w in seen)
    )


def _way(checker: Checker, observed: WayObserved) -> WayReport:
    reason = observed.reason or observed.control
    skipped = {why for _, why in observed.skipped}
    none = say("control-none", checker.control.none_because) if checker.control.none_because else ()
    return WayReport(
        id=checker.id,
        access=checker.access,
        standing=checker.standing,
        home=checker.home,
        policy_url=checker.terms.policy_url,
        policy_read=checker.terms.read_on,
        attribution=checker.attribution,
        reason=reason or (skipped.pop() if len(skipped) == 1 and not observed.answers else None),
        detail=observed.detail,
        detail_said=observed.detail_said,
        control=observed.control_note or english(none),
        visits=len({seen.visit.id for answer in observed.answers for seen in answer.chain}),
        control_said=observed.control_said or (() if observed.control_note else none),
    )
