"""The pace: gaps opened and closed by month, by unit, and targets with where the present pace leads."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from audit.model import Aim, FieldPace, Pace, Result, UnitPace
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
    table = _table("unit", texts, console)
    for unit in pace.units:
        table.add_row(
            *(plain(console, part) for part in _unit(view.unit(unit.unit) or texts.say("no_unit"), unit, texts))
        )
    table.add_row(*(plain(console, part, "bold") for part in _unit(texts.say("pace_whole"), pace.whole, texts)))
    console.print(table)


def _print_fields(pace: Pace, texts: Texts, console: Console) -> None:
    if pace.fields:
        heading(console, texts.say("federation_fields"))
        table = _table("federation_field", texts, console)
        for field in pace.fields:
            table.add_row(*(plain(console, part) for part in _unit(name_of(field, texts), field.pace, texts)))
        console.print(table)


def name_of(field: FieldPace, texts: Texts) -> str:
    """The name of a field of work in the language of the texts."""
    return field.name_en if texts.lang == "en" else field.name


def _table(first: str, texts: Texts, console: Console) -> Table:
    keys = (first, "pace_open", "pace_days_open", "pace_closed", "pace_days_closed", "pace_in_time")
    return columns(console, *(texts.say(key) for key in keys), right=frozenset({1, 2, 3, 4, 5}))


def _unit(name: str, unit: UnitPace, texts: Texts) -> tuple[str, ...]:
    in_time = "–" if unit.in_time is None else texts.percent(unit.in_time)
    days = ("–" if days is None else texts.number(days) for days in (unit.days_open, unit.days_to_close))
    open_, ended = days
    return name, texts.number(unit.open), open_, texts.number(unit.closed), ended, in_time


def _print_aims(pace: Pace, view: View, texts: Texts, console: Console) -> None:
    heading(console, texts.say("pace_aims"))
    if not pace.aims:
        say(console, texts.say("pace_no_aims"))
    for aim in pace.aims:
        names = {row.service: row.service_name for row in view.result.rows}
        names |= {field.id: name_of(field, texts) for field in pace.fields if aim.field}
        whose = aim.service or aim.field
        about = f", {names.get(whose, whose)}" if whose else ""
        actual = "–" if aim.actual is None else texts.number(aim.actual)
        said = texts.say("pace_aim", actual=actual, value=texts.number(aim.value), due=texts.date(aim.due))
        say(console, f"{texts.pillar(aim.figure).name}{about}: {said}")
        style = {True: "green", False: "red", None: ""}[aim.on_course]
        say(console, course(aim, texts), style, indent=3)


def course(aim: Aim, texts: Texts) -> str:
    """Where the present pace leads, in a sentence or two."""
    if aim.actual is not None and aim.actual >= aim.value:
        return texts.say("pace_reached")
    if aim.per_month is None:
        return texts.say("pace_late" if aim.on_course is False else "pace_unknown")
    speed = texts.say("pace_speed", n=texts.number(aim.per_month, 1))
    if aim.expected is None:
        return f"{texts.say('pace_never')} {speed}"
    key = "pace_on_course" if aim.on_course else "pace_off_course"
    return f"{texts.say(key, date=texts.date(aim.expected))} {speed}"
