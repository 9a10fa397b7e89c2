"""Signs, bars and headings; everything printed goes through `plain`, so markup and escapes are text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from audit.model import Outcome, State
from reports.shield import one_line
from reports.texts import Texts

SIGNS = {
    State.COMPLETE: ("●", "#", "green"),
    State.GAPS: ("◐", "+", "yellow"),
    State.MISSING: ("✕", "X", "bold red"),
    State.UNKNOWN: ("?", "?", "bright_black"),
    State.NOT_APPLICABLE: ("–", "-", "bright_black"),
}
STARTS = {Outcome.MET: ("→", ">", "cyan"), Outcome.NOT_MET: ("⊣", "!", "red")}
QUIET = "bright_black"
READABLE = 110  # columns of a paragraph
ASCII = str.maketrans({"●": "#", "•": "*", "–": "-", "—": "-", "…": "...", "“": '"', "”": '"', "„": '"', "’": "'",
                       "·": "|", "→": ">", "⊣": "!", "\u00a0": " ", "\u202f": " ", "ä": "ae", "ö": "oe", "ü": "ue",
                       "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})  # fmt: skip


def make_console(*, to_error: bool = False) -> Console:
    """The terminal (standard output, or standard error), highlighting nothing by itself."""
    return Console(stderr=to_error, highlight=False)


def begin(console: Console, lang: str) -> None:
    """A first sign of life, before anything heavy is loaded."""
    say(console, Texts(lang).say("begin"), QUIET)


def is_ascii(console: Console) -> bool:
    """Whether the terminal shows nothing beyond ASCII."""
    return not console.encoding.lower().startswith("utf")


def plain(console: Console, text: str, style: str = "") -> Text:
    """Text as text: control characters gone, no markup, spelt in ASCII where the terminal needs it."""
    line = one_line(text)
    if is_ascii(console):
        line = line.translate(ASCII).encode("ascii", "replace").decode()
    return Text(line, style=style)


def sign(console: Console, state: State) -> Text:
    """The sign of a state."""
    unicode, ascii_, style = SIGNS[state]
    return Text(ascii_ if is_ascii(console) else unicode, style=style)


def start_sign(console: Console, outcome: Outcome) -> Text:
    """The sign for "can start here" or "cannot", a blank where neither is known."""
    if outcome not in STARTS:
        return Text(" ")
    unicode, ascii_, style = STARTS[outcome]
    return Text(ascii_ if is_ascii(console) else unicode, style=style)


def bar(console: Console, low: float, high: float, width: int = 20) -> Text:
    """A range from 0 to 100: solid up to ``low``, grey up to ``high``."""
    solid, maybe, rest = ("#", "=", ".") if is_ascii(console) else ("█", "▒", "░")
    first, second = round(low / 100 * width), round(high / 100 * width)
    return Text.assemble(
        (solid * first, "cyan"), (maybe * (second - first), "cyan"), (rest * (width - second), QUIET)
    )  # fmt: skip


def heading(console: Console, text: str) -> None:
    """A heading with a blank line before it."""
    console.print()
    console.print(plain(console, text, "bold"))


def say(console: Console, text: str, style: str = "", indent: int = 0) -> None:
    """A paragraph, wrapped at words, in lines that an eye can follow."""
    width = min(console.width, READABLE)
    console.print(Padding(plain(console, text, style), (0, 0, 0, indent), expand=False), width=width)


def item(console: Console, text: str) -> None:
    """A paragraph of a list: its first line begins with a dot, the others stand below its words."""
    line = Table.grid(padding=(0, 1, 0, 0))
    line.add_row(plain(console, "•"), plain(console, text))
    console.print(line, width=min(console.width, READABLE))


def columns(console: Console, *titles: str, right: frozenset[int] = frozenset()) -> Table:
    """A table without lines; columns in ``right`` hold numbers."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for number, title in enumerate(titles):
        table.add_column(plain(console, title), justify="right" if number in right else "left", overflow="fold")
    return table


@contextmanager
def tidy(console: Console) -> Iterator[None]:
    """Piped output without the blanks that fill lines up on a screen."""
    if console.is_terminal:
        yield
        return
    with console.capture() as kept:
        yield
    lines = "\n".join(line.rstrip() for line in kept.get().split("\n"))
    console.print(Text(lines), soft_wrap=True, end="")


def field(row: object, name: str) -> str:
    """A text of a row, or an empty one."""
    return str(getattr(row, name, "") or "")


def number(row: object, name: str) -> float:
    """A number of a row, or 0."""
    return float(getattr(row, name, 0) or 0)
