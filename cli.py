"""The command line: all commands together, and how they end.

Problems that people can mend end in a sentence and an exit code (commands/choice.py), not in a traceback.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from commands import data, enquiries, gaps, look, platforms, run, start, understand
from commands.choice import COVERAGE, GAPS, INTERRUPTED, PATH, WRONG, Choice

__all__ = ["COVERAGE", "GAPS", "INTERRUPTED", "WRONG", "main"]

_LANG = click.Choice(["de", "en"])


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
            _choice(ctx).say("Interrupted. Everything gathered is kept: the same command goes on.", err=True)
            ctx.exit(INTERRUPTED)
        except (ValueError, RuntimeError, OSError) as problem:
            if not _for_people(problem):
                raise
            _choice(ctx).say(f"findbar: {problem}", err=True)
            ctx.exit(WRONG)


def _choice(ctx: click.Context) -> Choice:
    return ctx.obj if isinstance(ctx.obj, Choice) else Choice(None, None, "de")


def _for_people(problem: Exception) -> bool:
    """Whether an exception carries a message written for the user: ours do, and those of the file system."""
    ours = type(problem).__module__.split(".")[0] in {"audit", "reports", "commands"}
    return ours or isinstance(problem, OSError)


def _version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from audit.manifest import findbar_version

        click.echo(f"findbar {findbar_version()}")
        ctx.exit()


@click.group(cls=Findbar, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.option("--config", type=PATH, help="A findbar.toml (default: found upwards).")
@click.option("--db", "database", type=PATH, help="The database (default: findbar.db).")
@click.option(
    "--lang", type=click.Choice(["de", "en"]), default="de", envvar="FINDBAR_LANG", help="Language of what is shown."
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.",
    hidden=True,  # every program has it; all commands fit on one screen
)  # fmt: skip
@click.pass_context
def main(ctx: click.Context, config: Path | None, database: Path | None, lang: str) -> None:
    """Are all key services findable, and answered promptly? Start: findbar demo"""
    ctx.obj = Choice(config, database, lang)


for command in (
    start.demo, start.init, look.plan, look.audit, look.assist, enquiries.enquiries, understand.report,
    understand.explain, understand.changes, gaps.gaps, run.notify, run.schedule, platforms.platforms, data.data,
):  # fmt: skip
    main.add_command(command)

if __name__ == "__main__":
    main()
