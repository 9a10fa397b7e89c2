"""From a working folder to results: builds what an audit needs, runs or resumes it, judges, stores.

The command line wires arguments to this module and prints what comes back.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from audit.clock import Clock, SystemClock
from audit.judging.judge import Case, judge
from audit.judging.method import method
from audit.manifest import findbar_version, manifest
from audit.model import Memory, Observed, Organisation, Result, Via
from audit.organisation.catalogue import Catalogue
from audit.overview import PlanRow, WayRow, plan_rows, way_row
from audit.registry import Registry
from audit.running import Audit, Progress, Scope
from audit.settings import Settings
from audit.store import Store
from audit.visiting.chromium import find_browser
from audit.visiting.datasets import Dataset, DatasetGetter
from audit.visiting.getting import Getter
from audit.visiting.guard import Guard
from audit.visiting.keys import Keys
from audit.visiting.lanes import Lanes
from audit.visiting.planning import Means, Planned
from audit.visiting.walking import Walker


class ContactMissingError(ValueError):
    """Nobody is visited anonymously: the settings lack a contact."""

    def __init__(self) -> None:
        super().__init__(
            "findbar tells every server who asks. Add one line to findbar.toml:\n"
            '    contact = "digital@your-association.example"'
        )


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked of one audit; None means all. ``run_minutes`` bounds the visits."""

    organisations: tuple[Organisation, ...]
    platforms: frozenset[str] | None = None
    services: frozenset[str] | None = None
    locations: frozenset[str] | None = None
    offline: bool = False
    scheduled: bool = False
    run_minutes: float | None = None

    @property
    def scope(self) -> dict[str, Any]:
        """What makes two audits the same one, so that a killed one is continued."""
        return {
            "organisations": sorted(organisation.id for organisation in self.organisations),
            "platforms": sorted(self.platforms) if self.platforms is not None else None,
            "services": sorted(self.services) if self.services is not None else None,
            "locations": sorted(self.locations) if self.locations is not None else None,
            "offline": self.offline,
        }


@dataclass(kw_only=True)
class Workshop:
    """Everything an audit is made with. ``getters`` replaces the ways out (replay), ``pace`` scales waiting."""

    settings: Settings
    catalogue: Catalogue
    registry: Registry
    clock: Clock = field(default_factory=SystemClock)
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    getters: Mapping[Via, Getter] | None = None
    pace: float = 1.0

    @property
    def agent(self) -> str:
        """How findbar names itself. Raises `ContactMissingError` without a contact."""
        if not self.settings.contact:
            raise ContactMissingError
        return f"findbar/{findbar_version()} (platform presence audit; {self.settings.contact})"

    def means(self, *, offline: bool = False) -> Means:
        """What this machine has: keys by name, a browser."""
        keys = frozenset(name for name, value in self.environment.items() if value)
        return Means(keys, self.getters is None and bool(find_browser(self.settings.chromium)), offline)

    def plan(self, request: Request, getters: Mapping[Via, Getter] | None = None) -> Audit:
        """An audit that is not begun: ask it for its plans; without getters it cannot visit anything."""
        return self._audit(request, getters or {}, self.agent if getters else "")

    def open_getters(self, stack: AsyncExitStack) -> dict[Via, Getter]:
        """The ways out, closed with the stack. Raises `ContactMissingError`: nobody is visited anonymously."""
        getters = dict(self.getters) if self.getters is not None else self._real_getters()
        for getter in getters.values():
            stack.push_async_callback(getter.close)
        return getters

    def overview(self, plans: Sequence[Planned]) -> list[PlanRow]:
        """What a run would visit, a row per way, the bottleneck first."""
        return plan_rows(plans, self.settings.pace)

    def ways(self) -> list[WayRow]:
        """Every way to every platform, with what keeps it from being used here."""
        return [way_row(checker, self.settings, self.means()) for checker in self.registry.checkers]

    def _audit(self, request: Request, getters: Mapping[Via, Getter], agent: str, **walking: Any) -> Audit:
        lanes = Lanes(self.clock, self.settings.visits_per_host, self.settings.pace, self.pace)
        minutes = request.run_minutes or self.settings.run_minutes
        walker = Walker(
            getters=getters,
            lanes=lanes,
            clock=self.clock,
            agent=agent,
            deadline=self.clock.steady() + 60 * minutes,
            scheduled=request.scheduled,
            secrets=self.environment,
            **walking,
        )
        return Audit(
            scope=Scope(organisations=request.organisations, platforms=request.platforms),
            registry=self.registry,
            catalogue=self.catalogue,
            settings=self.settings,
            means=self.means(offline=request.offline),
            walker=walker,
            clock=self.clock,
        )

    def _real_getters(self) -> dict[Via, Getter]:
        # imported here: a replay, a plan and a data set do without HTTP and browser, and start sooner
        from audit.visiting.browser import BrowserGetter  # noqa: PLC0415
        from audit.visiting.fetching import HttpGetter  # noqa: PLC0415

        guard = Guard(frozenset(_host_and_port(entry) for entry in self.settings.allow))
        hosts: dict[str, set[str]] = {}
        for checker in self.registry.checkers:
            for key in checker.keys:
                hosts.setdefault(key, set()).update(checker.hosts)
        keys = Keys(self.environment.get, {key: frozenset(names) for key, names in hosts.items()})
        getters: dict[Via, Getter] = {
            Via.HTTP: HttpGetter(guard, self.agent, base_urls=self.settings.base_urls, keys=keys, now=self.clock.now),
            Via.DATA: DatasetGetter(_datasets(self.settings), self.clock.now),
        }
        if chromium := find_browser(self.settings.chromium):
            getters[Via.BROWSER] = BrowserGetter(
                guard, self.agent, base_urls=self.settings.base_urls, chromium=chromium, now=self.clock.now
            )
        return getters

    async def perform(self, request: Request, store: Store, report: Callable[[Progress], None]) -> list[Result]:
        """Audit, resume where a killed one stopped, judge and store. Raises `StoreProblemError` and nothing else."""
        agent = self.agent
        run, known = self._begin(request, store)
        async with AsyncExitStack() as stack:
            audit = self._audit(
                request,
                self.open_getters(stack),
                agent,
                keep=lambda checker, seen, page: store.keep(run, checker, seen, page),
                recall=lambda checker, visit: known.get((checker.id, visit)),
            )
            audit.report = report
            audit.looks, audit.began = store.looks(seen=True), store.times(run)[0]
            observed = await audit.run()
        return self._end(request, store, run, observed)

    def _begin(self, request: Request, store: Store) -> tuple[str, dict[Any, Any]]:
        run = store.unfinished(request.scope)
        if run:
            store.abandon_others(run)
            store.restate(run, **self._basis(request))
            return run, store.recalled(run)
        now = self.clock.now()
        fingerprint = hashlib.sha256(repr(request.scope).encode()).hexdigest()[:6]
        run = store.free_id(f"{now:%Y%m%dT%H%M%SZ}-{fingerprint}")
        store.begin(run, at=now, scope=request.scope, **self._basis(request))
        store.abandon_others(run)
        return run, {}

    def _basis(self, request: Request) -> dict[str, Any]:
        """What a run is judged by."""
        return {
            "method": method().version,
            "manifest": manifest(self.catalogue),
            "organisations": request.organisations,
        }

    def _end(self, request: Request, store: Store, run: str, observed: Observed) -> list[Result]:
        store.observe(run, observed)
        finished = self.clock.now()
        judged = []
        for organisation in request.organisations:
            memory = store.memory(organisation.id, finished)
            case = self._case(store, run, observed, organisation, memory, finished)
            judged.append((judge(case), memory))
        store.finish(run, finished, judged)
        return [result for result, _ in judged]

    def _case(
        self, store: Store, run: str, observed: Observed, organisation: Organisation, memory: Memory, at: datetime
    ) -> Case:  # fmt: skip
        scope = store.scope(run)
        return Case(
            run=run,
            started=store.times(run)[0],
            finished=at,
            organisation=organisation,
            observed=observed,
            registry=self.registry,
            catalogue=self.catalogue,
            manifest=manifest(self.catalogue),
            platforms=_set(scope["platforms"]),
            services=_set(scope["services"]),
            locations=_set(scope["locations"]),
            memory=memory,
        )

    def rejudge(self, store: Store, run: str) -> list[Result]:
        """The results of a complete run, judged again without the network from what was observed.

        Equal to what was stored, byte for byte, under the same manifest. Raises KeyError for a run that is
        not there or not complete, `StoreProblemError` for one whose visits were deleted since.
        """
        finished = store.times(run)[1]
        if finished is None:
            raise KeyError(run)
        observed = store.observed(run)
        return [
            judge(self._case(store, run, observed, o, store.stored_memory(run, o.id), finished))
            for o in store.expected(run)
        ]


def _datasets(settings: Settings) -> dict[str, Dataset]:
    return {id_: Dataset(id=id_, **dataset.model_dump()) for id_, dataset in settings.datasets.items()}


def _host_and_port(entry: str) -> tuple[str, int]:
    host, _, port = entry.rpartition(":")
    return (host, int(port)) if host and port.isdigit() else (entry, 443)


def run_audit(
    workshop: Workshop, request: Request, database: Path, report: Callable[[Progress], None] = lambda _: None
) -> list[Result]:
    """One audit from start to stored results, on its own event loop. Without a contact nothing is begun."""
    if not workshop.agent:
        raise ContactMissingError
    store = Store(database)
    try:
        return asyncio.run(workshop.perform(request, store, report))
    finally:
        store.close()


def _set(values: Sequence[str] | None) -> frozenset[str] | None:
    return None if values is None else frozenset(values)
