"""Lists: gaps, the plan of a run, the platforms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from rich.console import Console

from audit.model import Access, Gap, Kind, Reason, Result, Standing, Trial
from reports.mailed import change
from reports.printed import of_unit
from reports.shield import safe_url
from reports.terminal.parts import QUIET, field, heading, number, plain, say, tidy
from reports.texts import Texts
from reports.views import View
from reports.wording import cure, german, key_note, terms_note, worded

_LINES = 5  # of a mail that are shown among other gaps
_FIELDS = ("name", "address", "phone", "email", "link", "hours")


def print_gaps(result: Result, lang: str, console: Console, *, unit: str = "") -> None:
    """All gaps (of one unit, by its slug), red flags first, then by points per minute."""
    with tidy(console):
        _print_gaps(result, lang, console, unit)


def _print_gaps(result: Result, lang: str, console: Console, unit: str) -> None:
    texts, shown = Texts(lang), worded(result, lang)
    view = View(of_unit(shown, unit))
    gaps = view.gaps()
    if not gaps:
        say(console, texts.say("gaps_none"))
        _print_disputed(view, texts, console)
        return
    effort = view.effort()
    say(console, texts.say("effort_short", gaps=texts.count("gap", effort.gaps), time=texts.effort(effort.minutes)))
    print_some_gaps(gaps, view, texts, console, with_ids=True)
    _print_disputed(view, texts, console)


def _print_disputed(view: View, texts: Texts, console: Console) -> None:
    """Gaps that the organisation says are none: shown with its reason, and counted nowhere."""
    if view.result.disputed:
        heading(console, texts.say("disputed"))
    for gap in view.result.disputed:
        names, more = view.subjects(gap, 2)
        where = "; ".join(names) + (f" {texts.say('more', n=more)}" if more else "")
        say(console, f"{texts.gap(gap.kind).title}: {view.platform(gap.platform)}: {where}")
        say(console, f"{texts.say('disputed_why')}: {gap.dispute}", indent=3)
        say(console, gap.id, QUIET, indent=3)


def print_some_gaps(gaps: Sequence[Gap], view: View, texts: Texts, console: Console, *, with_ids: bool = False) -> None:
    """Gaps one after the other: what, where, shown and should be, who, how long, what it gains."""
    if not gaps:
        say(console, texts.say("next_none"))
    for place, gap in enumerate(gaps, start=1):
        names, more = view.subjects(gap, 2)
        where = "; ".join(names) + (f" {texts.say('more', n=more)}" if more else "")
        title = plain(console, f"{place}. {texts.gap(gap.kind).title}: {view.platform(gap.platform)}", "bold")
        if gap.red_flag:
            title.append("  ").append_text(plain(console, texts.say("red_flag").upper(), "bold red"))
        console.print(title)
        say(console, where, indent=3)
        _print_change(gap, view, texts, console)
        _print_lines(gap, view, texts, console, with_ids=with_ids)
        unit = view.unit(gap.unit) or texts.say("no_unit")
        facts = f"{unit} · {texts.effort(gap.minutes)} · {texts.count('point', gap.points, 1)}"
        say(console, facts, QUIET, indent=3)
        if with_ids:
            say(console, gap.id, QUIET, indent=3)


def _print_lines(gap: Gap, view: View, texts: Texts, console: Console, *, with_ids: bool) -> None:
    """The lines of a mail: the first few, or all with the ids by which each can be decided on."""
    shown = gap.corrections if with_ids else gap.corrections[:_LINES]
    for line in shown:
        say(console, f"– {view.subject(line.subjects[0])}: {change(line, texts)}", indent=3)
        if with_ids:
            say(console, line.id, QUIET, indent=5)
    if more := len(gap.corrections) - len(shown):
        say(console, texts.say("more", n=more), indent=3)


def _print_change(gap: Gap, view: View, texts: Texts, console: Console) -> None:
    if gap.stated or gap.shown:
        nothing = texts.say("nothing_shown") if view.absent(gap) or not gap.stated else texts.say("differs")
        say(console, f"{texts.say('shown')}: {gap.shown or nothing}", "red", indent=3)
    if gap.stated:
        say(console, f"{texts.say('stated')}: {gap.stated}", "green", indent=3)
    if difference := view.difference(gap):
        say(console, difference, QUIET, indent=3)
    say(console, cure(gap, texts), indent=3)
    url = safe_url(gap.edit_url)
    if url:
        say(console, url, "cyan", indent=3)


def print_platforms(rows: Iterable[object], broken: Iterable[object], lang: str, console: Console) -> None:
    """The platforms findbar knows, each with its ways. Rows have ``id`` and ``name``, and may have ``kind``,
    ``access``, ``standing``, ``policy_read`` (a date), ``reason`` (why it would not be visited) and ``note``.
    ``broken`` are checkers that could not be loaded, with ``name`` and ``problem``. Where the rows are ways of one
    platform, the keys they need (``keys``) follow.
    """
    with tidy(console):
        _print_platforms(rows, lang, console)
        for checker in broken:
            told = f"{Texts(lang).say('broken')}: {field(checker, 'name')}: {field(checker, 'problem')}"
            say(console, told, "red")


def print_keys(rows: Iterable[object], lang: str, console: Console) -> None:
    """Every key that the rows need: its name, what it shows on which platform, where it is given out, what it costs.

    Rows as in `print_platforms`, with ``keys`` and ``proves`` (names of fields).
    """
    texts = Texts(lang)
    with tidy(console):
        _print_keys(list(rows), texts, console)


def _print_platforms(rows: Iterable[object], lang: str, console: Console) -> None:
    texts, listed = Texts(lang), sorted(rows, key=lambda row: (field(row, "name").casefold(), field(row, "id")))
    if not listed:
        say(console, texts.say("platforms_none"))
        return
    platforms = [list(ways) for _, ways in groupby(listed, key=lambda row: field(row, "name"))]
    for ways in platforms:
        kind = getattr(ways[0], "kind", "")
        say(console, " · ".join(filter(None, (field(ways[0], "name"), texts.kind(Kind(kind)) if kind else ""))), "bold")
        for way in ways:
            _print_way(way, texts, console)
    if len(platforms) == 1:
        _print_keys(listed, texts, console)


def _print_way(way: object, texts: Texts, console: Console) -> None:
    """A way in one line, and under it what keeps it from being used here, or its terms in words."""
    access, standing, read = (getattr(way, name, "") for name in ("access", "standing", "policy_read"))
    told = (
        field(way, "id"),
        texts.access(Access(access)) if access else "",
        texts.standing(Standing(standing)) if standing else "",
        f"{texts.say('terms')} {read.isoformat()}" if isinstance(read, date) else "",
    )
    say(console, " · ".join(filter(None, told)), indent=3)
    if note := _note(way, texts):
        say(console, note, QUIET, indent=6)


def _print_keys(rows: Sequence[object], texts: Texts, console: Console) -> None:
    for key in dict.fromkeys(key for row in rows for key in getattr(row, "keys", ())):
        _print_key(key, [row for row in rows if key in getattr(row, "keys", ())], texts, console)


def print_left_out(rows: Iterable[object], lang: str, console: Console) -> None:
    """What is left out on purpose. Rows have ``name``, ``because``, ``instead`` (a platform's id) and ``seen``."""
    texts = Texts(lang)
    with tidy(console):
        for row in rows:
            say(console, field(row, "name"), "bold")
            say(console, terms_note(field(row, "because"), lang), indent=3)
            for key, name in (("left_out_instead", "instead"), ("left_out_seen", "seen")):
                if value := field(row, name):
                    say(console, f"{texts.say(key)}: {value}", QUIET, indent=3)


def _print_key(key: object, ways: Sequence[object], texts: Texts, console: Console) -> None:
    """A key: its name, what it shows where, where it is given out, what it needs, what it costs."""
    price, free = getattr(key, "cost_per_1000", None), int(number(key, "free_per_month"))
    told = texts.say("price_unknown")
    if price is not None:
        told = texts.say("price", price=texts.number(price, 2), currency=field(key, "currency")) if price else ""
        told = told or texts.say("price_none")
    free_told = texts.say("price_free", n=texts.number(free)) if free else ""
    say(console, f"{texts.say('access_key')}: {key}", "bold")
    shown = [f"{field(way, 'name')}: {_shown(way, texts)}" for way in ways if hasattr(way, "proves")]
    for line in (
        *dict.fromkeys(shown),
        safe_url(field(key, "get_url")),
        key_note(field(key, "note"), texts.lang),
        ", ".join(filter(None, (told, free_told))),
    ):
        if line:
            say(console, line, indent=3)


def _shown(way: object, texts: Texts) -> str:
    """Which fields of an entry a way shows, in words."""
    proves = set(getattr(way, "proves", ()))
    names = [texts.criterion(name) for name in _FIELDS if name in proves]
    names += [texts.criterion("fees_access")] if proves - set(_FIELDS) else []
    return texts.say("key_shows", fields=", ".join(names)) if names else texts.say("key_shows_none")


def _note(row: object, texts: Texts) -> str:
    reason, note = getattr(row, "reason", None), field(row, "note")
    if texts.lang == "de":
        note = german(getattr(row, "said", ()), terms_note(note, "de"))
    return ": ".join(filter(None, (texts.reason(Reason(reason)) if reason else "", note)))


def print_trial(trial: Trial, lang: str, console: Console) -> None:
    """How a way did when it was tried live: each request, what came, what differs, and the verdict."""
    texts = Texts(lang)
    with tidy(console):
        for request in trial.requests:
            say(console, request.seen.url or request.seen.visit.url)
            told = [request.came, texts.reason(request.seen.reason) if request.seen.reason else texts.say("understood")]
            if request.seen.detail:
                told.append(texts.say("quoted", text=request.seen.detail))
            say(console, " · ".join(filter(None, told)), QUIET, indent=3)
            for line in request.differs:
                say(console, line, indent=3)
            if request.file:
                say(console, f"→ {request.file}", indent=3)
        verdict = texts.reason(trial.reason) if trial.reason else texts.say("understood")
        note = german(trial.said, trial.note) if lang == "de" else trial.note
        say(console, f"{trial.way}: {verdict} ({note})", "bold")
        if trial.reason:
            say(console, texts.cure(trial.reason), QUIET)
