"""Writing reports: HTML, JSON, CSV, XLSX and worksheets into files, and the story to the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from audit.model import Changes, Federation, Look, Pace, Past, Result
from reports.branding import Brand
from reports.calendar import gaps_ical
from reports.data import changes_json, dumps, federation_json
from reports.html import render
from reports.printed import of_unit, print_list
from reports.tables import gaps_csv, gaps_xlsx
from reports.terminal import print_changes, print_federation, print_files, print_pace, print_result
from reports.terminal.parts import make_console
from reports.worksheet import worksheet_csv, worksheet_html

STANDARD_OUTPUT = "-"


def deliver(
    results: Sequence[Result], lang: str, output: Path, *, json_file: str | None = None, html_file: Path | None = None,
    since: Callable[[Result], Past | None] = lambda _: None,
    brand: Brand | None = None,
    story: str = "",
    together: Federation | None = None,
) -> None:  # fmt: skip
    """Each result as HTML and JSON in ``output`` (or where named), and its story on the terminal.

    With ``together`` the terminal tells of the federation, and of single organisations only of ``story`` before it.
    ``since`` tells of the runs before, where there were any.

    With several results the names given are folders. With JSON on standard output (one document a
    line if there are several) the story goes to standard error, so that a pipe gets JSON alone.
    """
    console = make_console(to_error=json_file == STANDARD_OUTPUT)
    several = len(results) > 1
    for result in results:
        html = _place(html_file, output, f"{result.organisation}.html", several)
        past = since(result)
        written = [_write(html, render(result, lang, past=past, brand=brand))]
        if json_file == STANDARD_OUTPUT:
            sys.stdout.write((json.dumps(json.loads(dumps(result))) if several else dumps(result)) + "\n")
        else:
            data = _place(Path(json_file) if json_file else None, output, f"{result.organisation}.json", several)
            written.append(_write(data, dumps(result) + "\n"))
        if together is None or story == result.organisation:
            print_result(result, lang, console, files=written, past=past)
    if together is not None:
        written = [] if json_file == STANDARD_OUTPUT else [_write_federation(together, json_file, output)]
        print_federation(together, lang, console)
        print_files(written, lang, console)


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


def _place(named: Path | None, output: Path, name: str, several: bool) -> Path:
    if named is None:
        return output / name
    return named / name if several else named


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
