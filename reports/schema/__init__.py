"""The JSON Schemas of a result and of a federation, made from the nouns; `result-1.json` and `federation-1.json`
are the published copies.

Run ``python -m reports.schema`` after an additive change of the nouns; a test compares both.
Dialect: JSON Schema 2020-12 (json-schema.org, read 2026-11-24).
"""

from __future__ import annotations

import inspect
import json
import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from audit.model import Federation, Result
from reports.codec import hints
from reports.data import SCHEMA_VERSION

FILE = Path(__file__).parent / f"result-{SCHEMA_VERSION}.json"
FEDERATION_FILE = FILE.with_name(f"federation-{SCHEMA_VERSION}.json")
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCALARS: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}


def build() -> dict[str, Any]:
    """The schema as plain data. Unknown properties are allowed: additions do not raise the version."""
    definitions: dict[str, Any] = {}
    _define(Result, definitions)
    whole = definitions.pop("Result")
    texts = {"type": "object", "additionalProperties": {"type": "string"}}
    whole["properties"] = {"schema_version": {"const": SCHEMA_VERSION}, **whole["properties"]}
    whole["properties"] |= {"manifest": texts, "units": texts}
    whole["required"] = ["schema_version", *whole["required"]]
    cell = definitions["Cell"]
    cell["properties"] = {"id": {"type": "string"}, **cell["properties"]}
    cell["required"] = ["id", *cell["required"]]
    return _whole("result", whole, definitions)


def build_federation() -> dict[str, Any]:
    """The schema of a federation, with the same rules."""
    definitions: dict[str, Any] = {}
    _define(Federation, definitions)
    whole = definitions.pop("Federation")
    whole["properties"] = {"schema_version": {"const": SCHEMA_VERSION}, **whole["properties"]}
    whole["required"] = ["schema_version", *whole["required"]]
    return _whole("federation", whole, definitions)


def _whole(name: str, whole: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    head = {"$schema": _DIALECT, "$id": f"urn:findbar:{name}:{SCHEMA_VERSION}", "title": f"findbar {name}"}
    return {**head, **whole, "$defs": dict(sorted(definitions.items()))}


def dumps(schema: dict[str, Any]) -> str:
    """A schema as the published file holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _define(kind: type, definitions: dict[str, Any]) -> None:
    if kind.__name__ in definitions:
        return
    definitions[kind.__name__] = {}
    definition: dict[str, Any] = {"type": "object", "description": _summary(kind)}
    parts = fields(kind)
    definition["properties"] = {field.name: _schema(hints(kind)[field.name], definitions) for field in parts}
    definition["required"] = [f.name for f in parts if f.default is MISSING and f.default_factory is MISSING]
    definitions[kind.__name__] = definition


def _schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        inner = next(argument for argument in arguments if argument is not type(None))
        return {"anyOf": [_schema(inner, definitions), {"type": "null"}]}
    if origin is tuple:
        return _array(arguments, definitions)
    if origin is Literal:
        return {"enum": list(arguments)}
    if kind in SCALARS:
        return dict(SCALARS[kind])
    return _reference(kind, definitions)


def _array(arguments: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    if arguments[-1] is Ellipsis:
        return {"type": "array", "items": _schema(arguments[0], definitions)}
    parts = [_schema(argument, definitions) for argument in arguments]
    return {"type": "array", "prefixItems": parts, "minItems": len(parts), "maxItems": len(parts)}


def _reference(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    if is_dataclass(kind):
        _define(kind, definitions)
    elif issubclass(kind, Enum):
        words = [word.value for word in kind]
        definitions[kind.__name__] = {"type": "string", "description": _summary(kind), "enum": words}
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _summary(kind: type) -> str:
    return (inspect.getdoc(kind) or "").partition("\n")[0]
