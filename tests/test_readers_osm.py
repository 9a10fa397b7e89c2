"""OpenStreetMap tags as listings."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import Action, Address
from audit.readers import osm_listing

KITA = {
    "amenity": "kindergarten",
    "name": "Kita Sonnenhang",
    "short_name": "Sonnenhang",
    "operator": "Lindenhaus e. V.",
    "operator:wikidata": "Q1",
    "brand:wikidata": "Q2",
    "addr:street": "Lindenstraße",
    "addr:housenumber": "12 a",
    "addr:postcode": "42103",
    "addr:city": "Auental",
    "phone": "+49 202 1;+49 202 2459-0",
    "contact:phone": "0202 2459-0",
    "contact:mobile": "+49 171 1234567",
    "contact:website": "https://kita.example",
    "website": "https://lindenhaus.example",
    "email": "kita@lindenhaus.example",
    "opening_hours": "Mo-Do 07:00-16:00",
    "wheelchair": "limited",
    "fee": "yes",
    "language:tr": "yes",
    "check_date": "2026-05-01",
}


def test_every_spelling_of_a_contact_tag_is_read() -> None:
    found = osm_listing(KITA, "node/5", 51.2, 7.1)
    assert found
    assert found.phones == ("+49 202 1", "+49 202 2459-0", "+49 171 1234567")
    assert found.websites == ("https://lindenhaus.example", "https://kita.example")
    assert found.emails == ("kita@lindenhaus.example",)
    assert found.actions == (Action.CALL, Action.WRITE, Action.VISIT_WEBSITE)


def test_names_place_hours_and_ids_are_read() -> None:
    found = osm_listing(KITA, "node/5", 51.2, 7.1)
    assert found
    assert (found.name, found.alternate_names, found.operator) == (
        "Kita Sonnenhang",
        ("Sonnenhang",),
        "Lindenhaus e. V.",
    )
    assert found.address == Address(street="Lindenstraße", house_number="12 a", postcode="42103", city="Auental")
    assert (found.opening_hours, found.hours_text) == ("Mo-Th 07:00-16:00", "Mo-Do 07:00-16:00")
    assert (found.wikidata, found.languages, found.tags) == (("Q2", "Q1"), ("tr",), ("amenity=kindergarten",))
    assert (found.access_text, found.fees_text) == ("wheelchair=limited", "fee=yes")
    assert (found.updated, found.url) == (date(2026, 5, 1), "https://www.openstreetmap.org/node/5")


@pytest.mark.parametrize("prefix", ["disused", "abandoned", "was"])
def test_a_place_that_only_was_is_closed(prefix: str) -> None:
    found = osm_listing({f"{prefix}:amenity": "kindergarten", "name": "Alte Kita"}, "way/1")
    assert found
    assert (found.status, found.tags) == ("closed", ("amenity=kindergarten",))


def test_a_place_with_a_past_use_beside_its_present_one_is_open() -> None:
    found = osm_listing({"disused:shop": "bakery", "amenity": "social_facility", "name": "Laden"}, "way/1")
    assert found
    assert found.status == ""


def test_containers_and_objects_without_name_and_operator_are_no_listings() -> None:
    assert osm_listing({"amenity": "recycling", "brand": "Rotes Kreuz", "brand:wikidata": "Q3"}, "node/1") is None
    assert osm_listing({"amenity": "kindergarten"}, "node/1") is None
    assert osm_listing({}, "node/1") is None


def test_what_can_be_reached_is_a_listing_even_without_a_name() -> None:
    found = osm_listing({"amenity": "kindergarten", "phone": "+49 221 1"}, "node/1")
    assert found
    assert (found.name, found.phones) == ("", ("+49 221 1",))
    assert osm_listing({"building": "yes", "phone": "+49 221 1"}, "node/1") is None


def test_an_operator_stands_in_for_a_missing_name() -> None:
    found = osm_listing({"office": "association", "operator": "Lindenhaus"}, "node/1")
    assert found
    assert found.name == "Lindenhaus"


@pytest.mark.shared
def test_every_named_object_of_munich_is_a_listing(shared: Path) -> None:
    told = json.loads((shared / "data/osm/muenchen_2025-11-22.overpass.json").read_text("utf-8"))["elements"]
    found = [osm_listing(one["tags"], f"{one['type']}/{one['id']}") for one in told]
    assert len(found) == 2623
    assert all(found)
    with_hours = [one for one in found if one and one.hours_text]
    assert len(with_hours) == 1381
    assert len([one for one in with_hours if one.opening_hours]) >= 1379
    both = {"phone", "contact:phone", "contact:mobile", "mobile"}
    phones = [one for one, raw in zip(found, told, strict=True) if one and both & set(raw["tags"])]
    assert all(one.phones for one in phones)


@given(
    st.dictionaries(
        st.sampled_from([*KITA, "disused:amenity", ":", ""]), st.text(max_size=12) | st.none() | st.integers()
    )
)
def test_tags_of_any_kind_never_raise(tags: dict[str, str]) -> None:
    found = osm_listing(tags, "x")
    assert found is None or found.name or found.phones or found.websites or found.emails
