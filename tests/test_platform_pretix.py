from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import About, Action, Listing, More, Nothing, NotUnderstood, Page, Query, Slot, Visit
from audit.model import Organisation, Subject
from platforms.pretix import Pretix

AT = datetime(2026, 11, 23, tzinfo=UTC)
HERE = "http://127.0.0.1:8345/muster/"


def read(body: bytes, url: str = HERE) -> list[Any]:
    visit = Visit(f"{url}widget/product_list", params=(("style", "list"), ("lang", "de")), step="list")
    return list(Pretix().read(Page(visit=visit, at=AT, body=body)))


def recorded(shared: Path, name: str) -> bytes:
    return (shared / "recordings" / "pretix-loopback" / f"widget_{name}").read_bytes()


def event(**other: Any) -> dict[str, Any]:
    usual = {"name": "Kurs", "event_url": f"{HERE}kurs/", "date_range": "Do, 3. Dezember 2026 18:30"}
    return {**usual, "availability": {"reason": "ok"}, **other}


def listed(*events: Any, **other: Any) -> list[Any]:
    return read(json.dumps({"list_type": "list", "events": list(events), **other}).encode())


def test_a_known_address_of_any_depth_leads_to_its_list() -> None:
    subject = Subject(about=About.PROFILE, organisation=Organisation(id="m", name="Muster"))
    urls = ("https://karten.example/muster/kurs?lang=de#x", "https://karten.example/muster/", "mailto:a@b.example")
    asked = list(Pretix().search(Query(subject=subject, profiles=urls)))
    assert [visit.url for visit in asked] == [
        "https://karten.example/muster/kurs/widget/product_list",
        "https://karten.example/muster/widget/product_list",
    ]
    assert asked[0].params == (("style", "list"), ("lang", "de"))


@pytest.mark.shared
def test_the_real_series_shows_its_four_dates_and_the_full_one(shared: Path) -> None:
    items = read(recorded(shared, "product_list_series_list.json"), f"{HERE}schuldner/")
    slots = [item for item in items if isinstance(item, Slot)]
    assert [(slot.start.isoformat(), slot.free) for slot in slots] == [
        ("2026-12-01T10:00:00+01:00", False),
        ("2026-12-03T18:30:00+01:00", True),
        ("2026-12-05T11:00:00+01:00", True),
        ("2026-12-08T09:00:00+01:00", True),
    ]
    (listing,) = [item for item in items if isinstance(item, Listing)]
    assert listing.name == "Schuldnerberatung Erstgespräch"
    assert listing.url == f"{HERE}schuldner/"
    assert listing.actions == (Action.BOOK,)


@pytest.mark.shared
def test_the_real_organiser_leads_into_its_series_and_shows_its_single_event(shared: Path) -> None:
    visit, listing, slot = read(recorded(shared, "product_list_organizer.json"))
    assert visit.url == f"{HERE}schuldner/widget/product_list"
    assert (listing.name, listing.actions) == ("Elternabend", (Action.BOOK,))
    assert slot.start.isoformat() == "2026-12-10T19:00:00+01:00"


@pytest.mark.shared
@pytest.mark.parametrize(("name", "free"), [("free", True), ("full", False)])
def test_a_real_single_date_is_free_or_full(shared: Path, name: str, free: bool) -> None:
    listing, slot = read(recorded(shared, f"product_list_subevent_{name}.json"))
    assert slot.free is free
    assert listing.actions == ((Action.BOOK,) if free else ())


@pytest.mark.shared
@pytest.mark.parametrize("name", ["missing.json", "product_list_series_calendar.json"])
def test_a_real_page_that_is_no_list_is_not_understood(shared: Path, name: str) -> None:
    with pytest.raises(NotUnderstood):
        read(recorded(shared, name))


@pytest.mark.parametrize("reason", ["full", "over", "reserved", "soon", "waitinglist", "unknown", None, 7])
def test_only_ok_and_low_mean_that_something_can_be_booked(reason: object) -> None:
    listing, slot = listed(event(availability={"reason": reason}))
    assert not slot.free
    assert listing.actions == ()


def test_an_event_without_a_time_of_day_is_listed_without_a_slot() -> None:
    (listing,) = listed(event(date_range="1.–8. Dezember 2026"))
    assert listing.name == "Kurs"


def test_an_organiser_without_events_shows_nothing() -> None:
    assert isinstance(listed()[0], Nothing)


def test_a_series_without_dates_is_there_but_not_bookable() -> None:
    (listing,) = listed(name="Kursreihe")
    assert (listing.name, listing.actions) == ("Kursreihe", ())


def test_further_dates_beyond_the_list_are_named() -> None:
    assert isinstance(listed(event(), name="Kursreihe", has_more_events=True)[-1], More)


def test_a_series_does_not_lead_to_itself() -> None:
    assert listed(event(event_url=HERE, availability={"color": "none"})) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["events", "list_type", "name", "event_url", "availability", "items_by_category", "subevent"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_read_or_not_understood(value: Any) -> None:
    try:
        read(json.dumps(value).encode())
    except NotUnderstood:
        return


def test_a_shop_that_is_not_live_says_so_and_another_error_is_not_understood() -> None:
    closed = b'{"error": "Dieser Ticketshop ist im Moment nicht verf\\u00fcgbar.", "poweredby": "<a>pretix</a>"}'
    assert read(closed) == [Nothing("the shop says: Dieser Ticketshop ist im Moment nicht verfügbar.")]
    with pytest.raises(NotUnderstood):
        read(b'{"error": "boom"}')
