"""The figures by hand-computed examples of the method (design, section 10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.judging.method import method
from audit.judging.promptness import BERLIN
from audit.judging.scoring import Evidence, accuracy, coverage, findability, offered, remedies, score, total
from audit.judging.summing import applicable
from audit.model import Cell, Exchange, Offer, Pillar, Reason, Score, State
from tests.helpers import NOW


def cell(subject: str = "a", platform: str = "p", weight: float = 100.0, **more: object) -> Cell:
    shown: dict[str, Any] = {"way": "w", "state": State.GAPS, "findability": 0.8, "accuracy": 0.5}
    return Cell(subject=f"o/{subject}", platform=platform, weight=weight, **{**shown, **more})


def unknown(reason: Reason, **more: Any) -> Cell:
    return cell(state=State.UNKNOWN, findability=None, accuracy=None, reason=reason, **more)


def evidence(*cells: Cell, exchanges: list[Exchange] | None = None, **more: object) -> Evidence:
    given_ = {"exchanges": exchanges or [], "offers": [], "state": "TH", "now": NOW}
    return Evidence(cells=cells, **{**given_, **more})  # type: ignore[arg-type]


# --- F and A


def test_f_is_the_weighted_findability_of_the_known_cells() -> None:
    cells = [cell(weight=100, findability=1.0), cell("b", weight=50, findability=0.3), cell("c", weight=50)]
    assert findability(cells).value == pytest.approx(100 * (100 * 1 + 50 * 0.3 + 50 * 0.8) / 200)


def test_a_is_weighted_by_what_was_found() -> None:
    cells = [
        cell(weight=100, findability=1.0, accuracy=1.0),
        cell("b", weight=100, findability=0.6, accuracy=0.25),
        cell("c", weight=100, findability=0.0, accuracy=None),  # missing: nothing to compare
    ]
    assert accuracy(cells).value == pytest.approx(100 * (100 * 1 * 1 + 100 * 0.6 * 0.25) / (100 * 1 + 100 * 0.6))


def test_where_nothing_is_known_there_is_no_figure_instead_of_nought() -> None:
    pillar = findability([unknown(Reason.NEEDS_KEY)])
    assert (pillar.value, pillar.coverage, pillar.known, pillar.applicable) == (None, 0.0, 0, 1)
    assert (pillar.low, pillar.high, pillar.grade) == (None, None, "")


def test_unknown_costs_no_points_but_coverage() -> None:
    known = [cell(findability=1.0)]
    whole = [*known, unknown(Reason.NEEDS_KEY, subject="b")]
    assert findability(whole).value == findability(known).value == 100
    assert (coverage(known), coverage(whole)) == (1.0, 0.5)


def test_what_is_not_applicable_counts_nowhere() -> None:
    away = cell(state=State.NOT_APPLICABLE, findability=None, reason=Reason.INTENDED)
    assert applicable([away, cell("b", weight=0.0), cell("c")]) == [cell("c")]


# --- coverage, range, grades


def test_the_range_holds_all_that_the_unchecked_could_turn_out_to_be() -> None:
    pillar = findability([cell(weight=75, findability=0.8), unknown(Reason.BLOCKED, subject="b", weight=25)])
    assert pillar.coverage == 0.75
    assert pillar.low == pytest.approx(0.75 * 80)
    assert pillar.high == pytest.approx(0.75 * 80 + 25)


@pytest.mark.parametrize(
    ("known", "grade", "provisional"),
    [(100, "B", False), (90, "B", False), (89, "B", True), (70, "B", True), (69, "", False)],
)
def test_a_grade_needs_coverage(known: int, grade: str, provisional: bool) -> None:
    cells = [cell(weight=known, findability=0.8), unknown(Reason.BLOCKED, subject="b", weight=100 - known)]
    pillar = findability(applicable(cells))
    assert (pillar.grade, pillar.provisional) == (grade, provisional)


@pytest.mark.parametrize(
    ("value", "grade"),
    [(100, "A"), (90, "A"), (89.9, "B"), (75, "B"), (74.9, "C"), (50, "C"), (49.9, "D"), (30, "D"), (29.9, "E"),
     (0, "E")],
)  # fmt: skip
def test_grades_begin_at_their_figures(value: float, grade: str) -> None:
    assert method().grade(value) == grade


@pytest.mark.parametrize(("days", "counts"), [(0, 1.0), (14, 0.5), (28, 0.25), (7, 0.7071)])
def test_age_fades_coverage_and_nothing_else(days: float, counts: float) -> None:
    pillar = findability([cell(findability=0.8, age_days=days)])
    assert pillar.coverage == pytest.approx(counts, abs=1e-4)
    assert pillar.value == pytest.approx(80)


@given(st.lists(st.tuples(st.floats(2.5, 100), st.none() | st.floats(0, 1), st.floats(0, 60)), min_size=1, max_size=12))
def test_figures_stay_within_their_bounds(cells: list[tuple[float, float | None, float]]) -> None:
    made = [
        cell(str(n), weight=w, findability=f, age_days=age) if f is not None else unknown(Reason.BLOCKED, weight=w)
        for n, (w, f, age) in enumerate(cells)
    ]
    pillar = findability(made)
    assert 0 <= pillar.coverage <= 1 + 1e-9
    if pillar.value is not None:
        assert -1e-9 <= (pillar.low or 0) <= pillar.value + 1e-9 <= (pillar.high or 0) + 2e-9 <= 100 + 1e-6


# --- R and the total


def asked(day: str, hours: float, count: int = 5) -> list[Exchange]:
    at = datetime.fromisoformat(day).replace(tzinfo=BERLIN)
    return [
        Exchange(id=f"{day}{n}", asked_at=at, answered_at=at + timedelta(hours=hours), channel="mail")
        for n in range(count)
    ]


OFFICE, EVENING, WEEKEND = "2026-11-17T10:00", "2026-11-17T19:00", "2026-11-21T12:00"


def scored(*exchanges: Exchange, found: float = 0.8) -> Score:
    return score(evidence(cell(findability=found, accuracy=0.5), exchanges=list(exchanges)))


def test_the_total_weighs_the_three_pillars() -> None:
    result = scored(*asked(OFFICE, 24), *asked(EVENING, 24))
    assert result.response.value == pytest.approx(50)
    assert result.total == pytest.approx(0.45 * 80 + 0.20 * 50 + 0.35 * 50)


@pytest.mark.parametrize(
    ("windows", "printed"),
    [((OFFICE,), False), ((EVENING, WEEKEND), False), ((OFFICE, WEEKEND), True), ((OFFICE, EVENING, WEEKEND), True)],
)
def test_the_total_is_printed_only_for_office_and_one_other_window(windows: tuple[str, ...], printed: bool) -> None:
    result = scored(*(exchange for day in windows for exchange in asked(day, 24)))
    assert (result.total is not None) is printed
    assert result.response.value == pytest.approx(50)


def test_the_total_counts_a_window_as_known_when_its_sources_together_have_enough() -> None:
    """R is known from imported, tested and public enquiries together: so is the window."""
    half = [replace(e, id=f"i{e.id}", source="imported") for e in asked(OFFICE, 24, 3)]
    result = scored(*half, *asked(OFFICE, 24, 3), *asked(EVENING, 24))
    assert result.response.known == 2
    assert result.total is not None


def test_night_is_no_other_window() -> None:
    assert scored(*asked(OFFICE, 24), *asked("2026-11-17T23:00", 24)).total is None


def pillar(value: float) -> Pillar:
    return Pillar(value=value, coverage=1.0)


@pytest.mark.parametrize(
    ("f", "a", "r", "expected"),
    [
        (100, 100, 10, 30),  # at most 20 above the weaker of F and R
        (10, 100, 100, 30),
        (60, 60, 60, 60),
        (80, 0, 80, 64),  # accuracy does not bound it
    ],
)
def test_the_total_is_at_most_twenty_above_the_weaker_pillar(f: float, a: float, r: float, expected: float) -> None:
    assert total(pillar(f), pillar(a), pillar(r), {"office", "evening"}) == pytest.approx(expected)


# --- O


def offer(office: float, evening: float, weekend: float) -> Offer:
    return Offer(subject="o/a", office=office, evening=evening, weekend=weekend)


def test_o_weighs_office_evening_and_weekend() -> None:
    assert offered([(offer(1.0, 0.5, 0.0), 10.0)]).value == pytest.approx(55)
    assert offered([(offer(1, 1, 1), 10.0), (offer(0, 0, 0), 30.0)]).value == pytest.approx(25)


def test_a_service_without_known_hours_costs_coverage_of_o_alone() -> None:
    result = offered([(offer(1, 1, 1), 10.0), (None, 30.0)])
    assert (result.value, result.coverage, result.known, result.applicable) == (pytest.approx(100), 0.25, 1, 2)


# --- the strict figure


def strict(*cells: Cell) -> tuple[int, int, int]:
    found = score(evidence(*cells)).strict
    return found.without_gap, found.with_gaps, found.not_fully_checked


def test_the_strict_figure_counts_key_services_in_three_numbers() -> None:
    done = State.COMPLETE
    assert strict(
        cell("a", "p", state=done), cell("a", "q", state=done),
        cell("b", "p", state=done), unknown(Reason.NEEDS_KEY, subject="b", platform="q"),
        cell("c", "p", state=State.MISSING, findability=0.0), unknown(Reason.NEEDS_KEY, subject="c", platform="q"),
        cell("d", "p", state=done), cell("d", "q", key=False, state=State.GAPS),
    ) == (2, 1, 1)  # fmt: skip


# --- remedies


def test_remedies_name_the_most_coverage_per_minute_first() -> None:
    found = remedies([
        cell("a", weight=40),
        unknown(Reason.NEEDS_KEY, subject="a", platform="google", weight=30),
        unknown(Reason.NEEDS_KEY, subject="b", platform="google", weight=10),
        unknown(Reason.NEEDS_PERSON, subject="a", platform="apple", weight=10),
        unknown(Reason.NEEDS_PERSON, subject="b", platform="apple", weight=10),
    ])  # fmt: skip
    assert [(r.platform, r.reason, r.cells, r.minutes) for r in found] == [
        ("apple", Reason.NEEDS_PERSON, 2, 2.5),
        ("google", Reason.NEEDS_KEY, 2, 15),
    ]
    assert [r.gain for r in found] == pytest.approx([0.2, 0.4])


def test_an_empty_audit_has_no_figures_and_no_fault() -> None:
    result = score(evidence())
    assert (result.findability.value, result.total, result.coverage, result.remedies) == (None, None, 0.0, ())
