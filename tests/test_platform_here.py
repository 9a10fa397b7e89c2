"""HERE: what is asked, what is read, and what is not mistaken for absence."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import About, Listing, More, Nothing, NotUnderstood, Page, Query, Visit
from audit.judging.controls import MADE_UP, finds, made_up, question, subject_of, verdict
from audit.model import Address, Answer, Location, Organisation, Reason, Seen, Service, ServiceAtLocation, Subject
from audit.visiting.getting import canonical_url
from audit.visiting.understanding import read
from platforms.here import Here

AT = datetime(2026, 11, 23, tzinfo=UTC)
WEEK = {"start": "T080000", "duration": "PT10H00M", "recurrence": "FREQ:DAILY;BYDAY:MO,TU,WE,TH,FR"}
SATURDAY = {"start": "T100000", "duration": "PT02H30M", "recurrence": "FREQ:DAILY;BYDAY:SA"}


def query(latitude: float | None = 52.1, longitude: float | None = 11.6, **other: Any) -> Query:
    place = Location(id="o", address=Address(city="Musterstadt"), latitude=latitude, longitude=longitude)
    offered = ServiceAtLocation(service=Service(id="d", kind="", name="Hort & Kita"), location=place)
    organisation = Organisation(id="m", name="Musterverein")
    return Query(subject=Subject(about=About.SERVICE_AT_LOCATION, organisation=organisation, offered=offered), **other)


def answered(body: bytes, status: int = 200) -> Page:
    kind = (("content-type", "application/json"),)
    return Page(visit=Visit("https://x.example"), at=AT, body=body, headers=kind, status=status)


def items(*found: Any) -> list[Any]:
    return list(Here().read(answered(json.dumps({"items": found}).encode())))


def place(**members: Any) -> Listing:
    (found,) = items({"title": "Hort", "resultType": "place", **members})
    assert isinstance(found, Listing)
    return found


def recorded(shared: Path, name: str) -> Any:
    return json.loads((shared / "recordings" / "here" / name).read_text("utf-8"))


def test_name_and_town_are_asked_round_the_place() -> None:
    (visit,) = Here().search(query())
    assert dict(visit.params)["q"] == "Hort & Kita Musterstadt"
    assert dict(visit.params)["at"] == "52.10000,11.60000"


def test_the_key_stands_as_its_name_in_the_address() -> None:
    (visit,) = Here().search(query())
    assert canonical_url(visit).endswith("&limit=20&lang=de&apiKey={HERE_API_KEY}")


def test_the_second_wording_is_the_usual_word() -> None:
    (visit,) = Here().search_again(query(words=("Hort", "Kita")))
    assert dict(visit.params)["q"] == "Hort Musterstadt"
    assert list(Here().search_again(query())) == []


@pytest.mark.parametrize("at", [(None, None), (52.1, None), (None, 11.6)])
def test_a_place_without_coordinates_is_not_asked_about(at: tuple[float | None, float | None]) -> None:
    asked = query(*at, words=("Hort",))
    assert [*Here().search(asked), *Here().search_again(asked)] == []


def test_numbers_of_all_blocks_are_read_and_fax_is_none() -> None:
    first = {"phone": [{"value": "030 23125017"}], "fax": [{"value": "030 23125099"}]}
    second = {"tollFree": [{"value": "0800 2312501"}], "mobile": [{"value": "+49 30 23125 017"}], "www": [{}]}
    listing = place(contacts=[first, second])
    assert listing.phones == ("030 23125017", "0800 2312501")
    assert listing.websites == ()


def test_periods_become_osm_opening_hours() -> None:
    listing = place(openingHours=[{"text": ["Mo-Fr: 08:00-18:00", "Sa: 10-12:30"], "structured": [WEEK, SATURDAY]}])
    assert listing.opening_hours == "Mo-Fr 08:00-18:00; Sa 10:00-12:30"
    assert listing.hours_text == "Mo-Fr: 08:00-18:00 | Sa: 10-12:30"


def test_open_day_and_night_is_read() -> None:
    always = WEEK | {"start": "T000000", "duration": "PT24H00M", "recurrence": "FREQ:DAILY;BYDAY:MO,TU,WE,TH,FR,SA,SU"}
    assert place(openingHours=[{"structured": [always]}]).opening_hours == "Mo-Su 00:00-24:00"


def test_blocks_that_say_different_hours_are_shown_but_not_translated() -> None:
    listing = place(openingHours=[{"text": ["A"], "structured": [WEEK]}, {"text": ["B"], "structured": [SATURDAY]}])
    assert (listing.opening_hours, listing.hours_text) == ("", "A | B")


@pytest.mark.parametrize("hours", [None, [], [{}], [{"structured": []}], [{"structured": [7, "x"]}]])
def test_hours_that_say_nothing_are_not_closed(hours: Any) -> None:
    assert place(openingHours=hours).opening_hours == ""


def test_an_empty_list_is_the_sign_of_absence() -> None:
    assert items() == [Nothing("items []")]


def test_a_street_is_no_entry() -> None:
    street = {"title": "Lindenallee", "resultType": "street"}
    assert items(street) == [Nothing("only streets and areas")]
    assert [item.name for item in items(street, {"title": "Hort", "resultType": "place"})] == ["Hort"]


def test_a_full_answer_says_that_there_may_be_more() -> None:
    found = items(*({"title": f"Hort {n}", "resultType": "place"} for n in range(20)))
    assert isinstance(found[-1], More)
    assert len(found) == 21


@pytest.mark.parametrize(
    "told",
    [
        {"status": 400, "title": "Illegal input for parameter 'at'", "correlationId": "x", "requestId": "y"},
        {"error": "Unauthorized", "error_description": "apiKey invalid."},
        {"title": "Hort", "resultType": "place"},
        {"items": None},
        {"items": [{"title": "Hort", "resultType": "chainQuery"}]},
        {"items": [{"resultType": "place"}]},
    ],
)
def test_another_shape_is_not_understood(told: Any) -> None:
    with pytest.raises(NotUnderstood):
        list(Here().read(answered(json.dumps(told).encode())))


def test_the_words_of_a_refusal_are_told() -> None:
    with pytest.raises(NotUnderstood, match="Illegal input"):
        list(Here().read(answered(b'{"status": 400, "title": "Illegal input for parameter"}', 400)))


MEMBERS = st.sampled_from(
    ["items", "title", "resultType", "contacts", "phone", "value", "openingHours", "structured", "position", "lat"]
) | st.sampled_from(
    ["start", "T120000", "duration", "PT03H00M", "recurrence", "BYDAY:MO", "address", "place", "street"]
)
LEAVES = MEMBERS | st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=5), max_leaves=25
)
PLACES = st.dictionaries(MEMBERS, JSON, max_size=6).map(lambda one: {**one, "resultType": "place", "title": "x"})


@given(st.fixed_dictionaries({"items": st.lists(PLACES | JSON, max_size=3)}) | JSON)
def test_whatever_is_answered_is_read_or_not_understood(told: Any) -> None:
    try:
        found = list(Here().read(answered(json.dumps(told).encode())))
    except NotUnderstood:
        return
    assert all(isinstance(item, Listing | Nothing | More) for item in found)


def known_listing() -> Listing:
    known = Here.control.known
    assert known is not None
    where = {"street": known.street, "houseNumber": known.house_number, "postalCode": known.postcode}
    at = {"lat": known.latitude, "lng": known.longitude}
    return place(title=known.name, position=at, address={**where, "city": known.city})


def test_the_control_asks_for_the_entry_and_for_a_made_up_one() -> None:
    known = Here.control.known
    assert known is not None
    asked = [dict(v.params)["q"] for one in (known, made_up(known)) for v in Here().search(question(Here(), one))]
    assert asked == ["Madison Square Garden New York", f"{MADE_UP} New York"]


def test_the_control_holds_only_where_the_entry_is_found() -> None:
    known = Here.control.known
    assert known is not None

    def seen(*found: Any) -> Answer:
        chain = Seen(visit=Visit("https://x.example"), at=AT, items=found)
        return Answer(way="here", subjects=(), chain=(chain,))

    assert verdict(Here(), known, seen(known_listing()), seen(Nothing("items []")))[0] is None
    assert verdict(Here(), known, seen(Nothing("items []")), None)[0] is Reason.CONTROL_FAILED


@pytest.mark.shared
def test_the_known_entry_is_found_in_a_real_answer(shared: Path) -> None:
    found = items(*recorded(shared, "alexreisner-here-madison-square-garden.json")["items"])
    known = Here.control.known
    assert known is not None
    assert [item.name for item in found] == [known.name]
    assert finds(subject_of(known), found)
    assert not finds(subject_of(made_up(known)), found)


@pytest.mark.shared
def test_real_answers_are_read(shared: Path) -> None:
    assert items(*recorded(shared, "alexreisner-here-no-results.json")["items"]) == [Nothing("items []")]
    browsed = items(*recorded(shared, "geonet-v1-browse.json")["items"])
    assert [one.categories[-1] for one in browsed] == ["Мейрамхана", "Мейрамхана"]
    assert items(*recorded(shared, "geonet-v1-geocode.json")["items"]) == [Nothing("only streets and areas")]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["legacy-geocoder62-4d8e5775.json", "geonet-v1-lookup.json"])
def test_a_real_answer_of_another_service_is_not_understood(shared: Path, name: str) -> None:
    with pytest.raises(NotUnderstood):
        list(read(Here(), answered(json.dumps(recorded(shared, name)).encode())))


@pytest.mark.shared
def test_a_real_place_with_contacts_and_hours_is_read(shared: Path) -> None:
    pub = recorded(shared, "geonet-v1-lookup.json")
    for period in pub["openingHours"][0]["structured"]:  # blanks that the recording's editor put there
        period["recurrence"] = re.sub(r"\s", "", period["recurrence"])
    (listing,) = items(pub)
    assert listing.phones == ("+ 442088744892",)
    assert listing.address.house_number == "135"
    assert listing.hours_text.startswith("Mon: 12:00 - 15:00 | Tue - Thu")
    assert listing.opening_hours == ""  # a day of 24 hours from 23:00 on Friday contradicts the text beside it
    pub["openingHours"][0]["structured"].pop(2)
    (mended,) = items(pub)
    assert mended.opening_hours == "Mo,Fr 12:00-15:00; Tu-Th,Sa 12:00-15:00,18:00-23:00; Su 12:00-23:00"
