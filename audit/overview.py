"""Rows for people: what a run would visit, and which ways there are. Pure; nothing is visited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from audit.checker import Checker, Key, Platform
from audit.model import Access, Kind, Reason, Standing
from audit.saying import Remarks, english
from audit.settings import Settings
from audit.visiting.planning import Means, Planned, forecast, unavailable


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One way in a plan: visits, seconds between them, and the least time they take together.

    ``cost`` is what the visits cost in ``currency`` once nothing is free any more; None: no price is published.
    ``asked`` is False where the platform does not matter for any of the services.
    """

    platform: str
    way: str
    visits: int
    pace: float
    seconds: float
    cost: float | None = 0.0
    currency: str = ""
    note: str = ""
    said: Remarks = ()
    reason: Reason | None = None
    keys: tuple[str, ...] = ()
    asked: bool = True


@dataclass(frozen=True, kw_only=True)
class WayRow:
    """One way to one platform, with the keys it needs and the fields of an entry that it shows (``proves``)."""

    id: str
    platform: str
    name: str
    kind: Kind
    access: Access
    standing: Standing
    policy_read: date
    reason: Reason | None
    note: str
    keys: tuple[Key, ...] = ()
    said: Remarks = ()
    proves: frozenset[str] = frozenset()


def plan_rows(plans: Sequence[Planned], pace: Mapping[str, float]) -> list[PlanRow]:
    """A row per way, the longest first (the bottleneck); ways that cannot be used come last.

    Booking portals to which nothing leads are left out: there are many, and most matter to nobody here.
    """
    led = {planned.checker.platform.id for planned in plans if planned.asks}
    rows = [_plan_row(planned, pace) for planned in plans if _matters(planned.checker.platform, led)]
    return sorted(rows, key=lambda row: (row.reason is not None, -row.seconds, row.platform, row.way))


def _matters(platform: Platform, led: Set[str]) -> bool:
    return platform.kind is not Kind.BOOKING or platform.id in led


def _plan_row(planned: Planned, pace: Mapping[str, float]) -> PlanRow:
    lanes = forecast([planned], pace)
    skipped = {reason for _, reason in planned.skipped}
    only_reason = skipped.pop() if len(skipped) == 1 and not planned.asks else None
    visits = sum(lane.visits for lane in lanes) or len(planned.asks)
    cost, currency = _cost(keys_of(planned.checker), visits)
    return PlanRow(
        platform=planned.checker.platform.name,
        way=planned.checker.id,
        visits=visits,
        pace=max((lane.pace for lane in lanes), default=0.0),
        seconds=max((lane.seconds for lane in lanes), default=0.0),
        cost=cost,
        currency=currency,
        note=planned.detail,
        said=planned.said,
        reason=planned.reason or only_reason,
        keys=tuple(planned.checker.keys),
        asked=bool(planned.asks or planned.skipped),
    )


def keys_of(checker: Checker) -> tuple[Key, ...]:
    """The keys of a way; one that is declared by its name alone tells nothing more."""
    return tuple(key if isinstance(key, Key) else Key(key) for key in checker.keys)


def _cost(keys: Sequence[Key], visits: int) -> tuple[float | None, str]:
    """What visits cost without anything free, and the currency; None where a key has no price."""
    prices = [key.cost_per_1000 for key in keys]
    known = [price for price in prices if price is not None]
    if not visits or not keys:
        return 0.0, ""
    return (sum(known) * visits / 1000 if len(known) == len(prices) else None), keys[0].currency


def way_row(checker: Checker, settings: Settings, means: Means) -> WayRow:
    """One way, with what keeps it from being used on this machine."""
    hindrance = unavailable(checker, settings, means)
    return WayRow(
        id=checker.id,
        platform=checker.platform.id,
        name=checker.platform.name,
        kind=checker.platform.kind,
        access=checker.access,
        standing=checker.standing,
        policy_read=checker.terms.read_on,
        reason=hindrance[0] if hindrance else None,
        note=english(hindrance[1]) if hindrance else checker.terms.note,
        said=hindrance[1] if hindrance else (),
        keys=keys_of(checker),
        proves=checker.proves,
    )
