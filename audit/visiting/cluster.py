"""Visits by browsers on several machines: the only module that knows Ray (https://docs.ray.io, read 2026-11-24).

Lanes, robots.txt, plan and store stay with the one process that audits: it hands a visit to a machine and waits for
the page. Each machine runs a browser behind a guarded proxy of its own, as `BrowserGetter` does here. A visit whose
machine is gone is not repeated here but raised, so that the next attempt waits for its turn like any other.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from typing import Any

from audit.model import Reason, Visit
from audit.page import Page
from audit.visiting.browser import BrowserGetter
from audit.visiting.getting import Limits, Permit, Unreachable, canonical_url, permit_all
from audit.visiting.guard import Guard

_TABS = 4  # pages that one browser opens at once


class ClusterProblemError(RuntimeError):
    """Ray is not installed, or the cluster cannot be joined: what to do."""


class _Worker:
    """One browser on one machine of the cluster."""

    def __init__(self, guard: Guard, agent: str, base_urls: Mapping[str, str], chromium: str) -> None:
        self._getter = BrowserGetter(guard, agent, base_urls=base_urls, chromium=chromium)

    async def visit(self, visit: Visit, limits: Limits) -> Page | tuple[Reason, str, float | None, int]:
        """The page, or what is needed to raise `Unreachable` elsewhere: exceptions do not travel whole."""
        try:
            return await self._getter.get(visit, limits)
        except Unreachable as end:
            return end.reason, end.detail, end.retry_after, end.status


class ClusterGetter:
    """Hands visits to the machine with the fewest pages open. ``address`` is that of the cluster (HOST:PORT).

    One browser for each processor that the cluster has free. Raises `ClusterProblemError` where there is no cluster.
    """

    def __init__(
        self, address: str, guard: Guard, user_agent: str, *, base_urls: Mapping[str, str] | None = None,
        chromium: str = "",
    ) -> None:  # fmt: skip
        self._made = (guard, user_agent, dict(base_urls or {}), chromium)
        self._ray = _joined(address)
        self._workers: dict[str, Any] = {}
        self._open: Counter[str] = Counter()

    async def get(self, visit: Visit, limits: Limits, permit: Permit = permit_all) -> Page:
        """The page as a browser of the cluster shows it. Raises `Unreachable`, also where its machine is gone."""
        name, worker = self._least_busy()
        self._open[name] += 1
        try:
            page = await worker.visit.remote(visit, limits)
        except self._ray.exceptions.RayError as error:
            self._workers.pop(name, None)
            raise Unreachable(Reason.SERVER_ERROR, "the machine of the cluster that opened the page is gone") from error
        finally:
            self._open[name] -= 1
        if not isinstance(page, Page):
            reason, detail, retry_after, status = page
            raise Unreachable(reason, detail, retry_after=retry_after, status=status)
        if page.url != canonical_url(visit):
            await permit(page.url)
        return page

    async def close(self) -> None:
        """Ends the browsers, and leaves the cluster."""
        for worker in self._workers.values():
            self._ray.kill(worker)
        self._workers.clear()
        self._ray.shutdown()

    def _least_busy(self) -> tuple[str, Any]:
        if not self._workers:
            self._workers = dict(self._hired())
        if not self._workers:
            raise Unreachable(Reason.NO_BROWSER, "no machine of the cluster has a free processor")
        name = min(self._workers, key=lambda one: (self._open[one], one))
        return name, self._workers[name]

    def _hired(self) -> dict[str, Any]:
        """A browser for each processor of each machine that is there."""
        on_node = self._ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy
        # never again by itself: a second request without a turn of its own would break the pace of its host
        worker = self._ray.remote(num_cpus=1, max_restarts=0, max_task_retries=0, max_concurrency=_TABS)(_Worker)
        return {
            f"{node['NodeID']}/{number}": worker.options(
                scheduling_strategy=on_node(node["NodeID"], soft=False)
            ).remote(*self._made)
            for node in self._ray.nodes()
            if node["Alive"]
            for number in range(int(node["Resources"].get("CPU", 0)))
        }


def _joined(address: str) -> Any:
    """Ray, joined to the cluster. Raises `ClusterProblemError`."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # nothing is told to Ray's makers; read while it is imported
    try:
        import ray  # noqa: PLC0415 - optional, and slow to import
        import ray.util.scheduling_strategies  # noqa: PLC0415 - the same
    except ImportError as error:
        raise ClusterProblemError("--cluster needs Ray: pip install 'findbar[cluster]'") from error
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", configure_logging=False)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        said = str(error).partition("\n")[0][:200]
        raise ClusterProblemError(f"The cluster at {address} cannot be joined: {said}") from error
    return ray
