"""The end of an audit: headline, matrix, pillars in words, what to do first, what stayed unknown."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from audit.model import Figures, Pace, Past, Reason, Result, State
from reports.decisions import decisions
from reports.figures import effort_in_words, pillars, total_in_words
from reports.headline import headline, second
from reports.pacing import aims, pressing
from reports.pictures import capital
from reports.shield import scrub
from reports.terminal.answering import print_answering, print_offered, print_replies
from reports.terminal.listing import print_some_gaps
from reports.terminal.matrix import print_matrix
from reports.terminal.parts import QUIET, READABLE, bar, heading, item, plain, say, sign, tidy
from reports.texts import Texts
from reports.views import Unchecked, View
from reports.wording import worded

FIRST = 3  # reasons shown
NAMES = 4  # platforms named for a reason
ROOMY = 100  # columns from which the words of a pillar stand beside its bar


def print_result(
    result: Result, lang: str, console: Console, *, files: Iterable[str] = (), past: Past | None = None
) -> None:
    """The whole story on one or two screens; ``files`` are the paths written, shown last.

    ``past`` tells how the pillars moved and whether targets are on course.
    """
    with tidy(console):
        _print_result(result, lang, console, past or Past())
        print_files(files, lang, console)


def _print_result(result: Result, lang: str, console: Console, past: Past) -> None:
    texts, shown = Texts(lang), worded(result, lang)
    view = View(shown)
    console.print()
    say(console, f"{shown.organisation_name} · {texts.moment(shown.finished)}", QUIET)
    say(console, headline(shown, texts), "bold")
    if sentence := second(shown, texts):
        say(console, sentence)
    if shown.vantage:
        say(console, texts.say("vantage", reason=texts.reason(shown.vantage)), "yellow")
    _print_strict(view, texts, console)
    heading(console, texts.say("next_steps"))
    print_some_gaps(view.next_steps(), view, texts, console)
    say(console, effort_in_words(view, texts), "bold")
    _print_decisions(view, texts, console)
    if past.pace:
        _print_course(past.pace, view, texts, console)
    _print_pillars(shown, texts, console, past.changes.before if past.changes else None)
    print_matrix(view, texts, console)
    print_answering(shown, texts, console)
    print_replies(shown, texts, console)
    print_offered(shown, texts, console)
    _print_unchecked(view, texts, console)


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
    say(console, texts.say("strict_explain"), QUIET)


def _print_course(pace: Pace, view: View, texts: Texts, console: Console) -> None:
    shown, more = pressing(aims(scrub(pace), view, texts))
    if shown:
        heading(console, texts.say("pace_course"))
    for aim in shown:
        line = Table.grid(padding=(0, 1, 0, 0))
        line.add_row(sign(console, aim.mark), plain(console, f"{aim.line}. {aim.course}"))
        console.print(line, width=min(console.width, READABLE))
    if more:
        say(console, texts.say("pace_more", targets=texts.count("more_target", more)), QUIET)


def _print_pillars(result: Result, texts: Texts, console: Console, before: Figures | None) -> None:
    heading(console, texts.say("pillars"))
    said = pillars(result, texts, before=before)
    name = max(len(pillar.name) for pillar in said)
    for pillar in said:
        drawn = bar(console, pillar.low, pillar.high) if pillar.value is not None else Text(" " * 20)
        words = " ".join(
            f"{capital(part)}." for part in (pillar.sentence, pillar.range, pillar.grade, pillar.change) if part
        )
        figure = plain(console, pillar.name, "bold")
        figure.pad_right(name + 2 - len(figure))
        figure.append_text(plain(console, pillar.figure, "bold"))
        figure.pad_right(name + 7 - len(figure))
        figure.append_text(drawn)
        if console.width >= ROOMY:
            row = Table.grid(padding=(0, 2, 0, 0))
            row.add_row(figure, plain(console, words))
            console.print(row)
        else:
            console.print(figure)
            say(console, words, QUIET, indent=2)
    say(console, f"{texts.say('total')}: {total_in_words(result, texts)}")
    coverage = texts.say("coverage_value", share=texts.percent(result.score.coverage))
    say(console, f"{texts.say('coverage')}: {coverage}")


def _print_decisions(view: View, texts: Texts, console: Console) -> None:
    heading(console, texts.say("decide"))
    found = decisions(view, texts)
    for line in found:
        item(console, line)
    if not found:
        say(console, texts.say("decide_none"))


def _print_unchecked(view: View, texts: Texts, console: Console) -> None:
    heading(console, texts.say("unchecked"))
    unchecked = view.unchecked()
    if not unchecked:
        say(console, texts.say("unchecked_none"))
        return
    reasons: dict[Reason, list[Unchecked]] = {}
    for row in unchecked:
        reasons.setdefault(row.reason, []).append(row)
    for reason, rows in list(reasons.items())[:FIRST]:
        named = [_unchecked(row, view, texts) for row in rows[:NAMES]]
        more = f" {texts.say('more', n=len(rows) - NAMES)}" if len(rows) > NAMES else ""
        say(console, f"{texts.reason(reason)}: {', '.join(named)}{more}")
        say(console, texts.cure(reason), QUIET, indent=2)
    if len(reasons) > FIRST:
        say(console, texts.say("more_gaps", n=len(reasons) - FIRST), QUIET)


def _unchecked(row: Unchecked, view: View, texts: Texts) -> str:
    gain = f", {texts.say('gain_value', share=texts.percent(row.gain))}" if row.gain else ""
    return f"{view.platform(row.platform)} ({texts.count('cell', row.cells)}{gain})"


def print_reports_written(written: int, number: int, folder: object, lang: str, console: Console) -> None:
    """Of how many organisations reports were written, where, and that the others are as they were."""
    texts = Texts(lang)
    told = {"written": texts.number(written), "folder": str(folder), "same": texts.number(number - written)}
    say(console, texts.say("reports_written", **told))


def print_files(files: Iterable[str], lang: str, console: Console) -> None:
    """The files that were written."""
    texts, paths = Texts(lang), list(files)
    if paths:
        heading(console, texts.say("files"))
    for path in paths:
        console.print(plain(console, path, "cyan"), soft_wrap=True)
