"""The plan of a run: what would be visited, how long it takes and costs, and what is not visited and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console

from audit.model import Reason
from reports.terminal.drafting import print_notes
from reports.terminal.parts import QUIET, columns, field, heading, number, plain, say, tidy
from reports.texts import Texts
from reports.told import told


def print_plan(plan: Iterable[object], warnings: Iterable[str], lang: str, console: Console) -> None:
    """What a run would visit, and why the rest is not.

    Rows have ``platform``, ``visits``, ``pace`` and ``seconds`` (both in seconds), and may have ``way`` (text),
    ``cost`` (None: no price is published), ``currency``, ``reason`` (why nothing is visited), ``note`` (its cure),
    ``keys`` (names) and ``asked`` (False: the platform does not matter here). ``warnings`` are what is odd in the
    organisation files.
    """
    texts, rows = Texts(lang), list(plan)
    with tidy(console):
        print_notes(warnings, texts, console)
        visited = [row for row in rows if number(row, "visits")]
        if not visited:
            say(console, texts.say("plan_none"))
        else:
            _print_visits(visited, texts, console)
        _print_others(rows, {field(row, "platform") for row in visited}, texts, console)


def _print_visits(rows: Sequence[object], texts: Texts, console: Console) -> None:
    titles = ("platform", "way", "plan_visits", "plan_pace", "plan_time", "plan_cost")
    table = columns(console, *(texts.say(title) for title in titles), right=frozenset({2, 3, 4}))
    for row in rows:
        parts = (
            field(row, "platform"),
            field(row, "way"),
            texts.number(number(row, "visits")),
            f"{texts.number(number(row, 'pace'), 1)} s",
            _time(number(row, "seconds"), texts),
            _cost(row, texts),
        )
        table.add_row(*(plain(console, part) for part in parts))
    console.print(table)
    slowest = max(rows, key=lambda row: number(row, "seconds"))
    visits = texts.number(sum(number(row, "visits") for row in rows))
    time = _time(number(slowest, "seconds"), texts)
    say(console, texts.say("plan_all", visits=visits, platform=field(slowest, "platform"), time=time))


def _time(seconds: float, texts: Texts) -> str:
    return texts.effort(seconds / 60) if seconds >= 60 else f"{texts.number(seconds)} s"


def _cost(row: object, texts: Texts) -> str:
    cost = getattr(row, "cost", 0)
    if cost is None:
        return texts.say("price_unknown")
    return f"{texts.number(cost, 2)} {field(row, 'currency')}" if cost else ""


def _print_others(rows: Sequence[object], visited: set[str], texts: Texts, console: Console) -> None:
    """Platforms that are not visited, by the reason, each reason with its cure once."""
    groups: dict[Reason, dict[str, None]] = {}
    left = [row for row in rows if field(row, "platform") not in visited]
    for row in left:
        if getattr(row, "asked", True) and (reason := getattr(row, "reason", None)):
            keys = ", ".join(getattr(row, "keys", ())) if reason is Reason.NEEDS_KEY else ""
            name = field(row, "platform")
            groups.setdefault(Reason(reason), {}).setdefault(f"{name} ({keys})" if keys else name)
    if groups:
        heading(console, texts.say("plan_not_visited"))
    for reason in sorted(groups, key=lambda reason: (-len(groups[reason]), reason)):
        names = list(groups[reason])
        say(console, f"{texts.reason(reason)} ({len(names)}): {', '.join(names)}")
        say(console, texts.cure(reason), QUIET, indent=3)
    idle = {field(row, "platform") for row in left if not getattr(row, "asked", True)}
    idle -= {field(row, "platform") for row in left if getattr(row, "asked", True)}
    if idle:
        say(console, texts.count("irrelevant", len(idle)), QUIET)


def print_nights(nights: object | None, lang: str, console: Console) -> None:
    """How long a full pass takes: ``nights`` has ``nights``, ``hours`` of one, ``host`` and ``longest`` (hours)."""
    texts = Texts(lang)
    if nights is None:
        return
    count, host = texts.count("night", number(nights, "nights")), field(nights, "host")
    time = texts.effort(60 * number(nights, "longest"))
    night = texts.number(number(nights, "hours"), 1)
    with tidy(console):
        say(console, texts.say("plan_nights", nights=count, host=host, time=time, night=night))


def print_left_out_files(problems: Iterable[object], good: int, lang: str, console: Console) -> None:
    """What of a folder could not be used, each with file, line and what to do, and that the rest is done."""
    texts, wrong = Texts(lang), list(problems)
    files = {field(problem, "file") for problem in wrong}
    done = texts.count("organisation", good)
    heading(console, texts.say("files_left_out", files=texts.count("file", len(files)), done=done))
    for problem in wrong:
        console.print(plain(console, f"  {told(str(problem), lang)}"), soft_wrap=True)  # a path is never broken in two
