"""Run: nights without anybody there, and telling people what they came to."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from commands.choice import GAPS, PATH, Choice
from commands.look import wording


@click.command()
@click.argument("organisation", default="")
@click.option("--dry-run", is_flag=True, help="Show exactly what would be sent; send nothing.")
@click.pass_obj
def notify(choice: Choice, organisation: str, dry_run: bool) -> None:
    """Tell units what changed and what to do next; never twice."""
    from audit.notifying.telling import tell
    from reports.terminal import print_telling

    folder = choice.folder
    telling = tell(folder, choice.workshop(folder), wording(folder), organisation, dry=dry_run)
    print_telling(telling, choice.lang, choice.console)
    sys.exit(GAPS if telling.failed else 0)


@click.command()
@click.argument("kind", metavar="KIND", type=click.Choice(["systemd", "cron", "windows", "github", "gitlab"]))
@click.option("--at", metavar="HH:MM", default="22:00", show_default=True, help="When the night begins.")
@click.option("--until", metavar="HH:MM", default="06:00", show_default=True, help="When it ends.")
@click.option("--notify", metavar="HH:MM", default="", help="When what quiet hours held back is told.")
@click.option("--tasks", is_flag=True, help="Hand gaps over after each night, as [tasks] says.")
@click.option("--into", type=PATH, help="Folder to write into (default: schedule/).")
@click.pass_obj
def schedule(choice: Choice, kind: str, at: str, until: str, notify: str, tasks: bool, into: Path | None) -> None:
    """Write what runs findbar every night; installs nothing."""
    from audit.scheduling import install_lines, plan_of, write_schedule
    from reports.terminal import print_schedule

    folder = choice.folder
    plan = plan_of(folder.settings, at, until, notify, tasks=tasks)
    written = write_schedule(kind, folder.root, into or folder.root / "schedule", plan)
    left = tuple(folder.settings.tasks) if not tasks else ()
    print_schedule(kind, written, install_lines(kind, written), choice.lang, choice.console, plan.tasks, left)
