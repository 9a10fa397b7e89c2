"""Distance between two points, and what it says."""

from __future__ import annotations

from math import asin, cos, isfinite, radians, sin, sqrt

from audit.judging.comparing.comparison import Comparison, absent
from audit.judging.comparing.tables import levels
from audit.model import Level
from audit.saying import say

EARTH_RADIUS = 6_371_008.8  # metres, mean radius (IUGG)

Point = tuple[float | None, float | None]


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The great-circle distance in metres (haversine) of two (latitude, longitude) points in degrees."""
    lat1, lat2 = radians(one[0]), radians(other[0])
    half_lat, half_lon = (lat2 - lat1) / 2, radians(other[1] - one[1]) / 2
    chord = sin(half_lat) ** 2 + cos(lat1) * cos(lat2) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(max(0.0, chord))))


def known(point: Point) -> tuple[float, float] | None:
    """The point if it is one on this Earth; (0, 0) is what software writes for "unknown"."""
    latitude, longitude = point
    if latitude is None or longitude is None or not (isfinite(latitude) and isfinite(longitude)):
        return None
    if abs(latitude) > 90 or abs(longitude) > 180 or (latitude == 0 and longitude == 0):
        return None
    return latitude, longitude


def compare(stated: Point, shown: Point) -> Comparison:
    """How far the shown point lies from the stated one: "40 m apart"."""
    here, there = known(stated), known(shown)
    if here is None or there is None:
        return absent(here, there)
    distance = metres(here, there)
    near = distance < 1000
    said = say("apart-metres", f"{distance:.0f}") if near else say("apart-kilometres", f"{distance / 1000:.1f}")
    for level, steps in levels()["geo"].items():
        for step in steps:
            if distance <= step:
                return Comparison(Level(level), f"to_{step}", said)
    return Comparison(Level.CONFLICT, "far", said)
