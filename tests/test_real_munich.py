"""The main job on real input: a hundred facilities of five associations against the city's real map data."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit.model import Cell, Level, Organisation, Reason, State
from audit.store import Store
from tests.sites import archive_of, cells, configure, dataset, findbar, hurried, no_internet, results, served

__all__ = ["hurried", "no_internet"]

pytestmark = pytest.mark.shared

FOLDER = "data/osm"
CITY = "muenchen_2025-11-22.overpass.json"
OLD = "max_age_days = 36500"
Elements = list[dict[str, Any]]


def facilities(shared: Path) -> dict[tuple[float, float], str]:
    """The id of each of the hundred's own object by its position: for checking only."""
    known = json.loads((shared / FOLDER / "muenchen_welfare_orgs.json").read_text())
    return {_spot(one["lat"], one["lon"]): one["osm"] for body in known for one in body["facilities"]}


def _spot(latitude: float | None, longitude: float | None) -> tuple[float, float]:
    assert latitude is not None
    assert longitude is not None
    return round(latitude, 5), round(longitude, 5)


def places(folder: Path) -> dict[str, tuple[float, float]]:
    """The position of each service at a place, by its key."""
    store = Store(folder / "findbar.db", writing=False)
    try:
        bodies: tuple[Organisation, ...] = store.expected(store.latest_run() or "")
    finally:
        store.close()
    return {
        f"{body.id}/{offered.id}": _spot(offered.location.latitude, offered.location.longitude)
        for body in bodies
        for offered in body.offered
    }


def listed(folder: Path) -> dict[tuple[float, float], str]:
    """The id of the object that each place was matched with."""
    where = places(folder)
    found = [cell for cell in cells(folder, "openstreetmap") if cell.match and cell.match.state == "match"]
    return {where[cell.subject]: cell.match.listing.id for cell in found if cell.match}


def drafted(folder: Path, shared: Path) -> None:
    said = findbar(folder, "init", shared / FOLDER / "muenchen_welfare_orgs.csv").output
    assert "housenumber" in said
    assert "100 rows imported, 5 files written" in said
    assert not any(id_.split("/")[1] in file.read_text() for file in folder.rglob("*.toml") for id_ in _few(shared))


def _few(shared: Path) -> list[str]:
    """Some of the ids that must not be in any file the matcher reads."""
    return list(facilities(shared).values())[:20]


def all_found_and_none_wrongly(folder: Path, shared: Path) -> None:
    judged = cells(folder, "openstreetmap")
    assert (len(judged), len(cells(folder))) == (100, 100)
    assert {cell.state for cell in judged} <= {State.COMPLETE, State.GAPS}
    assert listed(folder) == facilities(shared)
    conflicts = [(c.subject, f.criterion) for c in judged for f in c.findings if f.level is Level.CONFLICT]
    assert conflicts == []


@pytest.mark.parametrize("file", [CITY, "muenchen_2025-11-22.geojson"])
def test_all_hundred_are_found_in_a_data_set_and_none_is_anothers(file: str, tmp_path: Path, shared: Path) -> None:
    configure(tmp_path, dataset(shared / FOLDER / file, "as_of = 2025-11-22", OLD))
    drafted(tmp_path, shared)
    findbar(tmp_path, "audit", "organisations", "--platform", "openstreetmap", "--offline")
    all_found_and_none_wrongly(tmp_path, shared)
    assert {cell.way for cell in cells(tmp_path)} == {"openstreetmap-data"}


@pytest.mark.usefixtures("hurried", "no_internet")
def test_an_overpass_server_on_loopback_shows_the_same_hundred(tmp_path: Path, shared: Path) -> None:
    web = tmp_path / "web" / "overpass-api.de"
    web.mkdir(parents=True)
    (web / "city.json").write_bytes((shared / FOLDER / CITY).read_bytes())
    (web / "visits.toml").write_text('[[visit]]\npath = "/api/interpreter"\nmethod = "POST"\nfile = "city.json"\n')
    archive, work = archive_of(tmp_path / "web"), tmp_path / "work"
    with served(archive) as base:
        configure(work, served=(archive, base))
        drafted(work, shared)
        findbar(work, "audit", "organisations", "--platform", "openstreetmap")
    all_found_and_none_wrongly(work, shared)
    assert {cell.way for cell in cells(work)} == {"openstreetmap-overpass"}
    ways = {way.id: way for column in results(work)[0].columns for way in column.ways}
    assert "AWO Kindergarten Winzererstraße" in ways["openstreetmap-overpass"].control
