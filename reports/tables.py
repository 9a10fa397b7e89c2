"""Gaps as a table for spreadsheets, CSV and XLSX, in which nothing crawled can act as a formula."""

from __future__ import annotations

import csv
import importlib
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from audit.model import Gap, Result
from reports.shield import safe_url
from reports.texts import Texts
from reports.views import View
from reports.wording import cure, worded

HEADINGS = (
    "gap", "red_flag", "platform", "service", "shown", "stated", "fix", "paste", "edit", "who", "unit", "minutes",
    "points", "target", "open_since", "id",
)  # fmt: skip
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # OWASP CSV injection, read 2026-11-24
CELL = 32_767  # characters that a cell of Excel holds (Microsoft, read 2026-11-24); a longer text would be left out
Value = str | float | int


class NoWriter(RuntimeError):
    """The optional library for XLSX is not installed; the message says how to get it."""


def guarded(text: str) -> str:
    """The text with ``'`` before anything a spreadsheet could take for a formula."""
    return f"'{text}" if text.lstrip(" \xa0").startswith(TRIGGERS) or text.startswith(TRIGGERS) else text


def gap_rows(result: Result, lang: str) -> tuple[list[str], list[list[Value]]]:
    """Headings and one row per gap, in the order of the report. Texts are not yet guarded."""
    texts, view = Texts(lang), View(worded(result, lang))
    return _headings(texts), [_row(gap, view, texts) for gap in view.gaps()]


def gaps_csv(result: Result, lang: str) -> str:
    """CSV (RFC 4180, CRLF, with a byte order mark so that Excel reads UTF-8); write it as UTF-8."""
    headings, rows = gap_rows(result, lang)
    return write_csv(headings, rows)


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """Any table as guarded CSV with a byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([guarded(v) if isinstance(v, str) else v for v in row] for row in rows)
    return "\ufeff" + out.getvalue()


def gaps_xlsx(result: Result, lang: str) -> bytes:
    """An Excel workbook with one sheet, header frozen, filters on. Raises NoWriter without xlsxwriter."""
    headings, rows = gap_rows(result, lang)
    return write_xlsx(Texts(lang).say("gaps"), headings, rows, created=result.finished)


def write_xlsx(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[Value]], *, created: datetime | None = None
) -> bytes:
    """Any table as a workbook in which texts stay texts. Raises NoWriter without xlsxwriter."""
    try:
        xlsxwriter: Any = importlib.import_module("xlsxwriter")
    except ImportError:
        raise NoWriter("XLSX needs the extra 'xlsx': pip install 'findbar[xlsx]'") from None
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        if created:
            book.set_properties({"created": created.replace(tzinfo=None)})
        _fill(book, title, headings, rows)
    return out.getvalue()


def _fill(book: Any, title: str, headings: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    sheet = book.add_worksheet(title[:31])
    bold, wrap = book.add_format({"bold": True, "bottom": 2}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            write = sheet.write_string if isinstance(value, str) else sheet.write_number
            write(line, column, value[:CELL] if isinstance(value, str) else value, wrap)
    sheet.set_column(0, len(headings) - 1, 22)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(rows)), len(headings) - 1)


def _headings(texts: Texts) -> list[str]:
    own = {
        "edit": texts.say("link"),
        "who": texts.say("who", who="").rstrip(" :"),
        "target": texts.say("target", date="").strip(),
        "open_since": texts.say("open_since", days="").strip(),
        "minutes": f"{texts.say('minutes')} (min)",
    }
    return [own.get(key) or texts.say(key) for key in HEADINGS]


def _row(gap: Gap, view: View, texts: Texts) -> list[Value]:
    names, _ = view.subjects(gap, len(gap.subjects))
    return [
        texts.gap(gap.kind).title,
        texts.say("red_flag") if gap.red_flag else "",
        view.platform(gap.platform),
        "; ".join(names),
        gap.shown,
        gap.stated,
        cure(gap, texts),
        gap.paste,
        safe_url(gap.edit_url),
        texts.edited_by(gap.edited_by),
        view.unit(gap.unit) or texts.say("no_unit"),
        gap.minutes,
        round(gap.points, 2),
        gap.target_date.isoformat() if gap.target_date else "",
        gap.first_seen.date().isoformat() if gap.first_seen else "",
        gap.id,
    ]
