"""Waits with open questions: the curve of Kaplan and Meier (1958), its variance by Greenwood (1926).

The band of the median is that of Brookmeyer and Crowley (1982) on the log-log scale, as SAS PROC LIFETEST does by
default. Tested against the remission times of Freireich and others (1963).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import NormalDist

_Z95 = NormalDist().inv_cdf(0.975)
_TIE = 1e-12

Waited = Sequence[tuple[float, bool]]


@dataclass(frozen=True)
class Step:
    """The share still waiting after a time (hours), with the bounds of its 95 % interval."""

    hours: float
    waiting: float
    low: float
    high: float


@dataclass(frozen=True)
class Quantile:
    """The wait that a share of people does not exceed, with its band; None: not reached yet."""

    hours: float | None
    low: float | None
    high: float | None


def steps(waited: Waited) -> Iterator[Step]:
    """The curve: one step at every time something was answered. ``waited`` holds (hours, answered)."""
    left, waiting, greenwood = len(waited), 1.0, 0.0
    for hours, group in groupby(sorted(waited, key=lambda wait: wait[0]), key=lambda wait: wait[0]):
        at_once = list(group)
        answered = sum(1 for _, done in at_once if done)
        if answered:
            waiting *= 1 - answered / left
            greenwood += answered / (left * (left - answered)) if left > answered else math.inf
            yield Step(hours, waiting, *_band(waiting, greenwood))
        left -= len(at_once)


def _band(waiting: float, greenwood: float) -> tuple[float, float]:
    if waiting <= _TIE or math.isinf(greenwood):
        return 0.0, 0.0
    spread = math.exp(_Z95 * math.sqrt(greenwood) / abs(math.log(waiting)))
    return waiting**spread, waiting ** (1 / spread)


def quantile(waited: Waited, share: float) -> Quantile:
    """The time by which that share (0 to 1) was answered, and where the band of the curve crosses the same height."""
    rest = 1 - share
    curve = list(steps(waited))
    return Quantile(
        hours=next((s.hours for s in curve if s.waiting <= rest + _TIE), None),
        low=next((s.hours for s in curve if s.low <= rest + _TIE), None),
        high=next((s.hours for s in curve if s.high <= rest + _TIE), None),
    )
