"""pretix over its interface, on answers of a real server (tests/test_real_pretix.py asks one that runs)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from audit import About, Action, Listing, More, Nothing, NotUnderstood, Page, Query, Slot, Visit
from audit.model import Organisation, Subject
from audit.visiting.understanding import read
from platforms.pretix import Pretix
from platforms.pretix_api import PretixApi

AT = datetime(2026, 11, 24, tzinfo=UTC)
API = "https://pretix.eu/api/v1/organizers/muster/events/"


def asked(*profiles: str) -> list[Visit]:
    subject = Subject(about=About.PROFILE, organisation=Organisation(id="m", name="Muster"))
    return list(PretixApi().search(Query(subject=subject, profiles=profiles)))


def page(step: str, body: bytes, note: str = "") -> Page:
    return Page(visit=Visit(API, step=step, note=note), at=AT, body=body)


def recorded(shared: Path, name: str) -> bytes:
    return (shared / "recordings" / "pretix-loopback" / name).read_bytes()


def test_only_the_hosted_shop_is_asked_and_the_token_goes_nowhere_else() -> None:
    visits = asked("https://pretix.eu/muster/", "https://karten.example/muster/", "https://pretix.eu/", "https://[")
    assert [(visit.url, visit.step) for visit in visits] == [(API, "events")]
    (event,) = asked("https://pretix.eu/muster/kurs 1/?lang=de")
    assert (event.url, event.step) == (f"{API}kurs%201/", "event")
    assert PretixApi.hosts == ("pretix.eu",)
    assert PretixApi.platform == Pretix.platform


@pytest.mark.shared
def test_the_real_organiser_s_events_are_an_entry_and_a_series_to_look_into(shared: Path) -> None:
    listing, slot, visit = read(PretixApi(), page("events", recorded(shared, "api_events.json")))
    assert (listing.name, listing.actions) == ("Elternabend", (Action.BOOK,))
    assert listing.url == "https://pretix.eu/muster/eltern/"  # where people find it, whatever server stands behind it
    assert slot.start.isoformat() == "2026-12-10T19:00:00+01:00"
    assert (visit.url, visit.step) == (f"{API}schuldner/subevents/", "dates")
    assert visit.headers == (("authorization", "Token {PRETIX_TOKEN}"),)


@pytest.mark.shared
def test_the_real_dates_are_those_that_the_widget_shows(shared: Path) -> None:
    note = "https://pretix.eu/muster/schuldner/ Schuldnerberatung Erstgespräch"
    listing, *dates = read(PretixApi(), page("dates", recorded(shared, "api_subevents.json"), note))
    assert (listing.name, listing.actions) == ("Schuldnerberatung Erstgespräch", (Action.BOOK,))
    visit = Visit("http://127.0.0.1:8345/muster/schuldner/widget/product_list", (("style", "list"), ("lang", "de")))
    widget = Page(visit=visit, at=AT, body=recorded(shared, "widget_product_list_series_list.json"))
    shown = [item for item in Pretix().read(widget) if isinstance(item, Slot)]
    assert [(one.start, one.free) for one in dates] == [(one.start, one.free) for one in shown]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["api_events_noauth.json", "api_items.json", "api_quotas.json", "widget_missing.json"])
def test_another_answer_of_the_real_server_is_no_list_of_events(shared: Path, name: str) -> None:
    with pytest.raises(NotUnderstood):
        read(PretixApi(), page("events", recorded(shared, name)))


def event(**other: Any) -> dict[str, Any]:
    usual = {"name": {"en": "Course", "de": "Kurs"}, "slug": "kurs", "live": True, "has_subevents": False}
    times = {"date_from": "2026-12-10T19:00:00+01:00", "date_to": None, "best_availability_state": 100}
    return {**usual, **times, "public_url": "https://pretix.eu/muster/kurs/", **other}


def one(**other: Any) -> list[Any]:
    return read(PretixApi(), page("event", json.dumps(event(**other)).encode()))


@pytest.mark.parametrize(("state", "free"), [(100, True), (20, False), (10, False), (0, False)])
def test_only_the_state_available_can_be_booked(state: int, free: bool) -> None:
    listing, slot = one(best_availability_state=state)
    assert (listing.actions, slot.free) == ((Action.BOOK,) if free else (), free)


def test_an_event_that_is_over_cannot_be_booked_whatever_pretix_calls_it() -> None:
    listing, slot = one(date_from="2026-11-20T19:00:00+01:00")
    assert (listing.actions, slot.start < AT) == ((), True)


def test_where_no_availability_is_stated_nothing_is_said_of_the_time() -> None:
    (listing,) = one(best_availability_state=None)
    assert isinstance(listing, Listing)
    assert listing.actions == ()


def test_names_are_german_where_there_is_a_german_one() -> None:
    assert [one(name=names)[0].name for names in ({"de": "Kurs", "en": "Course"}, {"en": "Course"})] == [
        "Kurs",
        "Course",
    ]


def test_a_token_that_sees_nothing_is_no_absence_and_a_list_that_goes_on_says_so() -> None:
    with pytest.raises(NotUnderstood, match="sees no event"):
        read(PretixApi(), page("events", b'{"count": 0, "next": null, "results": []}'))
    more = json.dumps({"next": "https://x", "results": [event()]}).encode()
    assert isinstance(read(PretixApi(), page("events", more))[-1], More)
    assert one(live=False) == [Nothing("the event is not live")]


def test_a_series_without_a_coming_date_is_there_but_not_bookable() -> None:
    note = "https://pretix.eu/muster/kurs/ Kursreihe"
    answer = replace(
        page("dates", b'{"count": 0, "next": null, "results": []}'), visit=Visit(API, step="dates", note=note)
    )
    assert read(PretixApi(), answer) == [Listing(name="Kursreihe", url="https://pretix.eu/muster/kurs/")]
