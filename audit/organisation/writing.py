"""An `Organisation` as the TOML text of its file, with short comments for the person who goes on.

Written line by line (TOML 1.0.0): a library that keeps the style of what it read takes a hundred times as
long, and quadratic time for long lists.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from audit.model import Location, Organisation, Service
from audit.organisation.folding import clean

_ORDER = ("name", "alternate_names", "parent", "website", "email", "phone", "state")
_INFERRED = {"confidential", "protected", "crisis"}  # the catalogue's; only what a person tightens is written
_WRAP = 4
_UNSET = Service(id="", kind="", name="")


def to_toml(organisation: Organisation, *, head: Iterable[str] = (), notes: Mapping[str, str] | None = None) -> str:
    """The file's text. ``head`` are comment lines above; ``notes``: comments by table or service id."""
    told = notes or {}
    lines = [_comment(line) for line in head]
    lines += [_line(key, value) for key in ("id", *_ORDER) if (value := getattr(organisation, key))]
    if not organisation.website:
        lines.append(_comment(f'website = "https://..."  {clean(told.get("website", ""))}'))
    places: dict[str, list[str]] = {service.id: [] for service in organisation.services}
    for pair in organisation.offered:
        places.setdefault(pair.service.id, []).append(pair.location.id)
    everywhere = {location.id for location in organisation.locations}
    services = (_service(service, places[service.id], everywhere) for service in organisation.services)
    profiles = ({"platform": p.platform, "url": p.url, "service": p.service} for p in organisation.profiles)
    lines += _tables("service", services, told)
    lines += _tables("location", map(_location, organisation.locations), told)
    lines += _tables("profile", profiles, told)
    return "\n".join(lines) + "\n"


def _tables(name: str, rows: Iterable[Mapping[str, Any]], notes: Mapping[str, str]) -> Iterator[str]:
    for index, row in enumerate(rows):
        yield ""
        yield f"[[{name}]]"
        comments = (notes.get(name, "") if index == 0 else "", notes.get(row.get("id", ""), ""))
        yield from map(_comment, filter(None, comments))
        yield from (_line(key, value) for key, value in row.items() if value not in ("", None, ()))


def _comment(text: str) -> str:
    return f"# {clean(text)}".rstrip()


def _line(key: str, value: Any) -> str:
    return f"{key} = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        texts = [_text(one) for one in value]
        return f"[{', '.join(texts)}]" if len(texts) <= _WRAP else "[\n    " + ",\n    ".join(texts) + ",\n]"
    return repr(value)


def _text(value: str) -> str:
    """A basic string: JSON's escapes are TOML's, once control characters are gone."""
    return json.dumps(clean(value), ensure_ascii=False)


def _service(service: Service, places: list[str], everywhere: set[str]) -> dict[str, Any]:
    row: dict[str, Any] = {"id": service.id, "name": service.name, "kind": service.kind}
    if set(places) != everywhere:
        row["at"] = list(places)
    for each in fields(Service):
        value = getattr(service, each.name)
        if each.name not in {*row, *_INFERRED} and value != getattr(_UNSET, each.name):
            row[each.name] = value
    return row


def _location(location: Location) -> dict[str, Any]:
    address = {each.name: getattr(location.address, each.name) for each in fields(location.address)}
    row = {"id": location.id, "name": location.name, "alternate_names": location.alternate_names, **address}
    rest = [each.name for each in fields(Location) if each.name not in {*row, "address"}]
    return row | {name: getattr(location, name) for name in rest}
