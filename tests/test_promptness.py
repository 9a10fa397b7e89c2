"""Promptness: windows of arrival, waits with open questions counted, and the response curve."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.judging.calendar import public_holidays
from audit.judging.promptness import BERLIN, curves, masses, quality, response, waits, wilson, window
from audit.model import Exchange, Window

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=BERLIN)


def at(text: str) -> datetime:
    """A wall-clock time in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def question(number: int, asked: datetime, hours: float | None = 1.0, **more: Any) -> Exchange:
    answered = None if hours is None else asked + timedelta(hours=hours)
    return Exchange(id=f"q{number}", asked_at=asked, answered_at=answered, **{"channel": "mail", **more})


def asked_on(day: str, hours: list[float | None], **more: Any) -> list[Exchange]:
    return [question(n, at(day), wait, **more) for n, wait in enumerate(hours)]


# --- windows


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-24T08:00", Window.OFFICE),
        ("2026-11-24T17:59", Window.OFFICE),
        ("2026-11-24T18:00", Window.EVENING),
        ("2026-11-24T21:59", Window.EVENING),
        ("2026-11-24T22:00", Window.NIGHT),
        ("2026-11-24T07:59", Window.NIGHT),
        ("2026-11-28T10:00", Window.WEEKEND),  # Saturday
        ("2026-11-29T21:00", Window.WEEKEND),
        ("2026-11-29T23:00", Window.NIGHT),
        ("2026-12-25T10:00", Window.WEEKEND),  # a Friday, and Christmas
        ("2026-12-24T10:00", Window.OFFICE),  # Christmas Eve is no public holiday
    ],
)
def test_a_window_is_told_by_the_seekers_wall_clock(moment: str, expected: Window) -> None:
    assert window(at(moment)) is expected


@pytest.mark.parametrize(
    ("day", "state", "expected"),
    [
        ("2026-11-18", "SN", Window.WEEKEND),  # Day of Repentance: Saxony alone
        ("2026-11-18", "TH", Window.OFFICE),
        ("2026-06-04", "NW", Window.WEEKEND),  # Corpus Christi
        ("2026-06-04", "BE", Window.OFFICE),
        ("2026-10-30", "TH", Window.OFFICE),
        ("2025-10-31", "TH", Window.WEEKEND),  # Reformation Day
        ("2025-10-31", "BY", Window.OFFICE),
        ("2026-01-06", "BY", Window.WEEKEND),
        ("2026-01-06", "", Window.OFFICE),
        ("2026-10-03", "", Window.WEEKEND),
    ],
)
def test_public_holidays_are_those_of_the_federal_state(day: str, state: str, expected: Window) -> None:
    assert window(at(f"{day}T11:00"), state) is expected


def test_every_federal_state_has_its_own_holidays_and_an_unknown_one_the_nationwide() -> None:
    nationwide = public_holidays("", 2026)
    states = ["BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH"]
    assert all(public_holidays(state, 2026) >= nationwide for state in states)
    assert len(nationwide) == 9


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-10-26T07:30:00+01:00", Window.NIGHT),  # Monday after the clocks went back
        ("2026-10-26T08:00:00+01:00", Window.OFFICE),
        ("2026-10-23T06:00:00+00:00", Window.OFFICE),  # 8:00 in summer time
        ("2026-10-26T06:00:00+00:00", Window.NIGHT),  # 7:00 in winter time
        ("2026-03-30T16:30:00+00:00", Window.EVENING),  # 18:30 in summer time
        ("2026-03-27T16:30:00+00:00", Window.OFFICE),  # 17:30 in winter time
    ],
)
def test_the_change_of_clocks_moves_the_windows(moment: str, expected: Window) -> None:
    assert window(datetime.fromisoformat(moment)) is expected


def test_a_wait_over_the_change_of_clocks_is_counted_in_real_hours() -> None:
    utc = datetime.fromisoformat
    asked = [
        Exchange(
            id=str(n), asked_at=utc("2026-10-24T20:00:00+02:00"), answered_at=utc("2026-10-25T20:00:00+01:00"),
            channel="mail",
        )
        for n in range(3)
    ]  # fmt: skip
    assert waits(asked, "", NOW)[0].median_hours == 25.0


# --- known values


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(3, 10, 0.1078, 0.6032), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 1, 0.2065, 1.0)],
)
def test_wilsons_interval_has_its_known_values(hits: int, count: int, low: float, high: float) -> None:
    assert wilson(hits, count) == pytest.approx((low, high), abs=5e-5)


def test_kaplan_meier_has_the_values_of_the_textbook() -> None:
    # 6-MP arm of Freireich (1963): 6,6,6,6*,7,9*,10,10*,11*,13,16,17*,19*,20*,22,23,25*,32*,32*,34*,35*
    events = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    shares = masses([(t, True) for t in events] + [(t, False) for t in censored])
    survival, left = {}, 1.0
    for hours, share in shares:
        left -= share
        survival[hours] = round(left, 4)
    assert survival == {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}


@given(st.lists(st.tuples(st.floats(0, 1e4), st.booleans()), max_size=30))
def test_shares_answered_never_exceed_the_whole(waited: list[tuple[float, bool]]) -> None:
    shares = masses(waited)
    assert all(share >= 0 for _, share in shares)
    assert math.fsum(share for _, share in shares) <= 1 + 1e-9
    if waited and all(answered for _, answered in waited):
        assert math.fsum(share for _, share in shares) == pytest.approx(1)


@pytest.mark.parametrize(
    ("channel", "t10", "t50"),
    [("mail", 4, 24), ("form", 4, 24), ("counselling", 4, 24), ("chat", 5 / 60, 1), ("phone", 0.25, 4)],
)
def test_the_curve_gives_nine_tenths_at_t10_and_half_at_t50(channel: str, t10: float, t50: float) -> None:
    assert quality(t10, channel) == pytest.approx(0.9, abs=1e-5)
    assert quality(t50, channel) == pytest.approx(0.5)
    assert quality(0, channel) == 1.0
    assert quality(10_000 * t50, channel) < 0.001


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_longer_wait_is_never_better(one: float, other: float) -> None:
    shorter, longer = sorted((one, other))
    assert quality(shorter, "mail") >= quality(longer, "mail")


@pytest.mark.parametrize("channel", sorted(curves()["hours"]))
def test_no_hour_of_a_month_is_worth_more_than_the_one_before(channel: str) -> None:
    worths = [quality(quarter / 4, channel) for quarter in range(4 * 24 * 31)]
    assert worths == sorted(worths, reverse=True)


def test_an_interval_ends_at_the_whole_where_all_or_none_are() -> None:
    assert all(wilson(n, n)[1] == 1.0 and wilson(0, n)[0] == 0.0 for n in range(1, 300))


# --- rows and the figure R


def test_fewer_than_three_questions_show_no_row_and_fewer_than_five_no_score() -> None:
    assert waits(asked_on("2026-11-17T10:00", [1, 1]), "", NOW) == ()
    row = waits(asked_on("2026-11-17T10:00", [1, 1, 1, 1]), "", NOW)[0]
    assert (row.count, row.score) == (4, None)
    assert waits(asked_on("2026-11-17T10:00", [24] * 5), "", NOW)[0].score == pytest.approx(50)


def test_open_questions_are_counted_and_never_dropped() -> None:
    asked = asked_on("2026-11-17T10:00", [1, 1, None, None, None])
    row = waits(asked, "", NOW)[0]
    assert (row.count, row.answered, row.median_hours) == (5, 2, None)
    assert row.within_24h == pytest.approx(0.4)
    assert row.score is None  # three of five are not known yet
    later = waits(asked, "", NOW + timedelta(days=8))[0]
    assert later.score == pytest.approx(100 * 0.4 * quality(1, "mail"))


def test_an_open_question_counts_as_if_it_were_answered_now_and_after_14_days_nothing() -> None:
    asked = asked_on("2026-11-17T10:00", [1, 1, 1, 1, 1, None])
    known = 5 * quality(1, "mail")
    for hours, worth in ((24, quality(24, "mail")), (14 * 24, quality(14 * 24, "mail")), (14 * 24 + 1, 0)):
        value = waits(asked, "", at("2026-11-17T10:00") + timedelta(hours=hours))[0].score
        assert value == pytest.approx(100 * (known + worth) / 6)


def test_a_question_of_an_hour_ago_does_not_count_as_late() -> None:
    asked = [*asked_on("2026-11-17T10:00", [1, 1, 1]), question(9, NOW - timedelta(hours=1), None)]
    row = next(row for row in waits(asked, "", NOW) if row.window is Window.OFFICE)
    assert (row.count, row.within_24h) == (4, 1.0)


def test_reviews_and_questions_of_the_future_are_no_enquiries() -> None:
    asked = [
        *asked_on("2026-11-17T10:00", [1] * 9, kind="review"),
        *asked_on("2026-12-01T10:00", [1] * 9),
    ]
    assert waits(asked, "", NOW) == ()
    assert response(asked, "", NOW) == (None, 0, 0, 3)


def test_sources_are_never_mixed_up_in_a_row() -> None:
    asked = asked_on("2026-11-17T10:00", [1] * 3, source="public")
    asked += asked_on("2026-11-17T10:00", [48] * 3, source="imported")
    assert [(row.source, row.median_hours) for row in waits(asked, "", NOW)] == [("imported", 48), ("public", 1)]


def test_each_channel_counts_by_its_own_curve() -> None:
    asked = asked_on("2026-11-17T10:00", [4.0] * 5, channel="phone") + asked_on("2026-11-17T10:00", [4.0] * 5)
    value, *_ = response(asked, "", NOW)
    assert value == pytest.approx(100 * (0.5 + 0.9) / 2, abs=1e-3)


def test_r_weighs_its_windows_and_their_weight_is_its_coverage() -> None:
    office, evening = asked_on("2026-11-17T10:00", [24.0] * 5), asked_on("2026-11-17T19:00", [4.0] * 5)
    value, coverage, known, windows = response(office + evening, "", NOW)
    assert value == pytest.approx((0.4 * 50 + 0.3 * 90) / 0.7, abs=1e-3)
    assert (coverage, known, windows) == (pytest.approx(0.7), 2, 3)


def test_night_is_shown_and_never_scored_in_r() -> None:
    asked = asked_on("2026-11-17T23:00", [1.0] * 5)
    assert waits(asked, "", NOW)[0].window is Window.NIGHT
    assert response(asked, "", NOW)[0] is None
