"""Platforms: which there are, and how a new one is made and tried."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from commands.choice import COVERAGE, GAPS, PATH, Choice


@click.group()
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
@click.option("--into", type=PATH, default=Path(), help="Folder that holds platforms/ and tests/.")
def platforms_new(name: str, into: Path) -> None:
    """Write the skeleton of a checker, its fixture and expectation."""
    from audit.testing.skeleton import write_skeleton

    for path in write_skeleton(name, into):
        click.echo(path)


@platforms.command("test")
@click.argument("checker")
@click.option("--recordings", type=PATH, default=Path("tests/recordings"), help="Folder of recordings.")
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
