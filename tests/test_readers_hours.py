"""Opening hours of every kind to OSM syntax."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours, State, validate

from audit.readers import from_german, from_periods, from_schema, from_specification, hours_in, repaired

FRAGMENTS = ["Mo", "-", "Do", " ", "9", "12", ":30", ".", "Uhr", ",", "und", "bis", "nach Vereinbarung", ";", "PH", '"']
FRAGMENTS += ["geschlossen", "täglich", "nachmittags", "(", "24/7", "–", "25:99", "\x00", "so"]


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        (
            "Mo-Do 9-12 Uhr und 14-16 Uhr, Fr nach Vereinbarung",
            'Mo-Th 09:00-12:00,14:00-16:00; Fr unknown "nach Vereinbarung"',
        ),
        ("montags bis freitags von 8.00 bis 12.00 Uhr", "Mo-Fr 08:00-12:00"),
        ("Di 14–18 Uhr", "Tu 14:00-18:00"),
        ("Mo, Di, Do 9-12 Uhr sowie nach Vereinbarung", 'Mo,Tu,Th 09:00-12:00 || unknown "nach Vereinbarung"'),
        ("Montag 9:00–12:00 Uhr Dienstag 14:00–18:00 Uhr", "Mo 09:00-12:00; Tu 14:00-18:00"),
        ("9-12 Uhr (Mo-Fr)", "Mo-Fr 09:00-12:00"),
        ("täglich 10-18 Uhr, Mi geschlossen", "Mo,Tu,Th-Su 10:00-18:00; We off"),
        ("Do nachmittags 14-18 Uhr", "Th 14:00-18:00"),
        ("Fr 18-2 Uhr", "Fr 18:00-02:00"),
        ("So-Di 10-12 Uhr", "Mo,Tu,Su 10:00-12:00"),
        ("nach Vereinbarung", 'unknown "nach Vereinbarung"'),
    ],
)
def test_german_hours_become_osm_syntax(text: str, osm: str) -> None:
    assert from_german(text) == osm


@pytest.mark.parametrize(
    "text",
    [
        "",
        "werktags 9-12 Uhr",  # Monday to Friday, or to Saturday: nobody knows
        "jeden ersten Montag 9-12 Uhr",
        "Mo-Fr 8-16 Uhr, Fr 8-13 Uhr",  # Friday says two things
        "Mo nachmittags 2-5 Uhr",  # 14 to 17, or 2 to 5
        "Mo 9-12 Uhr nach Vereinbarung",  # only then, or besides
        "Mo 12-9 Uhr",
        "Mo ab 9 Uhr",
        "Mo 12.11. 9-12 Uhr",
        "9-12 Uhr",
        "Mo",
        "Wir sind gern für Sie da",
        "Mo 25-26 Uhr",
    ],
)
def test_what_is_not_understood_is_never_guessed(text: str) -> None:
    assert from_german(text) == ""


def test_by_appointment_is_neither_open_nor_closed() -> None:
    hours = OpeningHours(from_german("Mo-Do 9-12 Uhr, Fr nach Vereinbarung"))
    assert hours.state(datetime(2026, 11, 27, 10))[0] == State.UNKNOWN  # noqa: DTZ001 - local wall clock


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("Mo-Fr 08:00-12:00; PH off", "Mo-Fr 08:00-12:00; PH off"),
        (
            "Mo,Th 07:30-16:00;Tu,We07:30-16:30;Fr 07:30-14:30;PH off",
            "Mo,Th 07:30-16:00;Tu,We 07:30-16:30;Fr 07:30-14:30;PH off",
        ),
        ("Mo-Thu 08:00-17:00; Fr 07:00-16:00", "Mo-Th 08:00-17:00; Fr 07:00-16:00"),
        ("Mo-Di,Do-Fr 08:00-18:30; Mi 08:00-13:00", "Mo-Tu,Th-Fr 08:00-18:30; We 08:00-13:00"),
        ("Mo,Tu,Th 09:00-12:00 and 15:00-16:30; PH off", "Mo,Tu,Th 09:00-12:00,15:00-16:30; PH off"),
        ("Mo,We 08:30–18:00; Tu 08:30–14:30", "Mo,We 08:30-18:00; Tu 08:30-14:30"),
        ('"nach Vereinbarung"', 'unknown "nach Vereinbarung"'),
        ('|| "Termin nach Vereinbarung"', 'unknown "Termin nach Vereinbarung"'),
        ('Mo-Fr 8:00-12:00 "Mo oder Di"', 'Mo-Fr 8:00-12:00 "Mo oder Di"'),
        ("irgendwann", ""),
        ('Mo "', ""),
    ],
)
def test_osm_values_are_mended_where_their_meaning_is_plain(text: str, osm: str) -> None:
    assert repaired(text) == osm


@pytest.mark.shared
def test_of_the_real_munich_values_all_but_two_are_usable_and_none_valid_is_changed(shared: Path) -> None:
    told = json.loads((shared / "data/opening_hours/real_munich_2025.json").read_text("utf-8"))
    values = [item["value"] for item in told["items"]]
    assert len([value for value in values if not validate(value)]) == 23
    assert len([value for value in values if not repaired(value)]) == 2
    changed = [value for value in values if validate(value) and repaired(value) != value]
    assert all("vereinbarung" in value.lower() or "appointment" in value for value in changed)


def test_schema_texts_add_up() -> None:
    texts = ["Mo-Sa 11:00-14:30", "Mo-Th 17:00-21:30", "Fr-Sa 17:00-22:00"]
    assert from_schema(texts) == "Mo-Th 11:00-14:30,17:00-21:30; Fr,Sa 11:00-14:30,17:00-22:00"
    assert from_schema([", , , , , ,"]) == ""


def test_a_specification_knows_url_english_and_german_days() -> None:
    days = ["http://schema.org/Monday", "Tuesday", "Mittwoch"]
    assert from_specification([{"dayOfWeek": days, "opens": "09:00:00", "closes": "17:00"}]) == "Mo-We 09:00-17:00"


def test_a_specification_of_midnight_twice_means_closed() -> None:
    assert from_specification([{"dayOfWeek": "Sunday", "opens": "00:00", "closes": "00:00"}]) == "Su off"


def test_a_season_of_a_specification_is_kept() -> None:
    one = {
        "dayOfWeek": "Mo",
        "opens": "18:00",
        "closes": "19:00",
        "validFrom": "2026-01-01",
        "validThrough": "2026-03-01",
    }
    assert from_specification([one]) == "2026 Jan 01-2026 Mar 01 Mo 18:00-19:00"


@pytest.mark.parametrize(
    "one", [{}, {"dayOfWeek": "Tag", "opens": "9", "closes": "10"}, {"dayOfWeek": "Mo", "opens": "x"}]
)
def test_a_specification_that_is_not_understood_is_empty(one: dict[str, str]) -> None:
    assert from_specification([one]) == ""


def test_google_periods_with_sunday_first_and_midnight() -> None:
    periods: list[dict[str, Any]] = [
        {"open": {"day": 1, "hour": 9}, "close": {"day": 1, "hour": 17, "minute": 30}},
        {"open": {"day": 0, "time": "2200"}, "close": {"day": 1, "time": "0200"}},
    ]
    assert from_periods(periods) == "Mo 09:00-17:30; Su 22:00-02:00"


def test_periods_without_close_are_always_open_and_none_at_all_never() -> None:
    assert from_periods([{"open": {"day": 0, "hour": 0}}]) == "24/7"
    assert from_periods([]) == "off"
    assert from_periods(None) == ""
    assert from_periods([{"open": 7}, {"recurrence": 3}]) == ""


def test_here_hours_with_start_and_duration() -> None:
    one = {"start": "T100000", "duration": "PT08H30M", "recurrence": "FREQ:DAILY;BYDAY:MO,TU"}
    assert from_periods([one]) == "Mo,Tu 10:00-18:30"


def test_hours_in_a_page_stand_apart_from_telephone_hours() -> None:
    text = "Kontakt Öffnungszeiten: Mo-Fr 9-12 Uhr So finden Sie uns. Telefonzeiten: Di 14-16 Uhr"
    assert hours_in(text) == ("Mo-Fr 09:00-12:00", "Mo-Fr 9-12 Uhr")


def test_telephone_hours_alone_are_shown_but_are_no_opening_hours() -> None:
    assert hours_in("Telefonzeiten: Di 14-16 Uhr") == ("", "Di 14-16 Uhr")


def test_two_different_opening_hours_on_one_page_are_not_mixed() -> None:
    text = "Öffnungszeiten Haus A Mo 9-12 Uhr Öffnungszeiten Haus B Mo 10-12 Uhr"
    assert hours_in(text) == ("", "Mo 9-12 Uhr | Mo 10-12 Uhr")


@pytest.mark.parametrize(
    "text", ["jeden 1. Montag 9-12 Uhr", "Fr 9-12 Uhr in ungeraden Wochen", "Di 9-11 Uhr 14-tägig"]
)
def test_irregular_days_are_shown_but_not_translated(text: str) -> None:
    hours, shown = hours_in(text)
    assert hours == ""
    assert shown


@pytest.mark.parametrize("text", ["24. April 2020 08:30 Uhr", "Mo 3-5 Kinder", "Samstag, 5. Dezember 2026, 10-12 Uhr"])
def test_dates_and_numbers_are_no_opening_hours(text: str) -> None:
    assert hours_in(text)[0] == ""


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join) | st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_whatever_the_text_the_answer_is_empty_or_valid(text: str) -> None:
    for osm in (from_german(text), repaired(text), from_schema([text, text]), hours_in(text)[0]):
        assert osm == "" or validate(osm)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["open", "close", "day", "hour", "time"]), inner)
    ),
    max_leaves=8,
)
PERIOD = st.dictionaries(
    st.sampled_from(["open", "close", "recurrence", "start", "duration", "dayOfWeek", "opens"]), JSON
)


@given(st.lists(PERIOD, max_size=3))
@settings(max_examples=80, deadline=None)
def test_periods_of_any_shape_never_raise(periods: list[dict[str, object]]) -> None:
    for osm in (from_periods(periods), from_specification(periods)):
        assert osm == "" or validate(osm)
