"""Raw OpenStreetMap extracts (.osm.pbf, .osm, .osm.bz2, .osm.gz) by osmium, an optional part."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from audit.visiting.records import Record, Source, Unreadable, day
from audit.visiting.records.overpass import Point, middle


@cache
def _keys() -> list[str]:
    table = tomllib.loads(files("audit.visiting.records").joinpath("osm.toml").read_text("utf-8"))
    return [str(key) for key in table["keys"]]


def read(path: Path, source: Source) -> Iterator[Record]:
    """Every node, way and multipolygon with a key that matters; areas are placed at their middle.

    Raises `Unreadable` without osmium and for a damaged file.
    """
    try:
        import osmium  # noqa: PLC0415 - an optional part, loaded only where such a file is read
    except ImportError as error:
        raise Unreadable("OpenStreetMap extracts need the extra: pip install 'findbar[osm]'") from error
    wanted = osmium.filter.KeyFilter(*_keys())
    try:
        source.as_of = _day_of(osmium, path)
        things: Any = osmium.FileProcessor(str(path)).with_areas(wanted).with_filter(wanted)
        yield from _records(things)
    except (RuntimeError, OSError, ValueError) as error:
        raise Unreadable(f"not a readable extract ({str(error)[:120]})") from error


def _day_of(osmium: Any, path: Path) -> date | None:
    with osmium.io.Reader(str(path)) as reader:
        header = reader.header()
        return day(header.get("osmosis_replication_timestamp") or header.get("timestamp") or "")


def _records(things: Any) -> Iterator[Record]:
    """Ways as they are; relations by the area built of them, or without a place where none could be."""
    relations: dict[str, Record] = {}
    for thing in things:
        if thing.is_area() and thing.from_way():
            continue
        record = _record(thing)
        if thing.is_relation():
            relations[record["id"]] = record
        else:
            relations.pop(record["id"], None)
            yield record
    yield from relations.values()


def _record(thing: Any) -> Record:
    """Plain data at once: osmium's own objects die with the loop's turn."""
    kind = "node" if thing.is_node() else "way" if thing.is_way() else "relation"
    lat, lon = middle(_points(thing)) or (None, None)
    number = thing.orig_id() if thing.is_area() else thing.id
    record: Record = {"id": f"{kind}/{number}", "lat": lat, "lon": lon, "tags": {tag.k: tag.v for tag in thing.tags}}
    if thing.timestamp.year > 2000:
        record["updated"] = thing.timestamp.date().isoformat()
    return record


def _points(thing: Any) -> Iterator[Point]:
    if thing.is_node():
        nodes = [thing]
    elif thing.is_way():
        nodes = list(thing.nodes)
    elif thing.is_area():
        nodes = [node for ring in thing.outer_rings() for node in ring]
    else:
        return
    for node in nodes:
        place = node.location
        if place.valid():
            yield place.lat, place.lon
