"""What was written for a scheduler, and how a person installs it: findbar does not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from reports.terminal.parts import QUIET, heading, plain, say, tidy
from reports.texts import Texts


def print_schedule(
    kind: str, written: Sequence[Path], lines: Sequence[str], lang: str, console: Console, tasks: Sequence[str] = (),
    left: Sequence[str] = (),
) -> None:  # fmt: skip
    """The files, what they do, and the command ``lines`` that install them.

    ``tasks`` are systems that gaps are handed over to, ``left`` those that could be.
    """
    texts = Texts(lang)
    with tidy(console):
        for path in written:
            console.print(plain(console, str(path), "cyan"), soft_wrap=True)
        heading(console, texts.say("schedule_how"))
        say(console, texts.say(f"schedule_{kind}"))
        for line in lines:
            console.print(plain(console, f"  {line}"), soft_wrap=True)
        say(console, texts.say("schedule_note"), QUIET)
        for key, systems in (("schedule_tasks", tasks), ("schedule_no_tasks", left)):
            for system in systems:
                say(console, texts.say(key, system=system), QUIET)
