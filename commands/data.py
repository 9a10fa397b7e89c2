"""Data: judge again, calibrate, match, clear up, copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from commands.choice import PATH, Choice


@click.group()
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
@click.argument("labelled", type=PATH)
@click.option("--column", "columns", multiple=True, help="FIELD=COLUMN where names are unusual (repeatable).")
@click.option("--region", default="DE", show_default=True, help="Country of phone numbers without a country code.")
@click.option("--weights", type=PATH, help="Another table of weights.")
@click.option("--fit", is_flag=True, help="Fit new weights, measured by five-fold cross-validation.")
@click.option("--into", type=PATH, help="Write the fitted table here (with --fit).")
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
    deleted = ("Would be deleted:" if dry_run else "Deleted:", *pruned.lines)
    choice.say("\n  ".join(deleted) if pruned.lines else "Nothing is old enough to be deleted.")
    if compact and not dry_run:
        choice.say(f"{folder.database} is {pruned.freed} bytes smaller.")


@data.command("backup")
@click.argument("file", type=PATH)
@click.option("--force", is_flag=True, help="Replace a backup that is there already.")
@click.pass_obj
def data_backup(choice: Choice, file: Path, force: bool) -> None:
    """Copy database and evidence to FILE, also while an audit runs."""
    from audit.store.backup import backup

    done = backup(choice.folder.database, file, force=force)
    click.echo(f"{done.lines[0]} → {file}\n{done.lines[1]}")
    for name in done.lacking:
        choice.say(f"{name}: pages are gone or cut short, in the original as in the copy", err=True)


@data.command("datasette")
@click.option("--into", type=PATH, default=Path("datasette"), show_default=True, help="Folder for its metadata.")
@click.pass_obj
def data_datasette(choice: Choice, into: Path) -> None:
    """Write what Datasette needs to show the database, and say how."""
    from audit.store.datasette import write_metadata

    path, command = write_metadata(choice.folder.database, into)
    click.echo(f"{path}\n{command}")


@data.command("match")
@click.argument("source", metavar="LIST", type=PATH)
@click.argument("dataset", type=PATH)
@click.option("--output", type=PATH, help="CSV, or by its ending .xlsx or .jsonl (default: LIST-linked.csv).")
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
