"""The command line: arguments, wiring and exit codes; no logic.

Everything heavy is imported inside the commands: ``findbar --help`` answers at once.
Exit codes: 0 complete, 1 gaps (when asked to fail on them), 2 wrong use or input, 3 coverage below
what was asked, 130 interrupted with everything gathered kept.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Console

    from audit.auditing import Workshop
    from audit.model import Result
    from audit.notifying.telling import Compose
    from audit.notifying.watching import Watch
    from audit.organisation.file import Read
    from audit.running import Progress
    from audit.working import WorkingFolder
    from reports.branding import Brand

GAPS, WRONG, COVERAGE, INTERRUPTED = 1, 2, 3, 130


@dataclass
class Choice:
    """What the options before the command say."""

    config: Path | None
    database: Path | None
    lang: str

    @property
    def folder(self) -> WorkingFolder:
        """The working folder, opened."""
        from audit.working import open_folder

        return open_folder(Path.cwd(), self.config, self.database)

    def workshop(self, folder: WorkingFolder, cluster: str = "") -> Workshop:
        """Everything an audit is made with; ``cluster`` is where it opens browsers, if not here."""
        import platforms
        from audit.working import workshop_for

        return replace(workshop_for(folder, platforms), cluster=cluster)

    @property
    def console(self) -> Console:
        """The terminal."""
        from reports.terminal.parts import make_console

        return make_console()

    def begin(self, json_file: str | None) -> None:
        """Say that an audit begins."""
        from reports.terminal.parts import begin

        begin(self.beside(json_file), self.lang)

    def beside(self, json_file: str | None) -> Console:
        """The terminal, or standard error where standard output is for JSON alone."""
        from reports.terminal.parts import make_console

        return make_console(to_error=json_file == "-")


class Findbar(click.Group):
    """The group of all commands: problems of people end in a sentence and an exit code, not in a traceback."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Not listed: whoever reads the help has found it, and all commands fit on one screen."""
        option = super().get_help_option(ctx)
        if option:
            option.hidden = True
        return option

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command and explain what people can mend."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("Interrupted. Everything gathered is kept: the same command goes on.", err=True)
            ctx.exit(INTERRUPTED)
        except (ValueError, RuntimeError, OSError) as problem:
            if not _for_people(problem):
                raise
            click.echo(f"findbar: {problem}", err=True)
            ctx.exit(WRONG)


def _for_people(problem: Exception) -> bool:
    """Whether an exception carries a message written for the user: ours do, and those of the file system."""
    ours = type(problem).__module__.split(".")[0] in {"audit", "reports", "cli"}
    return ours or isinstance(problem, OSError)


_PATH = click.Path(path_type=Path)
_SOURCES = ["csv", "jsonl", "calls", "zammad", "freescout", "zendesk", "otrs", "mbox", "maildir", "imap"]
_SYSTEMS = ["gitlab", "github", "openproject", "redmine"]
_LANG = click.Choice(["de", "en"])


def _version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from audit.manifest import findbar_version

        click.echo(f"findbar {findbar_version()}")
        ctx.exit()


@click.group(cls=Findbar, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.option("--config", type=_PATH, help="A findbar.toml (default: found upwards).")
@click.option("--db", "database", type=_PATH, help="The database (default: findbar.db).")
@click.option("--lang", type=_LANG, default="de", envvar="FINDBAR_LANG", help="Language of what is shown.")
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.",
    hidden=True,  # every program has it; all commands fit on one screen
)  # fmt: skip
@click.pass_context
def main(ctx: click.Context, config: Path | None, database: Path | None, lang: str) -> None:
    """Are all key services findable, and answered promptly? Start: findbar demo"""
    ctx.obj = Choice(config, database, lang)


@main.command()
@click.option("--into", type=_PATH, default=Path("findbar-demo"), help="Working folder to write.")
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
        serve_forever(folder, port, latency, fault, click.echo)
        return
    shop = workshop(folder, platforms)
    count_enquiries(folder, shop)
    results, _ = _audit(choice, shop, folder, folder.organisations, {}, None)
    _deliver(choice, shop, folder, results, None, None, results[0].organisation)
    from reports.terminal import print_next

    print_next(results[0], choice.lang, choice.console, folder=folder.root, database=folder.database)


@main.command()
@click.argument("source")
@click.option("--into", type=_PATH, default=None, help="Folder for the organisation files.")
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


def _scope_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--offline", is_flag=True, help="Only local data sets; no request is made."),
        click.option("--location", "locations", multiple=True, help="Only this location (repeatable)."),
        click.option("--service", "services", multiple=True, help="Only this service (repeatable)."),
        click.option("--platform", "platforms", multiple=True, help="Only this platform (repeatable)."),
        click.argument("target", type=_PATH, required=False),
    ):
        command = option(command)
    return command


@main.command()
@_scope_options
@click.option("--hours", type=click.FloatRange(0.1, 24), default=8.0, show_default=True, help="How long a night is.")
@click.pass_obj
def plan(choice: Choice, /, target: Path | None, hours: float, **scope: Any) -> None:
    """Validate, and show visits, pace and time; makes no request."""
    from audit.nights import nights
    from audit.organisation.file import read_all
    from audit.visiting.planning import forecast
    from audit.working import request_for
    from reports.terminal import print_nights, print_plan

    folder = choice.folder
    shop = choice.workshop(folder)
    read = read_all(target or folder.organisations, shop.catalogue)
    plans = shop.plan(request_for(read.organisations, shop.registry, **scope)).plans()
    print_plan(shop.overview(plans), map(str, read.warnings), choice.lang, choice.console)
    print_nights(nights(forecast(plans, folder.settings.pace), hours), choice.lang, choice.console)
    _end_where_left_out(choice, read)


@main.command()
@_scope_options
@click.option("--json", "json_file", help="Write the result as JSON (- for standard output).")
@click.option("--html", "html_file", type=_PATH, help="Write the report here.")
@click.option("--scheduled", is_flag=True, help="A regular run: the slower paces platforms ask for.")
@click.option("--until", metavar="HH:MM", help="Visit nothing after this time of day; the rest comes next time.")
@click.option("--fresh", is_flag=True, help="Ask for everything anew, whatever servers say is unchanged.")
@click.option(
    "--pictures", is_flag=True, help="Also keep a picture of each page of the own website that shows a service."
)
@click.option("--cluster", default="", metavar="HOST:PORT", help="Open browsers on the machines of this Ray cluster.")
@click.option("--log-json", "log", type=_PATH, help="Append a log of the run to this file (JSON Lines).")
@click.option("--min-coverage", type=click.FloatRange(0, 1), help="Exit 3 when less was checked (0 to 1).")
@click.option("--fail-on-gaps", is_flag=True, help="Exit 1 when there are gaps.")
@click.pass_obj
def audit(
    choice: Choice, /, target: Path | None, json_file: str | None, html_file: Path | None,
    min_coverage: float | None, fail_on_gaps: bool, until: str | None, log: Path | None, cluster: str, **scope: Any,
) -> None:  # fmt: skip
    """Audit organisations (a FILE or FOLDER); goes on where it stopped."""
    from audit.clock import SystemClock
    from audit.nights import minutes_until
    from audit.notifying.watching import watch_of

    minutes = minutes_until(until, SystemClock().now()) if until else None
    choice.begin(json_file)
    folder = choice.folder
    scope["run_minutes"] = minutes
    shop = choice.workshop(folder, cluster)
    with watch_of(folder.settings.run, shop.clock, shop.environment, scheduled=scope["scheduled"], log=log) as watch:
        results, read = _audit(choice, shop, folder, target or folder.organisations, scope, json_file, watch)
        _deliver(choice, shop, folder, results, json_file, html_file)
        line = _end(choice, shop, folder, results, watch, told=scope["scheduled"])
    for warning in (*read.warnings, *watch.problems):
        click.echo(warning, err=True)
    if scope["scheduled"]:
        click.echo(line, err=json_file == "-")
    _end_where_left_out(choice, read)
    if min_coverage is not None and any(result.score.coverage < min_coverage for result in results):
        sys.exit(COVERAGE)
    if fail_on_gaps and any(result.gaps for result in results):
        sys.exit(GAPS)


def _end(
    choice: Choice, shop: Workshop, folder: WorkingFolder, results: list[Result], watch: Watch, *, told: bool
) -> str:
    from audit.notifying.telling import tell
    from reports.summary import summary

    wanted = told and folder.settings.notify
    telling = watch.tell(lambda: tell(folder, shop, _compose(folder))) if wanted else None
    return summary(watch.done(results, folder.database, telling), telling, choice.lang)


def _compose(folder: WorkingFolder) -> Compose:
    from functools import partial

    from audit.notifying.telling import notify_settings
    from reports.digest import digest

    settings = notify_settings(folder)
    return partial(digest, lang=settings.lang, todo=settings.next)


def _audit(
    choice: Choice, shop: Workshop, folder: WorkingFolder, target: Path, scope: dict[str, Any], json_file: str | None,
    watch: Callable[[Progress], None] = lambda _: None,
) -> tuple[list[Result], Read]:  # fmt: skip
    from audit.auditing import run_audit
    from audit.notifying.watching import both
    from audit.organisation.file import read_all
    from audit.working import request_for
    from reports.terminal import LiveView

    read = read_all(target, shop.catalogue)
    request = request_for(read.organisations, shop.registry, **scope)
    names = {id_: platform.name for id_, platform in shop.registry.platforms.items()}
    with LiveView(choice.lang, choice.beside(json_file), names) as view:
        return run_audit(shop, request, folder.database, both(view, watch)), read


def _end_where_left_out(choice: Choice, read: Read) -> None:
    """The good organisations are done; the broken files are named last, and the exit code says so."""
    if read.problems:
        from reports.terminal import print_left_out_files

        print_left_out_files(read.problems, len(read.organisations), choice.lang, choice.beside("-"))
        sys.exit(WRONG)


def _deliver(
    choice: Choice, shop: Workshop, folder: WorkingFolder, results: list[Result],
    json_file: str | None, html_file: Path | None, story: str = "",
) -> None:  # fmt: skip
    from audit.changing import since_the_run_before
    from audit.federating import federation
    from reports.delivery import deliver

    deliver(
        results, choice.lang, folder.output, json_file=json_file, html_file=html_file,
        since=since_the_run_before(folder.database, shop), brand=_brand(folder), story=story,
        together=federation(folder.database, shop.catalogue, results[0].run),
    )  # fmt: skip


def _brand(folder: WorkingFolder) -> Brand:
    from reports.branding import make_brand

    return make_brand(**folder.settings.report.model_dump())


@main.command()
@click.argument("organisation", default="")
@click.option("--run", default="", help="A run's id (default: the latest).")
@click.option("--html", "html_file", type=_PATH, help="Write the HTML report here.")
@click.option("--json", "json_file", help="Write the result as JSON (- for standard output).")
@click.option("--unit", default="", help="CSV, XLSX, iCalendar and list of this unit only.")
@click.option("--csv", "csv_file", type=_PATH, help="Write the gaps as CSV.")
@click.option("--xlsx", "xlsx_file", type=_PATH, help="Write the gaps as XLSX.")
@click.option("--ical", "ical_file", type=_PATH, help="Write the gaps as tasks (iCalendar).")
@click.option("--pdf", "pdf_file", type=_PATH, help="Write the report as PDF (needs a browser).")
@click.option("--list", "list_file", type=_PATH, help="Write the gaps by unit to print (HTML, or PDF by its ending).")
@click.option("--federation", "together", is_flag=True, help="All organisations of a run together (terminal, JSON).")
@click.option("--site", type=_PATH, metavar="FOLDER", help="Write the pages of a whole federation into a folder.")
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

        write_federation(the_federation(folder.database, load_catalogue(), run), choice.lang, files["json_file"])
        return
    since = since_the_run_before(folder.database, choice.workshop(folder))
    printer = partial(pdf_of, chromium=folder.settings.chromium)
    result = result_for_unit(folder.database, organisation, unit, run)
    write_report(result, choice.lang, unit=unit, since=since, printer=printer, brand=_brand(folder), **files)


def _write_site(choice: Choice, into: Path, run: str, full: bool) -> Path:
    from audit.federating import the_federation
    from audit.organisation.catalogue import load_catalogue
    from reports.site.writing import SiteFolder

    folder, catalogue = choice.folder, load_catalogue()
    site = SiteFolder(into, choice.lang, brand=_brand(folder), full=full, field_of=catalogue.field_of)
    return site.finish(the_federation(folder.database, catalogue, run, each=site.take))


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
    serve_forever(page_maker(latest, result, choice.lang, since=since, brand=_brand(folder)), port, click.echo)


@main.command()
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


@main.command()
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


@main.group()
def gaps() -> None:
    """The open gaps."""


@gaps.command("list")
@click.argument("organisation", default="")
@click.option("--unit", default="", help="Only gaps of this unit.")
@click.pass_obj
def gaps_list(choice: Choice, organisation: str, unit: str) -> None:
    """List the gaps of the latest audit, most points a minute first."""
    from audit.looking import result_for_unit
    from reports.terminal import print_gaps

    print_gaps(result_for_unit(choice.folder.database, organisation, unit), choice.lang, choice.console, unit=unit)


@gaps.command("assign")
@click.argument("gap")
@click.argument("unit")
@click.pass_obj
def gaps_assign(choice: Choice, gap: str, unit: str) -> None:
    """Say which UNIT closes a GAP, in the organisation file."""
    from audit.deciding import assign

    folder = choice.folder
    click.echo(f"{assign(folder, choice.workshop(folder), gap, unit)}: {gap} → {unit}")


@gaps.command("dispute")
@click.argument("gap")
@click.argument("reason")
@click.pass_obj
def gaps_dispute(choice: Choice, gap: str, reason: str) -> None:
    """Say in the organisation file that a GAP is none, and why."""
    from audit.deciding import dispute

    folder = choice.folder
    click.echo(f"{dispute(folder, choice.workshop(folder), gap, reason)}: {gap}: {reason}")


@gaps.command("intended")
@click.argument("service")
@click.argument("platform")
@click.option("--reason", required=True, help="Why; findbar names the reasons it knows.")
@click.option("--decided-by", required=True, help="The role or body that decided.")
@click.option("--review", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Decide again by then.")
@click.option("--organisation", default="", help="Whose, where there are several.")
@click.pass_obj
def gaps_intended(choice: Choice, /, service: str, platform: str, review: datetime, **stated: str) -> None:
    """Leave a SERVICE (or "all") out of a PLATFORM on purpose."""
    from audit.deciding import intend

    folder = choice.folder
    path = intend(folder, choice.workshop(folder), service, platform, review=review.date(), **stated)
    click.echo(f"{path}: {service}, {platform}: {stated['reason']}, {review:%Y-%m-%d}")


@gaps.command("export")
@click.argument("organisation", default="")
@click.option("--to", "system", required=True, type=click.Choice(_SYSTEMS), help="The system that keeps the tasks.")
@click.option("--unit", default="", help="Only gaps of this unit.")
@click.option("--most", type=click.IntRange(1), default=100, show_default=True, help="Most new tasks at a time.")
@click.option("--dry-run", is_flag=True, help="Show what would be done; send nothing.")
@click.pass_obj
def gaps_export(choice: Choice, organisation: str, system: str, unit: str, most: int, dry_run: bool) -> None:
    """Hand gaps over as tasks: one each, changed and closed with the gap."""
    from audit.notifying.handing import hand_over, tasks_settings
    from reports.tasks import comments, tasks
    from reports.terminal import print_export

    folder = choice.folder
    lang = tasks_settings(folder, system).lang
    done = hand_over(
        folder, choice.workshop(folder), system, lambda result, of: tasks(result, of, lang), comments(lang),
        organisation, unit, most=most, dry=dry_run,
    )  # fmt: skip
    print_export(done, choice.lang, choice.console)
    sys.exit(GAPS if done.problem else 0)


@main.command()
@click.argument("organisation", default="")
@click.option("--dry-run", is_flag=True, help="Show exactly what would be sent; send nothing.")
@click.pass_obj
def notify(choice: Choice, organisation: str, dry_run: bool) -> None:
    """Tell units what changed and what to do next; never twice."""
    from audit.notifying.telling import tell
    from reports.terminal import print_telling

    folder = choice.folder
    telling = tell(folder, choice.workshop(folder), _compose(folder), organisation, dry=dry_run)
    print_telling(telling, choice.lang, choice.console)
    sys.exit(GAPS if telling.failed else 0)


@main.command()
@click.option("--ask/--list", "led", default=None, help="Lead through the looks (default in a terminal), or list.")
@click.option("--worksheet", type=_PATH, help="Write the list of looks (CSV or HTML).")
@click.option("--import", "filled", type=_PATH, help="Read a filled-in CSV worksheet.")
@click.argument("organisation", default="")
@click.pass_obj
def assist(choice: Choice, led: bool | None, worksheet: Path | None, filled: Path | None, organisation: str) -> None:
    """Looks by a person, where machines must not or cannot go."""
    from audit.assisting import import_looks, looks, recorder, still_open
    from reports.delivery import write_worksheet
    from reports.terminal import lead, somebody_is_there

    folder = choice.folder
    if filled:
        click.echo(f"{import_looks(folder.database, filled)} looks recorded; the next audit counts them.")
        return
    rows = looks(folder.database, choice.workshop(folder), organisation, choice.lang)
    if worksheet or led is False or (led is None and not somebody_is_there()):
        write_worksheet(rows, choice.lang, worksheet, click.echo)
        return
    rows = still_open(folder.database, rows, organisation)
    lead(rows, choice.lang, choice.console, recorder(folder.database), launch=click.launch)


@main.group()
def enquiries() -> None:
    """How long people wait: what your mailbox and telephone know."""


@enquiries.command("import")
@click.argument("source")
@click.option("--kind", type=click.Choice(_SOURCES), help="What it is (default: by its name).")
@click.option("--organisation", default="", help="Whose it is, where there are several.")
@click.option("--service", default="", help="The service it is about (default: by address).")
@click.option("--channel", default="", help="mail, form, chat, phone, counselling or public.")
@click.option("--folder", "folders", multiple=True, help="A folder of the mailbox (default: inbox and sent).")
@click.option("--own", multiple=True, help="An address or domain that is yours too (repeatable).")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Nothing older than this day.")
@click.option("--password-env", default="", help="The environment variable of the app password.")
@click.option("--token-env", default="", help="The environment variable of the OAuth token.")
@click.pass_obj
def enquiries_import(choice: Choice, /, organisation: str, **wish: Any) -> None:
    """Count enquiries of a mailbox, help desk, call log or list.

    SOURCE: a file or folder (CSV, JSON, JSON Lines, mbox, Maildir), imaps://user@host, or a help desk as
    zammad+https://host (freescout, zendesk, otrs). Only times are kept: no name, address, subject or text.
    """
    from audit.enquiries import import_into, wish_of
    from reports.terminal import print_imported

    folder = choice.folder
    done = import_into(folder, choice.workshop(folder), organisation, wish_of(**wish))
    print_imported(done, choice.lang, choice.console)


@enquiries.command("send")
@click.option("--organisation", default="", help="Only of this organisation (default: all that consent).")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, to whom and when; send nothing.")
@click.option("--days", type=click.IntRange(1, 366), default=28, show_default=True, help="How far a dry run looks.")
@click.pass_obj
def enquiries_send(choice: Choice, organisation: str, dry_run: bool, days: int) -> None:
    """Send the test enquiries that are due, to your own mailboxes.

    Only to addresses under [consent] in an organisation's own file; never to confidential, crisis or
    protected services. Call it every ten minutes (cron).
    """
    from audit.enquiring.sending import send
    from reports.terminal import print_sending

    folder = choice.folder
    print_sending(
        send(folder, choice.workshop(folder), organisation, dry=dry_run, days=days), choice.lang, choice.console
    )


@main.group()
def platforms() -> None:
    """The platforms and the ways to reach them."""


@platforms.command("list")
@click.argument("platform", default="")
@click.option("--keys", is_flag=True, help="Every key: what it shows, where to get it, what it costs.")
@click.option("--left-out", is_flag=True, help="What findbar leaves out, and why.")
@click.pass_obj
def platforms_list(choice: Choice, platform: str, keys: bool, left_out: bool) -> None:
    """All platforms (or one, with its keys), their ways, and what each needs."""
    from audit.working import require_platform
    from reports.terminal import print_keys, print_left_out, print_platforms

    shop = choice.workshop(choice.folder)
    if left_out:
        print_left_out(shop.registry.left_out, choice.lang, choice.console)
        return
    require_platform(platform, shop.registry)
    if keys:
        print_keys(shop.ways(platform), choice.lang, choice.console)
        return
    print_platforms(shop.ways(platform), shop.registry.broken, choice.lang, choice.console)


@platforms.command("new")
@click.argument("name")
@click.option("--into", type=_PATH, default=Path(), help="Folder that holds platforms/ and tests/.")
def platforms_new(name: str, into: Path) -> None:
    """Write the skeleton of a checker, its fixture and expectation."""
    from audit.testing.skeleton import write_skeleton

    for path in write_skeleton(name, into):
        click.echo(path)


@platforms.command("test")
@click.argument("checker")
@click.option("--recordings", type=_PATH, default=Path("tests/recordings"), help="Folder of recordings.")
@click.option("--live", is_flag=True, help="Make its two control requests now, and no others.")
@click.pass_obj
def platforms_test(choice: Choice, checker: str, recordings: Path, live: bool) -> None:
    """Hold a CHECKER against its recordings, or --live against the platform."""
    if live:
        _try_live(choice, checker, recordings)
        return
    from audit.testing.running import failures

    problems = failures(choice.workshop(choice.folder).registry, checker, recordings)
    for problem in problems:
        click.echo(problem, err=True)
    click.echo(f"{checker}: {'the contract holds' if not problems else f'{len(problems)} problems'}")
    sys.exit(GAPS if problems else 0)


def _try_live(choice: Choice, checker: str, recordings: Path) -> None:
    from audit.trying import try_live
    from reports.terminal import print_trial

    folder = choice.folder
    trial = try_live(choice.workshop(folder), checker, folder.output / "not-understood", recordings)
    print_trial(trial, choice.lang, choice.console)
    sys.exit(COVERAGE if trial.reason else 0)


@main.command()
@click.argument("kind", metavar="KIND", type=click.Choice(["systemd", "cron", "windows", "github", "gitlab"]))
@click.option("--at", metavar="HH:MM", default="22:00", show_default=True, help="When the night begins.")
@click.option("--until", metavar="HH:MM", default="06:00", show_default=True, help="When it ends.")
@click.option("--notify", metavar="HH:MM", default="", help="When what quiet hours held back is told.")
@click.option("--into", type=_PATH, help="Folder to write into (default: schedule/).")
@click.pass_obj
def schedule(choice: Choice, kind: str, at: str, until: str, notify: str, into: Path | None) -> None:
    """Write what runs findbar every night; installs nothing."""
    from audit.scheduling import install_lines, plan_of, write_schedule
    from reports.terminal import print_schedule

    folder = choice.folder
    plan = plan_of(folder.settings, at, until, notify)
    written = write_schedule(kind, folder.root, into or folder.root / "schedule", plan)
    print_schedule(kind, written, install_lines(kind, written), choice.lang, choice.console)


@main.group()
def data() -> None:
    """The stored runs."""


@data.command("rejudge")
@click.option("--run", default="", help="A run's id (default: the latest).")
@click.option("--scores", is_flag=True, help="Only score the stored comparisons again: quick, nothing is matched.")
@click.pass_obj
def data_rejudge(choice: Choice, run: str, scores: bool) -> None:
    """Judge a stored run again, without any request."""
    from audit.looking import rejudged
    from audit.rescoring import scored_again
    from reports.terminal import print_rejudged, print_rescored

    folder = choice.folder
    if scores:
        print_rescored(scored_again(folder.database, run), choice.lang, choice.console)
        return
    print_rejudged(rejudged(folder.database, choice.workshop(folder), run), choice.lang, choice.console)


@data.command("calibrate")
@click.argument("labelled", type=_PATH)
@click.option("--column", "columns", multiple=True, help="FIELD=COLUMN where names are unusual (repeatable).")
@click.option("--region", default="DE", show_default=True, help="Country of phone numbers without a country code.")
@click.option("--weights", type=_PATH, help="Another table of weights.")
@click.option("--fit", is_flag=True, help="Fit new weights, measured by five-fold cross-validation.")
@click.option("--into", type=_PATH, help="Write the fitted table here (with --fit).")
@click.option("--errors", type=click.IntRange(0), default=10, show_default=True, help="Worst errors to show.")
@click.pass_obj
def data_calibrate(choice: Choice, /, labelled: Path, fit: bool, into: Path | None, **how: Any) -> None:
    """Measure the match model on LABELLED pairs; fit new weights."""
    if into and not fit:
        raise click.UsageError("--into needs --fit: there is no table to write.")
    from audit import calibration
    from audit.clock import SystemClock
    from reports.terminal import print_calibration

    if fit:
        found = calibration.fit(labelled, SystemClock().now().date(), **how)
    else:
        found = calibration.calibrate(labelled, **how)
    print_calibration(found, choice.lang, choice.console)
    if into and found.fitted:
        calibration.write_weights(found.fitted, into)
        click.echo(into)


@data.command("prune")
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@click.option("--compact", is_flag=True, help="Also make the database file smaller.")
@click.pass_obj
def data_prune(choice: Choice, dry_run: bool, compact: bool) -> None:
    """Delete what is older than [retention] in findbar.toml allows."""
    from audit.clock import SystemClock
    from audit.store.pruning import Policy, prune

    folder = choice.folder
    policy = Policy(**folder.settings.retention.model_dump())
    pruned = prune(folder.database, policy, SystemClock().now(), dry_run=dry_run, compact=compact)
    told = ("Would be deleted:" if dry_run else "Deleted:", *pruned.lines)
    click.echo("\n  ".join(told) if pruned.lines else "Nothing is old enough to be deleted.")
    if compact and not dry_run:
        click.echo(f"{folder.database} is {pruned.freed} bytes smaller.")


@data.command("backup")
@click.argument("file", type=_PATH)
@click.option("--force", is_flag=True, help="Replace a backup that is there already.")
@click.pass_obj
def data_backup(choice: Choice, file: Path, force: bool) -> None:
    """Copy database and evidence to FILE, also while an audit runs."""
    from audit.store.backup import backup

    done = backup(choice.folder.database, file, force=force)
    click.echo(f"{done.lines[0]} → {file}\n{done.lines[1]}")
    for name in done.lacking:
        click.echo(f"{name}: pages are gone or cut short, in the original as in the copy", err=True)


@data.command("datasette")
@click.option("--into", type=_PATH, default=Path("datasette"), show_default=True, help="Folder for its metadata.")
@click.pass_obj
def data_datasette(choice: Choice, into: Path) -> None:
    """Write what Datasette needs to show the database, and say how."""
    from audit.store.datasette import write_metadata

    path, command = write_metadata(choice.folder.database, into)
    click.echo(f"{path}\n{command}")


@data.command("match")
@click.argument("source", metavar="LIST", type=_PATH)
@click.argument("dataset", type=_PATH)
@click.option("--output", type=_PATH, help="CSV, or by its ending .xlsx or .jsonl (default: LIST-linked.csv).")
@click.option("--column", "columns", multiple=True, metavar="FIELD=COLUMN", help="A column, not guessed (repeatable).")
@click.option("--kind", default="", help="Kind of service, where the list does not tell it.")
@click.option("--city", default="", help="Town, where the list does not tell it.")
@click.pass_obj
def data_match(
    choice: Choice, /, source: Path, dataset: Path, output: Path | None, columns: tuple[str, ...], **told: str
) -> None:
    """Link a LIST of facilities to a DATASET, one entry a row."""
    from audit.linking import link_list, output_of, stated_columns
    from audit.organisation.catalogue import load_catalogue
    from reports.linked import write_linked
    from reports.terminal import print_linked

    file, folder, stated = output_of(output, source, dataset), choice.folder, stated_columns(columns)
    linked = link_list(
        source, dataset, load_catalogue(), kept=folder.kept, columns=stated, weights=folder.weights, **told
    )
    write_linked(linked, choice.lang, file)
    print_linked(linked, file, choice.lang, choice.console)


if __name__ == "__main__":
    main()
