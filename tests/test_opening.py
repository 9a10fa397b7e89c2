"""When an OSM value is open: rules over each other, holidays of the state, nights, clocks and irregular days."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.judging.comparing.opening import intervals
from audit.readers.osm_hours import rules
from audit.readers.osm_rules import written

MONDAY = date(2026, 4, 27)  # Friday of this week, 1 May, is a public holiday everywhere


def told(text: str, first: date = MONDAY, days: int = 7, state: str | None = "BY") -> list[str]:
    """What is open, on one line each: "Mo 09:00-12:00", with a "?" where it is uncertain."""
    found = intervals(text, first, days, state)
    assert found is not None
    names = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
    return [
        f"{names[one.begin.weekday()]} {one.begin:%H:%M}-{one.end:%H:%M}{'?' * (one.state == 'unknown')}"
        for one in found
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mo, We 09:00-12:00", ["Mo 09:00-12:00", "We 09:00-12:00"]),
        ("Mo-We 09:00-12:00; Tu 14:00-16:00", ["Mo 09:00-12:00", "Tu 14:00-16:00", "We 09:00-12:00"]),
        ("Mo 09:00-12:00, Mo 14:00-16:00", ["Mo 09:00-12:00", "Mo 14:00-16:00"]),
        ("Mo 09:00-18:00; 12:00-13:00 off", ["Mo 09:00-12:00", "Mo 13:00-18:00"]),
        ("Th-Fr 09:00-12:00; PH off", ["Th 09:00-12:00"]),
        ("Th-Fr 09:00-12:00", ["Th 09:00-12:00", "Fr 09:00-12:00"]),
        ("Th,PH 09:00-12:00", ["Th 09:00-12:00", "Fr 09:00-12:00"]),
        ("PH Mo-Th 09:00-12:00", []),
        ("PH -1 day 09:00-12:00", ["Th 09:00-12:00"]),
        ("Sa 09:00-10:00 || Sa 10:00-11:00 unknown", ["Sa 09:00-10:00", "Sa 10:00-11:00?"]),
        ('Mo 09:00-12:00 "nur mit Termin"', ["Mo 09:00-12:00?"]),
        ('Mo 09:00-12:00 open "Hintereingang"', ["Mo 09:00-12:00"]),
        ('Sa unknown "by appointment"; Su 10:00-11:00', ["Sa 00:00-00:00?", "Su 10:00-11:00"]),
        ("Mo 18:00+", ["Mo 18:00-04:00?"]),
        ("Mo 14:00-16:00+", ["Mo 14:00-16:00", "Mo 16:00-00:00?"]),
        ("Mo 07:00+,12:00-16:00", ["Mo 07:00-12:00?", "Mo 12:00-16:00"]),
        ("Tu[-1] 09:00-12:00", ["Tu 09:00-12:00"]),
        ("Tu[1] 09:00-12:00", []),
        ("week 18 Mo 09:00-12:00; week 19 Tu 09:00-12:00", ["Mo 09:00-12:00"]),
        ("Apr Th 09:00-10:00; May Th-Sa 11:00-12:00", ["Th 09:00-10:00", "Fr 11:00-12:00", "Sa 11:00-12:00"]),
        ("easter +26 days 09:00-12:00", ["Fr 09:00-12:00"]),
        ("24/7; Tu-Su off", ["Mo 00:00-00:00"]),
        ("off", []),
    ],
)
def test_rules_lie_over_each_other(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_outside_the_hours_a_fallback_is_uncertain() -> None:
    text = 'Mo 09:00-12:00 || unknown "nach Vereinbarung"'
    assert told(text, days=1) == ["Mo 00:00-09:00?", "Mo 09:00-12:00", "Mo 12:00-00:00?"]


@pytest.mark.parametrize(("state", "closed"), [("BY", True), ("NW", True), ("BE", False), ("", False)])
def test_a_public_holiday_is_one_of_the_federal_state(state: str, closed: bool) -> None:
    corpus_christi = date(2026, 6, 4)
    assert (told("Th 09:00-12:00; PH off", corpus_christi, 1, state) == []) is closed


def test_school_holidays_are_those_of_the_state_and_none_where_it_is_unknown() -> None:
    text, monday = "Mo 09:00-12:00; SH off", date(2026, 9, 7)  # in Bavaria's summer, after North Rhine-Westphalia's
    assert told(text, monday, 1, "BY") == []
    assert told(text, monday, 1, "NW") == ["Mo 09:00-12:00"]
    assert told(text, monday, 1, "") == ["Mo 09:00-12:00"]
    assert told("Mo 09:00-12:00; SH Mo 10:00-11:00", monday, 1, "BY") == ["Mo 10:00-11:00"]


def test_without_holidays_every_week_is_a_normal_one() -> None:
    assert told("Fr 09:00-12:00; PH,SH off", state=None) == ["Fr 09:00-12:00"]


def test_a_night_lasts_into_the_next_day_and_into_the_window() -> None:
    assert told("Su 22:00-02:00", days=1) == ["Mo 00:00-02:00"]
    assert told("Mo 22:00-26:00", days=2) == ["Mo 22:00-02:00"]
    assert told("Mo 20:00-24:00, Tu 00:00-02:00", days=2) == ["Mo 20:00-02:00"]
    assert told("Th 20:00-03:00; PH off") == ["Th 20:00-00:00"]  # the holiday begins at midnight


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)])
def test_on_the_days_when_clocks_change_the_clock_on_the_wall_counts(sunday: date) -> None:
    assert told("Su 01:00-04:00", sunday, 1) == ["Su 01:00-04:00"]
    assert told("Su 00:00-24:00", sunday, 1) == ["Su 00:00-00:00"]


def test_the_sun_rises_later_in_winter() -> None:
    (winter,), (summer,) = (told("sunrise-12:00", day, 1) for day in (date(2026, 12, 21), date(2026, 6, 21)))
    assert winter[3:8] > summer[3:8]


def test_what_is_no_opening_hours_has_no_intervals() -> None:
    assert intervals("nach Lust und Laune", MONDAY, 7) is None
    assert intervals("Mo 09:00-12:00; " * 200, MONDAY, 7) is None


PARTS = [
    "Mo",
    "Tu-Fr",
    "PH",
    "SH",
    "Sa[1]",
    " ",
    ",",
    "; ",
    " || ",
    "week 2-52/2 ",
    "Feb 29",
    "2026 ",
    "easter",
    " -1 day",
]
PARTS += [
    "09:00-12:00",
    "18:00+",
    "22:00-26:00",
    "(sunset-01:00)-23:00",
    '"x"',
    " off",
    " unknown",
    "24/7",
    "9-12",
    "-",
    "+",
]


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join) | st.text(max_size=40))
def test_no_value_raises_and_what_is_written_means_the_same(text: str) -> None:
    found = intervals(text, MONDAY, 7, "BY")
    if found is not None:
        again = written(rules(text))
        assert written(rules(again)) == again
        assert intervals(again, MONDAY, 7, "BY") == found
        assert all(one.begin < one.end for one in found)
