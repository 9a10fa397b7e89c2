"""The pace: gaps opened and closed by month, by unit, and targets with where the present pace leads."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from audit.model import Pace, Result
from reports.pacing import UNIT_KEYS, aims, field_rows, unit_rows
from reports.shield import scrub
from reports.terminal.parts import columns, heading, plain, say, tidy
from reports.texts import Texts
from reports.views import View
from reports.wording import worded


def print_pace(result: Result, pace: Pace, lang: str, console: Console) -> None:
    """The ``pace`` of one organisation at the end of ``result``, its latest run."""
    texts, view, shown = Texts(lang), View(worded(result, lang)), scrub(pace)
    with tidy(console):
        say(console, f"{view.result.organisation_name} · {texts.moment(shown.at)}", "bold")
        say(console, texts.say("pace_now", open=texts.count("gap", shown.whole.open), first=shown.at_first))
        _print_months(shown, texts, console)
        _print_units(shown, view, texts, console)
        _print_fields(shown, texts, console)
        _print_aims(shown, view, texts, console)


def _print_months(pace: Pace, texts: Texts, console: Console) -> None:
    heading(console, texts.say("pace_months"))
    titles = (texts.say(key) for key in ("pace_month", "pace_opened", "pace_closed"))
    table = columns(console, *titles, right=frozenset({1, 2}))
    for month in pace.months:
        parts = (month.month, texts.number(month.opened), texts.number(month.closed))
        table.add_row(*(plain(console, part) for part in parts))
    console.print(table)


def _print_units(pace: Pace, view: View, texts: Texts, console: Console) -> None:
    heading(console, texts.say("pace_units"))
    *units, whole = unit_rows(pace, view, texts)
    table = _table("unit", units, texts, console)
    table.add_row(*(plain(console, part, "bold") for part in whole))
    console.print(table)


def _print_fields(pace: Pace, texts: Texts, console: Console) -> None:
    if pace.fields:
        heading(console, texts.say("federation_fields"))
        console.print(_table("federation_field", field_rows(pace, texts), texts, console))


def _table(first: str, rows: Iterable[tuple[str, ...]], texts: Texts, console: Console) -> Table:
    titles = (texts.say(key) for key in (first, *UNIT_KEYS))
    table = columns(console, *titles, right=frozenset({1, 2, 3, 4, 5}))
    for row in rows:
        table.add_row(*(plain(console, part) for part in row))
    return table


def _print_aims(pace: Pace, view: View, texts: Texts, console: Console) -> None:
    heading(console, texts.say("pace_aims"))
    if not pace.aims:
        say(console, texts.say("pace_no_aims"))
    for aim in aims(pace, view, texts):
        say(console, aim.line)
        style = {True: "green", False: "red", None: ""}[aim.on_course]
        say(console, aim.course, style, indent=3)
