"""Five small real extracts: what welfare bodies and churches run there is found again, each object by its own id."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from audit.model import Address, Location, Organisation, Reason, Service, ServiceAtLocation, State
from audit.organisation.catalogue import ServiceKind, load_catalogue
from audit.organisation.folding import slug, unique
from audit.organisation.writing import to_toml
from tests.conftest import skip_or_fail
from tests.sites import cells, configure, dataset, findbar

pytestmark = pytest.mark.shared

FOLDER = "data/osm"
# extract: how many objects of welfare bodies and churches it holds, counted in the .geojson beside it
EXTRACTS = {
    "berlin-miraustr_2026-07": 9,
    "kaiserslautern_2013": 16,
    "karlsruhe-kirchfeld_2026-02": 8,
    "lauf-pegnitz_2020-01": 10,
    "neuss_2026-03": 6,
}
SOCIAL = {"kindergarten", "childcare", "social_facility", "social_centre", "community_centre", "nursing_home"}
# who runs it, where only the name tells
BODIES = {
    "Caritas": r"\bcaritas",
    "Diakonie": r"\bdiakoni",
    "Arbeiterwohlfahrt": r"\bAWO\b",
    "Deutsches Rotes Kreuz": r"\bDRK\b|rotes kreuz",
    "Lebenshilfe": r"\blebenshilfe",
    "Evangelische Kirche": r"\b(ev|evang|evangelische[rs]?|prot|protestantische[rs]?)\b",
    "Katholische Kirche": r"\b(kath|katholische[rs]?)\b",
}
CATALOGUE = load_catalogue()


@dataclass(frozen=True)
class Thing:
    """One object of an extract: its id as OpenStreetMap writes it, its tags and its position."""

    id: str
    tags: dict[str, str]
    latitude: float
    longitude: float

    @property
    def body(self) -> str:
        """Who runs it: the operator, else what the name tells."""
        name = self.tags.get("name", "")
        told = (body for body, words in BODIES.items() if re.search(words, name, re.IGNORECASE))
        return self.tags.get("operator", "") or next(told, "")

    @property
    def kind(self) -> str:
        """The kind of service: as the name says, else the one most of whose tags it carries, else the general one."""
        fitting = [(most, kind.id) for kind in CATALOGUE.kinds.values() if (most := _fits(kind, self.tags))]
        best = max(fitting, key=lambda pair: pair[0], default=(0, "social-counselling"))
        return CATALOGUE.guess(self.tags.get("name", "")) or best[1]


def _fits(kind: ServiceKind, tags: dict[str, str]) -> int:
    """How many tags of the kind's best combination the object carries; 0 where none is complete."""
    wanted = ([part.partition("=") for part in one.split("+")] for one in kind.tags)
    return max((len(one) for one in wanted if all(tags.get(key) == value for key, _, value in one)), default=0)


def things(file: Path) -> Iterator[Thing]:
    """The social objects of an export with a body behind them; ways come twice in it, the second time as areas."""
    for feature in json.loads(file.read_text())["features"]:
        sort, number = feature["id"][0], int(feature["id"][1:])
        if sort == "a" and number % 2 == 0:
            continue
        id_ = {"n": f"node/{number}", "w": f"way/{number}", "a": f"relation/{number // 2}"}[sort]
        longitude, latitude = feature["geometry"]["coordinates"]
        thing = Thing(id_, feature["properties"], latitude, longitude)
        if thing.tags.get("amenity") in SOCIAL and thing.body:
            yield thing


def organisation(name: str, own: list[Thing]) -> Organisation:
    """The body that runs them, with what it would know of itself; no id of the map is in it."""
    services = {one.kind: _service(one.kind) for one in own}
    pairs = [(services[one.kind], _place(one, f"place-{number}")) for number, one in enumerate(own)]
    return Organisation(
        id=slug(name),
        name=name,
        services=tuple(services.values()),
        locations=tuple(place for _, place in pairs),
        offered=tuple(ServiceAtLocation(service=service, location=place) for service, place in pairs),
    )


def _service(kind: str) -> Service:
    known = CATALOGUE.kind(kind)
    return Service(id=kind, kind=kind, name=known.name_de, protected=known.protected)


def _place(one: Thing, id_: str) -> Location:
    tags = one.tags
    parts = {"street": "addr:street", "house_number": "addr:housenumber", "postcode": "addr:postcode"}
    return Location(
        id=id_,
        name=tags.get("name", ""),
        address=Address(**{part: tags.get(tag, "") for part, tag in parts.items()}),
        latitude=one.latitude,
        longitude=one.longitude,
        phone=tags.get("phone", "") or tags.get("contact:phone", ""),
        url=tags.get("website", "") or tags.get("contact:website", ""),
    )


def written(folder: Path, found: list[Thing]) -> dict[str, Thing]:
    """Organisation files for all bodies; the objects by the key of their service at a place."""
    (folder / "organisations").mkdir(parents=True)
    own: dict[str, Thing] = {}
    ids: list[str] = []
    for name in dict.fromkeys(one.body for one in found):
        mine = [one for one in found if one.body == name]
        body = organisation(name, mine)
        assert unique(body.id, ids) == body.id
        ids.append(body.id)
        (folder / "organisations" / f"{body.id}.toml").write_text(to_toml(body), encoding="utf-8")
        own |= {f"{body.id}/{offered.id}": one for offered, one in zip(body.offered, mine, strict=True)}
    return own


def audited(folder: Path, file: Path, *settings: str) -> dict[str, Thing]:
    """An extract audited for everybody found in its export."""
    if importlib.util.find_spec("osmium") is None:
        skip_or_fail("osm", "osmium is not installed")
    own = written(folder, list(things(file.with_name(file.name.removesuffix(".osm.pbf") + ".geojson"))))
    configure(folder, dataset(file, *settings))
    findbar(folder, "audit", "organisations", "--platform", "openstreetmap", "--offline")
    return own


@pytest.mark.parametrize("extract", EXTRACTS)
def test_every_object_of_an_extract_is_found_by_its_own_id(extract: str, tmp_path: Path, shared: Path) -> None:
    own = audited(tmp_path, shared / FOLDER / f"{extract}.osm.pbf", "max_age_days = 36500")
    judged = {cell.subject: cell for cell in cells(tmp_path)}
    amiss = [
        f"{one.id} {one.tags.get('name')} ({one.body}): {cell.state} {cell.reason or ''} "
        f"{cell.match.listing.id + ' ' + cell.match.listing.name if cell.match else ''}"
        for key, one in own.items()
        if (cell := judged[key]).match is None or cell.match.state != "match" or cell.match.listing.id != one.id
    ]
    assert not amiss, f"{len(amiss)} of {len(own)}:\n" + "\n".join(amiss)
    assert len(own) == EXTRACTS[extract]


def test_an_old_extract_is_stale_and_nothing_is_missing(tmp_path: Path, shared: Path) -> None:
    own = audited(tmp_path, shared / FOLDER / "lauf-pegnitz_2020-01.osm.pbf", "as_of = 2020-01-15")
    judged = cells(tmp_path)
    assert len(judged) == len(own)
    assert {(cell.state, cell.reason) for cell in judged} == {(State.UNKNOWN, Reason.STALE)}
