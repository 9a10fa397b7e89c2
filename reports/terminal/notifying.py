"""Who was told what, or would be; and which gaps were handed over as tasks."""

from __future__ import annotations

from rich.console import Console

from audit.model import Export, Telling, Told
from reports.terminal.parts import QUIET, heading, say, tidy
from reports.texts import Texts

_STYLES = {"failed": "red", "refused": "red", "uncertain": "yellow", "sent": "green"}


def print_telling(telling: Telling, lang: str, console: Console) -> None:
    """A dry run whole, with every text; otherwise what came of each digest."""
    texts = Texts(lang)
    with tidy(console):
        if not telling.told:
            say(console, texts.say("notify_none"))
        for one in telling.told:
            (_print_whole if telling.dry else _print_state)(one, texts, console)
        if telling.dry:
            console.print()
            say(console, texts.say("notify_dry"), QUIET)


def _print_whole(one: Told, texts: Texts, console: Console) -> None:
    heading(console, f"{_whom(one)}: {texts.say(f'told_{one.state}')}")
    say(console, one.subject, "bold", indent=2)
    for line in one.body.rstrip().splitlines():
        say(console, line, indent=2) if line else console.print()


def _print_state(one: Told, texts: Texts, console: Console) -> None:
    changes = texts.count("change", one.changes)
    say(console, f"{_whom(one)}: {changes}, {texts.say(f'told_{one.state}')}", _STYLES.get(one.state, ""))
    if one.note:
        say(console, one.note, QUIET, indent=3)


def _whom(one: Told) -> str:
    return " · ".join(filter(None, (one.receiver, one.organisation, one.unit)))


def print_export(export: Export, lang: str, console: Console) -> None:
    """Every task that was made, changed or closed, or would be; then how many were right already or wait."""
    texts = Texts(lang)
    with tidy(console):
        for verb, gap, title, task in export.done:
            say(console, f"{texts.say(f'task_{verb}')} {f'#{task} ' if task else ''}{title}")
            say(console, gap, QUIET, indent=3)
        say(console, texts.say("export_done", done=texts.number(len(export.done)), same=export.unchanged))
        if export.waiting:
            say(console, texts.say("export_waiting", n=export.waiting))
        if export.problem:
            say(console, export.problem, "red")
        if export.dry:
            say(console, texts.say("export_dry"), QUIET)
