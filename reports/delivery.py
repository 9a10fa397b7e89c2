"""Writing reports: HTML, JSON, CSV, XLSX and worksheets into files, and the story to the terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from audit.model import Changes, Federation, Look, Pace, Past, Result
from reports.branding import Brand
from reports.calendar import gaps_ical
from reports.data import changes_json, dumps, federation_json
from reports.html import render
from reports.printed import of_unit, print_list
from reports.tables import gaps_csv, gaps_xlsx
from reports.terminal import (
    print_changes,
    print_federation,
    print_files,
    print_pace,
    print_reports_written,
    print_result,
)
from reports.terminal.parts import make_console
from reports.worksheet import worksheet_csv, worksheet_html

STANDARD_OUTPUT = "-"
_FEW = 50  # organisations: so many reports are written every time, whether anything changed or not


@dataclass(kw_only=True)
class Delivery:
    """Takes in the results of one run, one by one; each is written and told as it comes, and none is kept.

    Its HTML and JSON go into ``output`` (or where named), its story to the terminal. ``since`` tells of the runs
    before, where there were any. With several results (``number``) the names given are folders, and the terminal tells
    of the federation, of single organisations only of ``story``. Of very many only those are written that are
    ``another`` than when their report was written, have none yet, or are asked for by the name of a folder. A report
    bears the time of its result.

    With JSON on standard output (one document a line if there are several) the story goes to standard error, so that
    a pipe gets JSON alone.
    """

    lang: str
    output: Path
    number: int
    json_file: str | None = None
    html_file: Path | None = None
    since: Callable[[Result], Past | None] = lambda _: None
    another: Callable[[Result, datetime], bool] = lambda _, __: True
    brand: Brand | None = None
    story: str = ""
    written: int = field(default=0, init=False)  # organisations of which something was

    @property
    def _piped(self) -> bool:
        return self.json_file == STANDARD_OUTPUT

    def take(self, result: Result) -> None:
        """One more organisation."""
        past = cache(partial(self.since, result))
        written = [*self._html(result, past), *self._json(result)]
        self.written += bool(written)
        if self.number == 1 or self.story == result.organisation:
            print_result(result, self.lang, make_console(to_error=self._piped), files=written, past=past())

    def _html(self, result: Result, past: Callable[[], Past | None]) -> Iterator[str]:
        place = self._place(self.html_file, f"{result.organisation}.html")
        if self.html_file or self._is_due(result, place):
            yield self._dated(result, place, render(result, self.lang, past=past(), brand=self.brand))

    def _json(self, result: Result) -> Iterator[str]:
        if self._piped:
            several = self.number > 1
            sys.stdout.write((json.dumps(json.loads(dumps(result))) if several else dumps(result)) + "\n")
            return
        place = self._place(Path(self.json_file) if self.json_file else None, f"{result.organisation}.json")
        if self.json_file or self._is_due(result, place):
            yield self._dated(result, place, dumps(result) + "\n")

    def _is_due(self, result: Result, place: Path) -> bool:
        if self.number <= _FEW or not place.exists():
            return True
        return self.another(result, datetime.fromtimestamp(place.stat().st_mtime, UTC))

    @staticmethod
    def _dated(result: Result, place: Path, text: str) -> str:
        written, at = _write(place, text), result.finished.timestamp()
        os.utime(place, (at, at))
        return written

    def _place(self, named: Path | None, name: str) -> Path:
        if named is None:
            return self.output / name
        return named / name if self.number > 1 else named

    def end(self, together: Federation | None) -> None:
        """What they are together, where they are several."""
        if together is None:
            return
        console = make_console(to_error=self._piped)
        print_federation(together, self.lang, console)
        files = [] if self._piped else [_write_federation(together, self.json_file, self.output)]
        print_files(files, self.lang, console)
        if self.number > _FEW:
            print_reports_written(self.written, self.number, self.output, self.lang, console)


def write_federation(federation: Federation, lang: str, json_file: str | None) -> None:
    """A federation on the terminal, and as JSON where asked (-: JSON alone)."""
    if json_file == STANDARD_OUTPUT:
        sys.stdout.write(federation_json(federation) + "\n")
        return
    console = make_console()
    print_federation(federation, lang, console)
    if json_file:
        print_files([_write(Path(json_file), federation_json(federation) + "\n")], lang, console)


def _write_federation(federation: Federation, json_file: str | None, output: Path) -> str:
    folder = Path(json_file) if json_file else output
    return _write(folder / "federation.json", federation_json(federation) + "\n")


def write_report(
    result: Result,
    lang: str,
    *,
    html_file: Path | None = None,
    json_file: str | None = None,
    csv_file: Path | None = None,
    xlsx_file: Path | None = None,
    since: Callable[[Result], Past | None] = lambda _: None,
    ical_file: Path | None = None,
    pdf_file: Path | None = None,
    list_file: Path | None = None,
    printer: Callable[[str], bytes] | None = None,
    brand: Brand | None = None,
    unit: str = "",
) -> None:
    """A stored result in the forms asked for; without any, the story on the terminal.

    ``printer`` makes a PDF of a page; it is needed for ``pdf_file`` and for a ``list_file`` that ends in .pdf. Of a
    ``unit`` (by its id) the lists show its own gaps only: CSV, XLSX, iCalendar, and the list to print.
    """
    console = make_console(to_error=json_file == STANDARD_OUTPUT)
    written = []
    past = since(result)
    page = render(result, lang, past=past, brand=brand) if html_file or pdf_file else ""
    if html_file:
        written.append(_write(html_file, page))
    if json_file == STANDARD_OUTPUT:
        sys.stdout.write(dumps(result) + "\n")
    elif json_file:
        written.append(_write(Path(json_file), dumps(result) + "\n"))
    mine = of_unit(result, unit)
    if csv_file:
        written.append(_write(csv_file, gaps_csv(mine, lang)))
    if ical_file:
        written.append(_write(ical_file, gaps_ical(mine, lang)))
    if xlsx_file:
        written.append(_write_bytes(xlsx_file, gaps_xlsx(mine, lang)))
    if list_file:
        to_print = print_list(mine, lang)
        if printer and list_file.suffix.lower() == ".pdf":
            written.append(_write_bytes(list_file, printer(to_print)))
        else:
            written.append(_write(list_file, to_print))
    if pdf_file and printer:
        written.append(_write_bytes(pdf_file, printer(page)))
    print_result(result, lang, console, files=written, past=past)


def write_changes(result: Result, changes: Changes | Pace, lang: str, json_file: str | None) -> None:
    """What changed up to ``result``, or how fast: on the terminal, and as JSON where asked (-: JSON alone)."""
    if json_file == STANDARD_OUTPUT:
        sys.stdout.write(changes_json(changes) + "\n")
        return
    console = make_console()
    if isinstance(changes, Pace):
        print_pace(result, changes, lang, console)
    else:
        print_changes(result, changes, lang, console)
    if json_file:
        console.print(_write(Path(json_file), changes_json(changes) + "\n"), soft_wrap=True, markup=False)


def write_pictures(looks: Iterable[object], output: Path) -> dict[str, str]:
    """The pictures of looks (objects with ``id`` and ``picture``) as files in ``output``: where each lies, by id."""
    written = {}
    for look in looks:
        id_, picture = str(getattr(look, "id", "")), getattr(look, "picture", b"")
        if picture:
            path = output / f"{id_}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(picture)
            written[id_] = str(path)
    return written


def write_worksheet(looks: Iterable[Look], lang: str, path: Path | None, say: Callable[[str], None]) -> None:
    """The list of looks a person can do, as CSV or (by the file's ending) as a page to print."""
    rows = list(looks)
    if path is None:
        say(worksheet_csv(rows, lang).rstrip("\n"))
        return
    page = path.suffix.lower() in (".html", ".htm")
    say(f"{len(rows)} → {_write(path, worksheet_html(rows, lang) if page else worksheet_csv(rows, lang))}")


def _write_bytes(path: Path, data: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)


def _write(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return str(path)
