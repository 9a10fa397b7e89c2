"""A federation in the terminal: one sentence, the tree, the fields of work, the most frequent gaps, who waits."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from audit.model import Beside, Federation, Node, Rolled, RolledGap
from reports.federal import shown_in_words, span, spread_in_words, wait_in_words, who_may_fix, whole_in_words
from reports.shield import scrub
from reports.terminal.parts import QUIET, columns, heading, plain, say, tidy
from reports.texts import Texts

ROWS = 20  # of the tree and of the fields of work
GAPS = 5


def print_federation(federation: Federation, lang: str, console: Console) -> None:
    """What the organisations of one run are together; each by itself stands in its own report."""
    texts, tops = Texts(lang), [scrub(top) for top in federation.below("")]
    platforms = dict(federation.platforms)
    with tidy(console):
        for top in tops:
            _print_top(top, federation, texts, console)
        _print_tree(federation, texts, console)
        for top in tops:
            if top.whole.organisations > 1:
                _print_gaps(top, platforms, texts, console)
                _print_fields(top.fields, texts, console)
                _print_waits(top, texts, console)
                _print_shown(top, platforms, texts, console)


def _print_top(top: Node, federation: Federation, texts: Texts, console: Console) -> None:
    whole = top.whole
    console.print()
    say(console, f"{top.entity.name} · {texts.moment(federation.at)}", "bold")
    say(console, whole_in_words(whole, texts))
    if whole.findability.value is None:
        return
    say(console, spread_in_words(whole, texts))
    without, gaps, open_ = (texts.number(number) for number in top.key_services)
    services = texts.count("key_service", sum(top.key_services))
    say(console, texts.say("strict_sentence", services=services, without=without, gaps=gaps, open=open_))


def _print_tree(federation: Federation, texts: Texts, console: Console) -> None:
    nodes = _shown(federation.nodes)
    heading(console, texts.say("federation_tree"))
    table = _table("federation_organisation", texts, console, "federation_gaps", "federation_nobody")
    for node in map(scrub, nodes):
        name = "· " * node.depth + node.entity.name
        counts = (texts.number(node.open_gaps), texts.number(node.without_unit))
        table.add_row(*(plain(console, part) for part in (name, *_figures(node.whole, texts), *counts)))
    console.print(table)
    if len(nodes) < len(federation.nodes):
        say(console, texts.say("more_gaps", n=len(federation.nodes) - len(nodes)), QUIET)
    for beside, key in ((Beside.ABOVE, "federation_above"), (Beside.BELOW, "federation_below")):
        names = ", ".join(scrub(node.entity.name) for node in nodes if node.beside is beside)
        if names:
            say(console, texts.say(key, names=names))


def _shown(nodes: Sequence[Node]) -> Sequence[Node]:
    """As many levels as there is room for, and of the first level as many as there is room for."""
    deepest = max((node.depth for node in nodes), default=0)
    levels = ([node for node in nodes if node.depth <= depth] for depth in range(deepest, 0, -1))
    return next((some for some in levels if len(some) <= ROWS), [node for node in nodes if node.depth <= 1][:ROWS])


def _print_fields(fields: Sequence[Rolled], texts: Texts, console: Console) -> None:
    heading(console, texts.say("federation_fields"))
    table = _table("federation_field", texts, console, "federation_members")
    for group in fields[:ROWS]:
        name = group.name_en if texts.lang == "en" and group.name_en else group.name
        parts = (name, *_figures(group, texts), texts.number(group.organisations))
        table.add_row(*(plain(console, part) for part in parts))
    console.print(table)


def _table(first: str, texts: Texts, console: Console, *more: str) -> Table:
    titles = (first, "federation_findable", "federation_range", "federation_checked", *more)
    return columns(console, *(texts.say(key) for key in titles), right=frozenset(range(1, len(titles))))


def _figures(group: Rolled, texts: Texts) -> tuple[str, str, str]:
    value = group.findability.value
    return "–" if value is None else texts.number(value), span(group, texts), texts.percent(group.coverage)


def _print_gaps(top: Node, platforms: dict[str, str], texts: Texts, console: Console) -> None:
    heading(console, texts.say("federation_frequent"))
    for number, gap in enumerate(top.gaps[:GAPS], 1):
        where = platforms.get(gap.platform, texts.say("enquiries_word"))
        say(console, f"{number}. {texts.gap(gap.kind).title}: {where}")
        say(console, _of_gap(gap, texts), indent=3)
        say(console, who_may_fix(gap, texts), QUIET, indent=3)
    effort = texts.effort(top.minutes)
    gaps, without = texts.count("gap", top.open_gaps), texts.number(top.without_unit)
    say(console, texts.say("federation_all_gaps", gaps=gaps, without=without, time=effort))


def _of_gap(gap: RolledGap, texts: Texts) -> str:
    organisations = texts.count("organisation", gap.organisations)
    entries, time = texts.count("service", gap.entries), texts.effort(gap.minutes)
    return f"{organisations}, {entries}, {texts.count('gap', gap.gaps)}, {time}"


def _print_waits(top: Node, texts: Texts, console: Console) -> None:
    heading(console, texts.say("federation_waits"))
    if not top.waits:
        say(console, texts.say("federation_waits_none"))
    for wait in top.waits:
        say(console, wait_in_words(wait, texts))


def _print_shown(top: Node, platforms: dict[str, str], texts: Texts, console: Console) -> None:
    for key, lines in shown_in_words(top, platforms, texts):
        heading(console, texts.say(key))
        for line in lines:
            say(console, line)
        say(console, texts.say(f"federation_{key}"), QUIET)
