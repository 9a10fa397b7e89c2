"""JSON-LD and microdata to entities and listings."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import Address, Listing, Page, Visit
from audit.readers import entities, listings

URL = "https://haus.example/"


def page(source: str | bytes) -> Page:
    """An HTML page without a word about its encoding."""
    body = source.encode() if isinstance(source, str) else source
    return Page(visit=Visit(URL), at=datetime(2026, 11, 23, tzinfo=UTC), url=URL, body=body)


def ld(value: object) -> Page:
    """A page with one JSON-LD script: text as it is, everything else as JSON."""
    text = value if isinstance(value, str) else json.dumps(value)
    return page(f"<meta charset=utf-8><script type='application/ld+json'>{text}</script>")


def one(source: Page) -> Listing:
    """The only listing of a page."""
    found = listings(source)
    assert len(found) == 1
    return found[0]


def test_a_graph_with_references_and_types_as_urls_is_read() -> None:
    graph = [
        {"@type": ["https://schema.org/NGO", "LocalBusiness"], "name": "Haus", "address": {"@id": "#ort"}},
        {
            "@type": "PostalAddress",
            "@id": "#ort",
            "streetAddress": "Weg 3",
            "postalCode": "12345",
            "addressLocality": "Au",
        },
    ]
    found = one(ld({"@graph": graph}))
    assert found.address == Address(street="Weg", house_number="3", postcode="12345", city="Au")
    assert found.tags == ("schema:NGO", "schema:LocalBusiness")


@pytest.mark.parametrize(
    "text",
    [
        '<!-- {"@type": "NGO", "name": "Haus"} -->',
        '//<![CDATA[\n{"@type": "NGO", "name": "Haus"}\n//]]>',
        '{"@type": "NGO", "name": "Haus",}',
        '{"@type": "NGO", "name": "Ha\tus"};',
        '[[{"@type": "NGO", "name": {"@value": "Haus"}}]]',
    ],
)
def test_the_usual_faults_of_real_pages_are_forgiven(text: str) -> None:
    assert one(ld(text)).name.replace(" ", "") == "Haus"


def test_html_in_values_is_unescaped() -> None:
    assert one(ld({"@type": "NGO", "name": "Rat &amp; Tat"})).name == "Rat & Tat"


def test_contact_points_hours_position_and_operator_belong_to_the_listing() -> None:
    place = {
        "@type": "ChildCare",
        "name": "Kita Sonnenhang",
        "parentOrganization": {"@type": "NGO", "name": "Lindenhaus"},
        "contactPoint": [{"@type": "ContactPoint", "telephone": "0202 2459-0", "email": "mailto:kita@haus.example"}],
        "geo": {"latitude": "51.25", "longitude": 7.15},
        "openingHours": ["Mo-Do 7-16 Uhr", "Fr 7-14 Uhr"],
        "sameAs": "https://www.wikidata.org/wiki/Q42",
    }
    found = next(listing for listing in listings(ld(place)) if listing.name == "Kita Sonnenhang")
    assert (found.phones, found.emails) == (("0202 2459-0",), ("kita@haus.example",))
    assert (found.latitude, found.longitude) == (51.25, 7.15)
    assert found.opening_hours == "Mo-Th 07:00-16:00; Fr 07:00-14:00"
    assert (found.operator, found.wikidata) == ("Lindenhaus", ("Q42",))


def test_people_articles_and_nameless_things_are_no_listings() -> None:
    assert listings(ld([{"@type": "Person", "name": "A"}, {"@type": "Article", "name": "B"}, {"@type": "NGO"}])) == []


def test_microdata_belongs_to_the_nearest_scope_and_itemref_lends_it() -> None:
    source = """<div itemscope itemtype="https://schema.org/NGO" itemref="mail"><b itemprop="name">Haus</b>
      <p itemprop="address" itemscope itemtype="http://schema.org/PostalAddress"><i itemprop=addressLocality>Au</i></p>
      <a itemprop="url" href="/start">x</a></div><p id="mail"><i itemprop="email">a@haus.example</i></p>"""
    found = one(page(source))
    assert (found.name, found.address.city, found.emails) == ("Haus", "Au", ("a@haus.example",))
    assert found.websites == ("https://haus.example/start",)


@pytest.mark.shared
def test_every_fact_that_the_oracle_found_on_real_pages_is_found(shared: Path) -> None:
    folder = shared / "data/pages"
    names = {"telephone": "telephone", "email": "email", "street": "streetAddress", "postal": "postalCode"}
    names |= {"city": "addressLocality", "sameAs": "sameAs"}
    told = json.loads((folder / "expected.json").read_text("utf-8"))
    assert len(told) == 16
    for expected in told:
        found = entities(page((folder / expected["file"]).read_bytes()))
        for kind, name in names.items():
            got = {text for entity in found for text in entity.texts(name)}
            assert set(expected[kind]) <= got, (expected["file"], kind)


# Of the 31 published examples these differ themselves: no microdata given, or other values in it.
DIFFERENT = ("#eg-0007", "#eg-0169", "#eg-0174", "#eg-0195", "#eg-0201", "#eg-0202")


@pytest.mark.shared
def test_microdata_and_json_ld_of_one_example_give_the_same_facts(shared: Path) -> None:
    told = json.loads((shared / "data/structured_data/schemaorg_examples.json").read_text("utf-8"))
    same = [example for example in told if not example["types"].startswith(DIFFERENT)]
    assert len(same) == 25
    for example in same:
        assert facts(example["microdata"]) == facts(example["json"]), example["types"]


def facts(source: str) -> set[tuple[object, ...]]:
    """What a seeker gets from the listings of a page."""
    return {(x.name, str(x.address), x.phones, x.emails, x.opening_hours, x.latitude) for x in listings(page(source))}


def test_hostile_data_is_bounded_and_never_raises() -> None:
    assert entities(ld("[" * 100_000)) == []
    assert len(entities(ld([{"@type": "NGO", "name": str(n)} for n in range(5000)]))) == 2000
    assert len(listings(ld([{"@type": "NGO", "name": str(n)} for n in range(5000)]))) == 50
    deep = '{"@type":"NGO","name":"x","location":' * 200 + "1" + "}" * 200
    assert len(entities(ld(deep))) <= 24
    assert (
        one(
            ld({"@type": "NGO", "@id": "#a", "name": "x", "location": {"@id": "#a"}, "geo": {"latitude": "nan"}})
        ).latitude
        is None
    )


KEYS = st.sampled_from(
    ["@type", "@id", "@graph", "@value", "name", "address", "geo", "latitude", "telephone", "openingHours"]
)
KEYS |= st.sampled_from(
    ["openingHoursSpecification", "dayOfWeek", "opens", "contactPoint", "sameAs", "email", "validFrom"]
)
LEAF = (
    st.none() | st.booleans() | st.floats() | st.text(max_size=10) | st.sampled_from(["NGO", "Place", "Mo 9-12", "#a"])
)
VALUE = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=25
)


@given(VALUE)
@settings(max_examples=120, deadline=None)
def test_json_ld_of_any_shape_never_raises(value: object) -> None:
    for listing in listings(ld(value)):
        assert listing.name


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_a_page_without_an_exception(body: bytes) -> None:
    listings(page(b"<div itemscope itemtype=NGO itemprop=x>" + body))
