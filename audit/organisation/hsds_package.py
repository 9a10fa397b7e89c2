"""HSDS as a package: a folder or ZIP of CSV tables or JSON files, put together as nested objects.

Tables and keys: Open Referral HSDS 3.0 (2024-05-16), tabular serialisation; names in the singular, and in the
plural as its JSON has them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from audit.organisation.decoding import decoded
from audit.organisation.records import ImportProblem, Records, parts_of
from audit.organisation.sheets import from_csv

Object = dict[str, Any]
_TABLES = {
    "organization": "organizations", "service": "services", "location": "locations", "address": "addresses",
    "phone": "phones", "schedule": "schedules", "service_at_location": "service_at_locations", "language": "languages",
}  # fmt: skip
# table: whose it is, by the name of the key, the most particular first
_HELD = {
    "addresses": ("location",),
    "phones": ("service_at_location", "service", "location", "organization"),
    "schedules": ("service_at_location", "service", "location"),
    "languages": ("service", "location"),
}


def is_package(names: Sequence[str]) -> bool:
    """Whether file names are those of an HSDS package, or JSON files at all."""
    return any(_table(name) for name in names) or any(name.endswith(".json") for name in names)


def read_package(path: Path) -> Records:
    """The organisations of a package with all that is theirs. Raises ImportProblem."""
    bodies = parts_of(path, lambda name: bool(_table(name)) or name.endswith(".json"))
    tables = {table: _rows(name, body) for name, body in bodies.items() if (table := _table(name))}
    if "services" in tables and ("organizations" in tables or "locations" in tables):
        return Records(hsds=tuple(_nested(tables)))
    objects = [one for name, body in bodies.items() for one in _objects(name, body)]
    if not objects:
        raise ImportProblem(f"{path} holds neither the tables of HSDS nor its JSON objects")
    return Records(hsds=tuple(objects))


def _table(name: str) -> str:
    stem, _, ending = name.rpartition(".")
    found = _TABLES.get(stem, stem if stem in _TABLES.values() else "")
    return found if ending == "csv" else ""


def _rows(name: str, body: bytes) -> list[Object]:
    try:
        (records,) = from_csv(decoded(body))
    except ImportProblem as problem:
        raise ImportProblem(f"{name}: {problem}") from problem
    return [dict(row) for _, row in records.rows]


def _objects(name: str, body: bytes) -> Iterator[Object]:
    try:
        data = json.loads(decoded(body))
    except (ValueError, RecursionError) as error:
        raise ImportProblem(f"{name}: this is no valid JSON: {error}") from error
    inner = data.get("contents", [data]) if isinstance(data, dict) else data
    yield from (one for one in inner if isinstance(one, dict)) if isinstance(inner, list) else ()


def _nested(tables: Mapping[str, list[Object]]) -> Iterator[Object]:
    """Each organisation with its services and locations, the services with the places where they are offered."""
    known = {name: {one["id"]: one for one in tables.get(name, ()) if one.get("id")} for name in _TABLES.values()}
    for table, owners in _HELD.items():
        for row in tables.get(table, ()):
            held = (known[_TABLES[owner]].get(row.get(f"{owner}_id", "")) for owner in owners)
            if (whose := next(filter(None, held), None)) is not None:
                whose.setdefault(table, []).append(row)
    for link in tables.get("service_at_locations", ()):
        if (service := known["services"].get(link.get("service_id", ""))) is not None:
            inside = known["locations"].get(link.get("location_id", ""))
            service.setdefault("service_at_locations", []).append({**link, "location": inside or {}})
    yield from _owned(tables)


def _owned(tables: Mapping[str, list[Object]]) -> Iterator[Object]:
    mine: dict[str, list[Object]] = defaultdict(list)
    for service in tables["services"]:
        mine[service.get("organization_id", "")].append(service)
    homes: dict[str, list[Object]] = defaultdict(list)
    for place in tables.get("locations", ()):
        homes[place.get("organization_id", "")].append(place)
    bodies = tables.get("organizations", ())
    for body in bodies:
        id_ = body.get("id", "")
        yield {**body, "services": mine.pop(id_, []), "locations": homes.get(id_, [])}
    for id_, left in mine.items():
        yield {"id": id_, "name": "", "services": left}
