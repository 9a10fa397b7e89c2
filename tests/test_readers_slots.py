"""Slots as programs name them, on what real booking systems answer or expect."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import NotUnderstood, Slot
from audit.judging.promptness import window
from audit.model import Window
from audit.readers import of_minutes, slot_start, slots_of


def read(*values: object) -> list[Slot]:
    return slots_of(values, title="Beratung", url="https://termin.example/b")


def shapes(shared: Path, *parts: str) -> Any:
    return json.loads(shared.joinpath("recordings", *parts).read_text("utf-8"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-07-02T17:30:00Z", Window.EVENING),  # 19:30 in Berlin
        ("2026-07-02T15:59:00Z", Window.OFFICE),  # 17:59
        ("2026-07-02T16:00:00.000000Z", Window.EVENING),  # 18:00
        ("2026-01-08T17:00:00Z", Window.EVENING),  # 18:00 in winter
        ("2026-01-08T16:59:00Z", Window.OFFICE),
        ("2026-07-04T06:30:00Z", Window.WEEKEND),  # Saturday, half past eight, in Berlin
        ("2026-07-05T22:30:00Z", Window.NIGHT),  # Monday there
        ({"start": "2026-07-02T18:30:00"}, Window.EVENING),  # without offset: as people there read it
        ({"start": "2026-07-02T09:30:00-07:00"}, Window.EVENING),
        (1782991800, Window.OFFICE),  # 2026-07-02 11:30 UTC
        ("1783015200", Window.EVENING),  # 2026-07-02 18:00 UTC
    ],
)
def test_evening_and_weekend_are_those_of_the_clock_in_berlin(value: object, expected: Window) -> None:
    (slot,) = read(value)
    assert window(slot.start) is expected


@pytest.mark.parametrize(
    ("day", "minutes", "shown"),
    [
        (date(2026, 7, 2), 18 * 60 + 30, "2026-07-02T18:30:00+02:00"),
        (date(2026, 1, 2), 0, "2026-01-02T00:00:00+01:00"),
        (date(2026, 3, 29), 10 * 60, "2026-03-29T10:00:00+02:00"),  # the day the clocks change
        (date(2026, 1, 2), 24 * 60, None),
        (date(2026, 1, 2), -1, None),
    ],
)
def test_minutes_of_the_day_are_wall_clock_time(day: date, minutes: int, shown: str | None) -> None:
    found = of_minutes(day, minutes)
    assert (found.isoformat() if found else None) == shown


@pytest.mark.parametrize(("status", "free"), [("free", True), ("available", True), ("busy", False), ("booked", False)])
def test_a_status_that_is_not_free_is_taken(status: str, free: bool) -> None:
    (slot,) = read({"start": "2026-07-02T10:00:00Z", "status": status})
    assert slot.free is free


@pytest.mark.parametrize(
    "odd", [None, "", "soon", {}, {"start": None}, {"start": True}, {"start": "x"}, [], {"status": "free"}, True]
)
def test_a_list_with_something_that_is_no_time_is_not_understood(odd: object) -> None:
    with pytest.raises(NotUnderstood):
        read("2026-07-02T10:00:00Z", odd)


def test_more_times_than_any_calendar_holds_are_not_understood() -> None:
    assert len(read(*["2026-07-02T10:00:00Z"] * 5000)) == 5000
    with pytest.raises(NotUnderstood, match="more than 5000"):
        read(*["2026-07-02T10:00:00Z"] * 5001)


def test_an_end_before_the_start_is_no_end() -> None:
    (slot,) = read({"start": "2026-07-02T10:00:00Z", "end": "2026-07-02T09:00:00Z"})
    assert slot.end is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["start", "end", "status", "start_date", "end_time"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=3))
def test_whatever_comes_is_slots_or_not_understood(values: list[Any]) -> None:
    try:
        found = read(*values)
    except NotUnderstood:
        return
    assert all(slot.start.tzinfo for slot in found)


@pytest.mark.shared
def test_both_shapes_of_doctolib_s_calendar_are_understood(shared: Path) -> None:
    new = shapes(shared, "doctolib", "toc_doc", "availabilities.json")
    slots = [slot for day in new["availabilities"] for slot in read(*day["slots"])]
    assert len(slots) == new["total"] == 5
    assert [slot.start.isoformat() for slot in slots[:2]] == ["2026-02-28T10:00:00+01:00", "2026-02-28T10:15:00+01:00"]
    assert {window(slot.start) for slot in slots} == {Window.WEEKEND}
    old = shapes(shared, "doctolib", "vitemadose", "basic-availabilities.json")
    assert [slot.start.isoformat() for slot in read(*old["availabilities"][0]["slots"])] == [
        "2021-04-10T21:45:00+02:00",
        "2021-03-25T21:45:00+02:00",
    ]


@pytest.mark.shared
def test_the_unix_seconds_of_citizens_appointments_are_times(shared: Path) -> None:
    days = shapes(shared, "zms", "GET_calendar_availability.json")["data"]["days"]
    slots = [slot for day in days for times in day["appointments"].values() for slot in read(*times)]
    assert [slot.start.timestamp() for slot in slots] == [32526616522, 32526616622, 32526616652]
    assert slots[0].start.utcoffset() in (timedelta(hours=1), timedelta(hours=2))
    assert shapes(shared, "zms", "GET_calendar_availability_empty.json")["data"]["days"] == []


@pytest.mark.shared
def test_a_busy_slot_of_fhir_is_taken(shared: Path) -> None:
    (slot,) = read(shapes(shared, "fhir-slot", "Slot-ISiKTerminblockExample.json"))
    assert (slot.start.isoformat(), slot.free) == ("2022-12-10T09:00:00+00:00", False)
    assert slot.end is not None
    assert slot.end - slot.start == timedelta(hours=2)


def test_a_time_beyond_all_calendars_is_none() -> None:
    assert slot_start(10**30) is None
    assert slot_start(float("nan")) is None
