"""Overture places: GeoParquet read with DuckDB, which may open this one file and nothing else; and the same as GeoJSON.

Fields after the Overture schema (places, 2026-08). Names of tags are OpenStreetMap's where they mean the same,
``overture:`` stands before the others. A place's day is that of its newest source.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from audit.visiting.records import Record, Source, Unreadable, day, degrees, texts

_COLUMNS = (
    "id", "geometry", "bbox", "names", "categories", "basic_category", "confidence", "websites", "socials", "emails",
    "phones", "brand", "addresses", "operating_status", "sources",
)  # fmt: skip
_LISTS = {"websites": "website", "emails": "email", "phones": "phone", "socials": "overture:socials"}
_ADDRESS = {"freeform": "overture:line", "postcode": "addr:postcode", "locality": "addr:city"}
_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": "2GB",
}
_AT_ONCE = 1000


def read(path: Path, source: Source) -> Iterator[Record]:  # noqa: ARG001 - a release does not date itself
    """Every place of a Parquet file. Needs duckdb; raises `Unreadable`."""
    try:
        import duckdb  # noqa: PLC0415 - an optional part, loaded only where such a file is read
    except ImportError as error:
        raise Unreadable("Parquet needs the extra: pip install 'findbar[overture]'") from error
    try:
        with duckdb.connect(":memory:", config=_CLOSED) as database:
            database.execute("SET allowed_paths = ?", [[str(path)]])
            database.execute("SET enable_external_access = false")
            database.execute("SET lock_configuration = true")
            yield from _places(database, str(path))
    except duckdb.Error as error:
        raise Unreadable(f"not readable as Parquet ({type(error).__name__})") from error


def _places(database: Any, path: str) -> Iterator[Record]:
    there = {row[0] for row in database.execute("DESCRIBE SELECT * FROM read_parquet([?])", [path]).fetchall()}
    if not {"id", "names", "confidence"} <= there:
        raise Unreadable("no places of Overture (the columns id, names and confidence are missing)")
    columns = [name for name in _COLUMNS if name in there]
    selection = ", ".join(columns)  # names of our own table above
    found = database.execute(f"SELECT {selection} FROM read_parquet([?])", [path])  # noqa: S608
    while rows := found.fetchmany(_AT_ONCE):
        yield from (record(dict(zip(columns, row, strict=True))) for row in rows)


def is_place(properties: Mapping[str, Any]) -> bool:
    """Whether the properties of a GeoJSON feature are those of an Overture place."""
    return isinstance(properties.get("names"), dict) and "confidence" in properties


def record(row: Mapping[str, Any]) -> Record:
    """One place, from its columns or properties; the position is that of its point, else of its box."""
    lat, lon = _position(row.get("geometry"), row.get("bbox"))
    found: Record = {"id": str(row.get("id")), "lat": lat, "lon": lon, "tags": tags(row)}
    days = [str(told) for one in _dicts(row.get("sources")) if (told := day(one.get("update_time") or ""))]
    return {**found, "updated": max(days)} if days else found


def tags(row: Mapping[str, Any]) -> dict[str, str]:
    """What is said of a place, flat; several values of one kind stand apart by semicolons."""
    names, brand, kinds = (_dict(row.get(name)) for name in ("names", "brand", "categories"))
    brand_names, first = _dict(brand.get("names")), next(iter(_dicts(row.get("addresses"))), {})
    others = [*_dict(names.get("common")).values(), *(rule.get("value") for rule in _dicts(names.get("rules")))]
    told: dict[str, object] = {
        "name": names.get("primary"),
        "alt_name": _joined(others),
        "brand": brand_names.get("primary"),
        "brand:wikidata": brand.get("wikidata"),
        "overture:category": kinds.get("primary") or row.get("basic_category"),
        "overture:alternate": _joined(kinds.get("alternate")),
        "overture:confidence": row.get("confidence"),
        "overture:status": row.get("operating_status"),
        **{tag: _joined(row.get(column)) for column, tag in _LISTS.items()},
        **{tag: first.get(field) for field, tag in _ADDRESS.items()},
    }
    return texts(told)


def _position(geometry: object, box: object) -> tuple[float | None, float | None]:
    """A point in well-known binary (OGC 06-103r4), else the middle of the box."""
    if isinstance(geometry, bytes) and len(geometry) >= 21 and geometry[0] in (0, 1):
        order = "<" if geometry[0] else ">"
        kind, east, north = struct.unpack(f"{order}Idd", geometry[1:21])
        if kind % 1000 == 1:
            return degrees(north, east)
    edges = _dict(box)
    try:
        return degrees((edges["ymin"] + edges["ymax"]) / 2, (edges["xmin"] + edges["xmax"]) / 2)
    except (KeyError, TypeError):
        return None, None


def _dict(thing: object) -> dict[str, Any]:
    return thing if isinstance(thing, dict) else {}


def _dicts(things: object) -> list[dict[str, Any]]:
    return [one for one in things if isinstance(one, dict)] if isinstance(things, list) else []


def _joined(values: object) -> str:
    return ";".join(one for one in values if isinstance(one, str) and one) if isinstance(values, list) else ""
