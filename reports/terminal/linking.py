"""What `findbar data match` found, in short: how many rows are linked, where they differ, what is nobody's."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich.console import Console

from audit.model import LinkedList
from reports.terminal.drafting import print_lines, print_notes
from reports.terminal.parts import columns, plain, say, tidy
from reports.texts import Texts


def print_linked(linked: LinkedList, file: Path, lang: str, console: Console) -> None:
    """The guessed columns, rows that could not be read, the figures, and where the whole is written."""
    texts = Texts(lang)
    with tidy(console):
        table = columns(console, texts.say("field"), texts.say("column"))
        for field, column in linked.columns:
            table.add_row(plain(console, field), plain(console, column))
        console.print(table)
        print_lines("rows_refused", [f"{number}: {why}" for number, why in linked.refused], texts, console, "red")
        print_notes(linked.warnings, texts, console)
        console.print()
        _print_figures(linked, texts, console)
        console.print(plain(console, texts.say("link_written", file=file)), soft_wrap=True)


def _print_figures(linked: LinkedList, texts: Texts, console: Console) -> None:
    states = Counter(row.state for row in linked.rows)
    counts = {state: states[state] for state in ("match", "unclear", "none", "outside")}
    say(console, texts.say("link_summary", n=len(linked.rows), **counts))
    if counts["outside"]:
        say(console, texts.say("link_outside", n=counts["outside"]))
    matched = [row for row in linked.rows if row.state == "match"]
    fields = Counter(difference.field for row in matched for difference in row.differences)
    if fields:
        say(console, texts.say("link_differing", n=sum(bool(row.differences) for row in matched)))
        table = columns(console, texts.say("field"), texts.say("link_count"), right=frozenset({1}))
        for field, count in fields.most_common():
            table.add_row(plain(console, texts.ground(field)), str(count))
        console.print(table)
    say(console, texts.say("link_nobodys", n=len(linked.nobodys)))
