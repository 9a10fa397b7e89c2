"""Opening hours as a normal week."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.judging.comparing import hours
from audit.model import Level, Window


def test_two_ways_to_write_one_week_are_the_same() -> None:
    assert hours.compare("Mo-We 08:00-12:00", "Mo,Tu,We 08:00-12:00").level is Level.SAME


def test_a_blank_after_a_comma_still_means_both_days() -> None:
    week = hours.schedule("Mo, Th 07:30-16:00")
    assert week is not None
    assert week.minutes(0) == week.minutes(3) == 510
    assert week.total == 1020


def test_the_reason_says_which_day_differs_and_by_how_much() -> None:
    found = hours.compare("Mo-Fr 07:30-16:00", "Mo-Th 07:30-16:00; Fr 07:30-14:00")
    assert found.level is Level.PARTIAL
    assert found.why.startswith("Friday: shown 07:30-14:00, stated 07:30-16:00 (2 h less). ")
    assert hours.compare("Mo-Fr 08:00-18:00", "Sa 08:00-10:00").level is Level.CONFLICT


@pytest.mark.parametrize(
    ("stated", "shown", "why"),
    [
        (
            "Mo-Th 09:00-13:00",
            "Mo-Th 09:00-12:30",
            "Monday to Thursday: shown 09:00-12:30, stated 09:00-13:00 (30 min less)",
        ),
        (
            "Mo,Fr 09:00-12:00",
            "Mo,Fr 10:00-13:00",
            "Monday, Friday: shown 10:00-13:00, stated 09:00-12:00 (same length)",
        ),
        ("Mo 09:00-12:00", "Mo,Sa 09:00-12:00", "Saturday: shown 09:00-12:00, stated closed (3 h more)"),
        (
            'Mo,Tu 09:00-12:00; We unknown "mit Termin"',
            "Mo-We 09:00-12:00",
            "Wednesday: shown 09:00-12:00, stated by appointment (3 h more)",
        ),
        (
            "Mo-Fr 09:00-12:00,14:00-16:00",
            "Mo-Fr 09:00-12:00",
            "Monday to Friday: shown 09:00-12:00, stated 09:00-12:00 and 14:00-16:00 (2 h less)",
        ),
    ],
)
def test_days_that_differ_alike_are_told_together(stated: str, shown: str, why: str) -> None:
    assert hours.compare(stated, shown).why.startswith(f"{why}. ")


def test_evening_and_weekend_hours_are_told_even_where_nothing_differs() -> None:
    same = hours.compare("Mo-Fr 08:00-20:00", "Mo-Fr 08:00-20:00")
    assert same.why == "The hours agree. Evening (Monday to Friday 18-22): 10 h; weekend (8-22): none"
    more = hours.compare("Mo-Fr 08:00-18:00", "Mo-Fr 08:00-18:00; Sa 10:00-12:00")
    assert more.why.endswith("weekend (8-22): shown 2 h, stated none")


def test_what_is_irregular_is_compared_over_a_year() -> None:
    found = hours.compare("Tu 09:00-12:00, Tu[1] 18:00-20:00", "Tu 09:00-12:00", monday=date(2026, 3, 2))
    assert found.level is Level.PARTIAL
    assert found.why.startswith(
        "In 12 of 52 weeks, as from 2026-03-02: Tuesday: shown 09:00-12:00, stated 09:00-12:00 and"
    )
    assert hours.compare("week 1-53/2 Mo 09:00-10:00", "week 2-52/2 Mo 09:00-10:00").level is Level.CONFLICT
    assert hours.compare("Mo[1-5] 09:00-10:00", "Mo 09:00-10:00").level is Level.SAME


def test_holidays_differ_only_where_both_sides_speak_of_them() -> None:
    weekly = "Mo-Fr 09:00-12:00"
    assert hours.compare(f"{weekly}; PH off", weekly).level is Level.SAME
    assert hours.compare(f"{weekly}; PH off", f"{weekly}; PH,SH off").level is Level.SAME
    found = hours.compare(f"{weekly}; SH off", f"{weekly}; SH 10:00-11:00", state="BY")
    assert found.level is Level.PARTIAL
    assert found.why.startswith("school holidays: shown 10:00-11:00, stated closed (1 h more). ")


def test_by_appointment_is_neither_open_nor_closed() -> None:
    week = hours.schedule('Mo-Fr 09:00-12:00 "nur mit Termin"')
    assert week is not None
    assert week.total == 0
    assert week.only_by_appointment
    assert hours.compare('"by appointment"', "Mo-Fr 09:00-12:00").level is Level.PARTIAL


def test_what_is_offered_in_each_window() -> None:
    week = hours.schedule("Mo-Fr 08:00-20:00; Sa 10:00-14:00")
    assert week is not None
    assert week.share(Window.OFFICE) == pytest.approx(1.0)
    assert week.offered(Window.EVENING) == 5 * 120
    assert week.offered(Window.WEEKEND) == 240
    assert week.share(Window.EVENING) == pytest.approx(0.5)


def test_a_monthly_evening_counts_by_its_share_of_a_year() -> None:
    year = hours.weeks("Tu[1] 18:00-20:00", hours.monday_of(date(2026, 11, 24)))
    assert len(year) == 52
    assert sum(week.offered(Window.EVENING) for week in year) == 12 * 120
    assert len(hours.weeks("Tu 18:00-20:00")) == 1


def test_a_night_belongs_to_both_days() -> None:
    week = hours.schedule("Mo 22:00-02:00")
    assert week is not None
    assert (week.minutes(0), week.minutes(1)) == (120, 120)


def test_what_is_not_understood_is_said_and_not_compared() -> None:
    found = hours.compare("nach Lust und Laune", "Mo-Fr 09:00-12:00")
    assert (found.level, found.weight_key) == (Level.ABSENT, "unreadable")


@given(st.text(max_size=30), st.sampled_from(["", "Mo-Fr ", "Mo 08:00-12:00; ", "week 1-53 "]))
def test_no_text_makes_hours_raise(text: str, before: str) -> None:
    there, back = hours.compare(before + text, "Mo-Fr 08:00-10:00"), hours.compare("Mo-Fr 08:00-10:00", before + text)
    assert there.level is back.level


VALUES = ["Mo-Fr 08:00-12:00", "Mo-Fr 08:00-12:30; PH off", "Tu[1] 14:00-16:00", "week 2-52/2 Mo 10:00-12:00", "24/7"]
VALUES += [
    'Mo unknown "x"',
    "Mo-Fr 08:00-12:00; PH,SH 10:00-11:00",
    "Sa 22:00-02:00",
    "off",
    "SH off; Mo 9-12",
    "",
    "?",
]


@given(st.sampled_from(VALUES), st.sampled_from(VALUES), st.sampled_from(["", "BY", "BE"]))
def test_which_side_is_stated_changes_the_words_only(one: str, other: str, state: str) -> None:
    there, back = hours.compare(one, other, state=state), hours.compare(other, one, state=state)
    assert (there.level, there.weight_key) == (back.level, back.weight_key)
    assert hours.compare(one, one).level in (Level.SAME, Level.ABSENT)
