"""Which listing belongs to which service at which place: on small cases where the answer is plain."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.judging.blocking import Index
from audit.judging.dealing import Dealt, deal
from audit.judging.matching import MATCH, UNCLEAR, Facts, compare_fields, compare_pair, facts, probability, recognised
from audit.judging.weights import shipped
from audit.model import About, Address, Level, Listing, Location, Organisation, Service, ServiceAtLocation, Subject


@dataclass(frozen=True)
class Kind:
    words: tuple[str, ...] = ()
    seekers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    schema: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


DEBT = Kind(words=("Schuldnerberatung",), seekers=("Geldsorgen",), tags=("office=association+social=debt",))
ADDICTION = Kind(words=("Suchtberatung", "Drogenberatung"))
KINDS = {"debt": DEBT, "addiction": ADDICTION}
ADDRESS = Address(street="Lindenstraße", house_number="5", postcode="50674", city="Köln")
PLACE = Location(id="linden", address=ADDRESS, latitude=50.93, longitude=6.94, phone="0221 5550-0")
SERVICES = (
    Service(id="debt", kind="debt", name="Schuldnerberatung"),
    Service(id="addiction", kind="addiction", name="Suchtberatung"),
)
BODY = Organisation(
    id="caritas-koeln",
    name="Caritasverband Köln e.V.",
    website="https://caritas-koeln.example.de",
    services=SERVICES,
    locations=(PLACE,),
    offered=tuple(ServiceAtLocation(service=service, location=PLACE) for service in SERVICES),
)
SUBJECTS = tuple(Subject(about=About.SERVICE_AT_LOCATION, organisation=BODY, offered=at) for at in BODY.offered)
DEBT_KEY, ADDICTION_KEY = (subject.key for subject in SUBJECTS)


def listing(name: str, **changes: object) -> Listing:
    shown = Listing(
        name=name,
        id=name,
        address=ADDRESS,
        latitude=50.93,
        longitude=6.94,
        phones=("+49 221 55500",),
        websites=("https://caritas-koeln.example.de",),
    )
    return replace(shown, **changes)  # type: ignore[arg-type]  # fields by name


def dealt(*listings: Listing, subjects: Sequence[Subject] = SUBJECTS, one_each: bool = True) -> Dealt:
    return deal([(shown, f"visit of {shown.id}") for shown in listings], subjects, KINDS, one_each=one_each)


def states(found: Dealt) -> list[tuple[str, str, str, str]]:
    return [(match.subject, match.listing.name, match.state, match.recognised) for match in found.matches]


def test_each_service_of_a_house_gets_its_own_listing() -> None:
    found = dealt(listing("Caritas Suchtberatung"), listing("Caritas Schuldnerberatung"))
    assert states(found) == [
        (ADDICTION_KEY, "Caritas Suchtberatung", "match", "named"),
        (DEBT_KEY, "Caritas Schuldnerberatung", "match", "named"),
    ]


def test_house_and_switchboard_never_prove_another_service() -> None:
    found = dealt(listing("Caritas Suchtberatung"))
    assert states(found) == [(ADDICTION_KEY, "Caritas Suchtberatung", "match", "named")]


def test_a_listing_of_the_organisation_goes_to_all_its_services_there_unrecognised() -> None:
    found = dealt(listing("Caritasverband Köln e.V."))
    assert [(match.subject, match.state, match.recognised) for match in found.matches] == [
        (ADDICTION_KEY, "match", "no"),
        (DEBT_KEY, "match", "no"),
    ]


def test_a_service_with_its_own_listing_does_not_take_the_organisations() -> None:
    found = dealt(listing("Caritasverband Köln e.V."), listing("Schuldnerberatung der Caritas"))
    assert {(match.subject, match.listing.name) for match in found.matches} == {
        (DEBT_KEY, "Schuldnerberatung der Caritas"),
        (ADDICTION_KEY, "Caritasverband Köln e.V."),
    }
    assert not found.strays


def test_another_organisation_in_the_same_house_is_not_ours() -> None:
    found = dealt(
        listing("Kanzlei Bergmann & Partner", phones=("0221 999999",), websites=("https://bergmann.example.com",))
    )
    assert found == Dealt((), ())


def test_the_same_service_of_another_association_in_the_same_house_is_not_ours() -> None:
    other = listing("AWO Schuldnerberatung", phones=("0221 888888",), websites=("https://awo.example.org",))
    assert not [match for match in dealt(other).matches if match.state == "match"]


def test_a_second_entry_of_the_same_service_is_a_duplicate() -> None:
    found = dealt(listing("Caritas Schuldnerberatung"), listing("Schuldnerberatung (Caritas)", phones=()))
    assert [(match.state, match.listing.name) for match in found.matches] == [
        ("match", "Caritas Schuldnerberatung"),
        ("duplicate", "Schuldnerberatung (Caritas)"),
    ]


def test_the_same_entry_seen_in_two_visits_is_no_duplicate() -> None:
    shown = listing("Caritas Schuldnerberatung")
    poorer = replace(shown, phones=())
    found = deal([(poorer, "search"), (shown, "details")], SUBJECTS, KINDS, one_each=True)
    assert [(match.state, match.visit) for match in found.matches] == [("match", "details")]


def test_a_closed_service_of_the_organisation_is_a_stray_with_its_reason() -> None:
    old = listing("Kleiderladen Fundgrube", latitude=50.99, longitude=7.05, address=Address(city="Köln"))
    found = dealt(old)
    assert not found.matches
    assert [(shown.name, visit) for shown, visit, _ in found.strays] == [(old.name, f"visit of {old.id}")]
    assert "phone" in found.strays[0][2]


def test_the_order_of_listings_and_subjects_changes_nothing() -> None:
    shown = [listing("Caritas Suchtberatung"), listing("Caritas Schuldnerberatung"), listing("Caritasverband Köln")]
    assert dealt(*shown) == dealt(*reversed(shown), subjects=SUBJECTS[::-1])


def test_where_one_entry_stands_for_all_every_service_gets_it() -> None:
    found = dealt(listing("Caritas: Schuldnerberatung und Suchtberatung"), one_each=False)
    assert {match.subject for match in found.matches} == {DEBT_KEY, ADDICTION_KEY}


def test_kinds_are_recognised_by_name_then_code_then_text() -> None:
    assert recognised(listing("Schuldner- und Insolvenzberatung"), DEBT) == "named"
    assert recognised(listing("Caritas", tags=("office=association", "social=debt")), DEBT) == "category"
    assert recognised(listing("Caritas", text="Hilfe bei Geldsorgen"), DEBT) == "text"
    assert recognised(listing("Caritas"), DEBT) == "no"


def test_a_short_word_is_not_found_inside_another() -> None:
    assert recognised(listing("Gärtnerei Hortensie"), Kind(words=("Hort",))) == "no"


def test_grounds_say_in_words_why() -> None:
    grounds = compare_pair(SUBJECTS[0], facts(SUBJECTS[0]), listing("Caritas Schuldnerberatung", phones=("030 1",)))
    by_field = {ground.field: ground for ground in grounds}
    assert by_field["address"].why == "same address"
    assert by_field["coordinates"].why == "0 m apart"
    assert by_field["kind"].level is Level.SAME


def test_a_wrong_phone_is_the_only_conflict_and_the_listing_stays_ours() -> None:
    shown = listing("Caritas Schuldnerberatung", phones=("0221 777777",))
    (match,) = dealt(shown).matches
    assert match.state == "match"
    assert [ground.field for ground in match.grounds if ground.level is Level.CONFLICT] == ["phone"]


def test_the_index_finds_subjects_by_place_word_phone_web_and_house() -> None:
    index = Index(SUBJECTS)
    for shown in (
        Listing(name="?", latitude=50.931, longitude=6.941),
        Listing(name="?", phones=("0221/55 50-0",)),
        Listing(name="?", websites=("http://www.caritas-koeln.example.de/",)),
        Listing(name="?", address=Address(street="Lindenstr.", house_number="5", postcode="50674")),
        Listing(name="Schuldnerberatung"),
    ):
        assert DEBT_KEY in index.candidates(shown)
    assert not index.candidates(Listing(name="Bäckerei Kornblume", latitude=48.1, longitude=11.5))


EVIDENCE: dict[str, dict[str, object]] = {
    "address": {"address": ADDRESS},
    "coordinates": {"latitude": 50.93, "longitude": 6.94},
    "phone": {"phones": ("0221 5550-0",)},
    "link": {"websites": ("https://caritas-koeln.example.de",)},
    "operator": {"operator": "Caritasverband Köln e.V."},
}


@given(st.sampled_from(["Schuldnerberatung", "Caritas Köln", "Irgendwas"]), st.sets(st.sampled_from(list(EVIDENCE))))
def test_agreeing_evidence_never_lowers_the_probability(name: str, known: set[str]) -> None:
    subject = SUBJECTS[0]
    stated = facts(subject)
    shown = Listing(name=name)
    for field in sorted(known):
        shown = replace(shown, **EVIDENCE[field])  # type: ignore[arg-type]  # fields by name
    before = probability(compare_pair(subject, stated, shown))
    for more in EVIDENCE.values():
        richer = replace(shown, **more)  # type: ignore[arg-type]  # fields by name
        assert probability(compare_pair(subject, stated, richer)) >= before - 1e-12


@given(st.builds(Listing, name=st.text(max_size=20), phones=st.tuples(st.text(max_size=15)), operator=st.text()))
def test_no_listing_makes_matching_raise(shown: Listing) -> None:
    found = dealt(shown)
    assert all(UNCLEAR <= match.probability <= 1 for match in found.matches)


def _place(row: dict[str, str | None]) -> Location:
    """One side of a labelled pair; the reshaped rows carry left-over marks of their first format."""
    street = (row.get("addr") or row.get("address") or "").replace("COL postalCode VAL", "")
    address = Address(street=street, postcode=row.get("postalCode") or "", city=row.get("city") or "")
    point = [float(str(row[axis])) if row.get(axis) else None for axis in ("latitude", "longitude")]
    return Location(id="l", address=address, latitude=point[0], longitude=point[1], phone=row.get("phone") or "")


def _likely(row: dict[str, dict[str, str | None]]) -> float:
    one, other, there = _place(row["a"]), _place(row["b"]), row["b"]
    offered = ServiceAtLocation(service=Service(id="s", kind="x", name=str(row["a"]["name"])), location=one)
    subject = Subject(
        about=About.SERVICE_AT_LOCATION, organisation=Organisation(id="o", name="", offered=(offered,)), offered=offered
    )
    shown = Listing(
        name=str(there["name"]),
        address=other.address,
        latitude=other.latitude,
        longitude=other.longitude,
        phones=(other.phone,) if other.phone else (),
    )
    return probability(compare_pair(subject, facts(subject), shown))


def nameless(**changes: object) -> Dealt:
    """One entry without a name at the one service of a house that bears a phone, an address and a page of its own."""
    address = replace(ADDRESS, house_number="7")
    place = Location(
        id="own", address=address, latitude=50.93, longitude=6.94, phone="0221 777", url="https://a-b.de/x"
    )
    offered = ServiceAtLocation(service=SERVICES[0], location=place)
    body = replace(BODY, locations=(place,), offered=(offered,))
    subject = Subject(about=About.SERVICE_AT_LOCATION, organisation=body, offered=offered)
    shown = listing("", tags=("office=association", "social=debt"), phones=(), websites=(), address=Address())
    return dealt(replace(shown, **changes), subjects=[subject])  # type: ignore[arg-type]  # fields by name


def test_an_entry_without_a_name_is_known_by_two_things_of_the_services_own() -> None:
    address = replace(ADDRESS, house_number="7")
    found = nameless(phones=("0221 777",), address=address, websites=("https://a-b.de/x",))
    assert [match.state for match in found.matches] == ["match"]
    assert nameless(websites=("https://a-b.de/x",)).matches == ()
    assert nameless(address=address).matches == ()


def test_an_entry_called_as_its_operator_has_no_name_of_its_own_to_speak_against_it() -> None:
    body = "Caritas Jugendhilfe Rheinland"
    stated = Facts(names=("Haus Linde",), organisation_names=("Caritasverband Köln e.V.",))
    alike = [compare_fields(stated, Listing(name=name, operator=body))["name"] for name in (body, "Haus Eiche")]
    assert [found.weight_key for found in alike] == ["operators", "other"]


def test_a_quarter_in_two_names_tells_the_place_and_not_who_is_there() -> None:
    stated = Facts(names=("Haus für Kinder Klinikum Pasing",))
    shown = Listing(name="Kinderhaus Pasing")
    assert compare_fields(stated, shown)["name"].weight_key == "contained"
    inside = replace(stated, quarter=frozenset({"pasing"}))
    assert compare_fields(inside, shown)["name"].weight_key == "street_name"
    assert compare_fields(replace(inside, names=("Kinderhaus Pasing",)), shown)["name"].weight_key == "street_whole"


def test_a_bare_kind_shows_little_of_a_service_that_has_a_name() -> None:
    shown = Listing(name="Haus für Kinder")
    for name, key in (("Haus für Kinder Sausewind", "generic_some"), ("Haus für Kinder", "generic_same")):
        stated = Facts(names=("Kindertagesstätte", name))
        assert compare_fields(stated, shown)["name"].weight_key == key


def test_weights_of_ones_own_decide_which_entry_is_whose() -> None:
    shown = [(listing("Caritas Schuldnerberatung"), "visit")]
    strict = replace(shipped(), prior=-80.0)
    assert deal(shown, SUBJECTS, KINDS, one_each=True).matches
    assert not deal(shown, SUBJECTS, KINDS, one_each=True, weights=strict).matches


def _f1(folder: Path, threshold: float, *splits: str) -> float:
    rows = [json.loads(line) for split in splits for line in (folder / f"{split}.jsonl").read_text().splitlines()]
    said = [(_likely(row) >= threshold, bool(row["match"])) for row in rows]
    right = sum(ours and truth for ours, truth in said)
    return 2 * right / (sum(ours for ours, _ in said) + sum(truth for _, truth in said))


@pytest.mark.shared
def test_f1_on_restaurants_without_any_fitting(shared: Path) -> None:
    folder = shared / "data/matching/fodors_zagats"
    assert _f1(folder, MATCH, "test") >= 0.97
    assert _f1(folder, MATCH, "train", "valid", "test") >= 0.96


@pytest.mark.shared
def test_f1_on_places_of_another_country_without_any_fitting(shared: Path) -> None:
    """Names and places only, nothing German."""
    assert _f1(shared / "data/matching/osm_fsq_pittsburgh", MATCH, "test") >= 0.90


def test_entries_that_differ_in_a_number_or_a_site_alone_are_told_apart_at_once() -> None:
    """What is known of an entry is looked up by its hash: were it the same for many, each look-up would cost all."""
    told_by = [Listing(name="Kita", phones=(f"030 {n}",)) for n in range(500)]
    told_by += [Listing(name="Kita", websites=(f"https://kita-{n}.example/",)) for n in range(500)]
    assert len({hash(listing) for listing in told_by}) == len(told_by)
