"""How long people wait: windows of arrival, waits with open questions counted, the response curve.

Windows and curve are DESIGN 9 and 10 (method 1). Open questions are censored, never dropped
(Kaplan and Meier 1958); shares carry Wilson's interval (Wilson 1927).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

from audit.judging import clocks
from audit.judging.calendar import public_holidays
from audit.model import Exchange, Wait, Window

BERLIN = clocks.BERLIN
SCORED = (Window.OFFICE, Window.EVENING, Window.WEEKEND)
_NORMAL = NormalDist()
_Z90 = 1.28155  # the 90th percentile of the normal distribution, as in the method's formula


@cache
def curves() -> dict[str, Any]:
    """The table of reply curves, window weights and least numbers (promptness.toml)."""
    with Path(__file__).with_name("promptness.toml").open("rb") as file:
        return tomllib.load(file)


def window(at: datetime, state: str = "") -> Window:
    """The window an enquiry arrives in, by the seeker's wall clock."""
    local = at.astimezone(BERLIN)
    if not 8 <= local.hour < 22:
        return Window.NIGHT
    if local.weekday() >= 5 or local.date() in public_holidays(state, local.year):
        return Window.WEEKEND
    return Window.OFFICE if local.hour < 18 else Window.EVENING


def hours_waited(exchange: Exchange, now: datetime) -> float:
    """Clock hours to the first human answer, or up to now where the question is still open."""
    return clocks.hours_between(exchange.asked_at, exchange.answered_at or now)


def quality(hours: float, channel: str) -> float:
    """The response curve q(t): 0.9 at t10, 0.5 at t50 of the channel, between 0 and 1."""
    t10, t50 = curves()["hours"].get(channel, curves()["hours"]["public"])
    if hours <= 0:
        return 1.0
    sigma = (math.log(t50) - math.log(t10)) / _Z90
    return 1 - _NORMAL.cdf((math.log(hours) - math.log(t50)) / sigma)


def masses(waits: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Kaplan-Meier: the share answered at each wait, given (hours, answered) with open ones censored."""
    left, survival, result = len(waits), 1.0, []
    for hours, answered in sorted(waits, key=lambda wait: (wait[0], not wait[1])):
        if answered:
            share = survival / left
            survival -= share
            result.append((hours, share))
        left -= 1
    return result


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    z = _NORMAL.inv_cdf(0.975)
    share, square = hits / count, z * z / count
    centre = share + square / 2
    spread = z * math.sqrt(share * (1 - share) / count + square / (4 * count))
    low, high = (centre - spread) / (1 + square), (centre + spread) / (1 + square)
    return (max(low, 0.0) if hits else 0.0), (min(high, 1.0) if hits < count else 1.0)


def _median(shares: Iterable[tuple[float, float]]) -> float | None:
    total = 0.0
    for hours, share in shares:
        total += share
        if total >= 0.5 - 1e-12:
            return hours
    return None


def worth(exchange: Exchange, now: datetime) -> float:
    """The quality of one wait, 0 to 1: an open question counts as if it were answered now, after 14 days 0."""
    hours = hours_waited(exchange, now)
    return 0.0 if hours > 24 * curves()["open"]["days"] else quality(hours, exchange.channel)


def is_known(exchange: Exchange, now: datetime) -> bool:
    """Whether the wait is over: answered, or open for so long that it counts 0."""
    return exchange.answered_at is not None or hours_waited(exchange, now) > 24 * curves()["open"]["days"]


def score_of(asked: Sequence[Exchange], now: datetime) -> float | None:
    """100 times the mean quality, each channel by its own curve; None below the least number of known waits."""
    if sum(is_known(e, now) for e in asked) < curves()["least"]["score"]:
        return None
    return 100 * math.fsum(worth(e, now) for e in asked) / len(asked)


def _wait(window_: Window, source: str, asked: Sequence[Exchange], now: datetime) -> Wait:
    shares = masses([(hours_waited(e, now), e.answered_at is not None) for e in asked])
    old = [e for e in asked if e.answered_at or hours_waited(e, now) >= 24]
    quick = sum(1 for e in old if e.answered_at and hours_waited(e, now) <= 24)
    low, high = wilson(quick, len(old)) if old else (None, None)
    return Wait(
        window=window_,
        source=source,
        count=len(asked),
        answered=sum(1 for e in asked if e.answered_at),
        median_hours=_median(shares),
        within_24h=quick / len(old) if old else None,
        low=low,
        high=high,
        score=score_of(asked, now),
    )


def waits(exchanges: Iterable[Exchange], state: str, now: datetime) -> tuple[Wait, ...]:
    """One row per window and source, questions only; rows below the least number to show are left out."""
    groups: dict[tuple[Window, str], list[Exchange]] = {}
    for exchange in exchanges:
        if exchange.kind == "question" and exchange.asked_at <= now:
            groups.setdefault((window(exchange.asked_at, state), exchange.source), []).append(exchange)
    least = curves()["least"]["show"]
    order = {window_: number for number, window_ in enumerate(Window)}
    return tuple(
        _wait(window_, source, asked, now)
        for (window_, source), asked in sorted(groups.items(), key=lambda g: (order[g[0][0]], g[0][1]))
        if len(asked) >= least
    )


def scored_windows(exchanges: Iterable[Exchange], state: str, now: datetime) -> dict[Window, float]:
    """The score of every window that R knows, from all sources together; night is never one of them."""
    asked: dict[Window, list[Exchange]] = {}
    for exchange in exchanges:
        if exchange.kind == "question" and exchange.asked_at <= now:
            asked.setdefault(window(exchange.asked_at, state), []).append(exchange)
    return {w: s for w in SCORED if (s := score_of(asked.get(w, ()), now)) is not None}


def sources(exchanges: Iterable[Exchange], now: datetime) -> tuple[str, ...]:
    """The sources of all questions, and so of R."""
    return tuple(sorted({e.source for e in exchanges if e.kind == "question" and e.asked_at <= now}))


def response(exchanges: Iterable[Exchange], state: str, now: datetime) -> tuple[float | None, float, int, int]:
    """R over the known windows, its coverage (their weight), windows known and windows in all."""
    weights = curves()["weights"]
    known = scored_windows(exchanges, state, now)
    weight = math.fsum(weights[w] for w in known)
    value = math.fsum(weights[w] * s for w, s in known.items()) / weight if known else None
    return value, weight, len(known), len(SCORED)
