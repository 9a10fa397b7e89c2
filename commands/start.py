"""Start: a demonstration, and a first draft of one's own files."""

from __future__ import annotations

from pathlib import Path

import click

from commands.choice import PATH, Choice
from commands.look import carry_out, hand_out


@click.command()
@click.option("--into", type=PATH, default=Path("findbar-demo"), help="Working folder to write.")
@click.option("--serve", is_flag=True, help="Serve the demonstration's little web on loopback.")
@click.option("--port", type=int, default=8765, show_default=True)
@click.option("--latency", type=float, default=0.0, help="Seconds before each answer (with --serve).")
@click.option("--fault", default="", help="A fault in every answer (with --serve): 429, 503, reset ...")
@click.pass_obj
def demo(choice: Choice, into: Path, serve: bool, port: int, latency: float, fault: str) -> None:
    """Audit a demonstration association; needs nothing."""
    if not serve:
        choice.begin(None)
    import platforms
    from audit.demonstration import count_enquiries, prepare, serve_forever, workshop

    folder = prepare(into, federation=True)
    if serve:
        serve_forever(folder, port, latency, fault, choice.say)
        return
    shop = workshop(folder, platforms)
    count_enquiries(folder, shop)
    results, _ = carry_out(choice, shop, folder, folder.organisations, {}, None)
    hand_out(choice, shop, folder, results, None, None, results[0].organisation)
    from reports.terminal import print_next

    print_next(results[0], choice.lang, choice.console, folder=folder.root, database=folder.database)


@click.command()
@click.argument("source")
@click.option("--into", type=PATH, default=None, help="Folder for the organisation files.")
@click.option("--website", default="", help="The website, when drafting from a list.")
@click.option("--organisation", default="", help="Whose list it is, where it names no carrier.")
@click.option("--kind", default="", help="The kind of service, where the list does not tell.")
@click.option("--city", default="", help="The town, where no column names it.")
@click.option("--only", default="", help="Only rows that hold this text.")
@click.option("--column", "columns", multiple=True, metavar="FIELD=COLUMN", help="Where a field stands (repeatable).")
@click.pass_obj
def init(choice: Choice, /, source: str, into: Path | None, columns: tuple[str, ...], **stated: str) -> None:
    """Draft organisation files from a URL, or a list: CSV, XLSX, GeoJSON, JSON, XML, HSDS."""
    from audit.drafting import draft, stated_of, write

    folder = choice.folder
    drafted = draft(source, choice.workshop(folder), stated_of(columns, **stated))
    written = write(drafted, into or folder.organisations)
    from reports.terminal import print_draft

    print_draft(drafted, written, choice.lang, choice.console)
