"""JSON, GeoJSON, JSON lines and XML as records: what is nested becomes columns with dotted names."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from audit.organisation.folding import fold
from audit.organisation.records import ImportProblem, Records, table
from audit.organisation.sheets import cell

_DEPTH = 4
_MOST_PARTS = 20
_HSDS = {"services", "organization", "service_at_locations"}


def from_json(text: str) -> tuple[Records, ...]:
    """One list of objects, however it is wrapped. Raises ImportProblem."""
    data = _loaded(text)
    if isinstance(data, dict) and data.get("type") == "FeatureCollection":
        return (_of_objects(_features(data.get("features"))),)
    items = data if isinstance(data, list) else _wrapped(data) if isinstance(data, dict) else None
    objects = [item for item in items or [] if isinstance(item, dict)]
    if any(_is_hsds(item) for item in objects):
        return (Records(hsds=tuple(objects)),)
    if not objects:
        raise ImportProblem("this JSON is neither GeoJSON nor HSDS nor a list of records")
    return (_of_objects(_exploded(list(enumerate(items or [], start=1)))),)


def _is_hsds(item: Mapping[str, Any]) -> bool:
    """An organisation with services, a service with its organisation, a service at a place, or a place."""
    if _HSDS & set(item) or {"service", "location"} <= set(item):
        return True
    return isinstance(item.get("addresses"), list) and bool({"location_type", "schedules", "phones"} & set(item))


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines):
            return [_line(line) for line in lines]
        raise ImportProblem(f"this is no valid JSON: {error}") from error


def _line(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _wrapped(data: Mapping[str, Any]) -> list[Any] | None:
    """The longest list of objects that an object holds ("contents", "data", "elements"); HSDS stands alone."""
    if _is_hsds(data):
        return [data]
    inner = [value for value in data.values() if isinstance(value, list) and any(isinstance(v, dict) for v in value)]
    inner += [_wrapped(value) or [] for value in data.values() if isinstance(value, dict) and "type" not in value]
    return max(inner, key=len, default=None)


def _features(features: object) -> list[tuple[int, object]]:
    if not isinstance(features, list):
        raise ImportProblem("this GeoJSON has no list of features")
    return [(number, _feature(feature)) for number, feature in enumerate(features, start=1)]


def _feature(feature: object) -> object:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        return None
    return {**feature["properties"], **_point(feature.get("geometry"))}


def _point(geometry: object) -> dict[str, float]:
    """Longitude and latitude of a GeoJSON geometry (RFC 7946): the point, or the middle of what it spans."""
    if not isinstance(geometry, dict):
        return {}
    pairs = list(_positions(geometry.get("coordinates"), _DEPTH))
    if not pairs:
        return {}
    east, north = zip(*pairs, strict=True)
    middle = (min(east) + max(east)) / 2, (min(north) + max(north)) / 2
    return dict(zip(("longitude", "latitude"), middle, strict=True)) if all(map(math.isfinite, middle)) else {}


def _positions(value: object, depth: int) -> Iterator[tuple[float, float]]:
    if not isinstance(value, list) or not depth:
        return
    if len(value) >= 2 and all(type(number) in {int, float} for number in value[:2]):
        yield value[0], value[1]
        return
    for one in value[:10_000]:
        yield from _positions(one, depth - 1)


def _exploded(numbered: list[tuple[int, object]]) -> list[tuple[int, object]]:
    """Where each object holds a list of facilities, one object per facility, counted through.

    What the outer object states goes with each; under its own name where the inner one has it too.
    """
    objects = [item for _, item in numbered if isinstance(item, dict)]
    key = next((key for key in dict.fromkeys(k for item in objects for k in item) if _holds_rows(objects, key)), "")
    if not key:
        return numbered
    flat: list[object] = []
    for _, item in numbered:
        inner = item.get(key) if isinstance(item, dict) else None
        if not isinstance(item, dict) or not isinstance(inner, list) or not inner:
            flat.append(item)
            continue
        outer = {name: value for name, value in item.items() if name != key}
        flat += [_joined(outer, one) if isinstance(one, dict) else one for one in inner]
    return list(enumerate(flat, start=1))


def _holds_rows(objects: Sequence[Mapping[str, Any]], key: str) -> bool:
    words = {fold(word) for field in ("name", "street") for word in table()["headers"][field]}
    lists = [held for item in objects if isinstance(held := item.get(key), list)]
    rows = [one for held in lists for one in held if isinstance(one, dict)]
    return len(rows) > len(objects) / 2 and any(fold(str(name)) in words for one in rows[:20] for name in one)


def _joined(outer: Mapping[str, Any], inner: Mapping[str, Any]) -> dict[str, Any]:
    return {(f"outer.{name}" if name in inner else name): value for name, value in outer.items()} | dict(inner)


def _of_objects(numbered: Iterable[tuple[int, object]]) -> Records:
    given = list(numbered)
    flat = [(number, _placed(dict(_flat(item)))) for number, item in given if isinstance(item, dict) and item]
    rows = [(number, row) for number, row in flat if any(row.values())]
    columns = tuple(dict.fromkeys(key for _, row in rows for key in row))
    if len(rows) > table()["limits"]["rows"] or len(columns) > table()["limits"]["columns"]:
        raise ImportProblem(f"this list is too large: {len(rows)} rows, {len(columns)} columns")
    read = {number for number, _ in rows}
    return Records(columns, tuple(rows), tuple((n, "holds no properties") for n, _ in given if n not in read))


def _placed(row: dict[str, str]) -> dict[str, str]:
    """With the middle as place where a thing has no other (Overpass API, "out center")."""
    for name in ("lat", "lon"):
        if not row.get(name) and (middle := row.pop(f"center.{name}", "")):
            row[name] = middle
    return row


def _flat(item: Mapping[Any, Any], prefix: str = "", depth: int = _DEPTH) -> Iterator[tuple[str, str]]:
    """Names and texts; of a list of things the first, of a list of values all."""
    for key, value in item.items():
        name = f"{prefix}{key}"[:200]
        one = _of_list(value) if isinstance(value, list) else value
        if isinstance(one, dict):
            yield from _flat(one, f"{name}.", depth - 1) if depth else ()
        else:
            yield name, _scalar(one)


def _of_list(values: list[Any]) -> object:
    first = next((one for one in values if isinstance(one, dict)), None)
    return first if first is not None else "; ".join(map(_scalar, values[:_MOST_PARTS])).strip("; ")


def _scalar(value: object) -> str:
    return "" if isinstance(value, dict | list) else cell(value)


def from_xml(body: bytes) -> tuple[Records, ...]:
    """The most telling list of like elements in an XML file. Raises ImportProblem."""
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", body, re.IGNORECASE):
        raise ImportProblem("this XML declares a document type; that is not read")
    try:
        root = ET.fromstring(body)  # noqa: S314 - without a document type there are no entities
    except (ET.ParseError, ValueError, LookupError) as error:
        raise ImportProblem(f"this is no valid XML: {error}") from error
    groups: dict[tuple[ET.Element, str], list[ET.Element]] = {}
    for parent in root.iter():
        for child in parent:
            if len(child):
                groups.setdefault((parent, child.tag), []).append(child)
    found = max(groups.values(), key=lambda group: sum(len(one) for one in group), default=[])
    if not found:
        raise ImportProblem("this XML holds no list of records")
    return (_of_objects([(number, _element(one, _DEPTH)) for number, one in enumerate(found, start=1)]),)


def _element(element: ET.Element, depth: int) -> dict[str, Any]:
    """Attributes and children by name; what comes several times is a list."""
    found: dict[str, list[Any]] = {name.rpartition("}")[2]: [value] for name, value in element.attrib.items()}
    for child in element:
        inner = _element(child, depth - 1) if (len(child) or child.attrib) and depth else None
        found.setdefault(child.tag.rpartition("}")[2], []).append(inner or (child.text or "").strip())
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}
