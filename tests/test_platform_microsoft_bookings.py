from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from audit import About, Action, More, Nothing, NotUnderstood, Page, Query, Visit
from audit.model import Organisation, Subject
from audit.visiting.understanding import read
from platforms.microsoft_bookings import MicrosoftBookings

AT = datetime(2026, 11, 24, tzinfo=UTC)
API = "https://graph.microsoft.com/v1.0/solutions/bookingBusinesses"
PAGE = "https://outlook.office365.com/owa/calendar/Rat@muster.example/bookings/"


def asked(*profiles: str) -> list[Visit]:
    subject = Subject(about=About.PROFILE, organisation=Organisation(id="m", name="Muster"))
    return list(MicrosoftBookings().search(Query(subject=subject, profiles=profiles)))


def answered(step: str, answer: Any, note: str = PAGE) -> list[Any]:
    visit = Visit(f"{API}/Rat@muster.example", step=step, note=note)
    return read(MicrosoftBookings(), Page(visit=visit, at=AT, body=json.dumps(answer).encode()))


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (f"{PAGE}?ismsaljsauthenabled=true", "Rat@muster.example"),
        ("https://outlook.office.com/book/Rat@muster.example/s/abc", "Rat@muster.example"),
        ("https://bookings.cloud.microsoft/book/Rat@muster.example/", "Rat@muster.example"),
        ("https://outlook.office.com/book/../../me", None),
        ("https://outlook.office.com/bookwithme/user/abc", None),  # one person's own page
        ("https://evil.example/book/Rat@muster.example/", None),
    ],
)
def test_an_address_names_the_business(url: str, name: str | None) -> None:
    visits = asked(url)
    assert all(visit.url.startswith(f"{API}/") and "/" not in visit.url.removeprefix(f"{API}/") for visit in visits)
    if name:
        assert [visit.url for visit in visits] == [f"{API}/{name}"]


def test_nobody_s_calendar_is_ever_asked_for() -> None:
    visit, _ = answered("business", {"displayName": "Rat", "isPublished": True})
    assert visit.url == f"{API}/Rat@muster.example/services"
    assert (visit.method, visit.body) == ("GET", "")


def test_a_page_that_is_not_published_is_nothing() -> None:
    assert answered("business", {"displayName": "Rat", "isPublished": False}) == [
        Nothing("the booking page is not published")
    ]


def test_services_stand_at_the_known_address_with_the_hours_in_which_they_can_be_booked() -> None:
    rows = [{"displayName": "Schuldnerberatung", "description": None}, {"displayName": "Gruppe"}]
    first, second = answered("services", {"value": rows}, note=f"{PAGE} Mo 09:00-12:00")
    assert (first.name, first.url, first.opening_hours) == ("Schuldnerberatung", PAGE, "Mo 09:00-12:00")
    assert (second.name, second.actions) == ("Gruppe", (Action.BOOK,))


def test_hidden_services_and_a_list_that_goes_on_are_no_proof_of_absence() -> None:
    hidden = [{"displayName": "Intern", "isHiddenFromCustomers": True}]
    (more,) = answered("services", {"value": hidden})
    assert isinstance(more, More)
    told = answered("services", {"value": [{"displayName": "Rat"}], "@odata.nextLink": "https://x"})
    assert isinstance(told[-1], More)
    assert isinstance(answered("services", {"value": []})[0], Nothing)


@pytest.mark.parametrize("hours", [None, 7, [7], [{"day": 1, "timeSlots": 7}], [{"day": "monday", "timeSlots": [{}]}]])
def test_hours_that_nobody_understands_are_no_hours(hours: Any) -> None:
    visit, _ = answered("business", {"displayName": "Rat", "isPublished": True, "businessHours": hours})
    assert visit.note == f"{PAGE} "


@pytest.mark.parametrize("odd", [{}, {"displayName": "Rat"}, {"value": None}, {"value": [7]}, {"value": [{}]}])
def test_another_shape_is_not_understood(odd: dict[str, Any]) -> None:
    for step in ("business", "services"):
        with pytest.raises(NotUnderstood):
            answered(step, odd)
