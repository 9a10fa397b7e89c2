"""A run watched from outside: a log in JSON Lines, a heartbeat, figures for Prometheus, and people told at its end.

Nothing that goes wrong here reaches the run; it is named in ``problems``. The log holds ids and counts only.
A heartbeat is pinged as healthchecks.io documents it (read 2026-11-24): the address, with /start and /fail.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from audit.clock import Clock
from audit.looking import reading
from audit.manifest import findbar_version
from audit.model import Tally, Telling
from audit.notifying.tallying import metrics
from audit.notifying.wire import Wire, WireProblemError
from audit.running import Progress
from audit.settings import RunSettings
from audit.store import StoreProblemError
from audit.store.figures import visits_by_outcome

_STEPS = 4  # lines of the log about each platform, beside the first
_PING_SECONDS = 10.0


def watch_of(
    settings: RunSettings, clock: Clock, environment: Mapping[str, str], *, scheduled: bool, log: Path | None = None
) -> Watch:
    """What watches a run: all that [run] names where it is ``scheduled``, else the ``log`` alone."""
    if not scheduled:
        return Watch(clock, log)
    watch = Watch(clock, log or settings.log, settings.metrics)
    if settings.heartbeat_env:
        watch.heartbeat = environment.get(settings.heartbeat_env, "").strip().rstrip("/")
        if not watch.heartbeat:
            watch.problems.append(f"heartbeat: the environment variable {settings.heartbeat_env} is empty")
    return watch


@dataclass
class Watch:
    """``with watch: ...`` around a run; call it with every `Progress`, and `done` with what it came to."""

    clock: Clock
    log: Path | None = None
    metrics: Path | None = None
    heartbeat: str = field(default="", repr=False)
    sleep: Callable[[float], None] = time.sleep
    problems: list[str] = field(default_factory=list)
    _steps: dict[str, int] = field(default_factory=dict, init=False)

    def __enter__(self) -> Self:
        """The run begins."""
        self._write("start", findbar=findbar_version())
        self._ping("/start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The run is over, well or not; why not is said by its kind alone."""
        self._write("end", ok=kind is None, **({"error": kind.__name__} if kind else {}))
        self._ping("/fail" if kind else "")

    def __call__(self, event: Progress) -> None:
        """A line for each quarter of a platform."""
        step = _STEPS * event.done // max(event.total, 1)
        if self._steps.get(event.platform) != step:
            self._steps[event.platform] = step
            self._write("batch", platform=event.platform, done=event.done, total=event.total)

    def tell(self, telling: Callable[[], Telling]) -> Telling | None:
        """People are told; None where that failed as a whole: then it is a problem, and tried again next time."""
        try:
            return telling()
        except (RuntimeError, ValueError, OSError) as problem:
            self.problems.append(f"notify: {problem}")
            return None

    def done(self, run: Tally, database: Path, telling: Telling | None = None) -> None:
        """What the run came to, into the log and the file of metrics."""
        told = _states(telling)
        for id_, _, reason in run.skipped:
            self._write("skipped", platform=id_, reason=reason.value)
        for organisation, coverage, gaps in run.each:
            self._write("organisation", organisation=organisation, coverage=round(coverage, 4), gaps=gaps)
        self._write("complete", run=run.run, cells={s.value: n for s, n in run.cells}, gaps=run.gaps, told=told)
        if self.metrics:
            self._try(
                "metrics", lambda path: _replace(path, metrics(run, _visits(database, run.run), told)), self.metrics
            )

    def _write(self, event: str, **facts: Any) -> None:
        if self.log:
            line = json.dumps({"at": self.clock.now().isoformat(), "event": event, **facts}, ensure_ascii=False)
            if not self._try("log", lambda path: _append(path, line), self.log):
                self.log = None

    def _try(self, what: str, act: Callable[[Path], None], path: Path) -> bool:
        try:
            act(path)
        except (OSError, StoreProblemError) as problem:
            self.problems.append(f"{what}: {path} was not written ({getattr(problem, 'strerror', None) or problem})")
            return False
        return True

    def _ping(self, path: str) -> None:
        if not self.heartbeat:
            return
        try:
            with Wire(self.heartbeat, sleep=self.sleep, seconds=_PING_SECONDS) as wire:
                wire.ping(path)
        except WireProblemError as problem:
            self.problems.append(f"heartbeat: {problem}")


def both(*those: Callable[[Progress], None]) -> Callable[[Progress], None]:
    """One report of progress for several."""

    def report(event: Progress) -> None:
        for one in those:
            one(event)

    return report


def _states(telling: Telling | None) -> dict[str, int]:
    states = [one.state for one in telling.told] if telling else []
    return {state: states.count(state) for state in sorted(set(states))}


def _visits(database: Path, run: str) -> dict[str, int]:
    store = reading(database)
    try:
        return visits_by_outcome(store.tables, run)
    finally:
        store.close()


def _append(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def _replace(path: Path, text: str) -> None:
    """Written beside and put in place: a reader sees the old file or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.chmod(0o644)  # the collector reads it as somebody else
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
