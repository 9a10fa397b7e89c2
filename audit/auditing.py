"""From a working folder to results: builds what an audit needs, runs or resumes it, judges, stores.

The command line wires arguments to this module and prints what comes back.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.checker import Checker
from audit.clock import Clock, SystemClock
from audit.judging import drifting
from audit.judging.baring import any_bare, is_whole
from audit.judging.method import method
from audit.judging.weights import Weights, shipped
from audit.manifest import findbar_version, manifest
from audit.meanwhile import load_while_waiting
from audit.model import Memory, Observed, Organisation, Result, Seen, Via, Visit
from audit.nights import Rotation
from audit.organisation.catalogue import Catalogue
from audit.overview import PlanRow, WayRow, plan_rows, way_row
from audit.pausing import no_collecting, rare_collecting
from audit.registry import Registry
from audit.requesting import ContactMissingError, Request
from audit.running import Audit, Progress, Scope
from audit.settings import Settings
from audit.store import Store, exchanges, readings
from audit.store.kept import Kept
from audit.store.oddities import save_in_run
from audit.store.spans import looked
from audit.visiting.chromium import find_browser
from audit.visiting.getting import Getter
from audit.visiting.lanes import Lanes
from audit.visiting.planning import Means, Planned
from audit.visiting.walking import Walker, recall_nothing
from audit.ways_out import real_getters

if TYPE_CHECKING:
    from audit.verdicts import Case


@dataclass(kw_only=True)
class Workshop:
    """What an audit is made with. ``getters`` replaces ways out, ``pace`` scales, ``kept`` is where indexes lie.

    ``cluster`` is the address of a Ray cluster whose machines open browsers; empty: this one does."""

    settings: Settings
    catalogue: Catalogue
    registry: Registry
    clock: Clock = field(default_factory=SystemClock)
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    getters: Mapping[Via, Getter] | None = None
    pace: float = 1.0
    kept: Path | None = None
    cluster: str = ""
    weights: Weights = field(default_factory=shipped)  # what entries are matched with

    @property
    def agent(self) -> str:
        """How findbar names itself. Raises `ContactMissingError` without a contact."""
        if not self.settings.contact:
            raise ContactMissingError
        return f"findbar/{findbar_version()} (platform presence audit; {self.settings.contact})"

    def means(self, *, offline: bool = False) -> Means:
        """What this machine has: keys by name, a browser."""
        keys = frozenset(name for name, value in self.environment.items() if value)
        browser = bool(self.cluster or find_browser(self.settings.chromium))
        return Means(keys, self.getters is None and browser, offline)

    def plan(self, request: Request, getters: Mapping[Via, Getter] | None = None) -> Audit:
        """An audit that is not begun: ask it for its plans; without getters it cannot visit anything."""
        return self._audit(request, getters or {}, self.agent if getters else "")

    def open_getters(self, stack: AsyncExitStack) -> dict[Via, Getter]:
        """The ways out, closed with the stack. Raises `ContactMissingError`: nobody is visited anonymously."""
        made = (self.settings, self.registry, self.agent, self.environment, self.clock.now, self.kept, self.cluster)
        getters = real_getters(*made) if self.getters is None else dict(self.getters)
        for getter in getters.values():
            stack.push_async_callback(getter.close)
        return getters

    def overview(self, plans: Sequence[Planned]) -> list[PlanRow]:
        """What a run would visit, a row per way, the bottleneck first."""
        return plan_rows(plans, self.settings.pace)

    def ways(self, platform: str = "") -> list[WayRow]:
        """Every way to every platform (or to one), with what keeps it from being used here."""
        asked = self.registry.ways(platform) if platform else self.registry.checkers
        return [way_row(checker, self.settings, self.means()) for checker in asked]

    def _audit(
        self, request: Request, getters: Mapping[Via, Getter], agent: str, made: Mapping[str, int] | None = None,
        **walking: Any,
    ) -> Audit:  # fmt: skip
        lanes = Lanes(self.clock, self.settings.visits_per_host, self.settings.pace, self.pace, made)
        minutes = request.run_minutes or self.settings.run_minutes
        walker = Walker(
            getters=getters,
            lanes=lanes,
            clock=self.clock,
            agent=agent,
            deadline=self.clock.steady() + 60 * minutes,
            platform_seconds=60 * (self.settings.platform_minutes or minutes),
            scheduled=request.scheduled,
            pictures=request.pictures,
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

    async def perform(self, request: Request, store: Store, report: Callable[[Progress], None]) -> Kept:
        """Audit, resume where a killed one stopped, judge and store. Raises `StoreProblemError` and nothing else."""
        agent = self.agent
        store.hurry()
        run, known = self._begin(request, store)
        async with AsyncExitStack() as stack:
            audit = self._audit(
                request,
                self.open_getters(stack),
                agent,
                store.made_since(self.clock.now() - timedelta(days=1)),
                keep=lambda checker, seen, page: store.keep(run, checker, seen, page),
                recall=lambda checker, visit: _recalled(known, checker, visit),
                remember=recall_nothing if request.fresh else store.remember,
            )
            audit.report = report
            audit.looks, audit.began = store.looks(seen=True), store.times(run)[0]
            audit.order = self._rotation(store).ordered
            audit.controls.proven = lambda checker: store.proven(checker, self.clock.now() - timedelta(days=1))
            audit.controls.save = lambda checker, page: save_in_run(store, run, checker.id, page)
            load_while_waiting()
            observed = await audit.run()
        return self._end(request, store, run, observed)

    def _rotation(self, store: Store) -> Rotation:
        """What was not seen for longest and weighs most is asked for first, should the time not do for all."""
        weights = store.tables.execute("SELECT subject, platform, weight FROM current")
        return Rotation(looked(store.tables), {row[:2]: row[2] for row in weights}, self.clock.now())

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
        made = manifest(self.catalogue, self.weights)
        return {"method": method().version, "manifest": made, "organisations": request.organisations}

    def _end(self, request: Request, store: Store, run: str, observed: Observed) -> Kept:
        store.observe(run, observed)
        finished, read = self.clock.now(), drifting.counts(observed)
        store.finish(run, finished, self._judged(request, store, run, observed, read, finished), read)
        return Kept(store.path, run, [organisation.id for organisation in request.organisations])

    def _judged(
        self, request: Request, store: Store, run: str, observed: Observed, read: readings.Counts, at: datetime
    ) -> Iterator[tuple[Result, Memory]]:
        """One organisation after the other: each is stored and forgotten before the next one is judged."""
        from audit.verdicts import Portions, judge, with_last_good  # noqa: PLC0415 - loaded by now (meanwhile)

        drift, portions = drifting.drifted(readings.before(store.tables), read), Portions(observed)
        for organisation in request.organisations:
            memory = replace(store.memory(organisation.id, at), drifted=drift)
            case = self._case(store, run, portions.of(organisation.id), organisation, memory, at)
            yield with_last_good(store, case, judge(case))

    def _case(
        self, store: Store, run: str, observed: Observed, organisation: Organisation, memory: Memory, at: datetime,
        before: Result | None = None,
    ) -> Case:  # fmt: skip
        from audit.verdicts import Case  # noqa: PLC0415 - the same

        scope = store.scope(run)
        return Case(
            run=run,
            started=store.times(run)[0],
            finished=at,
            organisation=organisation,
            observed=observed,
            registry=self.registry,
            catalogue=self.catalogue,
            manifest=manifest(self.catalogue, self.weights),
            weights=self.weights,
            platforms=_set(scope["platforms"]),
            services=_set(scope["services"]),
            locations=_set(scope["locations"]),
            memory=memory,
            before=before,
            enquiries=exchanges.known_to(store.tables, organisation.id, run),
        )

    def rejudge(self, store: Store, run: str) -> list[Result]:
        """The results of a complete run, judged again without the network from what was observed.

        Equal to what was stored, byte for byte, under the same manifest; cells of which only ids may be kept keep their
        comparisons. Raises KeyError for a run that is not there or not complete, `StoreProblemError` for one whose
        visits were deleted since.
        """
        from audit.verdicts import Portions, judge  # noqa: PLC0415 - the same

        finished = store.times(run)[1]
        if finished is None:
            raise KeyError(run)
        observed = store.observed(run)
        kept = store.results(run) if any_bare(self.registry, observed) else ()
        portions, before = Portions(observed), {result.organisation: result for result in kept}
        memory = store.stored_memory
        with no_collecting():
            return [
                judge(self._case(store, run, portions.of(o.id), o, memory(run, o.id), finished, before.get(o.id)))
                for o in store.expected(run)
            ]


def _recalled(known: Mapping[tuple[str, Visit], Seen], checker: Checker, visit: Visit) -> Seen | None:
    """A visit made before a kill, unless its entries were not kept: then it is made again."""
    seen = known.get((checker.id, visit))
    return seen if seen and is_whole(checker, seen) else None


def run_audit(
    workshop: Workshop, request: Request, database: Path, report: Callable[[Progress], None] = lambda _: None
) -> Kept:
    """One audit from start to stored results, on its own event loop. Without a contact nothing is begun."""
    if not workshop.agent:
        raise ContactMissingError
    store = Store(database)
    try:
        with rare_collecting():
            return asyncio.run(workshop.perform(request, store, report))
    finally:
        store.close()


def _set(values: Sequence[str] | None) -> frozenset[str] | None:
    return None if values is None else frozenset(values)
