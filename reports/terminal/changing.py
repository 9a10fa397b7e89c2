"""What changed between two runs: confirmed changes by what they mean, those that wait, and the figures over time."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from audit.model import Change, Changes, Figures, Mover, Result, Turn
from reports.changed import alike, before_and_after, parts
from reports.shield import scrub
from reports.terminal.parts import QUIET, bar, columns, heading, plain, say, tidy
from reports.texts import Texts
from reports.views import View
from reports.wording import worded

RUNS = 12  # runs of the trend that are shown, the latest last
_STYLES = {Turn.FOUND: "green", Turn.MENDED: "green", Turn.BROKE: "red", Turn.CHANGED: "yellow"}


def print_changes(result: Result, changes: Changes, lang: str, console: Console) -> None:
    """``changes`` of one organisation up to ``result``, the later of the two runs."""
    with tidy(console):
        _print(View(worded(result, lang)), scrub(changes), Texts(lang), console)


def _print(view: View, changes: Changes, texts: Texts, console: Console) -> None:
    before, after = changes.before, changes.after
    span = texts.say("changes_between", before=texts.moment(before.at), after=texts.moment(after.at))
    say(console, f"{view.result.organisation_name} · {span}", "bold")
    if not any(c.confirmed and c.mover is not Mover.METHOD for c in changes.changes):
        say(console, texts.say("changes_none"))
    for title, some in parts(changes, texts):
        _print_some(title, some, view, texts, console)
    if changes.not_compared:
        console.print()
        say(console, texts.say("changes_unchecked", cells=texts.count("cell", changes.not_compared)), QUIET)
    _print_trend(changes, texts, console)


def _print_some(title: str, some: Sequence[Change], view: View, texts: Texts, console: Console) -> None:
    if not some:
        return
    heading(console, f"{title} ({texts.number(len(some))})")
    for change, names in alike(some, view, texts):
        line = f"{view.platform(change.platform)}: {names}, {texts.criterion(change.criterion)}"
        say(console, line, _STYLES[change.turn])
        facts = f"{texts.mover(change.mover)} · {texts.say('changes_since', date=texts.date(change.since))}"
        say(console, facts, QUIET, indent=3)
        for when, text in before_and_after(change, texts):
            say(console, f"{when}: {text}", indent=3)


def _print_trend(changes: Changes, texts: Texts, console: Console) -> None:
    heading(console, texts.say("trend"))
    titles = ("changes_run", "trend_findability", "", "trend_accuracy", "trend_response", "coverage")
    table = columns(console, *(texts.say(t) if t else "" for t in titles), right=frozenset({1, 3, 4, 5}))
    shown = [*([changes.before] if changes.before.method != changes.after.method else []), *changes.trend[-RUNS:]]
    for figures in shown:
        _print_run(figures, texts.day_of(figures.at), table, texts, console)
        if figures is changes.before and changes.judged_again:
            _print_run(changes.judged_again, texts.say("trend_again"), table, texts, console)
    console.print(table)
    if changes.before.method != changes.after.method:
        key = "trend_method" if changes.judged_again else "trend_method_only"
        say(console, texts.say(key, before=changes.before.method, after=changes.after.method), QUIET)


def _print_run(figures: Figures, name: str, table: Table, texts: Texts, console: Console) -> None:
    low, high = figures.low, figures.high
    ranged = f"{_number(figures.findability, texts)} ({_number(low, texts)}–{_number(high, texts)})"
    drawn = bar(console, low or 0.0, high or 0.0, 12)
    parts = (name, ranged if low is not None else _number(figures.findability, texts))
    rest = (_number(figures.accuracy, texts), _number(figures.response, texts), texts.percent(figures.coverage))
    cells = [plain(console, part) for part in (*parts, *rest)]
    table.add_row(*cells[:2], drawn, *cells[2:])


def _number(value: float | None, texts: Texts) -> str:
    return "–" if value is None else texts.number(value)
