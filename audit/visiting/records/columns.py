"""Lists with columns: CSV, XLSX, and the properties of GeoJSON that does not come from OpenStreetMap."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import chain, islice
from pathlib import Path
from typing import Any

from audit.visiting.records import Record, Source, Unreadable, degrees, texts

_UNNAMED = re.compile(r"[^0-9a-zäöüß]+")
_FIELD = 1_000_000
_SAMPLE = 8192
_TITLES = 10  # a title, a date and an empty line may stand above the table
_DELIMITERS = ";,\t|"


@cache
def _table() -> dict[str, str]:
    """Plain column name -> tag (or latitude, longitude, id)."""
    table = tomllib.loads(files("audit.visiting.records").joinpath("columns.toml").read_text("utf-8"))
    tags: Mapping[str, list[str]] = table.pop("tags") | table
    return {column: tag for tag, columns in tags.items() for column in columns}


def tagged(row: Mapping[str, str]) -> dict[str, str]:
    """A row with its known columns renamed to tags. A tag that is there already wins over a renamed column."""
    known = _table()
    tags = dict(row)
    for column, value in row.items():
        tag = known.get(_UNNAMED.sub("", column.lower()))
        if tag and tag not in {"latitude", "longitude", "id"} and tag != column and ":" not in column:
            tags.setdefault(tag, value)
            if tags[tag] == value:
                del tags[column]
    return tags


def read_csv(path: Path, source: Source) -> Iterator[Record]:  # noqa: ARG001 - a list does not date itself
    """Every row of a CSV file in UTF-8 or Windows-1252, delimited by comma, semicolon, tab or bar."""
    raw = path.read_bytes()
    if b"\0" in raw[:_SAMPLE]:
        raise Unreadable("not a text, so no CSV")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    csv.field_size_limit(_FIELD)
    try:
        yield from rows(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text[:_SAMPLE])))
    except csv.Error as error:
        raise Unreadable(f"not a table ({error})") from error


def _delimiter(sample: str) -> str:
    """What parts the first line that looks like a row (a title above the table does not)."""
    lines = sample.splitlines()[:_TITLES]
    head = next((line for line in lines if max(map(line.count, _DELIMITERS)) > 1), lines[0] if lines else "")
    return max(_DELIMITERS, key=head.count)


def read_xlsx(path: Path, source: Source) -> Iterator[Record]:  # noqa: ARG001 - a list does not date itself
    """Every row of the first sheet. Needs openpyxl; raises `Unreadable`."""
    try:
        import openpyxl  # noqa: PLC0415 - an optional part, loaded only where such a file is read
    except ImportError as error:
        raise Unreadable("XLSX needs the extra: pip install 'findbar[xlsx]'") from error
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        yield from rows(book.worksheets[0].iter_rows(values_only=True))
    except (OSError, ValueError, KeyError, IndexError, TypeError, EOFError) as error:
        raise Unreadable(f"not a readable workbook ({type(error).__name__})") from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in {"zipfile", "openpyxl", "xml", "zlib"}:
            raise
        raise Unreadable(f"not a readable workbook ({type(error).__name__})") from error


def rows(table: Iterable[Iterable[Any]]) -> Iterator[Record]:
    """Rows under their header as records: the first row with two known columns, else the first that is not empty."""
    filled = ((number, cells) for number, row in enumerate(table) if any(cells := _texts(row)))
    first = list(islice(filled, _TITLES))
    if not first:
        return
    at = next((place for place, (_, cells) in enumerate(first) if _known_columns(cells) > 1), 0)
    head = [cell or f"column {place}" for place, cell in enumerate(first[at][1], 1)]
    for number, cells in chain(first[at + 1 :], filled):
        yield _record(dict(zip(head, cells, strict=False)), number)


def _texts(row: Iterable[Any]) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in row]


def _known_columns(cells: Iterable[str]) -> int:
    return sum(_UNNAMED.sub("", cell.lower()) in _table() for cell in cells)


def _record(row: dict[str, str], number: int) -> Record:
    known = _table()
    special = {"latitude": "", "longitude": "", "id": ""}
    rest = {}
    for column, value in row.items():
        tag = known.get(_UNNAMED.sub("", column.lower()), "")
        if tag in special:
            special[tag] = special[tag] or value
        else:
            rest[column] = value
    lat, lon = degrees(special["latitude"], special["longitude"])
    return {"id": special["id"] or f"row/{number}", "lat": lat, "lon": lon, "tags": tagged(texts(rest))}
