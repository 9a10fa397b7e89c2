"""Understand: reports, how a cell was judged, and what changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from commands.choice import PATH, Choice


@click.command()
@click.argument("organisation", default="")
@click.option("--run", default="", help="A run's id (default: the latest).")
@click.option("--html", "html_file", type=PATH, help="Write the HTML report here.")
@click.option("--json", "json_file", help="Write the result as JSON (- for standard output).")
@click.option("--unit", default="", help="CSV, XLSX, iCalendar and list of this unit only.")
@click.option("--csv", "csv_file", type=PATH, help="Write the gaps as CSV.")
@click.option("--xlsx", "xlsx_file", type=PATH, help="Write the gaps as XLSX.")
@click.option("--ical", "ical_file", type=PATH, help="Write the gaps as tasks (iCalendar).")
@click.option("--pdf", "pdf_file", type=PATH, help="Write the report as PDF (needs a browser).")
@click.option("--list", "list_file", type=PATH, help="Write the gaps by unit to print (HTML, or PDF by its ending).")
@click.option("--federation", "together", is_flag=True, help="All organisations of a run together (terminal, JSON).")
@click.option("--site", type=PATH, metavar="FOLDER", help="Write the pages of a whole federation into a folder.")
@click.option("--full", is_flag=True, help="With --site: also the full report of each organisation.")
@click.option("--serve", is_flag=True, help="Show the latest reports in the browser, to this machine alone.")
@click.option("--port", type=click.IntRange(0, 65535), default=8764, show_default=True, help="Where (with --serve).")
@click.pass_obj
def report(
    choice: Choice, /, organisation: str, run: str, unit: str, together: bool, serve: bool, port: int,
    site: Path | None, full: bool, **files: Any,
) -> None:  # fmt: skip
    """Show a stored result; write HTML, PDF, JSON, CSV, XLSX or iCalendar."""
    if serve:
        _serve_reports(choice, port)
        return
    if site:
        click.echo(_write_site(choice, site, run, full))
        return
    from functools import partial

    from audit.changing import since_the_run_before
    from audit.looking import result_for_unit
    from audit.visiting.printing import pdf_of
    from reports.delivery import write_federation, write_report

    folder = choice.folder
    if together:
        from audit.federating import the_federation
        from audit.organisation.catalogue import load_catalogue

        whole = the_federation(folder.database, load_catalogue(), run, files=folder.organisations)
        write_federation(whole, choice.lang, files["json_file"])
        return
    since = since_the_run_before(folder.database, choice.workshop(folder))
    printer = partial(pdf_of, chromium=folder.settings.chromium)
    result = result_for_unit(folder.database, organisation, unit, run)
    write_report(result, choice.lang, unit=unit, since=since, printer=printer, brand=choice.brand(folder), **files)


def _write_site(choice: Choice, into: Path, run: str, full: bool) -> Path:
    from audit.advancing import advancing
    from audit.federating import the_federation, words_of_today
    from audit.organisation.catalogue import load_catalogue
    from reports.site.writing import SiteFolder

    folder, catalogue = choice.folder, load_catalogue()
    word = words_of_today(folder.organisations, catalogue)
    with advancing(folder.database, word) as past:
        site = SiteFolder(
            into, choice.lang, brand=choice.brand(folder), full=full, field_of=catalogue.field_of, since=past.pace,
            advances=past.advances,
        )  # fmt: skip
        return site.finish(the_federation(folder.database, catalogue, run, each=site.take, word=word))


def _serve_reports(choice: Choice, port: int) -> None:
    from functools import partial

    from audit.changing import since_the_run_before
    from audit.looking import latest_results, stored_result
    from audit.showing import serve_forever
    from reports.contents import page_maker

    folder = choice.folder
    latest = partial(latest_results, folder.database)
    since, result = (
        since_the_run_before(folder.database, choice.workshop(folder)),
        partial(stored_result, folder.database),
    )
    latest()  # without a database there is nothing to serve
    serve_forever(page_maker(latest, result, choice.lang, since=since, brand=choice.brand(folder)), port, choice.say)


@click.command()
@click.argument("cell")
@click.option("--run", default="", help="A run's id (default: the latest).")
@click.pass_obj
def explain(choice: Choice, cell: str, run: str) -> None:
    """Show how a CELL (organisation/service@place/platform) was judged."""
    from audit.looking import explanation
    from reports.delivery import write_pictures
    from reports.terminal import print_explain

    folder = choice.folder
    found = explanation(folder.database, cell, run)
    pictures = write_pictures(found.looks, folder.output)
    print_explain(found.result, found.cell, choice.lang, choice.console, found.looks, pictures)


@click.command()
@click.argument("before", default="", required=False)
@click.argument("after", default="", required=False)
@click.option("--organisation", default="", help="Whose (default: the one audited last).")
@click.option("--json", "json_file", help="Write the changes as JSON (- for standard output).")
@click.option("--pace", "speed", is_flag=True, help="How fast: gaps by month and unit, and the targets.")
@click.pass_obj
def changes(
    choice: Choice, before: str, after: str, organisation: str, json_file: str | None, speed: bool
) -> None:  # fmt: skip
    """What changed between two runs, whose change it was, and how fast."""
    from audit.changing import changed
    from audit.pacing import pace
    from reports.delivery import write_changes

    folder = choice.folder
    if speed:
        write_changes(*pace(folder.database, organisation), choice.lang, json_file)
        return
    result, found = changed(folder.database, choice.workshop(folder), organisation, before, after)
    write_changes(result, found, choice.lang, json_file)
