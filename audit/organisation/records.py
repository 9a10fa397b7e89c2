"""Lists as plain records: CSV, GeoJSON, JSON and XLSX. I/O: reads one file, at most 20 MiB."""

from __future__ import annotations

import csv
import io
import json
import tomllib
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from audit.organisation.folding import clean

Row = tuple[int, Mapping[str, str]]
# What openpyxl and the libraries below it raise on broken files (XML errors are SyntaxErrors).
_BROKEN_XLSX = (
    zipfile.BadZipFile, zlib.error, SyntaxError, LookupError, ValueError, TypeError, AttributeError,
    OSError, EOFError, RuntimeError, ArithmeticError,
)  # fmt: skip


class ImportProblem(ValueError):
    """A list that cannot be imported as a whole, and why."""


@dataclass(frozen=True)
class Records:
    """Rows by number (as a person counts them in the file) and those that could not be read."""

    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    refused: tuple[tuple[int, str], ...] = ()
    hsds: tuple[Mapping[str, Any], ...] = ()


@cache
def table() -> dict[str, Any]:
    """The word lists and limits of ``columns.toml``, read once."""
    return tomllib.loads(Path(__file__).with_name("columns.toml").read_text(encoding="utf-8"))


def read_records(path: Path) -> Records:
    """The records of one file. Raises ImportProblem."""
    body = _body(path)
    if body[:4] == b"PK\x03\x04":
        return _from_xlsx(body)
    text = _decoded(body)
    if path.suffix.lower() in {".json", ".geojson"} or text.lstrip()[:1] in {"{", "["}:
        return _from_json(text)
    return _from_csv(text)


def _body(path: Path) -> bytes:
    limit = table()["limits"]["file_bytes"]
    try:
        with path.open("rb") as stream:
            body = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        raise ImportProblem(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(body) > limit:
        raise ImportProblem(f"{path} is larger than {limit // 1024**2} MiB")
    if not body.strip():
        raise ImportProblem(f"{path} is empty")
    return body


def _decoded(body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", errors="replace")
    if "\0" in text:
        raise ImportProblem("this is a binary file; expected are CSV, GeoJSON, XLSX or HSDS JSON")
    return text


def _from_csv(text: str) -> Records:
    csv.field_size_limit(131_072)  # the default; it is global in the csv module, and others may have changed it
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    numbered = ((reader.line_num, cells) for cells in reader)
    try:
        return _rows(numbered)
    except csv.Error as error:
        raise ImportProblem(f"this is no CSV: line {reader.line_num}: {error}") from error


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first lines into the same number of fields, at least two."""
    lines = list(islice(io.StringIO(text), 20))
    counts = {mark: [line.count(mark) for line in lines if line.strip()] for mark in ";,\t|"}
    best = max(counts, key=lambda mark: (counts[mark][:1] or [0])[0] + sum(c > 0 for c in counts[mark]) / 100)
    if not counts[best] or not counts[best][0]:
        raise ImportProblem("this is no table: the first line holds no comma, semicolon, tab or bar")
    return best


def _rows(numbered: Iterable[tuple[int, Sequence[Any]]]) -> Records:
    """Records from rows of cells; the first row with two filled cells is the header."""
    columns: tuple[str, ...] = ()
    rows: list[Row] = []
    refused: list[tuple[int, str]] = []
    for number, raw in numbered:
        cells = [_cell(value) for value in raw]
        if not columns:
            columns = _header(cells) if sum(bool(cell) for cell in cells) > 1 else ()
        elif any(cells[len(columns) :]):
            refused.append((number, f"has {len(cells)} fields, the header has {len(columns)}"))
        elif any(cells):
            rows.append((number, dict(zip(columns, cells, strict=False))))
        if len(rows) > table()["limits"]["rows"]:
            raise ImportProblem(f"this list has more than {table()['limits']['rows']} rows")
    if not columns:
        raise ImportProblem("this is no table: no row has two filled cells")
    return Records(columns, tuple(rows), tuple(refused))


def _header(cells: Sequence[str]) -> tuple[str, ...]:
    if len(cells) > table()["limits"]["columns"]:
        raise ImportProblem(f"this table has {len(cells)} columns")
    names: list[str] = []
    for position, cell in enumerate(cells, start=1):
        name = cell or f"column {position}"
        names.append(name if name not in names else f"{name} ({position})")
    return tuple(names)


def _cell(value: object) -> str:
    """A cell as text: nothing for None, no ".0" behind whole numbers, line breaks as " / "."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dict | list):
        return ""
    return clean(str(value).strip().replace("\r\n", "\n").replace("\n", " / "))


def _from_json(text: str) -> Records:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ImportProblem(f"this is no valid JSON: {error}") from error
    if isinstance(data, dict) and data.get("type") == "FeatureCollection":
        return _of_objects(_features(data.get("features")))
    items = data.get("contents", [data]) if isinstance(data, dict) else data
    objects = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    if any({"services", "organization", "service_at_locations"} & set(item) for item in objects):
        return Records(hsds=tuple(objects))
    if not objects or isinstance(data, dict):
        raise ImportProblem("this JSON is neither GeoJSON nor HSDS nor a list of records")
    return _of_objects(list(enumerate(items, start=1)))


def _features(features: object) -> list[tuple[int, object]]:
    if not isinstance(features, list):
        raise ImportProblem("this GeoJSON has no list of features")
    return [(number, _feature(feature)) for number, feature in enumerate(features, start=1)]


def _feature(feature: object) -> object:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        return None
    return {**feature["properties"], **_point(feature.get("geometry"))}


def _point(geometry: object) -> dict[str, float]:
    """Longitude and latitude of a GeoJSON point (RFC 7946, 3.1.2); other shapes give none."""
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return {}
    pair = geometry.get("coordinates")
    if not isinstance(pair, list) or len(pair) < 2 or not all(type(n) in {int, float} for n in pair[:2]):
        return {}
    return {"longitude": pair[0], "latitude": pair[1]}


def _of_objects(numbered: Sequence[tuple[int, object]]) -> Records:
    objects = [(number, item) for number, item in numbered if isinstance(item, dict) and item]
    columns = tuple(dict.fromkeys(str(key) for _, item in objects for key in item))
    if len(objects) > table()["limits"]["rows"] or len(columns) > table()["limits"]["columns"]:
        raise ImportProblem(f"this list is too large: {len(objects)} rows, {len(columns)} columns")
    rows = tuple((number, {str(k): _cell(v) for k, v in item.items()}) for number, item in objects)
    read = {number for number, _ in objects}
    return Records(columns, rows, tuple((n, "holds no properties") for n, _ in numbered if n not in read))


def _from_xlsx(body: bytes) -> Records:
    try:
        import openpyxl  # noqa: PLC0415 - an optional dependency, needed for this format only
    except ImportError as error:
        raise ImportProblem("XLSX needs the extra: pip install 'findbar[xlsx]'; or save the list as CSV") from error
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if sum(part.file_size for part in archive.infolist()) > table()["limits"]["unpacked_bytes"]:
                raise ImportProblem("this XLSX file unpacks to more than 200 MiB")
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        return _rows(_sheet(book.worksheets[0]))
    except ImportProblem:
        raise
    except _BROKEN_XLSX as error:
        raise ImportProblem(f"this XLSX file cannot be read: {error}") from error


def _sheet(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    limits = table()["limits"]
    yield from enumerate(sheet.iter_rows(values_only=True, max_col=limits["columns"], max_row=limits["rows"] + 2), 1)
