"""Nights: a deadline by the wall clock, the stalest and weightiest first, and how long a full pass takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from audit.auditing import run_audit
from audit.looking import rejudged
from audit.model import Profile, Reason, Result, Service, State
from audit.nights import NoTimeOfDayError, minutes_until, nights
from audit.requesting import Request
from audit.store import Store
from audit.store.spans import spans_of
from audit.visiting.planning import LaneForecast
from tests.helpers import NOW, Web, organisation, shop, tiny

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "clock", "hours"),
    [
        ("2026-11-24T22:00", "06:00", 8),
        ("2026-11-24T05:00", "6:00", 1),
        ("2026-11-24T06:00", "06:00", 24),
        ("2027-03-27T22:00", "06:00", 7),  # the clocks go forward
        ("2026-10-24T22:00", "06:00", 9),  # and back
        ("2027-03-28T01:00", "02:30", 1.5),  # an hour that is left out
        ("2026-10-25T01:00", "02:30", 1.5),  # the first of two
    ],
)
def test_the_deadline_is_the_next_time_the_wall_clock_shows_it(now: str, clock: str, hours: float) -> None:
    assert minutes_until(clock, at(now), BERLIN) == 60 * hours


def test_between_two_hours_of_the_same_name_the_second_is_next() -> None:
    assert minutes_until("02:30", at("2026-10-25T02:30") + timedelta(minutes=10), BERLIN) == 50


@pytest.mark.parametrize("text", ["24:00", "6", "06:60", "noon", "", "06:00:00", "-1:00", "٠٦:٠٠"])
def test_what_is_no_time_of_day_is_said_so(text: str) -> None:
    with pytest.raises(NoTimeOfDayError, match="Write it like 06:00"):
        minutes_until(text, NOW)


def services(number: int, **weights: float) -> tuple[Service, ...]:
    names = [f"s{each}" for each in range(number)]
    return tuple(
        Service(id=n, kind="debt-counselling", name=f"Beratung {n}", weight=weights.get(n, 10.0)) for n in names
    )


SLOW = tiny(pace=60.0)


def night(
    database: Path, number: int, minutes: float | None, offered: tuple[Service, ...], **stated: Any
) -> tuple[Result, Web]:
    answers: dict[str, Any] = {f"https://tiny.example/{s.id}": f"listing {s.name}" for s in offered}
    workshop, web = shop([SLOW], answers, at=NOW + timedelta(days=number))
    request = Request(organisations=(organisation(*offered, **stated),), run_minutes=minutes, fresh=True)
    return run_audit(workshop, request, database)[0], web


def asked(web: Web) -> list[str]:
    return [url.rsplit("/", 1)[1] for url in web.urls]


def test_a_night_that_is_too_short_ends_in_time_and_is_complete(tmp_path: Path) -> None:
    result, web = night(tmp_path / "db", 0, 3.5, services(8))
    reasons = [cell.reason for cell in result.cells if cell.state is State.UNKNOWN]
    assert 0 < len(asked(web)) < 8
    assert reasons == [Reason.BUDGET] * (8 - len(asked(web)))
    assert max(ended for _, _, ended in web.asked) <= 3.5 * 60


def test_the_nights_together_see_everything_before_anything_twice(tmp_path: Path) -> None:
    offered = services(8)
    seen = [asked(night(tmp_path / "db", number, 3.5, offered)[1]) for number in range(3)]
    in_order = [name for each in seen for name in each]
    assert len(set(in_order[:8])) == 8
    assert set(in_order[8:]) <= set(seen[0])


def test_what_weighs_more_comes_first_among_the_equally_old(tmp_path: Path) -> None:
    offered = services(6, s4=10.0, **{f"s{n}": 2.5 for n in (0, 1, 2, 3, 5)})
    night(tmp_path / "db", 0, None, offered)
    assert asked(night(tmp_path / "db", 1, 2.5, offered)[1])[0] == "s4"


def test_a_full_pass_takes_as_many_nights_as_its_longest_lane() -> None:
    lanes = [LaneForecast("slow.example", 25_000, 5.0), LaneForecast("fast.example", 100, 1.0)]
    found = nights(lanes, 8)
    assert found is not None
    assert (found.nights, found.host, round(found.longest)) == (6, "slow.example", 42)
    assert nights([], 8) is None


def test_what_was_not_reached_keeps_its_last_verdict_with_its_age(tmp_path: Path) -> None:
    offered = services(8)
    whole, _ = night(tmp_path / "db", 0, None, offered)
    short, web = night(tmp_path / "db", 2, 3.5, offered)
    carried = [cell for cell in short.cells if cell.carried_from]
    assert {cell.state for cell in short.cells} <= {State.COMPLETE, State.GAPS}
    assert len(carried) == 8 - len(asked(web))
    assert {(cell.carried_from, round(cell.age_days, 2)) for cell in carried} == {(whole.run, 2.0)}
    assert short.score.coverage < whole.score.coverage


def test_what_is_carried_night_after_night_keeps_the_age_of_its_look(tmp_path: Path) -> None:
    offered = services(8)
    whole, _ = night(tmp_path / "db", 0, None, offered)
    night(tmp_path / "db", 2, 2.5, offered)
    third, _ = night(tmp_path / "db", 3, 2.5, offered)
    assert {(c.carried_from, round(c.age_days)) for c in third.cells if c.carried_from == whole.run} == {(whole.run, 3)}
    assert len({cell.carried_from for cell in third.cells}) == 3


def test_a_verdict_that_was_carried_confirms_nothing(tmp_path: Path) -> None:
    offered = services(8)
    night(tmp_path / "db", 0, None, offered)
    short, _ = night(tmp_path / "db", 2, 3.5, offered)
    carried = {cell.subject for cell in short.cells if cell.carried_from}
    store = Store(tmp_path / "db", writing=False)
    waiting = {span.subject for span in spans_of(store.tables, "hilfe") if span.confirmed is None}
    store.close()
    assert waiting == carried


def test_a_run_with_carried_verdicts_is_judged_again_to_the_same_bytes(tmp_path: Path) -> None:
    offered = services(8)
    for number, minutes in ((0, None), (2, 3.5)):
        night(tmp_path / "db", number, minutes, offered)
    assert rejudged(tmp_path / "db", shop([SLOW], {})[0]).equal


def test_what_was_stated_otherwise_meanwhile_is_not_carried(tmp_path: Path) -> None:
    night(tmp_path / "db", 0, None, services(8))
    changed = tuple(replace(service, phone="+49 3600 999") for service in services(8))
    short, _ = night(tmp_path / "db", 2, 3.5, changed)
    assert [cell.carried_from for cell in short.cells] == [""] * 8


def test_a_verdict_about_another_profile_is_not_carried(tmp_path: Path) -> None:
    night(tmp_path / "db", 0, None, services(8))
    profile = Profile(platform="tiny", url="https://tiny.example/ours", service="s3")
    short, _ = night(tmp_path / "db", 2, 1.5, services(8), profiles=(profile,))
    assert {cell.subject for cell in short.cells if not cell.carried_from} >= {"hilfe/s3@haus"}
    assert len([cell for cell in short.cells if cell.carried_from]) >= 5
