"""Wikidata, Wikipedia and accessibility.cloud: what is asked, what is read, and what is not mistaken for absence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import About, Checker, Listing, More, Nothing, NotUnderstood, Page, Query, Visit
from audit.judging.controls import question, verdict
from audit.model import Address, Answer, Location, Organisation, Reason, Seen, Service, ServiceAtLocation, Subject
from platforms.accessibility_cloud import AccessibilityCloud
from platforms.wikidata import Wikidata
from platforms.wikipedia import Wikipedia

AT = datetime(2026, 11, 23, tzinfo=UTC)
ALL: list[Checker] = [AccessibilityCloud(), Wikidata(), Wikipedia()]


def about(**organisation: Any) -> Query:
    told = {"id": "m", "name": "Musterverein", "website": "http://www.muster.example/", **organisation}
    return Query(subject=Subject(about=About.ORGANISATION, organisation=Organisation(**told)))


def read(checker: Checker, told: Any, step: str = "") -> list[Any]:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return list(checker.read(Page(visit=Visit("https://x.example", step=step), at=AT, body=body)))


def recorded(shared: Path, *path: str) -> bytes:
    return shared.joinpath("recordings", *path).read_bytes()


# --- Wikidata


def entity(label: str = "Musterverein", **claims: Any) -> dict[str, Any]:
    stated = {key: [{"mainsnak": {"snaktype": "value", "datavalue": {"value": value}}, "rank": rank}]
              for key, (value, rank) in claims.items()}  # fmt: skip
    return {"entities": {"Q17": {"id": "Q17", "labels": {"de": {"language": "de", "value": label}}, "claims": stated}}}


def test_the_name_and_every_spelling_of_the_website_are_asked() -> None:
    named, stated = Wikidata().search(about())
    assert dict(named.params)["search"] == "Musterverein"
    assert dict(stated.params)["srsearch"] == (
        "haswbstatement:P856=https://www.muster.example|P856=https://www.muster.example/"
        "|P856=http://www.muster.example|P856=http://www.muster.example/"
    )
    assert [visit.step for visit in Wikidata().search(about(website=""))] == ["named"]
    (again,) = Wikidata().search_again(about(alternate_names=("MuV", "M")))
    assert dict(again.params)["search"] == "MuV"


def test_all_items_found_are_asked_for_at_once() -> None:
    (items,) = read(Wikidata(), {"search": [{"id": "Q17"}, {"id": "Q4"}], "success": 1}, "named")
    assert dict(items.params)["ids"] == "Q17|Q4"
    assert items.step == "items"


def test_what_an_item_states_is_read_and_what_is_known_to_be_wrong_is_not() -> None:
    (found,) = read(
        Wikidata(),
        entity(
            P856=("https://www.muster.example/", "normal"), P1329=("+49 30 23125017", "preferred"),
            P968=("mailto:a@b.example", "normal"), P281=("99999", "deprecated"),
            P6375=({"text": "Lindenallee 7, 12345 Musterstadt", "language": "de"}, "normal"),
            P625=({"latitude": 52.1, "longitude": 11.6}, "normal"),
        ),
        "items",
    )  # fmt: skip
    assert (found.phones, found.emails) == (("+49 30 23125017",), ("a@b.example",))
    assert (found.websites, str(found.address)) == (
        ("https://www.muster.example/",),
        "Lindenallee 7, 12345 Musterstadt",
    )
    assert (found.latitude, found.longitude, found.status) == (52.1, 11.6, "")


@pytest.mark.parametrize("kind", ["Q5", "Q4167410"])
def test_people_and_pages_that_tell_names_apart_are_no_organisation(kind: str) -> None:
    assert read(Wikidata(), entity(P31=({"id": kind}, "normal")), "items") == [Nothing("no item of an organisation")]


def test_an_organisation_that_was_dissolved_is_closed() -> None:
    (found,) = read(Wikidata(), entity(P576=({"time": "+1987-00-00T00:00:00Z"}, "normal")), "items")
    assert found.status == "closed"


def test_a_full_list_of_hits_says_that_there_may_be_more() -> None:
    assert isinstance(read(Wikidata(), {"search": [{"id": f"Q{n}"} for n in range(1, 21)]}, "named")[-1], More)


BROKEN: list[tuple[Checker, str, Any]] = [
    (Wikidata(), "named", {"error": {"code": "maxlag", "info": "Waiting for a server: 6 seconds lagged."}}),
    (Wikidata(), "named", {"success": 1}),
    (Wikidata(), "named", {"search": [{"id": "P31"}]}),
    (Wikidata(), "stated", {"search": []}),
    (Wikidata(), "stated", {"batchcomplete": True, "query": {"search": [{"title": "Musterverein"}]}}),
    (Wikidata(), "items", {"entities": {}}),
    (Wikidata(), "items", {"entities": []}),
    (Wikidata(), "items", {"entities": {"Q1": {}}}),
    (Wikipedia(), "hits", {"batchcomplete": True}),
    (Wikipedia(), "hits", {"error": {"code": "ratelimited", "info": "You have exceeded your rate limit."}}),
    (Wikipedia(), "hits", {"query": {"search": [{"title": "x"}]}}),
    (Wikipedia(), "hits", {"query": []}),
    (Wikipedia(), "articles", {"query": {"pages": [{"pageid": 17, "missing": True}]}}),
    (Wikipedia(), "articles", {"query": {"search": []}}),
    (AccessibilityCloud(), "", {"error": {"reason": "Longitude is required", "details": []}}),
    (AccessibilityCloud(), "", {"type": "FeatureCollection", "features": []}),
    (AccessibilityCloud(), "", {"featureCount": 3, "features": []}),
    (AccessibilityCloud(), "", {"featureCount": 1, "features": [None]}),
    (AccessibilityCloud(), "", {"featureCount": 0}),
]


@pytest.mark.parametrize(("checker", "step", "told"), BROKEN)
def test_another_shape_is_not_understood(checker: Checker, step: str, told: Any) -> None:
    with pytest.raises(NotUnderstood):
        read(checker, told, step)


def seen(*items: Any) -> Answer:
    return Answer(way="x", subjects=(), chain=(Seen(visit=Visit("https://x.example"), at=AT, items=items),))


@pytest.mark.parametrize("checker", [Wikidata(), Wikipedia()])
def test_the_control_finds_its_entry_and_no_made_up_one(checker: Checker) -> None:
    known = checker.control.known
    assert known is not None
    assert list(checker.search(question(checker, known)))
    told: Any = entity(known.name, P856=(known.website, "normal"))
    if checker.id == "wikipedia-api":
        links = [{"url": known.website}]
        told = {"query": {"pages": [{"title": known.name, "fullurl": "https://w.example", "extlinks": links}]}}
    shown = read(checker, told, "items" if checker.id == "wikidata" else "articles")
    assert verdict(checker, known, seen(*shown), seen(Nothing("search []")))[0] is None
    assert verdict(checker, known, seen(Nothing("search []")), None)[0] is Reason.CONTROL_FAILED
    assert verdict(checker, known, seen(*shown), seen(*shown))[0] is None  # nothing is taken for a made-up one


@pytest.mark.shared
def test_real_items_are_read(shared: Path) -> None:
    (band,) = read(Wikidata(), recorded(shared, "wikidata", "entitydata-Q1299.json"), "items")
    assert (band.name, band.websites, band.status) == ("The Beatles", ("http://www.thebeatles.com",), "closed")
    assert "Fab Four" in band.alternate_names
    (city,) = read(Wikidata(), recorded(shared, "wikidata", "entitydata-Q8646.json"), "items")
    assert (city.name, city.websites) == ("Hongkong", ("http://www.gov.hk",))
    assert (city.latitude, city.longitude) == (pytest.approx(22.27833), pytest.approx(114.15861))
    for singer in ("entitydata-Q16231742.json", "entitydata-Q20145.json"):
        assert read(Wikidata(), recorded(shared, "wikidata", singer), "items") == [
            Nothing("no item of an organisation")
        ]


@pytest.mark.shared
def test_a_real_search_leads_to_its_item(shared: Path) -> None:
    (items,) = read(Wikidata(), recorded(shared, "wikidata", "wbk-cirrus-search-response.json"), "stated")
    assert dict(items.params)["ids"] == "Q1"


@pytest.mark.shared
@pytest.mark.parametrize("name", ["entitydata-P2003.json", "wbk-single-var-sparql-results.json"])
def test_a_real_answer_of_another_kind_is_not_understood(shared: Path, name: str) -> None:
    with pytest.raises(NotUnderstood):
        read(Wikidata(), recorded(shared, "wikidata", name), "items")


# --- Wikipedia


def test_of_the_links_of_an_article_only_home_pages_count() -> None:
    links = ["https://www.muster.example/", "https://zeitung.example/artikel", "http://[", "https://b.example?x=1", 7]
    article = {"pageid": 17, "title": "Musterverein", "fullurl": "https://de.wikipedia.org/wiki/Musterverein",
               "extlinks": [{"url": link} for link in links], "extract": "Ein Verein. " * 300}  # fmt: skip
    (found,) = read(Wikipedia(), {"query": {"pages": [article]}}, "articles")
    assert found.websites == ("https://www.muster.example/",)
    assert len(found.text) == 2000


# --- accessibility.cloud


def around(latitude: float | None = 52.1) -> Query:
    place = Location(id="o", address=Address(city="Musterstadt"), latitude=latitude, longitude=11.6)
    offered = ServiceAtLocation(service=Service(id="d", kind="", name="Hort"), location=place)
    organisation = Organisation(id="m", name="Musterverein")
    return Query(subject=Subject(about=About.SERVICE_AT_LOCATION, organisation=organisation, offered=offered))


def test_everything_round_the_place_is_asked_for_and_without_coordinates_nothing() -> None:
    (visit,) = AccessibilityCloud().search(around())
    told = dict(visit.params)
    assert (told["latitude"], told["longitude"], told["accuracy"]) == ("52.10000", "11.60000", "250")
    assert told["appToken"] == "{ACCESSIBILITY_CLOUD_TOKEN}"
    assert list(AccessibilityCloud().search(around(None))) == []


def records(*properties: Any, **more: Any) -> list[Any]:
    features = [{"type": "Feature", "geometry": {"coordinates": [11.6, 52.1]}, "properties": one} for one in properties]
    return read(AccessibilityCloud(), {"featureCount": len(features), "features": features, **more})


def test_texts_are_read_in_the_first_language_that_is_there() -> None:
    (plain,) = records({"name": "Hort", "address": "Lindenallee 7, 12345 Musterstadt"})
    assert (plain.name, str(plain.address)) == ("Hort", "Lindenallee 7, 12345 Musterstadt")
    (both,) = records(
        {"name": {"en": "Day care", "de": "Hort"}, "accessibility": {"accessibleWith": {"wheelchair": False}}}
    )
    assert (both.name, both.access_text) == ("Hort", "accessibleWith wheelchair=no")


def test_records_without_a_name_are_no_entries() -> None:
    assert records({"category": "elevator"}) == [Nothing("no record with a name")]
    assert records() == [Nothing("featureCount 0")]
    assert isinstance(records({"name": "Hort"}, totalFeatureCount=70)[-1], More)


@pytest.mark.shared
def test_a_real_record_is_read(shared: Path) -> None:
    (found,) = read(AccessibilityCloud(), recorded(shared, "wheelmap", "place-infos-mock.json"))
    assert (found.name, found.categories, found.text) == ("Sozialhelden e.V.", ("ngo",), "Anmeldung erforderlich")
    assert found.url == "https://openstreetmap.org/node/4544823443"
    assert found.access_text == (
        "entrances properties isLevel=yes, hasInductionLoop=no, wheelchairPlaces wheelchairUserCapacity=3"
    )


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("Q17")
NAMES = st.sampled_from(
    [
        "entities",
        "search",
        "query",
        "pages",
        "features",
        "featureCount",
        "properties",
        "name",
        "accessibility",
        "geometry",
        "coordinates",
        "id",
        "title",
        "labels",
        "de",
        "value",
        "claims",
        "P31",
        "P856",
        "P625",
        "mainsnak",
        "datavalue",
        "pageid",
        "extlinks",
        "url",
        "fullurl",
        "address",
    ]
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=20
)


@given(st.sampled_from(ALL), st.sampled_from(["named", "stated", "items", "hits", "articles"]), JSON)
def test_whatever_is_answered_is_read_or_not_understood(checker: Checker, step: str, told: Any) -> None:
    record = {"featureCount": 1, "features": [{"properties": {"name": "x", "accessibility": told, "address": told}}]}
    item = {"entities": {"Q17": {"id": "Q17", "labels": told, "aliases": {"de": told}, "claims": {"P856": told}}}}
    for one in (told, record, item):
        try:
            found = read(checker, one, step)
        except NotUnderstood:
            continue
        assert all(isinstance(item, Listing | Nothing | More | Visit) for item in found)
