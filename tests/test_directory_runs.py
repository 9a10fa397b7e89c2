"""Directories in whole audits: asked where relevant, believed by their control, off until switched on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audit.assisted import load_shipped
from audit.checker import Checker
from audit.model import Address, Location, Organisation, Profile, Reason, Service, ServiceAtLocation, State
from audit.settings import Settings
from platforms.integreat import Integreat
from platforms.selbsthilfe import SelbsthilfeWidget
from platforms.sozialplattform import Sozialplattform
from platforms.wordpress_portal import WordpressPortal
from tests.helpers import Trial

SHIPPED = Path(__file__).parent.parent / "platforms"
SEARCH = "https://sozialplattform.de/content/de/api/v1/consultation/search"
WIDGET = "https://widget.selbsthilfe.io/data/addresses.json"
REGIONS = "https://cms.integreat-app.de/api/v3/regions/"


def offer(title: str, office: str, street: str = "Große Hamburger Straße 18") -> dict[str, Any]:
    where = {"locality": "Berlin", "postal_code": "10115", "address_line1": street}
    return {
        "offer_id": office,
        "offer_title": title,
        "offer_type": title,
        "office_title": office,
        "office_address": where,
    }


def organisation(kind: str, name: str, **more: Any) -> Organisation:
    service = Service(id="s", kind=kind, name=name)
    address = Address(street="Chausseestraße", house_number="84", postcode="10115", city="Berlin")
    place = Location(id="o", name="Neue Chance", address=address)
    return Organisation(
        id="chance", name="Neue Chance gGmbH", services=(service,), locations=(place,),
        offered=(ServiceAtLocation(service=service, location=place),), **more,
    )  # fmt: skip


def trial(checker: Checker, org: Organisation, answers: dict[str, Any], *, on: bool = True) -> Trial:
    rows = [row for row in load_shipped(SHIPPED) if row.platform.id == checker.platform.id]
    settings = Settings(platforms={checker.platform.id: True} if on else {})
    host = checker.home.rstrip("/")
    web = {f"{host}/robots.txt": "", **{url: json.dumps(told) for url, told in answers.items()}}
    return Trial([checker, *rows], web, org=org, settings=settings)


def answer(*offers: dict[str, Any]) -> dict[str, Any]:
    return {"status": "success", "data": {"total": len(offers), "items": list(offers)}}


CONTROL = offer("Suchtberatung", "Integrative Suchtberatung Mitte")
MINE = offer("Suchtberatung", "Neue Chance Suchtberatung", "Chausseestraße 84")


@pytest.mark.parametrize(
    ("offers", "state", "reason"),
    [
        ((CONTROL, MINE), State.GAPS, None),
        ((CONTROL,), State.MISSING, None),
        ((MINE,), State.UNKNOWN, Reason.CONTROL_FAILED),
    ],
)
def test_an_offer_is_found_missing_or_not_believed(
    offers: tuple[dict[str, Any], ...], state: State, reason: Reason | None
) -> None:
    made = trial(Sozialplattform(), organisation("addiction-counselling", "Suchtberatung"), {SEARCH: answer(*offers)})
    (cell,) = made.run().cells
    assert (cell.state, cell.reason) == (state, reason)


def test_switched_off_as_it_comes_it_is_left_to_a_person_and_nothing_is_visited() -> None:
    org = organisation("addiction-counselling", "Suchtberatung")
    made = trial(Sozialplattform(), org, {SEARCH: answer(CONTROL)}, on=False)
    (cell,) = made.run().cells
    assert (cell.state, cell.reason) == (State.UNKNOWN, Reason.NEEDS_PERSON)
    assert made.web.asked == []


def test_a_directory_for_another_field_is_not_visited() -> None:
    made = trial(SelbsthilfeWidget(), organisation("kindergarten", "Kita am Park"), {WIDGET: []})
    assert made.run().cells == ()
    assert made.web.asked == []


PORTAL = "https://portal.example"
PAGE = f"{PORTAL}/wp-json/wp/v2/pages/4"
TEXT = "<p>Chausseestraße 84<br>10115 Berlin</p><p>Telefon 030 23125017</p>"


@pytest.mark.parametrize(("found", "states"), [(True, {State.COMPLETE, State.GAPS}), (False, {State.MISSING})])
def test_a_portal_that_the_file_names_is_searched(found: bool, states: set[State]) -> None:
    hits = json.dumps([{"id": 4, "_links": {"self": [{"href": PAGE}]}}] if found else [])
    told = {"id": 4, "link": f"{PORTAL}/sucht/", "title": {"rendered": "Suchtberatung der Neuen Chance gGmbH"}}
    org = organisation(
        "addiction-counselling", "Suchtberatung", profiles=(Profile(platform="wordpress-portal", url=PORTAL),)
    )  # fmt: skip
    answers = {
        f"{PORTAL}/robots.txt": "",
        f"{PORTAL}/wp-json/wp/v2/search": (200, hits, {"x-wp-total": "1" if found else "0"}),
        PAGE: json.dumps({**told, "content": {"rendered": TEXT}}),
    }
    (cell,) = Trial([WordpressPortal()], answers, org=org).run().cells
    assert cell.state in states


def test_a_town_without_a_guide_is_left_to_a_person_too() -> None:
    region = {"name": "Stadt Augsburg", "path": "augsburg", "live": True, "name_without_prefix": "Augsburg"}
    org = organisation("migration-counselling", "Migrationsberatung", platforms=(("integreat", 5.0),))
    made = trial(Integreat(), org, {REGIONS: [region]})
    (cell,) = made.run().cells
    assert (cell.state, cell.reason) == (State.UNKNOWN, Reason.OUTSIDE_DATA)
    assert made.web.urls == [REGIONS]
