"""Rows of CSV, JSON Lines and JSON, with the names of columns that exports use; odd rows are counted, never raised."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from audit.sources.gathered import SourceProblemError

Row = dict[str, str]
_LONGEST = 4_000  # characters of a value


@cache
def names() -> dict[str, dict[str, list[str]]]:
    """The table of columns and words (columns.toml)."""
    with Path(__file__).with_name("columns.toml").open("rb") as file:
        return tomllib.load(file)


def word(group: str, text: str) -> str:
    """The closed word that a value means, "" where the table does not know it."""
    folded = " ".join(text.casefold().split())
    return next((key for key, known in names()[group].items() if folded in known), "")


def csv_rows(text: str, group: str, needed: tuple[str, ...], skipped: Counter[str]) -> Iterator[Row]:
    """The rows of a CSV by our names. Raises `SourceProblemError` where a needed column is missing."""
    reader = _reader(text)
    columns = _columns(next(_safe(reader, skipped), []), group)
    if lacking := [name for name in needed if name not in columns]:
        known = "; ".join(f"{name}: {', '.join(names()[group][name])}" for name in lacking)
        raise SourceProblemError(f"The first line names no column for {', '.join(lacking)}. It may be called {known}.")
    for cells in _safe(reader, skipped):
        if any(cell.strip() for cell in cells):
            yield {name: cells[at].strip()[:_LONGEST] if at < len(cells) else "" for name, at in columns.items()}


def columns_of(text: str, group: str) -> dict[str, int]:
    """The columns of a CSV by our names, from its head line."""
    return _columns(next(_safe(_reader(text), Counter()), []), group)


def _reader(text: str) -> Any:
    text = text.removeprefix("\ufeff")
    if text[:4].casefold() == "sep=":
        text = text.partition("\n")[2]
    head = text.split("\n", 1)[0]
    return csv.reader(io.StringIO(text), delimiter=max(";,\t", key=head.count))


def _safe(reader: Any, skipped: Counter[str]) -> Iterator[list[str]]:
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            skipped["broken"] += 1


def _columns(head: list[str], group: str) -> dict[str, int]:
    folded = ["_".join(name.casefold().split()) for name in head]
    found = {}
    for name, known in names()[group].items():
        places = [folded.index(one) for one in known if one in folded]
        if places:
            found[name] = places[0]
    return found


def json_lines(text: str, group: str, skipped: Counter[str]) -> Iterator[Row]:
    """The objects of JSON Lines by our names."""
    for line in text.splitlines():
        if line.strip():
            value = parsed(line)
            if isinstance(value, dict):
                yield _named(value, group)
            else:
                skipped["broken"] += 1


def parsed(text: str) -> Any:
    """The value of a JSON text, None where it is none (or nested beyond reason)."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _named(value: Mapping[str, Any], group: str) -> Row:
    folded = {"_".join(str(key).casefold().split()): one for key, one in value.items()}
    found = {}
    for name, known in names()[group].items():
        told = next((folded[one] for one in known if folded.get(one) is not None), "")
        found[name] = str(told).strip()[:_LONGEST] if isinstance(told, str | int | float) else ""
    return found
