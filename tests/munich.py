"""The hundred real facilities of Munich as subjects, and the city's map objects as listings."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.model import About, Address, Listing, Location, Organisation, Service, ServiceAtLocation, Subject
from audit.readers.osm import listing

FOLDER = "data/osm"
SERVICE = Service(id="kita", kind="daycare", name="Kindertagesbetreuung")


@dataclass(frozen=True)
class Daycare:
    """The kind of service that all hundred are."""

    words: tuple[str, ...] = ("Kindertagesstätte", "Kita", "Kindergarten", "Kinderkrippe", "Hort", "Haus für Kinder")
    seekers: tuple[str, ...] = ("Kinderbetreuung",)
    tags: tuple[str, ...] = ("amenity=kindergarten", "amenity=childcare")
    schema: tuple[str, ...] = ("ChildCare",)
    categories: tuple[str, ...] = ()


def listings(shared: Path) -> list[Listing]:
    """All 2,623 named objects."""
    elements = json.loads((shared / FOLDER / "muenchen_2025-11-22.overpass.json").read_text())["elements"]
    found = (_listing(element) for element in elements)
    return [shown for shown in found if shown]


def _listing(element: dict[str, Any]) -> Listing | None:
    point = element.get("center", element)
    return listing(element["tags"], f"{element['type']}/{element['id']}", point["lat"], point["lon"])


def subjects(shared: Path) -> list[Subject]:
    """One service at a place per row of the list."""
    with (shared / FOLDER / "muenchen_welfare_orgs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(enumerate(csv.DictReader(file)))
    grouped = itertools.groupby(rows, key=lambda row: row[1]["organisation"])
    return [subject for name, members in grouped for subject in _organisation(name, list(members))]


def _organisation(name: str, rows: list[tuple[int, dict[str, str]]]) -> Iterator[Subject]:
    offered = tuple(ServiceAtLocation(service=SERVICE, location=_place(number, row)) for number, row in rows)
    places = tuple(at.location for at in offered)
    body = Organisation(id=f"o{rows[0][0]}", name=name, services=(SERVICE,), locations=places, offered=offered)
    for at in offered:
        yield Subject(about=About.SERVICE_AT_LOCATION, organisation=body, offered=at)


def _place(number: int, row: dict[str, str]) -> Location:
    return Location(
        id=f"p{number}",
        name=row["name"],
        address=Address(street=row["street"], house_number=row["housenumber"], postcode=row["postcode"]),
        latitude=float(row["lat"]),
        longitude=float(row["lon"]),
        phone=row["phone"],
        email=row["email"],
        url=row["website"],
        opening_hours=row["opening_hours"],
    )


def own_ids(shared: Path) -> list[str]:
    """The OSM ids of the hundred, in the list's order: for checking only."""
    organisations = json.loads((shared / FOLDER / "muenchen_welfare_orgs.json").read_text())
    return [facility["osm"] for organisation in organisations for facility in organisation["facilities"]]
