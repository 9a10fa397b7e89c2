"""Cells: each service at each place on each platform, judged once, from the best way available."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from audit.checker import Platform
from audit.judging.accounts import Site, linked
from audit.judging.criteria import judge_all
from audit.judging.hushing import WITHHELD
from audit.judging.method import method
from audit.judging.seeing import Seen
from audit.judging.view import View
from audit.judging.worth import accuracy, failed, findability, state_of
from audit.looks import PERSON, looked_at
from audit.model import (
    Access,
    Cell,
    Finding,
    Kind,
    Organisation,
    Outcome,
    Reason,
    ServiceAtLocation,
    State,
    Subject,
)
from audit.organisation.catalogue import ServiceKind

_SHY = frozenset({Kind.MAP, Kind.DIRECTORY})
# Why a way was never there to be tried: the reason of the next one counts, as a person who may look.
_NOT_SET_UP = frozenset({Reason.NOT_RUN, Reason.NEEDS_DATASET, Reason.NEEDS_KEY, Reason.SWITCHED_OFF})


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One cell to judge: the subject with its kind and weight on one platform."""

    organisation: Organisation
    subject: Subject
    offered: ServiceAtLocation
    kind: ServiceKind
    platform: Platform
    weight: float
    key: bool
    shared_phone: bool
    now: datetime
    site: Site


def cell(asked: Asked, ways: Sequence[Seen], intended: bool, earlier: Cell | None = None) -> Cell:
    """The verdict from the first way that is conclusive; else the reason of the most open one.

    ``earlier`` is the stored verdict where the texts it rests on may not be kept.
    """
    if earlier and (earlier.state is State.NOT_APPLICABLE or (asked.weight > 0 and not intended)):
        return _scored(asked, earlier)
    if asked.offered.service.protected and asked.platform.kind in _SHY:
        return _protected(asked, ways)
    if asked.weight <= 0 or intended:
        reason = Reason.INTENDED if intended else Reason.NOT_RELEVANT
        return _blank(asked, ways, State.NOT_APPLICABLE, reason)
    views = [_view(asked, way) for way in ways]
    tried = [view for view in views if view.reason not in _NOT_SET_UP] or views
    view = next((v for v in views if v.match or (v.reason is None and not v.unclear)), None)
    view = view or next((v for v in tried if v.unclear), None) or (tried[0] if tried else None)
    if view is None:
        return _blank(asked, ways, State.UNKNOWN, Reason.NOT_RUN)
    return _judged(asked, view, next(way for way in ways if way.checker.id == view.way))


def _view(asked: Asked, way: Seen) -> View:
    key = way.dealing.about.get(asked.subject.key, asked.subject.key)
    believed = not way.observed.control
    match = way.dealing.matches.get(asked.subject.key) if believed else None
    unclear = way.dealing.unclear.get(asked.subject.key) if believed and not match else None
    return View(
        subject=asked.subject,
        offered=asked.offered,
        kind=asked.kind,
        platform=asked.platform,
        way=way.checker.id,
        proves=looked_at(match.listing) if match and match.listing.source == PERSON else way.checker.proves,
        now=asked.now,
        match=match,
        unclear=unclear,
        duplicates=way.dealing.duplicates.get(asked.subject.key, ()) if match else (),
        also=way.dealing.also.get(asked.subject.key, ()) if match else (),
        reason=None if match else way.reason(key),
        visits=way.visits(key),
        shared_phone=asked.shared_phone,
        slots=way.slots(match),
        exchanges=way.exchanges if match else (),
        drifted=way.drifted,
        linked=linked(way.checker, way.observed, match.listing, asked.organisation, asked.site) if match else None,
    )


def _judged(asked: Asked, view: View, way: Seen) -> Cell:
    findings = judge_all(view)
    at = way.asked_at(way.dealing.about.get(asked.subject.key, asked.subject.key))
    unscored = Cell(
        subject=asked.subject.key,
        platform=asked.platform.id,
        way=view.way,
        state=State.UNKNOWN,
        weight=asked.weight,
        findings=findings,
        match=view.match or view.unclear,
        age_days=_age(at, asked.now, assisted=way.checker.access is Access.ASSISTED),
    )
    return _scored(asked, unscored)


def _scored(asked: Asked, judged: Cell) -> Cell:
    """The cell with everything that follows from its findings."""
    findings = judged.findings
    if judged.state is State.NOT_APPLICABLE:
        return judged
    found = findability(findings)
    return replace(
        judged,
        state=state_of(findings, found),
        weight=asked.weight,
        reason=findings[0].reason,
        findability=found,
        accuracy=accuracy(findings, shared_phone=asked.shared_phone),
        key=asked.key,
        red_flag="wrongly-closed" if failed(findings, "open_status") else "",
    )


def _age(at: datetime | None, now: datetime, *, assisted: bool) -> float:
    """Whole days since the look; a person's look counts in full for 90 days (DESIGN 10)."""
    if at is None or at >= now:
        return 0.0
    days = float((now - at).days)
    return max(days - method().coverage["assisted_days"], 0.0) if assisted else days


def _blank(asked: Asked, ways: Sequence[Seen], state: State, reason: Reason, flag: str = "") -> Cell:
    outcome = Outcome.UNKNOWN if state is State.UNKNOWN else Outcome.NOT_APPLICABLE
    listed = Finding(
        subject=asked.subject.key, platform=asked.platform.id, criterion="listed", outcome=outcome, reason=reason
    )
    return Cell(
        subject=asked.subject.key,
        platform=asked.platform.id,
        way=ways[0].checker.id if ways else "",
        state=state,
        weight=asked.weight,
        reason=reason,
        findings=(listed,),
        key=asked.key,
        red_flag=flag,
    )


def _protected(asked: Asked, ways: Sequence[Seen]) -> Cell:
    """A protected service need not be on maps and in directories; a public address there is a red flag."""
    key = asked.subject.key
    dealt = [m for way in ways for m in (way.dealing.matches.get(key), way.dealing.unclear.get(key)) if m]
    shown = any(WITHHELD in match.listing.tags for match in dealt)
    blank = _blank(asked, ways, State.NOT_APPLICABLE, Reason.PROTECTED, "protected-address" if shown else "")
    return replace(blank, weight=0.0)
