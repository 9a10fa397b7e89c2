"""What a criterion looks at: one cell, with everything that was seen of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from audit.checker import Platform
from audit.judging.method import method
from audit.model import (
    Exchange,
    Finding,
    Kind,
    Level,
    Listing,
    Match,
    Outcome,
    Reason,
    ServiceAtLocation,
    Slot,
    Subject,
)
from audit.organisation.catalogue import ServiceKind
from audit.saying import Remarks, english

Compare = Callable[[Listing], tuple[Level, str, Remarks]]


@dataclass(frozen=True, kw_only=True)
class View:
    """One service at one place on one platform.

    ``reason`` says why nothing is known where ``match`` is None and absence is not proven.
    ``proves`` are the fields the way can show, ``shared_phone`` tells that the stated number is a
    switchboard of several services, ``visits`` the evidence, ``drifted`` the fields that the way's
    reader hardly reads any more, ``also`` what else the own website shows for the service.
    ``linked`` tells whether the own website links to the account, or why that is not known (None: the question
    does not arise).
    """

    subject: Subject
    offered: ServiceAtLocation
    kind: ServiceKind
    platform: Platform
    way: str
    proves: frozenset[str]
    now: datetime
    match: Match | None = None
    unclear: Match | None = None
    duplicates: tuple[Match, ...] = ()
    also: tuple[Match, ...] = ()
    reason: Reason | None = None
    visits: tuple[str, ...] = ()
    shared_phone: bool = False
    slots: tuple[Slot, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    drifted: frozenset[str] = frozenset()
    linked: bool | Reason | None = None

    @property
    def listing(self) -> Listing | None:
        """The listing dealt to this service, if any."""
        return self.match.listing if self.match else None

    @property
    def own_site(self) -> bool:
        """Whether the platform is the organisation's own website."""
        return self.platform.kind is Kind.WEBSITE

    def finding(self, criterion: str, outcome: Outcome, **more: Any) -> Finding:
        """A finding of this cell with its evidence."""
        more.setdefault("visits", self._evidence)
        return Finding(subject=self._key, platform=self.platform.id, criterion=criterion, outcome=outcome, **more)

    @cached_property
    def _key(self) -> str:
        return self.subject.key

    @cached_property
    def _evidence(self) -> tuple[str, ...]:
        return (self.match.visit,) if self.match and self.match.visit else self.visits

    def field(self, criterion: str, stated: str, compare: Compare, *, shows: bool | None = None) -> Finding:
        """A compared field as a finding: the same is met, anything else is not, with its worth.

        ``stated`` is what the organisation states (empty: nothing to compare with); ``compare``
        gets the listing and returns level, what is shown, and the reason. ``shows``
        overrides whether the platform can show the field at all.
        """
        if self.match is None:
            outcome = Outcome.UNKNOWN if self.reason else Outcome.NOT_APPLICABLE
            return self.finding(criterion, outcome, reason=self.reason or Reason.NOT_LISTED)
        if not stated:
            return self.finding(criterion, Outcome.NOT_APPLICABLE, reason=Reason.NOT_STATED)
        if criterion in self.drifted:
            return self.finding(criterion, Outcome.UNKNOWN, reason=Reason.LAYOUT_CHANGED, stated=stated)
        if not (criterion in self.proves if shows is None else shows):
            return self.finding(criterion, Outcome.NOT_APPLICABLE, reason=Reason.NOT_SHOWN)
        level, shown, said = compare(self.match.listing)
        outcome = Outcome.MET if level is Level.SAME else Outcome.NOT_MET
        worth = method().worth(level)
        told = {"note": english(said), "said": said}
        return self.finding(criterion, outcome, level=level, value=worth, stated=stated, shown=shown, **told)
