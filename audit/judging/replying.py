"""Replies to reviews and comments: a figure of its own (DESIGN 9), for a review or a comment is no enquiry. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from audit.judging.promptness import curves, hours_waited, is_known, wilson
from audit.judging.survival import quantile
from audit.model import Exchange, Replying

KINDS = ("review", "comment")


def replying(exchanges: Iterable[Exchange], now: datetime) -> tuple[Replying, ...]:
    """One row per kind and source; rows below the least number to show are left out.

    What has waited for less than 14 days without a reply is not due yet: it counts for the median, not for the share.
    """
    found: dict[tuple[str, str], list[Exchange]] = defaultdict(list)
    for exchange in exchanges:
        if exchange.kind in KINDS and exchange.asked_at <= now:
            found[exchange.kind, exchange.source].append(exchange)
    least = curves()["least"]["show"]
    order = sorted(found.items(), key=lambda one: (KINDS.index(one[0][0]), one[0][1]))
    return tuple(_row(kind, source, mine, now) for (kind, source), mine in order if len(mine) >= least)


def _row(kind: str, source: str, mine: Sequence[Exchange], now: datetime) -> Replying:
    waited = quantile([(hours_waited(e, now), e.answered_at is not None) for e in mine], 0.5)
    answered, due = sum(e.answered_at is not None for e in mine), sum(is_known(e, now) for e in mine)
    low, high = wilson(answered, due) if due else (None, None)
    return Replying(
        kind=kind,
        source=source,
        count=len(mine),
        answered=answered,
        due=due,
        share=answered / due if due else None,
        share_low=low,
        share_high=high,
        median_hours=waited.hours,
        median_low=waited.low,
        median_high=waited.high,
    )
