"""Places grouped into boxes, so that a batch checker asks once for a whole region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from audit.model import Query


@dataclass
class Region:
    """Queries whose places lie in one box: south, west, north, east in degrees (WGS 84)."""

    south: float
    west: float
    north: float
    east: float
    queries: list[Query] = field(default_factory=list)

    def takes(self, latitude: float, longitude: float, widest: float) -> bool:
        """Widens the box to hold the place; False, and nothing done, where it would be wider than ``widest``."""
        south, north = min(self.south, latitude), max(self.north, latitude)
        west, east = min(self.west, longitude), max(self.east, longitude)
        if max(north - south, east - west) > widest:
            return False
        self.south, self.west, self.north, self.east = south, west, north, east
        return True

    def box(self, margin: float) -> tuple[float, float, float, float]:
        """South, west, north, east with ``margin`` degrees all round."""
        return self.south - margin, self.west - margin, self.north + margin, self.east + margin


def spot(query: Query) -> tuple[float, float] | None:
    """Latitude and longitude of the query's place, where both are stated."""
    place = query.location
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude


def regions(queries: Sequence[Query], widest: float) -> list[Region]:
    """All queries with a place, in boxes of at most ``widest`` degrees; the same queries give the same boxes."""
    placed = [(at, query) for query in queries if (at := spot(query))]
    found: list[Region] = []
    for (latitude, longitude), query in sorted(placed, key=lambda pair: (pair[0], pair[1].subject.key)):
        region = next((r for r in found if r.takes(latitude, longitude, widest)), None)
        if region is None:
            region = Region(latitude, longitude, latitude, longitude)
            found.append(region)
        region.queries.append(query)
    return found
