"""Nights: until when a run may visit, what it asks for first, and how many nights a full pass takes. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo

from audit.checker import Checker
from audit.model import Ask, Subject
from audit.visiting.planning import LaneForecast, Planned

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_NEVER = 365.0  # days: what was never seen counts as a year old


class NoTimeOfDayError(ValueError):
    """Not a time of day."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is no time of day. Write it like 06:00.")


def clock_of(text: str) -> time:
    """The time of day a text states (HH:MM). Raises `NoTimeOfDayError`."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise NoTimeOfDayError(text)
    return time(int(found[1]), int(found[2]))


def minutes_until(text: str, now: datetime, zone: tzinfo | None = None) -> float:
    """Minutes from ``now`` to the next time the wall clock shows ``text`` (HH:MM), across changes of the clocks.

    ``zone``: None is the zone of this machine. An hour that comes twice means the next of the two, one that is
    left out the moment it would have been. Raises `NoTimeOfDayError`.
    """
    clock = clock_of(text)
    here = now.astimezone(zone)
    days = (here.date() + timedelta(days=more) for more in (0, 1, 2))
    walls = (datetime.combine(day, clock.replace(fold=fold)) for day in days for fold in (0, 1))
    moments = ((wall.replace(tzinfo=zone) if zone else wall).astimezone(UTC) for wall in walls)
    return (next(moment for moment in moments if moment > now) - now) / timedelta(minutes=1)


@dataclass(frozen=True)
class Rotation:
    """Orders asks: what was not seen for longest and weighs most comes first.

    ``looked`` holds by subject and platform when the cell was last conclusively seen, ``weight`` its weight.
    """

    looked: Mapping[tuple[str, str], datetime]
    weight: Mapping[tuple[str, str], float]
    now: datetime

    def ordered(self, planned: Planned) -> Planned:
        """The plan with its asks in order of urgency; equal ones stay as they were."""
        return replace(planned, asks=tuple(sorted(planned.asks, key=lambda ask: -self._urgency(planned.checker, ask))))

    def _urgency(self, checker: Checker, ask: Ask) -> float:
        """Days since the last look times weight, over all cells an ask answers."""
        platform = checker.platform.id
        keys = (key for query in ask.queries for key in self._below(query.subject))
        return math.fsum(self._of(key, platform) for key in keys)

    @staticmethod
    def _below(subject: Subject) -> Iterable[str]:
        """The services at places that an answer about the subject speaks of."""
        if subject.offered:
            return (subject.key,)
        every, place = subject.organisation.offered, subject.location
        return (f"{subject.organisation.id}/{o.id}" for o in every if place is None or o.location.id == place.id)

    def _of(self, key: str, platform: str) -> float:
        at = self.looked.get((key, platform))
        age = _NEVER if at is None else min((self.now - at) / timedelta(days=1), _NEVER)
        return age * self.weight.get((key, platform), 1.0)


@dataclass(frozen=True, kw_only=True)
class Nights:
    """How many nights of ``hours`` a full pass takes; ``host`` takes longest, ``longest`` hours."""

    nights: int
    hours: float
    host: str
    longest: float


def nights(lanes: Sequence[LaneForecast], hours: float) -> Nights | None:
    """The nights of a full pass from its lanes, None where nothing is visited."""
    if not lanes:
        return None
    first = max(lanes, key=lambda lane: lane.seconds)
    longest = first.seconds / 3600
    return Nights(nights=max(1, math.ceil(longest / hours)), hours=hours, host=first.host, longest=longest)
