"""What an import of enquiries brought, in words: counts and reasons, never a person."""

from __future__ import annotations

from typing import Protocol

from rich.console import Console

from reports.terminal.parts import QUIET, heading, say, tidy
from reports.texts import Texts


class Brought(Protocol):
    """An import in numbers; ``skipped`` and ``noted`` count by reason."""

    @property
    def organisation(self) -> str:
        """Whose enquiries."""

    @property
    def questions(self) -> int:
        """Enquiries in the source."""

    @property
    def new(self) -> int:
        """Those stored now."""

    @property
    def answered(self) -> int:
        """Those answered in the source."""

    @property
    def open(self) -> int:
        """Those not answered yet."""

    @property
    def answered_later(self) -> int:
        """Enquiries stored earlier whose answer came with this import."""

    @property
    def skipped(self) -> tuple[tuple[str, int], ...]:
        """What was not counted, by reason."""

    @property
    def noted(self) -> tuple[tuple[str, int], ...]:
        """What was seen and is only told."""

    @property
    def lost(self) -> bool:
        """Whether the connection broke for good."""

    @property
    def others(self) -> int:
        """Reviews and comments in the source."""


def print_imported(brought: Brought, lang: str, console: Console) -> None:
    """Questions, answered, open, new; then what was skipped and noted, by reason."""
    texts = Texts(lang)
    with tidy(console):
        numbers = {name: texts.number(getattr(brought, name)) for name in ("answered", "open", "new")}
        read = texts.count("enquiry", brought.questions)
        say(console, texts.say("imported", organisation=brought.organisation, enquiries=read, **numbers), "bold")
        if brought.others:
            say(console, texts.say("imported_others", n=texts.number(brought.others)))
        if brought.answered_later:
            say(console, texts.say("imported_later", enquiries=texts.count("enquiry", brought.answered_later)))
        if brought.lost:
            say(console, texts.say("imported_lost"))
        _print_counts(texts.say("imported_skipped"), brought.skipped, texts, console)
        _print_counts(texts.say("imported_noted"), brought.noted, texts, console)
        say(console, texts.say("imported_next"), QUIET)


def _print_counts(title: str, counts: tuple[tuple[str, int], ...], texts: Texts, console: Console) -> None:
    if counts:
        heading(console, title)
    for reason, number in counts:
        say(console, f"{texts.number(number)} × {texts.skipped(reason)}")
