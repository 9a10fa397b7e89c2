"""A linked list as a table: CSV, XLSX or JSON Lines. Nothing of the list or the data set can act as a formula.

The columns have the same names in every language, so that a script can rely on them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from audit.model import Difference, Linked, LinkedList, Nobodys
from reports.shield import clean, safe_url
from reports.tables import Value, write_csv, write_xlsx
from reports.texts import Texts

COLUMNS = (
    "row", "name", "state", "id", "entry", "url", "probability", "second_id", "second_probability", "differences",
    "lacking", "sign",
)  # fmt: skip
_NOBODYS = "nobody"  # the state of an entry that is no row's


def write_linked(linked: LinkedList, lang: str, path: Path) -> None:
    """Write rows, and after them the entries that are nobody's, in the form that the file's name asks for.

    ``.xlsx`` is a workbook, ``.jsonl`` one JSON object a line, anything else CSV. Raises OSError, NoWriter.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    ending = path.suffix.lower()
    if ending == ".xlsx":
        path.write_bytes(write_xlsx(path.stem, COLUMNS, list(table(linked, lang))))
    else:
        text = linked_jsonl(linked) if ending == ".jsonl" else write_csv(COLUMNS, table(linked, lang))
        path.write_text(text, encoding="utf-8", newline="")


def table(linked: LinkedList, lang: str) -> Iterator[list[Value]]:
    """One line per row of the list, then one per entry that is nobody's (without a row). Not yet guarded."""
    texts = Texts(lang)
    for row in linked.rows:
        yield _row(row, texts)
    for entry in linked.nobodys:
        why = texts.say(f"link_by_{entry.sign}", detail=clean(entry.detail))
        yield ["", "", _NOBODYS, clean(entry.id), clean(entry.entry), safe_url(entry.url), "", "", "", "", "", why]


def _row(row: Linked, texts: Texts) -> list[Value]:
    return [
        row.row,
        clean(row.name),
        row.state,
        clean(row.id),
        clean(row.entry),
        safe_url(row.url),
        round(row.probability, 4) if row.id else "",
        clean(row.second),
        round(row.second_probability, 4) if row.second else "",
        "; ".join(difference_text(difference, texts) for difference in row.differences),
        ", ".join(map(texts.ground, row.lacking)),
        "",
    ]


def difference_text(difference: Difference, texts: Texts) -> str:
    """One difference in words."""
    field = texts.ground(difference.field)
    if not (difference.stated or difference.shown):
        return texts.say("link_withheld", field=field)
    stated, shown = clean(difference.stated) or "–", clean(difference.shown) or "–"
    return texts.say("link_differs", field=field, stated=stated, shown=shown)


def linked_jsonl(linked: LinkedList) -> str:
    """One JSON object a line, fields by their codes; entries that are nobody's have the row null."""
    lines = [_object(row) for row in linked.rows] + [_nobodys(entry) for entry in linked.nobodys]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _object(row: Linked) -> dict[str, Any]:
    made: dict[str, Any] = _cleaned(asdict(row))
    made["url"] = safe_url(row.url)
    made["second_id"] = made.pop("second")
    return made


def _nobodys(entry: Nobodys) -> dict[str, Any]:
    made: dict[str, Any] = _cleaned({"row": None, "state": _NOBODYS} | asdict(entry))
    return made | {"url": safe_url(entry.url)}


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _cleaned(part) for key, part in value.items()}
    return [_cleaned(part) for part in value] if isinstance(value, list | tuple) else value
