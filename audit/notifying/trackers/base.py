"""What a task is and what every system must be able to do with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Protocol

from audit.notifying.wire import Wire
from audit.settings import TasksSettings

PAGE = 100
MOST_PAGES = 500


@dataclass(frozen=True, slots=True)
class Text:
    """A task as it is to stand there: its title, its text, and when it is due."""

    title: str
    body: str
    due: date | None


class Tracker(Protocol):
    """A project in a system. Every verb raises `WireProblemError`; ids are the system's numbers as text."""

    settings: TasksSettings
    wire: Wire
    fence: ClassVar[tuple[str, str]]  # what stands around text that must not be read as markup

    def existing(self) -> Iterator[tuple[str, str, bool]]:
        """Id, text and whether it is closed, of every task that may be ours."""

    def create(self, text: Text) -> str:
        """Make a task; its id."""

    def update(self, task: str, text: Text) -> None:
        """Replace title, text and date."""

    def close(self, task: str, comment: str) -> None:
        """Close it and say why."""

    def reopen(self, task: str, comment: str) -> None:
        """Open it again and say why."""


@dataclass
class Base:
    """What a tracker is made of; subclasses add the verbs."""

    settings: TasksSettings
    wire: Wire
    fence: ClassVar[tuple[str, str]] = ("```text", "```")

    def pages(self, path: str, first: int = 1, **params: str | int) -> Iterator[Any]:
        """Pages of a list until one is not full."""
        for number in range(first, first + MOST_PAGES):
            page = self.wire.call("GET", path, per_page=PAGE, page=number, **params)
            yield from page
            if len(page) < PAGE:
                return
