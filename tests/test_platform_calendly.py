from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from audit import About, Action, Listing, More, Nothing, NotUnderstood, Page, Query, Slot, Visit
from audit.model import Organisation, Subject
from audit.visiting.understanding import read
from platforms.calendly import Calendly

AT = datetime(2026, 11, 24, 23, 30, tzinfo=timezone(timedelta(hours=1)))
API = "https://api.calendly.com"
PAGE = "https://calendly.com/muster"


def asked(*profiles: str) -> list[Visit]:
    subject = Subject(about=About.PROFILE, organisation=Organisation(id="m", name="Muster"))
    return list(Calendly().search(Query(subject=subject, profiles=profiles, at=AT)))


def answered(step: str, note: str, answer: Any) -> list[Any]:
    visit = Visit(f"{API}/{step}", step=step, note=note)
    return read(Calendly(), Page(visit=visit, at=AT, body=json.dumps(answer).encode()))


def kind(number: int, slug: str, **other: Any) -> dict[str, Any]:
    usual = {"uri": f"{API}/event_types/{number}", "name": f"Gespräch {number}", "duration": 45}
    return {**usual, "scheduling_url": f"{PAGE}/{slug}", **other}


def types(*rows: Any, note: str = f"2026-11-25T01:00:00Z {PAGE}", **paging: Any) -> list[Any]:
    return answered("types", note, {"collection": list(rows), "pagination": {"next_page": None, **paging}})


def times(*starts: str, minutes: int = 45) -> list[Any]:
    rows = [{"status": "available", "invitees_remaining": 1, "start_time": start} for start in starts]
    return answered("times", f"2026-12-23 {minutes} {PAGE}/a Gespräch am Abend", {"collection": rows})


def test_the_span_begins_later_than_now_and_the_token_goes_only_to_the_interface() -> None:
    (visit,) = asked(f"{PAGE}/?utm_source=x", "https://termin.example/")
    assert visit.note == f"2026-11-25T01:00:00Z {PAGE}"
    assert (visit.url, dict(visit.headers)) == (f"{API}/users/me", {"authorization": "Bearer {CALENDLY_TOKEN}"})
    assert asked("https://termin.example/") == []


def test_the_account_leads_to_its_organisation_s_event_types_and_to_no_other_host() -> None:
    (visit,) = answered("me", "x", {"resource": {"current_organization": f"{API}/organizations/7"}})
    assert (visit.url, visit.params[0]) == (f"{API}/event_types", ("organization", f"{API}/organizations/7"))
    for strange in ("https://evil.example/organizations/7", None, 7):
        with pytest.raises(NotUnderstood):
            answered("me", "x", {"resource": {"current_organization": strange}})


def test_only_event_types_below_the_known_address_are_looked_into_for_four_weeks() -> None:
    (visit,) = types(kind(1, "a"), kind(2, "b", scheduling_url="https://calendly.com/musterfrau/b"))
    assert dict(visit.params) == {
        "event_type": f"{API}/event_types/1",
        "start_time": "2026-11-25T01:00:00Z",
        "end_time": "2026-12-23T01:00:00Z",
    }
    assert visit.note == f"2026-12-23 45 {PAGE}/a Gespräch 1"


def test_no_event_type_at_the_address_is_absence_only_where_the_whole_list_was_seen() -> None:
    assert isinstance(types()[0], Nothing)
    assert isinstance(types(next_page="x")[0], More)
    many = types(*(kind(number, f"k{number}") for number in range(40)))
    assert isinstance(many[0], More)
    assert len(many) == 16 <= Calendly.follow_ups


def test_free_times_are_evening_times_where_the_clock_in_berlin_says_so() -> None:
    listing, slot = times("2026-12-03T17:30:00.000000Z")
    assert isinstance(slot, Slot)
    assert slot.end is not None
    assert (slot.start.isoformat(), slot.end - slot.start) == ("2026-12-03T17:30:00+00:00", timedelta(minutes=45))
    assert isinstance(listing, Listing)
    assert (listing.name, listing.actions, listing.slots_until) == (
        "Gespräch am Abend",
        (Action.BOOK,),
        date(2026, 12, 23),
    )
    assert times("2026-12-03T17:30:00Z", minutes=0)[1].end is None


def test_an_empty_span_is_an_entry_without_a_first_step() -> None:
    (listing,) = times()
    assert (listing.actions, listing.slots_until) == ((), date(2026, 12, 23))


@pytest.mark.parametrize(
    "answer", [{}, {"collection": None}, {"collection": [7]}, {"collection": [{"status": "available"}]}]
)
def test_another_shape_is_not_understood(answer: dict[str, Any]) -> None:
    with pytest.raises(NotUnderstood):
        answered("times", f"2026-12-23 45 {PAGE}/a Gespräch", answer)
