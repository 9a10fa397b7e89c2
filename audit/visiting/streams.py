"""Streams: in which order the asks of one way are begun. Pure but for the waiting."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from audit.model import Ask

T = TypeVar("T")
_AHEAD = 4  # asks of one way under way at one host: while one waits for another host, this one is not idle


async def in_streams(asks: Sequence[Ask], one: Callable[[Ask], Awaitable[T]]) -> list[T]:
    """What comes of each ask, a few at a time for each host: an ask is finished before many others begin.

    So a night that ends early leaves whole answers, and memory holds what is being asked, not all that ever will be.
    """
    if len(asks) == 1:
        return [await one(asks[0])]
    hosts: dict[str, list[int]] = defaultdict(list)
    for number, ask in enumerate(asks):
        hosts[urlsplit(ask.visit.url).netloc].append(number)
    answers: dict[int, T] = {}

    async def stream(waiting: Iterator[int]) -> None:
        for number in waiting:
            answers[number] = await one(asks[number])

    shared = (waiting for numbers in hosts.values() for waiting in [iter(numbers)] * min(_AHEAD, len(numbers)))
    await asyncio.gather(*map(stream, shared))
    return [answers[number] for number in range(len(asks))]
