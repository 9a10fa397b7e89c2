"""Lanes: the queue of one host, its pace, its budget, and its end."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from audit.model import Reason
from audit.visiting.getting import Unreachable
from audit.visiting.lanes import Lane, Lanes
from tests.helpers import FakeClock, broken


def visits_of(lane: Lane, clock: FakeClock, count: int, takes: float) -> list[tuple[float, float]]:
    """Start and end of so many visits, all asked for at once."""
    times: list[tuple[float, float]] = []

    async def one() -> None:
        async with lane.turn():
            began = clock.steady()
            await clock.sleep(takes)
            times.append((began, clock.steady()))

    async def everybody() -> None:
        await asyncio.gather(*(one() for _ in range(count)))

    asyncio.run(everybody())
    return times


def test_the_pace_counts_from_the_end_of_the_answer() -> None:
    clock = FakeClock()
    times = visits_of(Lanes(clock, 10).lane("a.example", 5.0), clock, 3, takes=2.0)
    assert times == [(0.0, 2.0), (7.0, 9.0), (14.0, 16.0)]


def test_a_host_is_never_asked_twice_at_the_same_time() -> None:
    clock = FakeClock()
    times = visits_of(Lanes(clock, 10).lane("a.example"), clock, 5, takes=3.0)
    assert all(after[0] >= before[1] for before, after in pairwise(times))


def test_the_slowest_pace_of_all_who_use_a_lane_holds() -> None:
    lanes = Lanes(FakeClock(), 10, {"a.example": 2.0})
    assert lanes.lane("a.example", 1.0).pace == 2.0
    assert lanes.lane("a.example", 4.0).pace == 4.0
    assert lanes.lane("a.example", 3.0).pace == 4.0
    assert lanes.lane("b.example").pace == 0.0


def test_two_hosts_do_not_wait_for_each_other() -> None:
    clock = FakeClock()
    lanes = Lanes(clock, 10)

    async def visit(host: str) -> float:
        async with lanes.lane(host, 60.0).turn():
            await clock.sleep(1.0)
        return clock.steady()

    async def everybody() -> list[float]:
        return await asyncio.gather(*(visit(host) for host in ("a.example", "b.example", "a.example", "c.example")))

    assert asyncio.run(everybody()) == [1.0, 1.0, 62.0, 1.0]


def test_a_used_up_budget_ends_every_further_visit_with_that_reason() -> None:
    clock = FakeClock()
    lane = Lanes(clock, 2).lane("a.example")
    visits_of(lane, clock, 2, takes=0.0)
    with pytest.raises(Unreachable) as end:
        visits_of(lane, clock, 1, takes=0.0)
    assert end.value.reason is Reason.BUDGET
    assert "a.example" in end.value.detail
    assert lane.visits == 2


def test_a_closed_lane_ends_all_that_wait_with_the_first_reason_it_was_closed_for() -> None:
    clock = FakeClock()
    lane = Lanes(clock, 10).lane("a.example", 5.0)

    async def one(number: int) -> Reason | None:
        try:
            async with lane.turn():
                await clock.sleep(1.0)
                if number == 0:
                    lane.close(broken(Reason.RATE_LIMITED))
                    lane.close(broken(Reason.BLOCKED))
        except Unreachable as end:
            return end.reason
        return None

    async def everybody() -> list[Reason | None]:
        return await asyncio.gather(*(one(number) for number in range(3)))

    assert asyncio.run(everybody()) == [None, Reason.RATE_LIMITED, Reason.RATE_LIMITED]
    assert clock.steady() == 1.0


def test_a_visit_that_fails_counts_and_is_paced_like_any_other() -> None:
    clock = FakeClock()
    lane = Lanes(clock, 10).lane("a.example", 5.0)

    async def failing() -> None:
        async with lane.turn():
            await clock.sleep(1.0)
            raise broken(Reason.TIMEOUT)

    async def both() -> float:
        with pytest.raises(Unreachable):
            await failing()
        async with lane.turn():
            return clock.steady()

    assert asyncio.run(both()) == 6.0
    assert lane.visits == 2


def test_lanes_know_how_many_visits_each_host_got() -> None:
    clock = FakeClock()
    lanes = Lanes(clock, 10)
    visits_of(lanes.lane("b.example"), clock, 2, takes=0.0)
    visits_of(lanes.lane("a.example"), clock, 1, takes=0.0)
    assert lanes.made == {"a.example": 1, "b.example": 2}
