from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from audit import About, Action, More, Nothing, NotUnderstood, Page, Query, Visit
from audit.model import Organisation, Subject
from audit.visiting.understanding import read
from platforms.eventbrite import Eventbrite

AT = datetime(2026, 11, 24, tzinfo=UTC)
API = "https://www.eventbriteapi.com/v3"
PAGE = "https://www.eventbrite.de/o/muster-123"


def asked(*profiles: str) -> list[Visit]:
    subject = Subject(about=About.PROFILE, organisation=Organisation(id="m", name="Muster"))
    return list(Eventbrite().search(Query(subject=subject, profiles=profiles)))


def answered(step: str, answer: Any, **other: Any) -> list[Any]:
    visit = Visit(f"{API}/{step}/", step=step, note=PAGE)
    return read(Eventbrite(), Page(visit=visit, at=AT, body=json.dumps(answer).encode(), **other))


def event(**other: Any) -> dict[str, Any]:
    times = {"start": {"utc": "2026-12-10T18:00:00Z"}, "end": {"utc": "2026-12-10T19:30:00Z"}}
    usual = {"id": "9", "name": {"text": "Elternabend"}, "url": "https://www.eventbrite.de/e/x-9", "status": "live"}
    return {**usual, **times, "ticket_availability": {"has_available_tickets": True}, **other}


@pytest.mark.parametrize(
    ("url", "asks"),
    [
        ("https://www.eventbrite.de/e/elternabend-tickets-100000000001?aff=x", "/events/100000000001/"),
        ("https://www.eventbrite.com/e/100000000001", "/events/100000000001/"),
        (PAGE, "/users/me/organizations/"),
        ("https://muster.eventbrite.de/", "/users/me/organizations/"),
        ("https://karten.example/e/x-100000000001", None),
    ],
)
def test_an_address_names_an_event_or_leads_to_the_account(url: str, asks: str | None) -> None:
    assert [visit.url for visit in asked(url)] == ([f"{API}{asks}"] if asks else [])


def test_an_event_is_found_at_the_known_address_with_its_own_time() -> None:
    listing, slot = answered("event", event())
    assert (listing.url, listing.actions) == (PAGE, (Action.BOOK,))
    assert (slot.url, slot.free) == ("https://www.eventbrite.de/e/x-9", True)
    assert slot.start.isoformat() == "2026-12-10T18:00:00+00:00"


def test_a_sold_out_event_is_there_and_cannot_be_booked() -> None:
    listing, slot = answered("event", event(ticket_availability={"has_available_tickets": False}))
    assert (listing.actions, slot.free) == ((), False)


def test_where_nothing_is_said_of_places_nothing_is_said_of_the_time() -> None:
    (listing,) = answered("event", event(ticket_availability=None))
    assert listing.actions == ()


@pytest.mark.parametrize("status", ["canceled", "draft", "ended", "completed"])
def test_an_event_that_is_not_offered_is_the_platform_s_word_for_nothing(status: str) -> None:
    assert answered("event", event(status=status)) == [Nothing(f"the event is {status}")]


def test_a_list_that_goes_on_says_so_and_an_empty_one_is_absence() -> None:
    paging = {"object_count": 60, "has_more_items": True}
    assert isinstance(answered("events", {"pagination": paging, "events": [event()]})[-1], More)
    empty = {"pagination": {"object_count": 0, "has_more_items": False}, "events": []}
    assert isinstance(answered("events", empty)[0], Nothing)
    assert answered("events", {"pagination": {"object_count": 3}, "events": []}) == []


@pytest.mark.parametrize("odd", [event(name=None), event(url=7), event(status=None), {"events": {}}, {}])
def test_another_shape_is_not_understood(odd: dict[str, Any]) -> None:
    for step, answer in (("event", odd), ("events", {"pagination": {}, "events": [odd]}), ("account", odd)):
        with pytest.raises(NotUnderstood):
            answered(step, answer)


def test_a_404_without_the_interface_s_own_word_is_no_absence() -> None:
    assert answered("event", {"error": "NOT_FOUND"}, status=404) == [Nothing("status 404")]
    with pytest.raises(NotUnderstood):
        answered("event", {"error": "gone"}, status=404)
