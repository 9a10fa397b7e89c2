"""GeoJSON (RFC 7946): properties as tags, flat ("@id" beside them) or under "tags"; and Overture places."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from audit.visiting.records import Record, Source, day, degrees, overture, texts
from audit.visiting.records.columns import tagged
from audit.visiting.records.overpass import Point, middle
from audit.visiting.records.stream import edges, elements

_SHORT = re.compile(r"([nwra])(\d{1,19})", re.ASCII)
_LONG = {"n": "node", "w": "way", "r": "relation"}
_TIME = re.compile(r'"timestamp"\s*:\s*"([^"]+)"')
_DEPTH = 6


def read(path: Path, source: Source) -> Iterator[Record]:
    """Every feature as a record. Raises `Unreadable`."""
    _date(edges(path)[0], source)
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        yield from _read(file)


def read_text(text: str, source: Source) -> Iterator[Record]:
    """The same from a text. Raises `Unreadable`."""
    _date(text, source)
    return _read(io.StringIO(text))


def _date(head: str, source: Source) -> None:
    if moment := _TIME.search(head, 0, max(head.find('"features"'), 0)):
        source.as_of = day(moment[1])


def _read(file: TextIO) -> Iterator[Record]:
    seen = set()
    for number, feature in enumerate(elements(file, "features")):
        record = _record(feature, number)
        if record["id"] not in seen:  # osmium writes a closed way as a line and as an area
            yield record
        if "/" in record["id"]:
            seen.add(record["id"])


def _record(feature: dict[str, Any], number: int) -> Record:
    geometry, properties = feature.get("geometry"), feature.get("properties")
    geometry = geometry if isinstance(geometry, dict) else {}
    properties = properties if isinstance(properties, dict) else {}
    lat, lon = middle(_points(geometry.get("coordinates"))) or (None, None)
    if overture.is_place(properties):
        return {**overture.record(properties), "id": str(feature.get("id") or number), "lat": lat, "lon": lon}
    nested = properties.get("tags")
    flat = texts(nested) if isinstance(nested, dict) else texts(properties)
    names = (feature.get("id"), properties.get("@id"), properties.get("id"), flat.get("osm_id"), number)
    record: Record = {
        "id": _id(next(str(name) for name in names if name not in (None, ""))),
        "lat": lat,
        "lon": lon,
        "tags": tagged({key: value for key, value in flat.items() if not key.startswith("@") and key != "id"}),
    }
    if updated := day(properties.get("@timestamp") or properties.get("timestamp") or ""):
        record["updated"] = updated.isoformat()
    return record


def _id(text: str) -> str:
    """Gives "node/1" for osmium's "n1"; its area numbers are twice the way's, or twice the relation's and one."""
    short = _SHORT.fullmatch(text)
    if not short:
        return text
    kind, number = short[1], int(short[2])
    if kind == "a":
        return f"relation/{number // 2}" if number % 2 else f"way/{number // 2}"
    return f"{_LONG[kind]}/{number}"


def _points(coordinates: object, depth: int = 0) -> Iterator[Point]:
    """All positions of a geometry of any kind: its nesting ends at lists of numbers."""
    if not isinstance(coordinates, list) or depth > _DEPTH:
        return
    if len(coordinates) > 1 and not isinstance(coordinates[0], list):
        lat, lon = degrees(coordinates[1], coordinates[0])
        if lat is not None and lon is not None:
            yield lat, lon
        return
    for part in coordinates:
        yield from _points(part, depth + 1)
