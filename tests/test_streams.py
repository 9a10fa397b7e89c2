"""Asks are finished one after the other, so that a night that ends early leaves whole answers."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import pytest

from audit.model import Ask, Visit
from audit.visiting.streams import in_streams

pytestmark = pytest.mark.anyio


def asks(host: str, number: int) -> list[Ask]:
    return [Ask(Visit(f"https://{host}/{each}"), ()) for each in range(number)]


async def test_answers_come_in_the_order_of_the_asks_whichever_ends_first() -> None:
    every = [*asks("slow.example", 9), *asks("fast.example", 9)]

    async def one(ask: Ask) -> str:
        for _ in range(30 if "slow" in ask.visit.url else 1):
            await asyncio.sleep(0)
        return ask.visit.url

    assert await in_streams(every, one) == [ask.visit.url for ask in every]
    assert await in_streams([], one) == []


async def test_few_asks_of_a_host_are_under_way_and_no_host_waits_for_another() -> None:
    under_way: dict[str, int] = defaultdict(int)
    most: dict[str, int] = defaultdict(int)
    done: list[str] = []
    gate = asyncio.Event()

    async def one(ask: Ask) -> None:
        host = ask.visit.url.split("/")[2]
        under_way[host] += 1
        most[host] = max(most[host], under_way[host])
        await (gate.wait() if host == "stuck.example" else asyncio.sleep(0))
        under_way[host] -= 1
        done.append(host)

    running = asyncio.ensure_future(in_streams([*asks("stuck.example", 50), *asks("free.example", 50)], one))
    for _ in range(200):
        await asyncio.sleep(0)
    assert done.count("free.example") == 50
    assert "stuck.example" not in done
    assert max(most.values()) <= 4
    gate.set()
    await running
    assert done.count("stuck.example") == 50


async def test_what_an_ask_raises_ends_the_run() -> None:
    async def one(ask: Ask) -> None:
        raise RuntimeError(ask.visit.url)

    with pytest.raises(RuntimeError, match=r"a\.example"):
        await in_streams(asks("a.example", 3), one)
