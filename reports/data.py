"""The result as JSON: stable slugs and order, a published schema (`schema/result-1.json`), and back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from audit.model import Changes, Federation, Pace, Result
from reports.codec import Unreadable, decode, encode
from reports.shield import scrub, shield

SCHEMA_VERSION = 1


def to_json(result: Result) -> dict[str, Any]:
    """The result as plain data. Cells, gaps and strays are in order of their slugs, so two runs compare.

    Rows and columns keep the order of the organisation file. Every cell also carries its ``id``.
    """
    ordered = in_order(shield(result))
    data: dict[str, Any] = {"schema_version": SCHEMA_VERSION, **encode(ordered)}
    data["manifest"] = dict(ordered.manifest)
    data["units"] = dict(ordered.units)
    data["cells"] = [{"id": cell.id, **encode(cell)} for cell in ordered.cells]
    return data


def from_json(data: Any) -> Result:
    """The result a JSON file holds.

    Raises Unreadable, naming the place, for anything else and for a newer major schema version.
    """
    if not isinstance(data, dict):
        raise Unreadable("the file should be an object")
    version = data.get("schema_version")
    if version != SCHEMA_VERSION:
        raise Unreadable(f"schema_version is {version!r}; this findbar reads {SCHEMA_VERSION}")
    pairs = {key: _pairs(data.get(key), key) for key in ("manifest", "units")}
    result: Result = decode(Result, {**data, **pairs})
    return result


def dumps(result: Result) -> str:
    """The JSON text: UTF-8 readable, indented by two, no line feed at the end; the same result, the same bytes."""
    return json.dumps(to_json(result), ensure_ascii=False, indent=2, allow_nan=False)


def changes_json(changes: Changes | Pace) -> str:
    """What changed, or how fast, as JSON text, with the same rules as `dumps`."""
    data = {"schema_version": SCHEMA_VERSION, **encode(scrub(changes))}
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)


def federation_json(federation: Federation) -> str:
    """A federation as JSON text (`schema/federation-1.json`), with the same rules as `dumps`."""
    data = {"schema_version": SCHEMA_VERSION, **encode(scrub(federation))}
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)


def loads(text: str) -> Result:
    """The result of a JSON text. Raises Unreadable for anything that is not one."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {error}") from None
    return from_json(data)


def in_order(result: Result) -> Result:
    """The result with cells, gaps and strays in order of their slugs."""
    return replace(
        result,
        cells=tuple(sorted(result.cells, key=lambda cell: cell.id)),
        gaps=tuple(sorted(result.gaps, key=lambda gap: gap.id)),
        disputed=tuple(sorted(result.disputed, key=lambda gap: gap.id)),
        strays=tuple(sorted(result.strays, key=lambda s: (s.platform, s.kind, s.subject, s.name, s.url))),
        manifest=tuple(sorted(result.manifest)),
        units=tuple(sorted(result.units)),
    )


def _pairs(data: Any, where: str) -> list[list[Any]]:
    if not isinstance(data, dict):
        raise Unreadable(f"{where} should be an object")
    return [[key, value] for key, value in data.items()]
