"""What `findbar init` drafted: guessed columns, every row imported or named, every change, and the files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from rich.console import Console

from reports.terminal.parts import QUIET, columns, heading, plain, say, tidy
from reports.texts import Texts
from reports.told import told

_MOST = 30  # of the files written: a national list makes thousands; what was not done is always named
_VARIES = re.compile(r"row \d+|'[^']*'|\d+")


class Drafted(Protocol):
    """A draft: source columns by field (none for a website), and what became of the rows."""

    @property
    def columns(self) -> dict[str, str]:
        """The source column by field."""

    @property
    def rows_imported(self) -> int:
        """How many rows became part of a file."""

    @property
    def rows_refused(self) -> list[tuple[int, str]]:
        """Rows as counted in the source that did not, with the reason."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Every change that was made to a value."""

    @property
    def unused(self) -> tuple[str, ...]:
        """Columns that hold something and were not taken."""


class WrittenFiles(Protocol):
    """Files written, and those left alone."""

    @property
    def new(self) -> tuple[Path, ...]:
        """What was written."""

    @property
    def kept(self) -> tuple[Path, ...]:
        """What was there already."""


def print_draft(drafted: Drafted, written: WrittenFiles, lang: str, console: Console) -> None:
    """The guessed columns, what became of every row, changed values, files, and what to do next."""
    texts = Texts(lang)
    with tidy(console):
        if drafted.columns:
            _print_rows(drafted, len(written.new), texts, console)
        print_notes(drafted.warnings, texts, console)
        print_lines("files", map(str, written.new), texts, console, most=_MOST)
        print_lines("files_kept", map(str, written.kept), texts, console, "yellow")
        console.print()
        say(console, texts.say("draft_next"), QUIET)


def _print_rows(drafted: Drafted, files: int, texts: Texts, console: Console) -> None:
    table = columns(console, texts.say("field"), texts.say("column"))
    for field, column in drafted.columns.items():
        table.add_row(plain(console, field), plain(console, column))
    console.print(table)
    console.print()
    if drafted.unused:
        say(console, texts.say("columns_unused", names=", ".join(drafted.unused)), QUIET)
    say(console, texts.say("rows_imported", n=drafted.rows_imported, files=files))
    refused = ((number, told(why, texts.lang)) for number, why in drafted.rows_refused)
    print_lines("rows_refused", _ranges(refused), texts, console, "red")


def _ranges(refused: Iterable[tuple[int, str]]) -> list[str]:
    """Rows that follow each other with one reason on one line ("327-339: names no carrier")."""
    spans: list[tuple[int, int, str]] = []
    for number, why in refused:
        if spans and spans[-1][2] == why and number - spans[-1][1] <= 1:
            spans[-1] = (spans[-1][0], number, why)
        else:
            spans.append((number, number, why))
    return [f"{first}: {why}" if first == last else f"{first}-{last}: {why}" for first, last, why in spans]


def _grouped(notes: Iterable[str], texts: Texts) -> list[str]:
    """Notes that differ only in row and value as one: the first of them, and how many more there are."""
    groups: dict[str, list[str]] = {}
    for note in notes:
        groups.setdefault(_VARIES.sub("", note), []).append(note)
    return [
        first if not others else f"{first} ({texts.say('more', n=len(others))})" for first, *others in groups.values()
    ]


def print_notes(notes: Iterable[str], texts: Texts, console: Console) -> None:
    """What was changed or assumed, each kind once."""
    shown = [told(note, texts.lang) for note in _grouped(notes, texts)]
    print_lines("draft_warnings", shown, texts, console, "yellow")


def print_lines(
    key: str, lines: Iterable[str], texts: Texts, console: Console, style: str = "", most: int | None = None
) -> None:
    """A heading and its lines (the first ``most``), unbroken: a path that is cut in two cannot be copied."""
    shown = list(lines)
    if shown:
        heading(console, texts.say(key))
    for line in shown[:most]:
        console.print(plain(console, line, style), soft_wrap=True)
    if most is not None and len(shown) > most:
        say(console, texts.say("more", n=len(shown) - most), QUIET)
