"""Tables of cells as records: CSV and XLSX, with titles above the header, several sheets, repeated headers."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any

from audit.organisation.folding import clean, fold
from audit.organisation.records import BROKEN_ARCHIVE, ImportProblem, Records, table

Numbered = tuple[int, list[str]]
_LOOKED_AT = 40  # rows among which the header is looked for
_REFERENCE = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,5});")
_MARKUP = re.compile(r"</?(?:p|br|b|i|em|strong|ul|ol|li|div|span|a|h\d)\b[^<>]{0,500}>", re.IGNORECASE)
_BROKEN = (*BROKEN_ARCHIVE, zlib.error, ValueError)


def from_csv(text: str) -> tuple[Records, ...]:
    """One table. Raises ImportProblem."""
    csv.field_size_limit(131_072)  # the default; it is global in the csv module, and others may have changed it
    first, _, rest = text.partition("\n")
    stated = re.fullmatch(r"(?i)sep=(.)\s*", first)  # Excel's own line about the delimiter
    above = 1 if stated else 0
    delimiter = stated[1] if stated else _delimiter(text)
    reader = csv.reader(io.StringIO(rest if stated else text, newline=""), delimiter=delimiter)
    try:
        return (of_cells((reader.line_num + above, cells) for cells in reader),)
    except csv.Error as error:
        raise ImportProblem(f"this is no CSV: line {reader.line_num + above}: {error}") from error


def _delimiter(text: str) -> str:
    """The delimiter that cuts most lines into the same number of fields, at least two."""
    lines = [line for line in islice(io.StringIO(text), _LOOKED_AT) if line.strip()]
    worth: dict[str, tuple[float, int]] = {}
    for mark in ";\t,|":
        counts = [_outside_quotes(line).count(mark) for line in lines]
        usual = max(set(counts) - {0}, key=lambda n: (counts.count(n), n), default=0)
        if usual:
            worth[mark] = (counts.count(usual) * (1 + min(usual, 3)), usual)
    if not worth:
        raise ImportProblem("this is no table: no line holds a comma, semicolon, tab or bar")
    return max(worth, key=lambda mark: worth[mark])


def _outside_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def of_cells(numbered: Iterable[tuple[int, Sequence[Any]]], name: str = "") -> Records:
    """Records from rows of cells; the header is the row that holds the most known header words."""
    rows = ((number, [cell(value) for value in raw]) for number, raw in numbered)
    filled = ((number, cells) for number, cells in rows if any(cells))
    looked_at = list(islice(filled, _LOOKED_AT))
    at = _header_row(looked_at)
    if at is None:
        raise ImportProblem("this is no table: no row has two filled cells")
    above = [number for number, _ in looked_at[:at]]
    columns = _header(looked_at[at][1])
    notes = (f"above the header: rows {above[0]} to {above[-1]}, passed over",) if above else ()
    body = _body(columns, _chained(looked_at[at + 1 :], filled))
    return Records(columns, *body, name=name, notes=notes)


def _chained(first: list[Numbered], then: Iterator[Numbered]) -> Iterator[Numbered]:
    yield from first
    yield from then


def _body(
    columns: tuple[str, ...], numbered: Iterable[Numbered]
) -> tuple[tuple[tuple[int, dict[str, str]], ...], tuple[tuple[int, str], ...]]:
    rows: list[tuple[int, dict[str, str]]] = []
    refused: list[tuple[int, str]] = []
    most = table()["limits"]["rows"]
    for number, cells in numbered:
        if any(cells[len(columns) :]):
            refused.append((number, f"has {len(cells)} fields, the header has {len(columns)}"))
        elif tuple(cells[: len(columns)]) == columns:
            refused.append((number, "repeats the header"))
        elif _is_total(cells):
            refused.append((number, f"is no entry but a note: {next(filter(None, cells))[:60]!r}"))
        else:
            rows.append((number, dict(zip(columns, cells, strict=False))))
        if len(rows) > most:
            raise ImportProblem(f"this list has more than {most} rows")
    return tuple(rows), tuple(refused)


def _is_total(cells: Sequence[str]) -> bool:
    filled = [one for one in cells if one]
    words = table()["totals"]
    return len(filled) <= words["most_cells"] and fold(filled[0]).partition(" ")[0] in words["words"]


def _header_row(rows: Sequence[Numbered]) -> int | None:
    """The place of the header: the row with the most known words, else the first with two filled cells."""
    candidates = [at for at, (_, cells) in enumerate(rows) if sum(map(bool, cells)) > 1]
    if not candidates:
        return None
    known = {at: sum(fold(one) in header_words() for one in rows[at][1][:500]) for at in candidates}
    best = max(candidates, key=lambda at: (known[at], -at))
    return best if known[best] > 1 else candidates[0]


@cache
def header_words() -> frozenset[str]:
    """All words by which a column is known, folded."""
    return frozenset(fold(word) for words in table()["headers"].values() for word in words)


def _header(cells: Sequence[str]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > table()["limits"]["columns"]:
        raise ImportProblem(f"this table has {len(cells)} columns")
    names: list[str] = []
    for position, one in enumerate(cells, start=1):
        name = one or f"column {position}"
        names.append(name if name not in names else f"{name} ({position})")
    return tuple(names)


def cell(value: object) -> str:
    """A cell as text: nothing for None, no ".0" behind whole numbers, line breaks as " / ", "&uuml;" as ü, no tags."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    if "\n" in text or "\r" in text:
        text = " / ".join(line.strip() for line in re.split(r"[\r\n]+", text) if line.strip())
    if "&" in text and _REFERENCE.search(text):
        text = html.unescape(text)
    if "<" in text and ">" in text:
        text = _MARKUP.sub(" ", text)
    return clean(text)


def from_xlsx(body: bytes) -> tuple[Records, ...]:
    """Every sheet that holds a table. Raises ImportProblem."""
    try:
        import openpyxl  # noqa: PLC0415 - an optional dependency, needed for this format only
    except ImportError as error:
        raise ImportProblem("XLSX needs the extra: pip install 'findbar[xlsx]'; or save the list as CSV") from error
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if sum(part.file_size for part in archive.infolist()) > table()["limits"]["unpacked_bytes"]:
                raise ImportProblem("this XLSX file unpacks to more than 200 MiB")
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        return _with_tables([_read_sheet(sheet) for sheet in book.worksheets])
    except ImportProblem:
        raise
    except _BROKEN as error:
        raise ImportProblem(f"this XLSX file cannot be read: {error}") from error


def _read_sheet(sheet: Any) -> Records:
    limits = table()["limits"]
    rows = sheet.iter_rows(values_only=True, max_col=limits["columns"], max_row=limits["rows"] + 2)
    name = clean(str(sheet.title))[:60]
    try:
        return of_cells(enumerate(rows, 1), name)
    except ImportProblem as problem:
        return Records(name=name, notes=(str(problem),))


def _with_tables(sheets: Sequence[Records]) -> tuple[Records, ...]:
    """The sheets; a book without any table is a problem. One sheet needs no name."""
    tables = [sheet for sheet in sheets if sheet.columns]
    if not tables:
        raise ImportProblem(sheets[0].notes[0] if sheets else "this XLSX file has no sheet")
    return tuple(sheets)
