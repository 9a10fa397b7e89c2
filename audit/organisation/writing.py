"""An `Organisation` as the TOML text of its file, with short comments for the person who goes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import tomlkit
from tomlkit.items import Array, Table

from audit.model import Location, Organisation, Service
from audit.organisation.folding import clean

_ORDER = ("name", "alternate_names", "parent", "website", "email", "phone", "state")
_INFERRED = {"confidential", "protected", "crisis"}  # the catalogue's; only what a person tightens is written
_WRAP = 4


def to_toml(organisation: Organisation, *, head: Iterable[str] = (), notes: Mapping[str, str] | None = None) -> str:
    """The file's text. ``head`` are comment lines above; ``notes``: comments by table or service id."""
    told = notes or {}
    document = tomlkit.document()
    for line in head:
        document.add(tomlkit.comment(clean(line)))
    for key in ("id", *_ORDER):
        if value := getattr(organisation, key):
            document.add(key, _item(value))
    if not organisation.website:
        document.add(tomlkit.comment(f'website = "https://..."  {clean(told.get("website", ""))}'.rstrip()))
    _add(document, "service", [_service(s, organisation) for s in organisation.services], told)
    _add(document, "location", [_location(location) for location in organisation.locations], told)
    profiles = [{"platform": p.platform, "url": p.url, "service": p.service} for p in organisation.profiles]
    _add(document, "profile", profiles, told)
    return tomlkit.dumps(document)


def _add(document: Any, name: str, rows: list[dict[str, Any]], notes: Mapping[str, str]) -> None:
    if not rows:
        return
    document.add(tomlkit.nl())
    tables = tomlkit.aot()
    for index, row in enumerate(rows):
        tables.append(_table(row, notes.get(name, "") if index == 0 else "", notes.get(row.get("id", ""), "")))
    document.add(name, tables)


def _table(row: Mapping[str, Any], *comments: str) -> Table:
    table = tomlkit.table()
    for comment in filter(None, comments):
        table.add(tomlkit.comment(clean(comment)))
    for key, value in row.items():
        if value not in ("", None, ()):
            table.add(key, _item(value))
    return table


def _item(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    return _array(value) if isinstance(value, tuple) else value


def _array(values: tuple[str, ...]) -> Array:
    array = tomlkit.array()
    array.extend(clean(value) for value in values)
    return array.multiline(len(values) > _WRAP)


def _service(service: Service, organisation: Organisation) -> dict[str, Any]:
    everywhere = {location.id for location in organisation.locations}
    places = tuple(pair.location.id for pair in organisation.offered if pair.service.id == service.id)
    row: dict[str, Any] = {"id": service.id, "name": service.name, "kind": service.kind}
    if set(places) != everywhere:
        row["at"] = places or tomlkit.array()
    unset = Service(id="", kind="", name="")
    for each in fields(Service):
        value = getattr(service, each.name)
        if each.name not in {*row, *_INFERRED} and value != getattr(unset, each.name):
            row[each.name] = value
    return row


def _location(location: Location) -> dict[str, Any]:
    address = {each.name: getattr(location.address, each.name) for each in fields(location.address)}
    row = {"id": location.id, "name": location.name, "alternate_names": location.alternate_names, **address}
    rest = [each.name for each in fields(Location) if each.name not in {*row, "address"}]
    return row | {name: getattr(location, name) for name in rest}
