"""Opening hours as a normal week."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
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


def test_the_reason_says_which_day_differs_and_how() -> None:
    found = hours.compare("Mo-Fr 07:30-16:00", "Mo-Th 07:30-16:00; Fr 07:30-14:00")
    assert found.level is Level.PARTIAL
    assert found.why == "hours differ: Fr 07:30-14:00 instead of 07:30-16:00"
    assert hours.compare("Mo-Fr 08:00-18:00", "Sa 08:00-10:00").level is Level.CONFLICT


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


def test_a_night_belongs_to_both_days() -> None:
    week = hours.schedule("Mo 22:00-02:00")
    assert week is not None
    assert (week.minutes(0), week.minutes(1)) == (120, 120)


def test_what_is_not_understood_is_said_and_not_compared() -> None:
    found = hours.compare("nach Lust und Laune", "Mo-Fr 09:00-12:00")
    assert (found.level, found.weight_key) == (Level.ABSENT, "unreadable")


@pytest.mark.shared
def test_a_real_week_is_read_as_the_oracle_reads_it(shared: Path) -> None:
    """Minutes of the week of 2026-04-20 against opening_hours.js, plain values without holidays in that week."""
    rows = json.loads((shared / "data/opening_hours/real_munich_2025.json").read_text())["items"]
    rows = [row for row in rows if row["js_parses"] and not row["js_warnings"] and '"' not in row["value"]][:400]
    monday = date(2026, 4, 20)
    equal = sum(_minutes(row) == getattr(hours.schedule(row["value"], monday), "total", None) for row in rows)
    assert equal / len(rows) >= 0.97


def _minutes(row: dict[str, list[list[str]]]) -> int:
    total = 0
    for begin, end, unknown in row["open_intervals"]:
        first, last = max(begin, "2026-04-20T00:00"), min(end, "2026-04-27T00:00")
        if first < last and not unknown:
            total += _at(last) - _at(first)
    return total


def _at(stamp: str) -> int:
    day, clock = stamp.split("T")
    return date.fromisoformat(day).toordinal() * 1440 + int(clock[:2]) * 60 + int(clock[3:5])


@settings(max_examples=150)
@given(st.text(max_size=30), st.sampled_from(["", "Mo-Fr ", "Mo 08:00-12:00; ", "week 1-53 "]))
def test_no_text_makes_hours_raise(text: str, before: str) -> None:
    there, back = hours.compare(before + text, "Mo-Fr 08:00-10:00"), hours.compare("Mo-Fr 08:00-10:00", before + text)
    assert there.level is back.level
