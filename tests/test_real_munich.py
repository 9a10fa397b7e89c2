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
    phones_and_links_written_either_way_are_read(tmp_path, shared)


def phones_and_links_written_either_way_are_read(folder: Path, shared: Path) -> None:
    where, own = places(folder), facilities(shared)
    judged = {own[where[cell.subject]]: cell for cell in cells(folder)}
    tags = {id_: known for id_, known in tags_of(elements(shared)).items() if id_ in judged}
    for field, criterion, least in (("phone", "phone", 33), ("website", "link", 40)):
        prefixed = {id_ for id_, known in tags.items() if f"contact:{field}" in known and field not in known}
        bare = {id_ for id_, known in tags.items() if field in known and f"contact:{field}" not in known}
        assert {"node/8040495901", "way/30992320"} <= prefixed, "both have nothing but contact:*"
        assert len(prefixed) >= least
        assert len(bare) >= 20
        assert {level(judged[id_], criterion) for id_ in prefixed | bare} == {Level.SAME}, criterion


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


def elements(shared: Path) -> Elements:
    """All objects of the city, as they are."""
    found: Elements = json.loads((shared / FOLDER / CITY).read_text())["elements"]
    return found


def tags_of(found: Elements) -> dict[str, dict[str, str]]:
    """The tags of each object by its id."""
    return {_id(element): element["tags"] for element in found}


def _id(element: dict[str, Any]) -> str:
    return f"{element['type']}/{element['id']}"


def altered(folder: Path, shared: Path, alter: Callable[[Elements], Elements], *settings: str) -> dict[str, Cell]:
    """The cells of one association (11 facilities), by the id of each one's own object, against altered data."""
    whole = json.loads((shared / FOLDER / CITY).read_text())
    whole["elements"] = alter(whole["elements"])
    folder.mkdir(exist_ok=True)
    (folder / "city.json").write_text(json.dumps(whole))
    configure(folder, dataset(folder / "city.json", "as_of = 2025-11-22", *(settings or (OLD,))))
    drafted(folder, shared)
    findbar(folder, "audit", "organisations/brk-rotes-kreuz-muenchen.toml", "--platform", "openstreetmap", "--offline")
    where, own = places(folder), facilities(shared)
    return {own[where[cell.subject]]: cell for cell in cells(folder)}


def level(cell: Cell, criterion: str) -> Level | None:
    """How one field of a cell compares."""
    return next(finding.level for finding in cell.findings if finding.criterion == criterion)


def _but(*ids: str) -> Callable[[Elements], Elements]:
    return lambda found: [element for element in found if _id(element) not in ids]


def test_without_its_own_object_a_facility_is_missing_and_takes_no_neighbours(tmp_path: Path, shared: Path) -> None:
    gone = {"node/8040495901", "way/30992320"}
    judged = altered(tmp_path, shared, _but(*gone))
    assert len(judged) == 11
    assert {id_ for id_, cell in judged.items() if cell.state is State.MISSING} == gone
    assert all(judged[id_].reason is None for id_ in gone)
    assert all(cell.match and cell.match.listing.id == id_ for id_, cell in judged.items() if id_ not in gone)


def _containers(shared: Path) -> Callable[[Elements], Elements]:
    """A clothing container of the association at every one of its doors, instead of the facility itself."""
    brand = {"brand": "Deutsches Rotes Kreuz", "brand:wikidata": "Q694104", "operator": "Bayerisches Rotes Kreuz"}
    kind = {"amenity": "recycling", "recycling_type": "container", "recycling:clothes": "yes"}
    own = set(facilities(shared).values())

    def alter(found: Elements) -> Elements:
        doors = [element for element in found if _id(element) in own]
        spots = [element.get("center", element) for element in doors]
        return [element for element in found if _id(element) not in own] + [
            {"type": "node", "id": 10**12 + number, "lat": spot["lat"], "lon": spot["lon"],
             "tags": brand | kind | {"name": door["tags"].get("name", "")}}
            for number, (door, spot) in enumerate(zip(doors, spots, strict=True))
        ]  # fmt: skip

    return alter


def test_clothing_containers_of_the_association_are_never_a_listing(tmp_path: Path, shared: Path) -> None:
    judged = altered(tmp_path, shared, _containers(shared))
    assert len(judged) == 11
    assert {(cell.state, cell.match) for cell in judged.values()} == {(State.MISSING, None)}
    assert {stray.kind for result in results(tmp_path) for stray in result.strays} <= {"orphan"}
    assert not any("10000000000" in stray.url for result in results(tmp_path) for stray in result.strays)


def test_outside_the_data_and_in_old_data_nothing_is_missing(tmp_path: Path, shared: Path) -> None:
    judged = altered(tmp_path / "west", shared, lambda found: found, OLD, "area = [48.0, 11.3, 48.3, 11.45]")
    inside = {id_ for id_, cell in judged.items() if cell.state is not State.UNKNOWN}
    assert 0 < len(inside) < 11
    assert {cell.reason for id_, cell in judged.items() if id_ not in inside} == {Reason.OUTSIDE_DATA}
    aged = altered(tmp_path / "old", shared, lambda found: found, "max_age_days = 30")
    assert {(cell.state, cell.reason) for cell in aged.values()} == {(State.UNKNOWN, Reason.STALE)}
