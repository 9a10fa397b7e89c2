"""Gaps: what is to be done, who does it, and where it goes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from commands.choice import GAPS, Choice

if TYPE_CHECKING:
    from datetime import datetime

_SYSTEMS = ["gitlab", "github", "openproject", "redmine"]


@click.group()
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
