"""Visits to local data sets: ``dataset:<id>`` with what is known of a subject, answered with plain records."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from audit.model import Reason, Visit
from audit.page import Page
from audit.visiting.getting import Limits, Now, Permit, Unreachable, permit_all, utc_now
from audit.visiting.records import Unreadable
from audit.visiting.records.index import Box, Index
from audit.visiting.records.keys import position
from audit.visiting.records.opening import opened
from audit.visiting.records.search import around, candidates, within

_SCHEME = "dataset:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A configured file. ``area`` is south, west, north, east in degrees (None: around its records).

    ``as_of`` is the day of the data (None: what the file says, else the day it was written).
    """

    id: str
    file: Path
    area: Box | None = None
    as_of: date | None = None
    max_age_days: int = 120
    licence: str = ""


@dataclass(frozen=True, slots=True)
class _Loaded:
    index: Index
    area: Box | None
    as_of: date


class DatasetGetter:
    """Answers visits from data sets. Each file is read once, when it is first asked for.

    Its index is kept in the folder ``kept``, so that the next run need not read the file again. A file
    that cannot be read gives the same reason for every visit: ``not-run`` is never silent.
    """

    def __init__(self, datasets: Mapping[str, Dataset], now: Now = utc_now, kept: Path | None = None) -> None:
        self._datasets = dict(datasets)
        self._kept = kept
        self._now = now
        self._loading: dict[str, asyncio.Future[_Loaded]] = {}

    async def get(
        self,
        visit: Visit,
        limits: Limits,  # noqa: ARG002 - a local file has limits of its own
        permit: Permit = permit_all,  # noqa: ARG002 - and leads nowhere else
    ) -> Page:
        """A page whose ``records`` may be the subject's.

        Without a place that the data cover, a record found by name, phone or address may be ours but
        silence means nothing: the header ``data-covers`` then says "no".
        Raises `Unreachable`: needs-dataset where none of that id is configured, stale, outside-data
        for a place it does not cover, truncated for an incomplete file, else not-run with the fault.
        """
        dataset = self._datasets.get(visit.url.removeprefix(_SCHEME))
        if dataset is None:
            raise Unreachable(Reason.NEEDS_DATASET, f"no data set {visit.url.removeprefix(_SCHEME)!r} is configured")
        loaded = await self._load(dataset)
        age = (self._now().date() - loaded.as_of).days
        if age > dataset.max_age_days:
            raise Unreachable(Reason.STALE, f"{dataset.id} is of {loaded.as_of}, {age} days old")
        records, covered = _candidates(loaded, visit, dataset.id)
        headers = [("data-as-of", loaded.as_of.isoformat()), ("data-licence", dataset.licence)]
        headers += [] if covered else [("data-covers", "no")]
        return Page(visit=visit, at=self._now(), url=visit.url, headers=tuple(headers), records=tuple(records))

    async def close(self) -> None:
        """Forgets all data."""
        self._loading.clear()

    async def _load(self, dataset: Dataset) -> _Loaded:
        if dataset.id not in self._loading:
            self._loading[dataset.id] = asyncio.ensure_future(asyncio.to_thread(_read, dataset, self._kept))
        return await asyncio.shield(self._loading[dataset.id])


def _read(dataset: Dataset, kept: Path | None) -> _Loaded:
    name = dataset.file.name
    try:
        found = opened(dataset.file, kept)
    except Unreadable as fault:
        raise Unreachable(Reason.NOT_RUN, f"{name}: {fault}") from fault
    except OSError as fault:
        raise Unreachable(Reason.NOT_RUN, f"{name}: {fault.strerror or type(fault).__name__}") from fault
    except MemoryError as fault:
        raise Unreachable(Reason.TOO_LARGE, f"{name}: does not fit into memory") from fault
    if found.incomplete:
        raise Unreachable(Reason.TRUNCATED, f"{name}: incomplete ({found.incomplete})")
    if not len(found.index):
        raise Unreachable(Reason.NOT_RUN, f"{name}: no records in it")
    return _Loaded(found.index, dataset.area or around(found.index.box), dataset.as_of or found.as_of)


def _candidates(loaded: _Loaded, visit: Visit, id_: str) -> tuple[list[dict[str, object]], bool]:
    """The records that may be the subject's, and whether the data cover its place."""
    index, asked = loaded.index, _asked(visit)
    # Records without positions cannot say that nothing is near.
    places = [place for place in map(position, asked.get("near", ())) if place and loaded.area]
    for place in places:
        if not within(place, loaded.area):
            raise Unreachable(Reason.OUTSIDE_DATA, f"{place[0]:.4f}, {place[1]:.4f} lies outside {id_}")
    found = candidates(index, asked)
    covered = bool(places) or any(index.rows(("postcode", code)) for code in asked.get("postcode", ()))
    if not (found or covered):
        raise Unreachable(Reason.OUTSIDE_DATA, f"without coordinates nothing tells whether {id_} covers the place")
    return [index.record(row) for row in found], covered


def _asked(visit: Visit) -> dict[str, list[str]]:
    asked: dict[str, list[str]] = {}
    for key, value in visit.params:
        asked.setdefault(key, []).append(value)
    return asked
