"""Overpass JSON (``out``, ``out center``, ``out geom``; Overpass API 0.7.62, read 2026-11-23)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from audit.visiting.records import Record, Source, day, degrees, texts
from audit.visiting.records.stream import edges, elements

_BASE = re.compile(r'"timestamp_osm_base"\s*:\s*"([^"]+)"')
_REMARK = re.compile(r'"remark"\s*:\s*"(runtime error[^"]*)')
_KINDS = {"node", "way", "relation"}
Point = tuple[float, float]


def read(path: Path, source: Source) -> Iterator[Record]:
    """Every tagged element as a record. Ways without a centre get theirs from the nodes in the file."""
    for edge in edges(path):
        _heed(edge, source)
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        yield from _read(file)


def read_text(text: str, source: Source) -> Iterator[Record]:
    """The same from the text of an answer. Raises `Unreadable`."""
    _heed(text, source)
    return _read(io.StringIO(text))


def _heed(edge: str, source: Source) -> None:
    """Takes the day of the data, and the error that a server writes beside what it had so far."""
    if base := _BASE.search(edge):
        source.as_of = day(base[1])
    if remark := _REMARK.search(edge):
        source.incomplete = remark[1][:120]


def _read(file: TextIO) -> Iterator[Record]:
    """Tagged elements in their order; those that need the nodes of the file last."""
    points: dict[int, Point] = {}
    pending: list[dict[str, Any]] = []
    for element in elements(file, "elements"):
        where = _position(element)
        if where and element.get("type") == "node":
            points[_number(element.get("id"))] = where
        if not texts(element.get("tags")) or str(element.get("type")) not in _KINDS:
            continue
        if where:
            yield _record(element, where)
        else:
            pending.append(element)
    for element in pending:
        refs = element.get("nodes")
        known = (
            [points[ref] for ref in refs if isinstance(ref, int) and ref in points] if isinstance(refs, list) else []
        )
        yield _record(element, middle(known))


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1


def _record(element: dict[str, Any], where: Point | None) -> Record:
    lat, lon = where or (None, None)
    record: Record = {
        "id": f"{element.get('type')}/{element.get('id')}",
        "lat": lat,
        "lon": lon,
        "tags": texts(element.get("tags")),
    }
    if updated := day(element.get("timestamp", "")):
        record["updated"] = updated.isoformat()
    return record


def _position(element: dict[str, Any]) -> Point | None:
    for place in (element, element.get("center")):
        if isinstance(place, dict):
            lat, lon = degrees(place.get("lat"), place.get("lon"))
            if lat is not None and lon is not None:
                return lat, lon
    bounds = element.get("bounds")
    if isinstance(bounds, dict):
        corners = [degrees(bounds.get(f"m{way}lat"), bounds.get(f"m{way}lon")) for way in ("in", "ax")]
        return middle((lat, lon) for lat, lon in corners if lat is not None and lon is not None)
    return None


def middle(points: Iterable[Point]) -> Point | None:
    """The middle of the box around points, as Overpass's own centre is; None without points."""
    known = list(points)
    if not known:
        return None
    lats, lons = [lat for lat, _ in known], [lon for _, lon in known]
    return (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
