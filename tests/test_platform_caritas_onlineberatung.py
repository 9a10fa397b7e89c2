from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from audit import About, Action, Address, Nothing, NotUnderstood, Page, Query, Visit
from audit.model import Location, Organisation, Service, ServiceAtLocation, Subject
from audit.organisation.catalogue import load_catalogue
from audit.visiting.understanding import read
from platforms.caritas_onlineberatung import _TYPES, CaritasOnlineberatung

AT = datetime(2026, 11, 24, tzinfo=UTC)
CHECKER = CaritasOnlineberatung()
ASK = Visit(
    "https://beratung.caritas.de/service/agencies", (("postcode", "12345"), ("consultingType", "0")), step="agencies"
)


def asked(kind: str = "addiction-counselling", postcode: str = "12345", *, protected: bool = False) -> list[Visit]:
    place = Location(id="o", address=Address(postcode=postcode, city="Musterstadt"))
    service = Service(id="s", kind=kind, name="Beratung", protected=protected)
    offered = ServiceAtLocation(service=service, location=place)
    subject = Subject(
        about=About.SERVICE_AT_LOCATION, organisation=Organisation(id="m", name="Muster"), offered=offered
    )
    return list(CHECKER.search(Query(subject=subject)))


def answered(body: bytes, status: int = 200) -> list[Any]:
    return read(CHECKER, Page(visit=ASK, at=AT, body=body, status=status))


def test_a_service_is_asked_for_by_its_own_postcode_and_type() -> None:
    assert asked() == [ASK]
    assert dict(asked("debt-counselling")[0].params)["consultingType"] == "5"


@pytest.mark.parametrize(
    ("kind", "postcode"), [("kindergarten", "12345"), ("debt-counselling", ""), ("debt-counselling", "1234")]
)
def test_what_is_not_offered_there_or_has_no_postcode_is_not_asked(kind: str, postcode: str) -> None:
    assert asked(kind, postcode) == []


def test_a_protected_service_is_never_asked_for() -> None:
    assert asked(protected=True) == []


def test_every_kind_of_the_table_is_one_of_the_catalogue() -> None:
    assert set(_TYPES) <= set(load_catalogue().kinds)


def test_it_is_off_until_the_house_switches_it_on() -> None:
    assert (CHECKER.default_on, CHECKER.governed_by_robots) == (False, True)


@pytest.mark.shared
def test_the_front_end_s_own_test_answer_is_read(shared: Path) -> None:
    folder = shared / "recordings" / "caritas-onlineberatung"
    (agency,) = answered((folder / "synthetic_service.agencies.json").read_bytes())
    assert (agency.name, agency.id, agency.address.city) == ("name", "agency:1", "city")
    assert agency.actions == (Action.REGISTER, Action.WRITE)
    for other in ("addiction", "u25"):  # the other service's answers are no list of agencies
        with pytest.raises(NotUnderstood):
            answered((folder / f"synthetic_service.consultingtypes.{other}.json").read_bytes())


@pytest.mark.shared
def test_the_numbers_of_the_types_are_those_the_front_end_knows(shared: Path) -> None:
    folder = shared / "recordings" / "caritas-onlineberatung"
    known = {name: json.loads((folder / f"synthetic_service.consultingtypes.{name}.json").read_text("utf-8"))["id"]
             for name in ("addiction", "u25")}  # fmt: skip
    assert known == {"addiction": _TYPES["addiction-counselling"], "u25": _TYPES["suicide-prevention"]}


def test_an_agency_that_is_offline_is_there_but_takes_nobody() -> None:
    (agency,) = answered(b'[{"id": 1, "name": "Rat", "offline": true}]')
    assert agency.actions == ()


def test_only_the_service_s_own_status_says_that_there_is_none() -> None:
    assert isinstance(answered(b"", 204)[0], Nothing)
    assert answered(b"[]") == []
    for odd in (b"", b"{}", b"[7]", b'[{"name": "Rat"}]', b'[{"offline": false}]'):
        with pytest.raises(NotUnderstood):
            answered(odd)
