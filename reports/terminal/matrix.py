"""Services and platforms as a table of signs: in words where there is room, with letters and in parts where not."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_uppercase

from rich.columns import Columns
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from audit.model import Cell, Outcome, State
from reports.shield import one_line
from reports.terminal.parts import QUIET, heading, is_ascii, plain, sign, start_sign
from reports.texts import Texts
from reports.views import View, start_of, state_of

NAME = 36  # columns for a service's name
LEAST = 22  # the same with letters, where the terminal is narrow
SIGN = 5  # columns for a sign, its start sign and a gap


def print_matrix(view: View, texts: Texts, console: Console) -> None:
    """The matrix under its heading; no platform is left out, however narrow the terminal is."""
    heading(console, texts.say("matrix"))
    names = [one_line(column.name, 24) for column in view.shown]
    words = max(len(texts.state(state)) + (5 if state in {State.COMPLETE, State.GAPS} else 2) for state in State)
    if NAME + sum(max(len(name), words) + 2 for name in names) <= console.width:
        console.print(_table(view, names, 0, NAME, console, texts))
    elif NAME + sum(max(len(name), 3) + 2 for name in names) <= console.width:
        console.print(_table(view, names, 0, NAME, console))
    else:
        letters = [_letter(number) for number in range(len(names))]
        key = [plain(console, f"{letter} {name}", QUIET) for letter, name in zip(letters, names, strict=True)]
        console.print(Padding(Columns(key, padding=(0, 3), column_first=True), (0, 0, 1, 2)))
        for number, (first, part, room) in enumerate(_parts(letters, console.width)):
            if number:
                console.print()
            console.print(_table(view, part, first, room, console))
    console.print(Columns(_legend(view, texts, console), padding=(0, 3)))


def _parts(letters: list[str], width: int) -> Iterator[tuple[int, list[str], int]]:
    """As many parts as it takes, of much the same size: where each begins, its letters, and room for the names."""
    most = max(1, (width - LEAST) // SIGN)
    count = -(-len(letters) // most)
    size = -(-len(letters) // max(1, count))
    for first in range(0, len(letters), max(1, size)):
        part = letters[first : first + size]
        yield first, part, max(LEAST, min(NAME, width - SIGN * size))


def _letter(number: int) -> str:
    round_, letter = divmod(number, 26)
    return ascii_uppercase[letter] + (str(round_) if round_ else "")


def _table(view: View, titles: list[str], first: int, room: int, console: Console, texts: Texts | None = None) -> Table:
    """The platforms from ``first`` on, under their titles. With ``texts``, each sign has its word beside it."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("", width=room - 2, no_wrap=True, overflow="crop" if is_ascii(console) else "ellipsis")
    for title in titles:
        table.add_column(plain(console, title), no_wrap=True, min_width=3)
    for place in view.places():
        table.add_row(plain(console, place.name, "bold cyan"))
        for row in place.rows:
            name = Text("  ").append_text(plain(console, row.service_name))
            cells = view.line(row)[first : first + len(titles)]
            table.add_row(name, *(_signs(cell, console, texts) for cell in cells))
    return table


def _signs(cell: Cell | None, console: Console, texts: Texts | None) -> Text:
    state = State(state_of(cell))
    text = sign(console, state)
    if texts:
        text.append(" ").append_text(plain(console, texts.state(state)))
    if cell and cell.state in {State.COMPLETE, State.GAPS}:
        text.append(" ").append_text(start_sign(console, start_of(cell)))
    if cell and cell.red_flag:
        text.append("!", style="bold red")
    return text


def _legend(view: View, texts: Texts, console: Console) -> list[Text]:
    """Each sign with its word and number, and the two of first steps."""
    states = view.states().items()
    signs = [(sign(console, state), f"{texts.state(state)} {texts.number(number)}") for state, number in states]
    for outcome, key in ((Outcome.MET, "can_start"), (Outcome.NOT_MET, "cannot_start")):
        signs.append((start_sign(console, outcome), texts.say(key)))
    return [sign_.append(" ").append_text(plain(console, words, QUIET)) for sign_, words in signs]
