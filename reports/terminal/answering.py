"""How long people wait, in a terminal: a few sentences per group, the figures quietly below."""

from __future__ import annotations

from rich.console import Console

from audit.model import Result
from reports.answering import Block, blocks, unmeasured
from reports.offered import promises, ranking
from reports.replies import replies
from reports.terminal.parts import QUIET, heading, say
from reports.texts import Texts

MOST = 3  # groups and services; the report shows all


def print_answering(result: Result, texts: Texts, console: Console) -> None:
    """The groups with their windows, then what could not be measured. Nothing where there are no enquiries."""
    found = blocks(result, texts)
    if not found:
        return
    heading(console, texts.say("answering"))
    for block in found[:MOST]:
        _print_block(block, console)
    if len(found) > MOST:
        say(console, texts.say("answering_more", n=texts.number(len(found) - MOST)), QUIET)
    missing: dict[str, list[str]] = {}
    for name, why, cure in unmeasured(result, texts):
        missing.setdefault(f"{why}. {cure}", []).append(name)
    for words, names in missing.items():
        more = f" {texts.say('more', n=len(names) - MOST)}" if len(names) > MOST else ""
        say(console, f"{', '.join(names[:MOST])}{more}: {words}", QUIET)


def print_replies(result: Result, texts: Texts, console: Console) -> None:
    """Replies to reviews and comments. Nothing where there are none."""
    found = replies(result, texts)
    if not found:
        return
    heading(console, texts.say("replies"))
    for line in found:
        say(console, f"{line.title}: {line.share} {line.wait}")
    say(console, texts.say("replies_explain"), QUIET)


def print_offered(result: Result, texts: Texts, console: Console) -> None:
    """Who offers evenings, and what is promised. Nothing where nothing is known."""
    for title, lines in (("rank", ranking(result, texts)), ("promises", promises(result, texts))):
        if lines:
            heading(console, texts.say(title))
        for line in lines:
            say(console, line)


def _print_block(block: Block, console: Console) -> None:
    say(console, block.title, "bold")
    say(console, f"{block.source}. {block.target}. {block.pooled}".strip(), QUIET, indent=2)
    for line in block.lines:
        say(console, f"{line.sentence} {line.verdict}".rstrip(), indent=2)
        say(console, line.details, QUIET, indent=4)
    say(console, f"{block.backlog} {block.silent}".strip(), indent=2)
