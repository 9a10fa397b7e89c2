from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import About, Checker, Listing, More, Nothing, NotUnderstood, Page, Query, Visit
from audit.model import Address, Location, Organisation, Service, ServiceAtLocation, Subject
from audit.readers.regions import regions
from platforms.openstreetmap import OpenStreetMapData, OpenStreetMapNominatim, OpenStreetMapOverpass

AT = datetime(2026, 11, 23, tzinfo=UTC)
TOP = {"version": 0.6, "osm3s": {"timestamp_osm_base": "2026-11-22T20:00:00Z"}}
NODE = "https://www.openstreetmap.org/node/{}"


def query(number: int = 1, at: tuple[float, float] | None = None, **other: Any) -> Query:
    latitude, longitude = at or (None, None)
    place = Location(id=f"o{number}", address=Address(city="Musterstadt"), latitude=latitude, longitude=longitude)
    service = Service(id=f"d{number}", kind="", name="Hort")
    organisation = Organisation(id="m", name='Verein "Muster" e.V.', website="https://www.muster.example/")
    offered = ServiceAtLocation(service=service, location=place)
    subject = Subject(about=About.SERVICE_AT_LOCATION, organisation=organisation, offered=offered)
    return Query(subject=subject, **other)


def read(checker: Checker, body: bytes, step: str = "") -> list[Any]:
    return list(checker.read(Page(visit=Visit("https://x.example", step=step), at=AT, body=body)))


def overpass(*elements: Any, step: str = "box", **other: Any) -> list[Any]:
    return read(OpenStreetMapOverpass(), json.dumps({**TOP, "elements": elements, **other}).encode(), step)


def question(visit: Visit) -> str:
    return parse_qs(visit.body)["data"][0]


def test_one_question_covers_all_places_of_a_town() -> None:
    (ask,) = OpenStreetMapOverpass().plan([query(n, (48.1 + n / 100, 11.5)) for n in range(20)])
    assert len(ask.queries) == 20
    assert "[bbox:48.08,11.48,48.31,11.52]" in question(ask.visit)


@given(st.lists(st.tuples(st.floats(47, 55), st.floats(6, 15)), max_size=30))
@settings(max_examples=30, deadline=None)
def test_no_box_is_wider_than_asked_for_and_no_place_is_left_out(places: list[tuple[float, float]]) -> None:
    found = regions([query(n, at) for n, at in enumerate(places)], 0.46)
    assert sum(len(region.queries) for region in found) == len(places)
    for region in found:
        assert max(region.north - region.south, region.east - region.west) <= 0.46
        for held in region.queries:
            place = held.location
            assert place is not None
            assert place.latitude is not None
            assert place.longitude is not None
            assert region.south <= place.latitude <= region.north
            assert region.west <= place.longitude <= region.east


def test_the_same_places_give_the_same_question_in_any_order() -> None:
    asked = [query(n, (48.1 + n / 100, 11.5)) for n in range(5)]
    plans = [OpenStreetMapOverpass().plan(order) for order in (asked, asked[::-1])]
    assert [ask.visit for ask in plans[0]] == [ask.visit for ask in plans[1]]


def test_a_place_without_coordinates_is_looked_for_in_its_town() -> None:
    (visit,) = OpenStreetMapOverpass().search(query())
    assert 'area["name"="Musterstadt"]' in question(visit)
    assert "bbox" not in question(visit)


def test_names_with_quotes_and_brackets_stay_inside_the_question() -> None:
    (visit,) = OpenStreetMapOverpass().search(query())
    assert r'["operator"~"Verein \"Muster\" e\\.V\\.",i]' in question(visit)


def test_an_error_inside_a_good_answer_is_not_understood() -> None:
    with pytest.raises(NotUnderstood, match="timed out"):
        overpass(remark="runtime error: Query timed out")


def test_no_elements_without_a_remark_are_nothing() -> None:
    assert isinstance(overpass()[0], Nothing)


def test_an_unknown_town_is_not_an_empty_one() -> None:
    assert isinstance(overpass({"type": "area", "id": 1}, step="town")[0], Nothing)
    with pytest.raises(NotUnderstood, match="area"):
        overpass(step="town")


def test_clothing_containers_are_no_services() -> None:
    tags = {"amenity": "recycling", "recycling_type": "container", "brand": "Muster", "name": "Kleider"}
    assert isinstance(overpass({"type": "node", "id": 1, "lat": 1, "lon": 2, "tags": tags})[0], Nothing)


@pytest.mark.shared
def test_the_real_city_is_read_in_full(shared: Path) -> None:
    body = (shared / "data" / "osm" / "muenchen_2025-11-22.overpass.json").read_bytes()
    listings = read(OpenStreetMapOverpass(), body, "box")
    named = [e for e in json.loads(body)["elements"] if {"name", "operator", "brand"} & set(e.get("tags", {}))]
    assert len(listings) == len(named) > 1000
    assert all(isinstance(listing, Listing) and listing.latitude for listing in listings)
    assert next(one for one in listings if one.id == "node/10764095167").name == "AWO Kindergarten Winzererstraße"


@pytest.mark.shared
@pytest.mark.parametrize("name", ["overpy-bad-request.html", "overpy-remark-runtime-error-01.json"])
def test_real_failures_of_overpass_are_not_understood(shared: Path, name: str) -> None:
    with pytest.raises(NotUnderstood):
        read(OpenStreetMapOverpass(), (shared / "recordings" / "osm-overpass" / name).read_bytes(), "box")


@pytest.mark.shared
def test_real_answers_of_nominatim_are_told_apart(shared: Path) -> None:
    folder = shared / "recordings" / "osm-nominatim"
    checker = OpenStreetMapNominatim()
    assert isinstance(read(checker, (folder / "gphp-empty-dfdc3556.json").read_bytes())[0], Nothing)
    with pytest.raises(NotUnderstood):
        read(checker, (folder / "alexreisner-nominatim-over-limit.html").read_bytes())
    path = folder / "alexreisner-nominatim-cologne-cathedral-cologne-germany.json"
    (listing,) = read(checker, path.read_bytes())
    assert (listing.name, listing.id) == ("Cologne Cathedral", "way/4532022")
    assert str(listing.address) == "Domkloster 4, 50667 Cologne"


def test_known_objects_are_looked_up_fifty_at_once() -> None:
    asked = [query(n, profiles=(NODE.format(100 + n),)) for n in range(60)]
    plan = OpenStreetMapNominatim().plan([*asked, query(99)])
    ids = [dict(ask.visit.params).get("osm_ids", "").count(",") + 1 for ask in plan if ask.visit.step == "lookup"]
    assert ids == [50, 10]
    assert [ask.visit.step for ask in plan] == ["search", "lookup", "lookup"]
    assert {q.subject.key for ask in plan for q in ask.queries} == {q.subject.key for q in [*asked, query(99)]}


def test_two_services_of_one_object_share_its_look_up() -> None:
    (ask,) = OpenStreetMapNominatim().plan([query(n, profiles=(NODE.format(5),)) for n in (1, 2)])
    assert len(ask.queries) == 2


def test_the_details_page_is_never_asked() -> None:
    visits = [ask.visit for ask in OpenStreetMapNominatim().plan([query(profiles=(NODE.format(5),)), query(2)])]
    assert {visit.url.rpartition("/")[2] for visit in visits} == {"lookup", "search"}


def test_as_many_places_as_asked_for_may_be_only_a_part() -> None:
    places = [{"osm_type": "node", "osm_id": n, "display_name": f"Hort {n}, Musterstadt"} for n in range(40)]
    body = json.dumps(places).encode()
    assert isinstance(read(OpenStreetMapNominatim(), body, "search")[-1], More)
    assert isinstance(read(OpenStreetMapNominatim(), body, "lookup")[-1], Listing)


RECORDS = st.dictionaries(
    st.sampled_from(["id", "lat", "lon", "tags", "updated", "type", "center", "osm_type", "osm_id", "display_name"]),
    st.none()
    | st.text(max_size=6)
    | st.floats()
    | st.sampled_from(["node", "2026-13-01"])
    | st.dictionaries(st.sampled_from(["name", "phone", "addr:street"]), st.text(max_size=6) | st.none(), max_size=3),
)


@given(st.lists(RECORDS, max_size=3))
def test_any_records_are_read_or_not_understood(records: list[dict[str, Any]]) -> None:
    for record in records:
        OpenStreetMapData().read_record(record)
    for checker, value in (
        (OpenStreetMapOverpass(), {**TOP, "elements": records}),
        (OpenStreetMapNominatim(), records),
    ):
        try:
            read(checker, json.dumps(value).encode())
        except NotUnderstood:
            continue
