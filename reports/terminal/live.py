"""Progress while an audit runs: a bar per platform with the time left; plain lines where no terminal is."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from reports.shield import one_line
from reports.terminal.parts import plain, say
from reports.texts import Texts


class Event(Protocol):
    """How far a platform is: visits done of visits known, and seconds left (None: not known yet)."""

    @property
    def platform(self) -> str:
        """The platform's slug."""

    @property
    def done(self) -> int:
        """Visits made."""

    @property
    def total(self) -> int:
        """Visits known so far."""

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the platform is finished, if known."""


class LiveView:
    """``with LiveView(lang, console) as view: view(event)``; ``names`` turns ids into names."""

    def __init__(self, lang: str, console: Console, names: dict[str, str] | None = None) -> None:
        self._texts = Texts(lang)
        self._console = console
        self._names = names or {}
        self._tasks: dict[str, TaskID] = {}
        self._said: set[str] = set()
        self._bars = self._progress() if console.is_terminal else None

    def __enter__(self) -> LiveView:
        if self._bars:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars:
            self._bars.stop()

    def __call__(self, event: Event) -> None:
        """Take one event in."""
        name = one_line(self._names.get(event.platform, event.platform), 28)
        if self._bars:
            self._update(self._bars, name, event)
        elif event.total and event.done >= event.total and event.platform not in self._said:
            self._said.add(event.platform)
            line = self._texts.say("progress_line", platform=name, done=event.done, total=event.total)
            say(self._console, line)

    def left(self, event: Event) -> str:
        """The time left in words: "done", "about 3 minutes left", or nothing while it is not known."""
        if event.total and event.done >= event.total:
            return self._texts.say("progress_done")
        if event.seconds_left is None:
            return ""
        seconds = max(1, round(event.seconds_left))
        time = f"{self._texts.number(seconds)} s" if seconds < 90 else self._texts.effort(seconds / 60)
        return self._texts.say("progress_left", time=time)

    def _progress(self) -> Progress:
        return Progress(
            TextColumn("{task.fields[name]}", markup=False),
            BarColumn(bar_width=None if self._console.width < 100 else 40),
            TextColumn("{task.completed:.0f}/{task.total:.0f}", markup=False),
            TextColumn("{task.fields[left]}", markup=False, style="bright_black"),
            console=self._console,
            expand=self._console.width < 100,
        )

    def _update(self, bars: Progress, name: str, event: Event) -> None:
        task = self._tasks.get(event.platform)
        left = plain(self._console, self.left(event)).plain
        if task is None:
            shown = plain(self._console, name).plain
            task = self._tasks[event.platform] = bars.add_task(name, total=event.total, name=shown, left=left)
        bars.update(task, completed=event.done, total=max(event.total, 1), left=left)
