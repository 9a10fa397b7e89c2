"""A site that says two things about one service is a finding; what may stand side by side is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from audit.model import (
    Address,
    Answer,
    Finding,
    Location,
    Observed,
    Organisation,
    Outcome,
    Result,
    Seen,
    Service,
    ServiceAtLocation,
    Visit,
    WayObserved,
)
from audit.page import Page
from platforms.website import Website
from tests.helpers import NOW, judged
from tests.test_website import body

HOME = "https://www.lindenhaus.example/"
DEBT = Service(id="schuldnerberatung", kind="debt-counselling", name="Schuldnerberatung")
KITA = Service(id="kita", kind="child-day-care", name="Kita")
HERE = Location(id="haus", address=Address(street="Lindenstraße", house_number="4", postcode="42103", city="Auental"))
THERE = Location(id="nord", address=Address(street="Nordweg", house_number="9", postcode="42109", city="Auental"))
TEXT = "<h1>Schuldnerberatung</h1><p>Lindenstraße 4</p><p>42103 Auental</p>"


def org(*services: Service, places: tuple[Location, ...] = (HERE,)) -> Organisation:
    """An organisation that offers each service at each place."""
    pairs = tuple(ServiceAtLocation(service=service, location=place) for service in services for place in places)
    return Organisation(
        id="lindenhaus", name="Lindenhaus", website=HOME, services=services, locations=places, offered=pairs
    )


def ld(**facts: Any) -> str:
    """What a page states for machines about the service."""
    thing = {"@context": "https://schema.org", "@type": "NGO", "name": "Schuldnerberatung Lindenhaus", **facts}
    return f"<script type='application/ld+json'>{json.dumps(thing)}</script>"


def result(pages: dict[str, str], organisation: Organisation) -> Result:
    """The site judged, its pages by path."""
    chain = tuple(seen(HOME + path, source) for path, source in pages.items())
    answer = Answer(way="website", subjects=(organisation.id,), chain=chain)
    observed = Observed(ways=(WayObserved(way="website", answers=(answer,)),))
    return judged(observed, [Website()], organisation)


def seen(url: str, source: str) -> Seen:
    visit = Visit(url, step="page", note="Schuldnerberatung|Kita")
    page = Page(visit=visit, at=NOW, url=url, headers=(("content-type", "text/html"),), body=body(source).encode())
    return Seen(visit=visit, at=NOW, items=tuple(Website().read(page)), status=200)


def told(*sources: str, organisation: Organisation | None = None) -> Finding | None:
    """The finding about the first service, where the site has these pages."""
    found = result({f"seite-{at}": source for at, source in enumerate(sources)}, organisation or org(DEBT, KITA))
    return next((one for one in found.cells[0].findings if one.criterion == "consistent"), None)


def contradicted(*sources: str, organisation: Organisation | None = None) -> str:
    """Which fields are said in two ways."""
    finding = told(*sources, organisation=organisation)
    return finding.note if finding and finding.outcome is Outcome.NOT_MET else ""


ADDRESS = {"streetAddress": "Lindenstraße 4", "postalCode": "42103", "addressLocality": "Auental"}


def test_another_number_for_machines_than_in_the_text_is_a_finding_and_a_gap() -> None:
    found = result({"": TEXT + "<p>Telefon 0202 245921</p>" + ld(telephone="0202 998877")}, org(DEBT, KITA))
    finding = next(one for one in found.cells[0].findings if one.criterion == "consistent")
    assert (finding.outcome, finding.note) == (Outcome.NOT_MET, "phone")
    assert "0202 245921" in finding.shown
    assert "0202 998877" in finding.shown
    gap = next(gap for gap in found.gaps if gap.kind == "contradictory")
    assert (gap.points, gap.edited_by, gap.shown) == (0.0, "owner", finding.shown)


def test_a_site_that_agrees_with_itself_says_so() -> None:
    finding = told(TEXT + "<p>Telefon (0202) 24 59 21</p>" + ld(telephone="+49 202 245921"))
    assert finding is not None
    assert finding.outcome is Outcome.MET


def test_it_costs_no_points() -> None:
    right = result({"": TEXT + "<p>Telefon 0202 245921</p>" + ld(telephone="0202 245921")}, org(DEBT)).cells[0]
    wrong = result({"": TEXT + "<p>Telefon 0202 245921</p>" + ld(telephone="0202 998877")}, org(DEBT)).cells[0]
    assert (wrong.findability, wrong.accuracy, wrong.state) == (right.findability, right.accuracy, right.state)


def test_another_house_than_in_the_text_is_a_finding() -> None:
    assert contradicted(TEXT + ld(address={**ADDRESS, "streetAddress": "Gartenweg 11"})) == "address"
    assert contradicted(TEXT + ld(address={**ADDRESS, "streetAddress": "Lindenstraße 14"})) == "address"
    assert contradicted(TEXT + ld(address={**ADDRESS, "streetAddress": "Lindenstr. 4"})) == ""


def test_other_hours_than_in_the_text_are_a_finding() -> None:
    text = TEXT + "<p>Öffnungszeiten: Mo-Fr 9-12 Uhr</p>"
    assert contradicted(text + ld(openingHours="Mo-Fr 08:00-16:00")) == "hours"
    assert contradicted(text + ld(openingHours="Mo-Fr 09:00-12:00")) == ""


def test_two_pages_with_two_numbers_for_one_service_at_one_address_are_a_finding() -> None:
    one, other = TEXT + "<p>Tel. 0202 245921</p>", TEXT + "<p>Tel. 0202 551133</p>"
    finding = told(one, other)
    assert finding is not None
    assert (finding.note, len(finding.visits)) == ("phone", 2)
    assert contradicted(one, one + "<p>mehr</p>") == ""


def test_pages_without_an_address_speak_of_the_only_place_there_is() -> None:
    page = "<h1>Schuldnerberatung</h1><p>Wir helfen gern und kostenlos weiter.</p>"
    one, other = f"{page}<p>Tel. 0202 245921</p>", f"{page}<p>Tel. 0202 551133</p>"
    assert contradicted(one, other) == "phone"
    assert contradicted(one, other, organisation=org(DEBT, KITA, places=(HERE, THERE))) == ""


def test_the_number_of_the_house_on_the_home_page_is_no_contradiction() -> None:
    home = "<h1>Lindenhaus</h1><h2>Schuldnerberatung</h2><h2>Kita</h2><p>Lindenstraße 4</p><p>42103 Auental</p>"
    assert contradicted(TEXT + "<p>Tel. 0202 551133</p>", home + "<p>Tel. 0202 24590</p>") == ""


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Telefon 0202 2459-21", "0202 2459-0"),  # extension and switchboard
        ("Telefon 0202 245921", "0202 245935"),  # two extensions without a hyphen
        ("Telefon 0202 245921, Mobil 0171 2345678", "0171 2345678"),  # one of several
        ("Telefon 0202 245921", "0171 2345678"),  # mobile
        ("Telefon 0202 245921", "0800 1110111"),  # service number
        ("Telefon 0202 245921, Fax 0202 998877", "0202 245921"),  # fax
        ("Telefon 0202 245921 und 0202 998877", "0202 998877"),  # several numbers
        ("kein Telefon", "0202 998877"),  # the text is silent
        ("Telefon 0202 245921", ""),  # the data are silent
    ],
)
def test_numbers_that_may_stand_side_by_side_are_no_contradiction(text: str, stated: str) -> None:
    assert contradicted(f"{TEXT}<p>{text}</p>" + ld(telephone=stated)) == ""


def test_another_place_of_the_organisation_is_no_contradiction() -> None:
    north = {"streetAddress": "Nordweg 9", "postalCode": "42109", "addressLocality": "Auental"}
    source = TEXT + "<p>Telefon 0202 245921</p>" + ld(telephone="0202 998877", address=north)
    assert contradicted(source, organisation=org(DEBT, KITA, places=(HERE, THERE))) == ""


def test_the_number_of_the_whole_organisation_or_of_another_service_is_no_contradiction() -> None:
    text = TEXT + "<p>Telefon 0202 245921</p>"
    assert contradicted(text + ld(name="Lindenhaus", telephone="0202 998877")) == ""
    assert contradicted(text + ld(name="Kita Sonnenhang", telephone="0202 998877")) == ""


def test_where_there_is_but_one_service_the_organisations_number_is_its_own() -> None:
    source = TEXT + "<p>Telefon 0202 245921</p>" + ld(name="Lindenhaus", telephone="0202 998877")
    assert contradicted(source, organisation=org(DEBT)) == "phone"


def test_the_place_of_an_event_says_nothing_about_the_service() -> None:
    event = {"@type": "Event", "name": "Schuldnerberatung im Rathaus", "location": {"@type": "Place", "address": {
        "@type": "PostalAddress", "streetAddress": "Rathausplatz 1", "postalCode": "42103"}}}  # fmt: skip
    source = f"{TEXT}<script type='application/ld+json'>{json.dumps(event)}</script>"
    assert contradicted(source) == ""


def test_nothing_is_asked_of_a_protected_service() -> None:
    shelter = Service(id="haus", kind="womens-shelter", name="Frauenhaus", protected=True)
    source = "<h1>Frauenhaus</h1><p>Telefon 0202 245921</p>" + ld(name="Frauenhaus", telephone="0202 998877")
    assert told(source, organisation=org(shelter)) is None
