"""The pace: gaps opened and closed, units, and targets that are reached in time or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from audit.auditing import run_audit
from audit.judging.due import due_by
from audit.judging.pacing import aim, months, unit_pace
from audit.model import GapLife, Organisation, Pace, Result, Target
from audit.organisation.catalogue import load_catalogue
from audit.organisation.file import parse
from audit.pacing import pace
from audit.requesting import Request
from reports.terminal import print_pace
from tests.helpers import ADDICTION, DEBT, NOW, organisation, shop, tiny

DEBTS, ADDICTIONS = "https://tiny.example/schulden", "https://tiny.example/sucht"
FOUND = {DEBTS: "listing Schuldnerberatung", ADDICTIONS: "listing Suchtberatung"}
LOST = {DEBTS: "nothing", ADDICTIONS: "nothing"}


def day(number: float) -> datetime:
    return NOW + timedelta(days=number)


def life(opened: float, closed: float | None = None, **more: Any) -> GapLife:
    return GapLife(gap="g", unit="u", opened=day(opened), closed=None if closed is None else day(closed), **more)


def test_days_open_and_days_to_close_are_medians_and_disputed_gaps_count_nowhere() -> None:
    found = unit_pace("u", [life(0), life(4), life(0, 2), life(0, 3), life(0, 10), life(0, disputed=True)], day(10))
    assert (found.open, found.days_open, found.closed, found.days_to_close) == (2, 8, 3, 3)


def test_closed_in_time_is_the_share_of_gaps_that_were_there_by_the_targets_day() -> None:
    due = day(5).date()
    some = [life(0, 5, due=due), life(0, 6, due=due), life(0, due=due), life(9, 10, due=due)]
    found = unit_pace("u", some, day(10))
    assert found.in_time == pytest.approx(1 / 3)


def test_each_gap_is_in_time_by_its_own_day_and_those_without_one_are_in_no_share() -> None:
    early, late = day(5).date(), day(20).date()
    found = unit_pace("u", [life(0, 6, due=early), life(0, 6, due=late), life(0, 1)], day(10))
    assert (found.due, found.in_time) == (day(5).date(), 1 / 2)
    assert unit_pace("u", [life(0, 1)], day(10)).in_time is None


def test_months_are_those_of_the_reader_and_the_first_runs_gaps_are_no_openings() -> None:
    first = datetime(2026, 10, 31, 22, 30, tzinfo=UTC)  # half past eleven at night in Germany
    late = first + timedelta(hours=1)  # November there, October in UTC
    lives = [GapLife(gap=g, unit="", opened=at, closed=None) for g, at in (("a", first), ("b", late))]
    found = months(lives, first, first + timedelta(days=40))
    assert [(m.month, m.opened, m.closed) for m in found] == [("2026-10", 0, 0), ("2026-11", 1, 0), ("2026-12", 0, 0)]


def target(value: float, due: date) -> Target:
    return Target(figure="findability", value=value, due=due)


RISING = [(day(-30), 40.0), (day(-15), 50.0), (day(0), 60.0)]


@pytest.mark.parametrize(
    ("due", "on_course"), [(day(30).date(), True), (day(29).date(), False), (day(-1).date(), False)]
)
def test_a_target_is_on_course_where_the_present_pace_reaches_it_in_time(due: date, on_course: bool) -> None:
    found = aim(target(80, due), RISING, NOW)
    assert (found.actual, found.expected, found.on_course) == (60, day(30).date(), on_course)
    assert found.per_month == pytest.approx(20 * 365.25 / 12 / 30)


def test_a_target_that_is_reached_is_on_course_whatever_the_pace() -> None:
    assert aim(target(60, day(-5).date()), RISING, NOW).on_course is True


def test_where_figures_fall_or_stand_nothing_is_expected() -> None:
    falling = [(at, 100 - value) for at, value in RISING]
    found = aim(target(80, day(30).date()), falling, NOW)
    assert (found.expected, found.on_course) == (None, False)


def test_a_pace_is_not_told_from_runs_within_a_week_or_from_none() -> None:
    close = [(day(-6), 40.0), (day(0), 60.0)]
    assert [aim(target(80, day(30).date()), series, NOW).on_course for series in (close, [])] == [None, None]


# --- over stored runs


def audited(database: Path, answers: dict[str, Any], number: float, org: Organisation) -> Result:
    workshop, _ = shop([tiny()], answers, at=day(number))
    (result,) = run_audit(workshop, Request(organisations=(org,), fresh=True), database)
    return result


@pytest.fixture
def measured(tmp_path: Path) -> tuple[Result, Pace]:
    due = day(60).date()
    targets = tuple(
        Target(figure="findability", value=90, due=due, service=service) for service in ("", "schulden", "sucht")
    )
    org = organisation(DEBT, ADDICTION, targets=targets)
    mended = {**LOST, DEBTS: FOUND[DEBTS]}
    for number, answers in ((0, LOST), (10, mended), (20, LOST), (30, mended)):
        audited(tmp_path / "findbar.db", answers, number, org)
    return pace(tmp_path / "findbar.db")


def test_a_gap_that_came_back_has_two_lives(measured: tuple[Result, Pace]) -> None:
    found = measured[1]
    assert (found.at_first, found.whole.open) == (2, 1)
    assert sum(month.opened for month in found.months) == found.whole.closed + found.whole.open - found.at_first
    assert found.whole.days_to_close == 10


def test_a_target_of_one_service_is_measured_by_its_own_cells(measured: tuple[Result, Pace]) -> None:
    whole, debt, addiction = measured[1].aims
    assert addiction.actual == 0.0
    assert whole.actual is not None
    assert debt.actual is not None
    assert debt.actual > whole.actual > 0


def test_each_field_of_work_has_its_own_pace(measured: tuple[Result, Pace]) -> None:
    debt, addiction = measured[1].fields
    assert (debt.id, debt.pace.open, debt.pace.closed) == ("debt", 0, 2)
    assert (addiction.id, addiction.pace.open, addiction.pace.closed) == ("addiction", 1, 0)


def test_a_target_of_a_field_of_work_is_measured_by_the_cells_of_its_services(tmp_path: Path) -> None:
    target = 'figure = "findability"\nvalue = 90\ndue = 2026-12-31\nfield = "debt"'
    text = f'name = "H"\n[[service]]\nname = "Schuldnerberatung"\n[[service]]\nname = "Kita"\n[[target]]\n{target}'
    org, notes = parse(f'{text}\n[[location]]\ncity = "X"', load_catalogue(), file="o.toml", today=NOW.date())
    assert org is not None
    assert not notes.problems
    assert org.targets[0].about == ("schuldnerberatung",)
    assert due_by("findability", ["schuldnerberatung"], org) == date(2026, 12, 31)
    assert due_by("findability", ["kita"], org) is None
    field = replace(target_of_field(), services=("schulden",))
    mine = organisation(DEBT, ADDICTION, targets=(field,))
    for number, answers in ((0, LOST), (10, {**LOST, DEBTS: FOUND[DEBTS]})):
        audited(tmp_path / "findbar.db", answers, number, mine)
    (told,) = pace(tmp_path / "findbar.db")[1].aims
    assert (told.field, told.actual) == ("debt", 100.0)


def target_of_field() -> Target:
    return Target(figure="findability", value=90, due=day(60).date(), field="debt")


@pytest.mark.parametrize("field", ["dept", "debt"])
def test_a_target_names_a_known_field_and_no_service_beside_it(field: str) -> None:
    target = f'figure = "findability"\nvalue = 90\ndue = 2026-12-31\nfield = "{field}"\nservice = "kita"'
    text = f'name = "H"\n[[service]]\nname = "Kita"\n[[target]]\n{target}\n[[location]]\ncity = "X"'
    _, notes = parse(text, load_catalogue(), file="o.toml", today=NOW.date())
    told = [(problem.line, problem.key) for problem in notes.problems]
    assert told[0] == (8, "field")
    assert len(told) == (2 if field == "dept" else 1)


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("width", [80, 160])
def test_the_terminal_shows_pace_and_targets_within_its_width(
    measured: tuple[Result, Pace], lang: str, width: int
) -> None:
    written = StringIO()
    print_pace(*measured, lang, Console(file=written, width=width, highlight=False))
    text = written.getvalue()
    assert max(map(len, text.splitlines())) <= width
    assert {"de": "Tempo der Stellen", "en": "Pace of the units"}[lang] in text
    assert {"de": "Auffindbarkeit, Suchtberatung: 0 von 90", "en": "Findability, Suchtberatung: 0 of 90"}[lang] in text
