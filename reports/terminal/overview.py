"""The end of an audit: headline, matrix, pillars in words, what to do first, what stayed unknown."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from string import ascii_uppercase

from rich.columns import Columns
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from audit.model import Outcome, Result, Row, State
from reports.decisions import decisions
from reports.figures import effort_in_words, pillars, total_in_words
from reports.headline import headline, second
from reports.shield import one_line
from reports.terminal.answering import print_answering, print_offered, print_replies
from reports.terminal.listing import print_some_gaps
from reports.terminal.parts import QUIET, bar, heading, plain, say, sign, start_sign, tidy
from reports.texts import Texts
from reports.views import View, start_of, state_of
from reports.wording import worded

FIRST = 3  # gaps and reasons shown
NAME = 36  # columns for a service's name


def print_result(
    result: Result, lang: str, console: Console, *, files: Iterable[str] = (), previous: Result | None = None
) -> None:
    """The whole story on one or two screens; ``files`` are the paths written, shown last."""
    with tidy(console):
        _print_result(result, lang, console, files, previous)


def _print_result(result: Result, lang: str, console: Console, files: Iterable[str], previous: Result | None) -> None:
    texts, shown = Texts(lang), worded(result, lang)
    view = View(shown)
    console.print()
    say(console, f"{shown.organisation_name} · {texts.moment(shown.finished)}", QUIET)
    say(console, headline(shown, texts), "bold")
    if sentence := second(shown, texts):
        say(console, sentence)
    _print_strict(view, texts, console)
    _print_matrix(view, texts, console)
    _print_pillars(shown, texts, console, previous)
    print_answering(shown, texts, console)
    print_replies(shown, texts, console)
    print_offered(shown, texts, console)
    heading(console, texts.say("next_steps"))
    print_some_gaps(view.gaps()[:FIRST], view, texts, console)
    say(console, effort_in_words(view, texts), "bold")
    _print_decisions(view, texts, console)
    _print_unchecked(view, texts, console)
    print_files(files, lang, console)


def print_next(result: Result, lang: str, console: Console, *, folder: Path, database: Path) -> None:
    """After the demonstration: where the database is, and what one can do with all of it."""
    texts = Texts(lang)
    first = next((cell for cell in result.cells if cell.state is State.GAPS), None)
    with tidy(console):
        say(console, f"{database} ({texts.say('database')})")
        heading(console, texts.say("next"))
        say(console, texts.say("next_open", file=folder / "out" / f"{result.organisation}.html"))
        say(console, texts.say("next_gaps", folder=folder))
        if first:
            say(console, texts.say("next_explain", folder=folder, cell=first.id))
        say(console, texts.say("next_own"))


def _print_strict(view: View, texts: Texts, console: Console) -> None:
    strict = view.result.score.strict
    line = Text()
    for state, number, key in (
        (State.COMPLETE, strict.without_gap, "strict_without"),
        (State.GAPS, strict.with_gaps, "strict_with"),
        (State.UNKNOWN, strict.not_fully_checked, "strict_open"),
    ):
        line.append_text(sign(console, state)).append(f" {number} ", style="bold")
        line.append_text(plain(console, texts.say(key))).append("   ")
    heading(console, texts.say("strict"))
    console.print(line)


def _print_matrix(view: View, texts: Texts, console: Console) -> None:
    heading(console, texts.say("matrix"))
    names = [one_line(column.name, 24) for column in view.shown]
    words = max(len(texts.state(state)) + (5 if state in {State.COMPLETE, State.GAPS} else 2) for state in State)
    if NAME + sum(max(len(name), words) + 2 for name in names) <= console.width:
        console.print(_matrix(view, names, console, texts))
    elif NAME + sum(max(len(name), 3) + 2 for name in names) <= console.width:
        console.print(_matrix(view, names, console))
    else:
        letters = [_letter(number) for number in range(len(names))]
        key = [plain(console, f"{letter} {name}", QUIET) for letter, name in zip(letters, names, strict=True)]
        console.print(Padding(Columns(key, padding=(0, 3), column_first=True), (0, 0, 1, 2)))
        console.print(_matrix(view, letters, console))
    console.print(_legend(view, texts, console))


def _letter(number: int) -> str:
    round_, letter = divmod(number, 26)
    return ascii_uppercase[letter] + (str(round_) if round_ else "")


def _matrix(view: View, titles: list[str], console: Console, texts: Texts | None = None) -> Table:
    """With ``texts``, each sign has its word beside it."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    room = max(16, min(NAME, console.width - 5 * len(titles)))
    table.add_column("", width=room, no_wrap=True, overflow="ellipsis")
    for title in titles:
        table.add_column(plain(console, title), no_wrap=True, min_width=3)
    for place in view.places():
        table.add_row(plain(console, place.name, "bold cyan"))
        for row in place.rows:
            name = Text("  ").append_text(plain(console, row.service_name))
            table.add_row(name, *_line(row, view, console, texts))
    return table


def _line(row: Row, view: View, console: Console, texts: Texts | None) -> list[Text]:
    signs = []
    for cell in view.line(row):
        state = State(state_of(cell))
        text = sign(console, state)
        if texts:
            text.append(" ").append_text(plain(console, texts.state(state)))
        if cell and cell.state in {State.COMPLETE, State.GAPS}:
            text.append(" ").append_text(start_sign(console, start_of(cell)))
        if cell and cell.red_flag:
            text.append("!", style="bold red")
        signs.append(text)
    return signs


def _legend(view: View, texts: Texts, console: Console) -> Text:
    legend = Text()
    for state, number in view.states().items():
        legend.append_text(sign(console, state)).append(" ")
        legend.append_text(plain(console, f"{texts.state(state)} {texts.number(number)}", QUIET)).append("   ")
    for outcome, key in ((Outcome.MET, "can_start"), (Outcome.NOT_MET, "cannot_start")):
        legend.append_text(start_sign(console, outcome)).append(" ")
        legend.append_text(plain(console, texts.say(key), QUIET)).append("   ")
    return legend


def _print_pillars(result: Result, texts: Texts, console: Console, previous: Result | None) -> None:
    heading(console, texts.say("pillars"))
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for pillar in pillars(result, texts, previous):
        drawn = bar(console, pillar.low, pillar.high) if pillar.value is not None else Text("")
        words = ". ".join(part for part in (pillar.sentence, pillar.range, pillar.grade, pillar.change) if part)
        figure = plain(console, pillar.figure, "bold")
        table.add_row(plain(console, pillar.name, "bold"), figure, drawn, plain(console, words))
    console.print(table)
    say(console, f"{texts.say('total')}: {total_in_words(result, texts)}")
    coverage = texts.say("coverage_value", share=texts.percent(result.score.coverage))
    say(console, f"{texts.say('coverage')}: {coverage}")


def _print_decisions(view: View, texts: Texts, console: Console) -> None:
    heading(console, texts.say("decide"))
    for line in decisions(view, texts) or [texts.say("decide_none")]:
        say(console, line)


def _print_unchecked(view: View, texts: Texts, console: Console) -> None:
    heading(console, texts.say("unchecked"))
    unchecked = view.unchecked()
    if not unchecked:
        say(console, texts.say("unchecked_none"))
        return
    for row in unchecked[:FIRST]:
        gain = f" ({texts.say('gain_value', share=texts.percent(row.gain))})" if row.gain else ""
        cells = texts.count("cell", row.cells)
        say(console, f"{view.platform(row.platform)}: {texts.reason(row.reason)}, {cells}{gain}")
        say(console, texts.cure(row.reason), QUIET, indent=2)
    if len(unchecked) > FIRST:
        say(console, texts.say("more_gaps", n=len(unchecked) - FIRST), QUIET)


def print_files(files: Iterable[str], lang: str, console: Console) -> None:
    """The files that were written."""
    texts, paths = Texts(lang), list(files)
    if paths:
        heading(console, texts.say("files"))
    for path in paths:
        console.print(plain(console, path, "cyan"), soft_wrap=True)
