"""The ways out: what really visits the network, a browser and data sets, as the settings say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from audit.model import Via
from audit.registry import Registry
from audit.settings import Settings
from audit.visiting.chromium import find_browser
from audit.visiting.datasets import Dataset, DatasetGetter
from audit.visiting.getting import Getter
from audit.visiting.guard import Guard
from audit.visiting.keys import Keys


def real_getters(
    settings: Settings, registry: Registry, agent: str, environment: Mapping[str, str], now: Callable[[], datetime],
    kept: Path | None = None, cluster: str = "",
) -> dict[Via, Getter]:  # fmt: skip
    """A getter for each kind of visit; without a browser on this machine none for pages that need one.

    ``kept`` is the folder for indexes of data sets. With ``cluster``, the address of a Ray cluster, its machines open
    the browsers: raises `ClusterProblemError` where it cannot be joined.
    """
    # imported here: a replay, a plan and a data set do without HTTP and browser, and start sooner
    from audit.visiting.browser import BrowserGetter  # noqa: PLC0415
    from audit.visiting.fetching import HttpGetter  # noqa: PLC0415

    guard = Guard(frozenset(_host_and_port(entry) for entry in settings.allow))
    hosts: dict[str, set[str]] = {}
    for checker in registry.checkers:
        for key in checker.keys:
            hosts.setdefault(key, set()).update(checker.hosts)
    keys = Keys(environment.get, {key: frozenset(names) for key, names in hosts.items()})
    getters: dict[Via, Getter] = {
        Via.HTTP: HttpGetter(guard, agent, base_urls=settings.base_urls, keys=keys, now=now),
        Via.DATA: DatasetGetter(_datasets(settings), now, kept),
    }
    if cluster:
        from audit.visiting.cluster import ClusterGetter  # noqa: PLC0415 - as above

        getters[Via.BROWSER] = ClusterGetter(
            cluster, guard, agent, base_urls=settings.base_urls, chromium=settings.chromium
        )
    elif chromium := find_browser(settings.chromium):
        getters[Via.BROWSER] = BrowserGetter(guard, agent, base_urls=settings.base_urls, chromium=chromium, now=now)
    return getters


def _datasets(settings: Settings) -> dict[str, Dataset]:
    return {id_: Dataset(id=id_, **dataset.model_dump()) for id_, dataset in settings.datasets.items()}


def _host_and_port(entry: str) -> tuple[str, int]:
    host, _, port = entry.rpartition(":")
    return (host, int(port)) if host and port.isdigit() else (entry, 443)


def desk_getter(
    settings: Settings, agent: str, key: tuple[str, str], host: str, now: Callable[[], datetime]
) -> Getter:  # fmt: skip
    """The way to a help desk that is public or allowed by the settings; ``key``: a name and its value, for it alone."""
    from audit.visiting.fetching import HttpGetter  # noqa: PLC0415 - most imports do without HTTP

    guard = Guard(frozenset(_host_and_port(entry) for entry in settings.allow))
    keys = Keys(dict([key]).get, {key[0]: frozenset({host})})
    return HttpGetter(guard, agent, keys=keys, now=now)
