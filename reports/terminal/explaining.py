"""Why a cell looks the way it does: asked, came back, compared field by field, scored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from rich.console import Console

from audit.model import Cell, Finding, Level, Match, Outcome, Reason, Result
from reports.shield import front_door
from reports.terminal.parts import QUIET, columns, heading, plain, say, sign, tidy
from reports.texts import Texts
from reports.views import View
from reports.wording import worded

_SHOWN = 400  # characters of a stored page


def print_explain(
    result: Result, cell: Cell, lang: str, console: Console, asked: Iterable[object] = (),
    pictures: Mapping[str, str] = MappingProxyType({}),
) -> None:  # fmt: skip
    """One cell of ``result`` down to its evidence.

    ``asked`` are the visits behind it, in order: objects with ``url``, and where known ``at``
    (a moment), ``status`` (HTTP), ``reason``, ``detail``, ``cached``, ``text`` and ``id``; ``pictures``
    are the files of their pictures, by id. Of a protected service only hosts are shown.
    Raises ValueError for a cell of another result.
    """
    with tidy(console):
        _print_explain(result, cell, lang, console, asked, pictures)


def _print_explain(
    result: Result, cell: Cell, lang: str, console: Console, asked: Iterable[object], pictures: Mapping[str, str]
) -> None:
    texts, view = Texts(lang), View(worded(result, lang))
    shown = view.cells.get((cell.subject, cell.platform))
    if shown is None:
        raise ValueError(f"{cell.id} is no cell of this result")
    hidden = view.protected(cell.subject) or shown.red_flag == "protected-address"
    title = plain(console, f"{view.subject(cell.subject)} · {view.platform(cell.platform)}", "bold")
    console.print(sign(console, shown.state).append(" ").append_text(title))
    say(console, texts.state(shown.state) + (f": {texts.reason(shown.reason)}" if shown.reason else ""))
    if shown.reason:
        say(console, texts.cure(shown.reason), QUIET)
    if shown.red_flag:
        say(console, f"{texts.say('red_flag')}: {texts.red_flag(shown.red_flag)}", "bold red")
    _print_asked(asked, hidden, shown, texts, console, pictures)
    _print_match(shown.match, hidden, texts, console)
    _print_findings(shown.findings, texts, console)
    _print_score(shown, texts, console)


def _print_asked(
    asked: Iterable[object], hidden: bool, cell: Cell, texts: Texts, console: Console, pictures: Mapping[str, str]
) -> None:
    heading(console, texts.say("asked"))
    if cell.way:
        say(console, texts.say("via_way", way=cell.way), QUIET)
    visits = list(asked)
    for visit in visits:
        url = str(getattr(visit, "url", ""))
        reason, at = getattr(visit, "reason", None), getattr(visit, "at", None)
        parts = [
            front_door(url) if hidden else url,
            texts.moment(at) if at else "",
            f"HTTP {status}" if (status := getattr(visit, "status", 0)) else "",
            texts.reason(Reason(reason)) if reason else "",
            texts.say("unchanged") if getattr(visit, "cached", False) else "",
            "" if hidden else str(getattr(visit, "detail", "") or ""),
        ]
        say(console, " · ".join(part for part in parts if part))
        if text := "" if hidden else str(getattr(visit, "text", "") or ""):
            say(console, f"“{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}”", QUIET, indent=3)
        if picture := pictures.get(str(getattr(visit, "id", ""))):
            say(console, f"{texts.say('picture')}: {picture}", QUIET, indent=3)
    if not visits:
        found = dict.fromkeys(visit for finding in cell.findings for visit in finding.visits)
        say(console, ", ".join(found) or "–", QUIET)


def _print_match(match: Match | None, hidden: bool, texts: Texts, console: Console) -> None:
    heading(console, texts.say("came_back"))
    if match is None:
        say(console, texts.say("withheld") if hidden else texts.say("no_entry"))
        return
    listing = match.listing
    for text in (listing.name, str(listing.address), *listing.phones, *listing.emails, listing.opening_hours):
        if text:
            say(console, text)
    if listing.url:
        say(console, listing.url, "cyan")
    if not listing.name:
        say(console, texts.say("id_alone", id=listing.id or "–"), QUIET)
    heading(console, texts.say("compared"))
    say(console, texts.say("probability", share=texts.percent(match.probability)))
    table = columns(
        console, texts.say("field"), texts.say("comparison"), "bit", texts.say("ground"), right=frozenset({2})
    )
    for ground in match.grounds:
        name, level = texts.ground(ground.field), texts.level(ground.level)
        parts = (name, level, texts.number(ground.weight, 1), ground.why)
        table.add_row(*(plain(console, part) for part in parts))
    console.print(table)


def _print_findings(findings: tuple[Finding, ...], texts: Texts, console: Console) -> None:
    if not findings:
        return
    heading(console, texts.say("scored"))
    table = columns(console, *(texts.say(key) for key in ("criterion", "result", "shown", "stated")))
    for finding in findings:
        outcome = texts.outcome(finding.outcome)
        if finding.reason:
            outcome += f" ({texts.reason(finding.reason)})"
        parts = (texts.criterion(finding.criterion), outcome, finding.shown, finding.stated)
        table.add_row(*(plain(console, part) for part in parts))
    console.print(table)
    for finding in findings:
        told = finding.said and finding.outcome is Outcome.NOT_MET and finding.level is not Level.ABSENT
        if finding.note and (told or finding.criterion == "hours"):
            say(console, f"{texts.criterion(finding.criterion)}: {finding.note}")


def _print_score(cell: Cell, texts: Texts, console: Console) -> None:
    parts = [texts.say("weight", weight=texts.number(cell.weight, 1))]
    if cell.findability is not None:
        parts.append(texts.say("findability_value", value=texts.number(cell.findability, 2)))
    if cell.accuracy is not None:
        parts.append(texts.say("accuracy_value", value=texts.number(cell.accuracy, 2)))
    parts.append(texts.say("age", age=texts.count("day", cell.age_days)) if cell.age_days >= 1 else texts.say("today"))
    console.print()
    say(console, " · ".join(parts))
