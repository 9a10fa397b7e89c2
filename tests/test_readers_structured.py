"""JSON-LD and microdata to entities and listings."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import Address, Listing, Page, Visit
from audit.readers import entities, listings
from tests.saved_pages import reach

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
DIFFERENT = ("#eg-0169", "#eg-0174", "#eg-0195", "#eg-0201", "#eg-0202")


@pytest.mark.shared
def test_microdata_and_json_ld_of_one_example_give_the_same_facts(shared: Path) -> None:
    told = json.loads((shared / "data/structured_data/schemaorg_examples.json").read_text("utf-8"))
    same = [example for example in told if not example["types"].startswith(DIFFERENT)]
    assert len(same) == 26
    for example in same:
        assert facts(example["microdata"]) == facts(example["json"]), example["types"]


@pytest.mark.shared
def test_rdfa_of_an_example_gives_the_same_facts_as_its_json_ld(shared: Path) -> None:
    told = json.loads((shared / "data/structured_data/schemaorg_examples.json").read_text("utf-8"))
    others = ("#eg-0007", "#eg-0195")  # these differ themselves
    given_in_both = [one for one in told if "typeof" in one["rdfa"] and not one["types"].startswith(others)]
    assert len(given_in_both) > 20
    for example in given_in_both:
        assert facts(example["rdfa"]) == facts(example["json"]), example["types"]


@pytest.mark.shared
def test_every_contact_fact_of_the_saved_pages_reaches_the_audit(shared: Path) -> None:
    found = reach(shared / "data/pages")
    assert {one.kind: one.missed for one in found} == {one.kind: () for one in found}
    assert {one.kind: one.expected for one in found} == {
        "telephone": 12, "street": 11, "postcode": 10, "e-mail": 9, "town": 10, "telephone link": 7, "e-mail link": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        '<!-- {"@type": "NGO", "name": "Haus"} -->',
        '//<![CDATA[\n{"@type": "NGO", "name": "Haus"}\n//]]>',
        '<!--//--><![CDATA[//><!--\n{"@type": "NGO", "name": "Haus"}\n//--><!]]>',
        '{"@type": "NGO", "name": "Haus",}',
        '{"@type": "NGO",, "name": "Haus"}',
        '{"@type": "NGO", /* wer */ "name": "Haus" // Ende\n}',
        '{"@type": "NGO",\u00a0"name": "Haus"};',
        '{"@type": "NGO", "name": "Haus", "description": "a\\-b\x01"}',
        "{&quot;@type&quot;: &quot;NGO&quot;, &quot;name&quot;: &quot;Haus&quot;}",
        '{"@type": "WebSite"} {"@type": "NGO", "name": "Haus"}',
        '[{"@graph": [{"@type": "NGO", "name": {"@value": "Haus"}}]}]',
    ],
)
def test_json_ld_with_the_usual_faults_is_read(text: str) -> None:
    assert [one.name for one in listings(ld(text))] == ["Haus"]


def test_a_comma_within_a_text_stays() -> None:
    assert one(ld('{"@type": "NGO", "name": "Rat,]", "email": "a@b.example",}')).name == "Rat,]"


def test_numbers_with_the_address_count_for_whose_address_it_is() -> None:
    address = {"@type": "PostalAddress", "streetAddress": "Weg 3", "telephone": "0202 1234", "email": "a@haus.example"}
    found = one(ld({"@type": "NewsArticle", "publisher": {"@type": "NGO", "name": "Haus", "address": address}}))
    assert (found.name, found.phones, found.emails) == ("Haus", ("0202 1234",), ("a@haus.example",))


def test_contact_facts_without_a_name_go_by_the_name_of_the_site() -> None:
    source = page(
        "<title>Kontakt | Lindenhaus</title><div itemscope itemtype='https://schema.org/Organization'>"
        "<a itemprop=telephone href='tel:+49%20202%201234'>anrufen</a></div>"
        "<div itemscope itemtype='https://schema.org/PostalAddress'><b itemprop=streetAddress>Weg 3</b></div>"
    )
    first, second = listings(source)
    assert (first.name, first.phones) == ("Lindenhaus", ("+49 202 1234",))
    assert (second.name, str(second.address)) == ("Lindenhaus", "Weg 3")


def test_a_person_lends_facts_and_no_name() -> None:
    source = ld([
        {"@type": "WebSite", "name": "Lindenhaus"},
        {"@type": "Article", "author": {"@type": "Person", "name": "Eva Muster", "email": "rat@haus.example"}},
    ])  # fmt: skip
    found = one(source)
    assert (found.name, found.alternate_names, found.emails) == ("Lindenhaus", (), ("rat@haus.example",))


def test_the_place_of_an_event_is_marked_as_such() -> None:
    place = {"@type": "Place", "address": {"@type": "PostalAddress", "streetAddress": "Markt 1"}}
    found = one(ld({"@type": "Event", "name": "Sommerfest", "location": place}))
    assert (found.name, found.tags) == ("Sommerfest", ("schema:Place", "schema:Event"))


def test_what_several_scripts_say_of_one_id_is_put_together() -> None:
    parts = [{"@type": "NGO", "@id": "#wir", "name": "Haus"}, {"@type": "NGO", "@id": "#wir", "telephone": "0202 1234"}]
    assert one(ld(parts)).phones == ("0202 1234",)
    unlike = [{"@type": "WebSite", "@id": "#wir", "name": "Seite"}, {"@type": "NGO", "@id": "#wir", "name": "Haus"}]
    assert one(ld(unlike)).name == "Haus"


def test_departments_and_contact_points_at_any_depth_are_read() -> None:
    inner = {"@type": "NGO", "name": "Rat", "contactPoint": [{"@type": "ContactPoint", "telephone": "0202 1234"},
             {"@type": "ContactPoint", "contactType": "Fax", "telephone": "0202 9999"}]}  # fmt: skip
    value: dict[str, object] = {"@type": "WebPage", "about": {"@type": "NGO", "name": "Haus", "department": [inner]}}
    assert {found.name: found.phones for found in listings(ld(value))} == {"Haus": (), "Rat": ("0202 1234",)}


@pytest.mark.parametrize(
    ("stated", "address"),
    [
        ({"streetAddress": "Weg 3, Haus Linde", "postalCode": "D-42103", "addressLocality": "Auental, Germany"},
         "Weg 3, 42103 Auental"),
        ({"streetAddress": "Rathaus, Weg 3", "addressLocality": "42103 Auental"}, "Weg 3, 42103 Auental"),
        ({"streetAddress": "Weg 3, 42103 Auental"}, "Weg 3, 42103 Auental"),
        ({"streetAddress": "Gewerbestrasse 12", "addressLocality": "8606 Nänikon"}, "Gewerbestrasse 12, 8606 Nänikon"),
    ],
)  # fmt: skip
def test_an_address_with_its_parts_in_the_wrong_fields_is_put_right(stated: dict[str, str], address: str) -> None:
    assert str(one(ld({"@type": "NGO", "name": "Haus", "address": stated})).address) == address


def test_a_number_of_a_neighbouring_country_gets_its_code() -> None:
    place = {"@type": "PostalAddress", "addressLocality": "Wien", "addressCountry": "AT"}
    assert one(ld({"@type": "NGO", "name": "Haus", "telephone": "01 5321234", "address": place})).phones == (
        "+43 1 5321234",
    )


def test_an_element_lent_by_itemref_belongs_to_both() -> None:
    source = page(
        "<div itemscope itemtype='https://schema.org/NGO' itemref='tel'><b itemprop=name>Haus</b></div>"
        "<p id=tel>Ruf <meta itemprop=telephone content='0202 1234'></p>"
    )
    assert one(source).phones == ("0202 1234",)


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
def test_json_ld_of_any_shape_never_raises(value: object) -> None:
    for listing in listings(ld(value)):
        assert listing.name


@given(st.binary(max_size=300))
def test_any_bytes_are_a_page_without_an_exception(body: bytes) -> None:
    listings(page(b"<div itemscope itemtype=NGO itemprop=x>" + body))
