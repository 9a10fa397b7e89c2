"""Look: plan, audit, and what only a person may see."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.choice import COVERAGE, GAPS, PATH, WRONG, Choice

if TYPE_CHECKING:
    from audit.auditing import Workshop
    from audit.model import Tally
    from audit.notifying.telling import Compose
    from audit.notifying.watching import Watch
    from audit.organisation.file import Read
    from audit.running import Progress
    from audit.store.kept import Kept
    from audit.working import WorkingFolder


def _scope_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--offline", is_flag=True, help="Only local data sets; no request is made."),
        click.option("--location", "locations", multiple=True, help="Only this location (repeatable)."),
        click.option("--service", "services", multiple=True, help="Only this service (repeatable)."),
        click.option("--platform", "platforms", multiple=True, help="Only this platform (repeatable)."),
        click.argument("target", type=PATH, required=False),
    ):
        command = option(command)
    return command


@click.command()
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


@click.command()
@_scope_options
@click.option("--json", "json_file", help="Write the result as JSON (- for standard output).")
@click.option("--html", "html_file", type=PATH, help="Write the report here.")
@click.option("--scheduled", is_flag=True, help="A regular run: the slower paces platforms ask for.")
@click.option("--until", metavar="HH:MM", help="Visit nothing after this time of day; the rest comes next time.")
@click.option("--fresh", is_flag=True, help="Ask for everything anew, whatever servers say is unchanged.")
@click.option(
    "--pictures", is_flag=True, help="Also keep a picture of each page of the own website that shows a service."
)
@click.option("--cluster", default="", metavar="HOST:PORT", help="Open browsers on the machines of this Ray cluster.")
@click.option("--log-json", "log", type=PATH, help="Append a log of the run to this file (JSON Lines).")
@click.option("--min-coverage", type=click.FloatRange(0, 1), help="Exit 3 when less was checked (0 to 1).")
@click.option("--fail-on-gaps", is_flag=True, help="Exit 1 when there are gaps.")
@click.pass_obj
def audit(
    choice: Choice, /, target: Path | None, json_file: str | None, html_file: Path | None,
    min_coverage: float | None, fail_on_gaps: bool, until: str | None, log: Path | None, cluster: str, **scope: Any,
) -> None:  # fmt: skip
    """Audit organisations (a FILE or FOLDER); goes on where it stopped."""
    from audit.nights import minutes_until
    from audit.notifying.watching import watch_of

    choice.begin(json_file)
    folder = choice.folder
    shop = choice.workshop(folder, cluster)
    scope["run_minutes"] = minutes_until(until, shop.clock.now()) if until else None
    with watch_of(folder.settings.run, shop.clock, shop.environment, scheduled=scope["scheduled"], log=log) as watch:
        results, read = carry_out(choice, shop, folder, target or folder.organisations, scope, json_file, watch)
        run = hand_out(choice, shop, folder, results, json_file, html_file)
        line = _end(choice, shop, folder, run, watch, told=scope["scheduled"])
    for warning in (*read.warnings, *watch.problems):
        choice.say(str(warning), err=True)
    if scope["scheduled"]:
        click.echo(line, err=json_file == "-")
    _end_where_left_out(choice, read)
    if min_coverage is not None and any(coverage < min_coverage for _, coverage, _ in run.each):
        sys.exit(COVERAGE)
    if fail_on_gaps and run.gaps:
        sys.exit(GAPS)


def _end(choice: Choice, shop: Workshop, folder: WorkingFolder, run: Tally, watch: Watch, *, told: bool) -> str:
    from audit.notifying.telling import tell
    from reports.summary import summary

    wanted = told and folder.settings.notify
    telling = watch.tell(lambda: tell(folder, shop, wording(folder))) if wanted else None
    watch.done(run, folder.database, telling)
    return summary(run, telling, choice.lang)


def wording(folder: WorkingFolder) -> Compose:
    """How digests are worded, as the settings say."""
    from functools import partial

    from audit.notifying.telling import notify_settings
    from reports.digest import digest

    settings = notify_settings(folder)
    return partial(digest, lang=settings.lang, todo=settings.next)


def carry_out(
    choice: Choice, shop: Workshop, folder: WorkingFolder, target: Path, scope: dict[str, Any], json_file: str | None,
    watch: Callable[[Progress], None] = lambda _: None,
) -> tuple[Kept, Read]:  # fmt: skip
    """Audit the organisations of a file or folder; what was read comes beside the results."""
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


def hand_out(
    choice: Choice, shop: Workshop, folder: WorkingFolder, results: Kept,
    json_file: str | None, html_file: Path | None, story: str = "",
) -> Tally:  # fmt: skip
    """Show and write what was found, one organisation after the other; gives what the run came to.

    ``story`` is the organisation that is told at length where there are several.
    """
    from audit.changing import another_than_then, since_the_run_before
    from audit.federating import federation
    from audit.notifying.tallying import Tallying
    from reports.delivery import Delivery

    counted = Tallying()
    delivery = Delivery(
        lang=choice.lang, output=folder.output, number=len(results), json_file=json_file, html_file=html_file,
        since=since_the_run_before(folder.database, shop), another=another_than_then(folder.database),
        brand=choice.brand(folder), story=story,
    )  # fmt: skip
    for result in results:
        counted.take(result)
        delivery.take(result)
    delivery.end(federation(folder.database, shop.catalogue, results.run))
    return counted.tally()


@click.command()
@click.option("--ask/--list", "led", default=None, help="Lead through the looks (default in a terminal), or list.")
@click.option("--worksheet", type=PATH, help="Write the list of looks (CSV or HTML).")
@click.option("--import", "filled", type=PATH, help="Read a filled-in CSV worksheet.")
@click.argument("organisation", default="")
@click.pass_obj
def assist(choice: Choice, led: bool | None, worksheet: Path | None, filled: Path | None, organisation: str) -> None:
    """Looks by a person, where machines must not or cannot go."""
    from audit.assisting import import_looks, looks, recorder, still_open
    from reports.delivery import write_worksheet
    from reports.terminal import lead, somebody_is_there

    folder = choice.folder
    if filled:
        choice.say(f"{import_looks(folder.database, filled)} looks recorded; the next audit counts them.")
        return
    rows = looks(folder.database, choice.workshop(folder), organisation, choice.lang)
    if worksheet or led is False or (led is None and not somebody_is_there()):
        write_worksheet(rows, choice.lang, worksheet, click.echo)
        return
    rows = still_open(folder.database, rows, organisation)
    lead(rows, choice.lang, choice.console, recorder(folder.database), launch=click.launch)
