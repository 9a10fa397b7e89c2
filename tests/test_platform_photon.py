"""Photon, the search box over OpenStreetMap: what is asked, what is read, and what is not mistaken for absence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from audit import About, Listing, More, Nothing, NotUnderstood, Page, Query, Visit
from audit.judging.controls import finds, subject_of
from audit.model import Address, Location, Organisation, Service, ServiceAtLocation, Subject
from platforms.openstreetmap import OpenStreetMapPhoton

AT = datetime(2026, 11, 23, tzinfo=UTC)


def query(city: str = "Musterstadt", **other: Any) -> Query:
    place = Location(id="o", address=Address(city=city), latitude=52.1, longitude=11.6)
    offered = ServiceAtLocation(service=Service(id="d", kind="", name="Hort"), location=place)
    organisation = Organisation(id="m", name="Musterverein")
    return Query(subject=Subject(about=About.SERVICE_AT_LOCATION, organisation=organisation, offered=offered), **other)


def read(told: Any) -> list[Any]:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return list(OpenStreetMapPhoton().read(Page(visit=Visit("https://x.example"), at=AT, body=body)))


def feature(**properties: Any) -> dict[str, Any]:
    told = {"osm_type": "N", "osm_id": 1, "osm_key": "amenity", "osm_value": "kindergarten", "name": "Hort"}
    return {"type": "Feature", "geometry": {"coordinates": [11.6, 52.1]}, "properties": {**told, **properties}}


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def test_name_and_town_are_asked_round_the_place() -> None:
    (visit,) = OpenStreetMapPhoton().search(query())
    assert dict(visit.params) == {"q": "Hort, Musterstadt", "lang": "de", "limit": "20", "lat": "52.10000",
                                  "lon": "11.60000"}  # fmt: skip


def test_without_a_town_or_a_word_nothing_is_asked() -> None:
    assert [*OpenStreetMapPhoton().search(query(city="")), *OpenStreetMapPhoton().search_again(query())] == []


def test_streets_and_towns_are_no_entries() -> None:
    assert read(collection(feature(osm_key="highway"))) == [Nothing("none of the places is a service")]
    assert read(collection()) == [Nothing("features []")]


def test_a_full_answer_says_that_there_may_be_more() -> None:
    assert isinstance(read(collection(*[feature()] * 20))[-1], More)


def test_contact_facts_of_a_server_that_has_them_are_read() -> None:
    (listing,) = read(collection(feature(extra={"phone": "030 23125017", "website": "https://hort.example"})))
    assert (listing.phones, listing.websites) == (("030 23125017",), ("https://hort.example",))


@pytest.mark.parametrize("geometry", [None, {}, {"coordinates": 5}, {"coordinates": []}, {"coordinates": ["a", {}]}])
def test_a_place_without_a_position_is_a_place(geometry: Any) -> None:
    (listing,) = read(collection({**feature(), "geometry": geometry}))
    assert (listing.name, listing.latitude) == ("Hort", None)


@pytest.mark.parametrize(
    "told",
    [
        {"message": "unknown query parameter 'x'. Allowed parameters are: [q]"},
        {"features": []},
        {"type": "FeatureCollection", "features": None},
        collection(None),
        collection({"properties": {"name": "x"}}),
        [],
    ],
)
def test_another_shape_is_not_understood(told: Any) -> None:
    with pytest.raises(NotUnderstood):
        read(told)


def test_the_control_is_found_where_its_entry_is_shown() -> None:
    known = OpenStreetMapPhoton.control.known
    assert known is not None
    where = {"street": known.street, "housenumber": known.house_number, "postcode": known.postcode, "city": known.city}
    entry = {**feature(name=known.name, **where), "geometry": {"coordinates": [known.longitude, known.latitude]}}
    shown = read(collection(entry))
    assert finds(subject_of(known), shown)


def recorded(shared: Path, name: str) -> list[Any]:
    return read((shared / "recordings" / "photon" / name).read_bytes())


@pytest.mark.shared
def test_real_answers_are_read(shared: Path) -> None:
    museum, *more = recorded(shared, "gphp-the-sherlock-holmes-museum-and-shop-9a8795bd.json")
    assert more == []
    assert (museum.name, str(museum.address)) == (
        "The Sherlock Holmes Museum and shop", "Baker Street 221b, NW1 6XE London",
    )  # fmt: skip
    assert (museum.id, museum.url) == ("node/3916613190", "https://www.openstreetmap.org/node/3916613190")
    square = recorded(shared, "wheelmap-photon-mock.json")
    assert [one.name for one in square] == ["Park Inn by Radisson Berlin-Alexanderplatz"]
    assert (square[0].address.city, square[0].address.district, square[0].longitude) == (
        "Berlin",
        "Mitte",
        13.412789245687765,
    )


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["gphp-empty-c2f6f4f6.json", "wheelmap-empty-photon-mock.json", "alexreisner-photon-no-results.json"]
)
def test_a_real_empty_answer_is_the_sign_of_absence(shared: Path, name: str) -> None:
    assert recorded(shared, name) == [Nothing("features []")]


@pytest.mark.shared
def test_every_real_answer_is_understood(shared: Path) -> None:
    files = sorted((shared / "recordings" / "photon").glob("*.json"))
    assert len(files) >= 18
    assert all(isinstance(item, Listing | Nothing) for file in files for item in read(file.read_bytes()))
