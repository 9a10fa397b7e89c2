"""Twelve faults at every step of every way to every platform: unknown for its reason, and never "nothing there"."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

import platforms
from audit import Nothing, Page, Visit, registry, testing
from audit.model import Answer, Ask, Reason, Via
from audit.testing.cases import Case
from audit.visiting.getting import Limits, Permit, permit_all
from audit.visiting.lanes import Lanes
from audit.visiting.walking import Walker
from tests.attacks import FAULTS
from tests.helpers import AGENT, FakeClock
from tests.test_platform_links import DOCTOLIB, page, query

ROOT = Path(__file__).parent / "recordings"
CASES = [
    case
    for case in testing.cases(ROOT, registry.find(platforms).checkers)
    if all(answer.page.visit.via is not Via.DATA for answer in case.answers)
]
REASONS: Mapping[str, Reason] = {
    "refused": Reason.SERVER_ERROR,
    "reset": Reason.SERVER_ERROR,
    "dns-failure": Reason.NETWORK_DOWN,
    "tls-failure": Reason.SERVER_ERROR,
    "timeout": Reason.TIMEOUT,
    "challenge": Reason.BLOCKED,
    "429": Reason.RATE_LIMITED,
    "500": Reason.SERVER_ERROR,
    "503-with-date": Reason.SERVER_ERROR,
    "another-kind": Reason.LAYOUT_CHANGED,
    "cut-short": Reason.LAYOUT_CHANGED,
    "empty": Reason.LAYOUT_CHANGED,
}


@dataclass
class Struck:
    """A getter that knows recorded pages; ``at`` is the visit whose answer the fault spoils."""

    pages: Mapping[Visit, Page]
    at: Visit
    fault: str

    async def get(self, visit: Visit, limits: Limits, permit: Permit = permit_all) -> Page:
        """The page, or what the fault makes of it."""
        if visit.url.endswith("/robots.txt"):
            return Page(visit=visit, at=FakeClock().now(), status=404)
        found = self.pages[visit]
        return FAULTS[self.fault](found) if visit == self.at else found

    async def close(self) -> None:
        """Nothing is open."""


def followed(case: Case, getter: Struck) -> list[Answer]:
    async def all_asks() -> list[Answer]:
        clock = FakeClock()
        walker = Walker(getters={Via.HTTP: getter}, lanes=Lanes(clock, 100), clock=clock, agent=AGENT)
        further = [Ask(visit, (query,)) for query in case.queries for visit in case.checker.search_again(query)]
        again = [ask for ask in further if ask.visit in getter.pages]  # asked only where the first found nothing
        return [await walker.follow(case.checker, ask) for ask in [*case.checker.plan(case.queries), *again]]

    return asyncio.run(all_asks())


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_fault_anywhere_in_a_chain_breaks_it_for_its_reason(case: Case, fault: str) -> None:
    pages = {answer.page.visit: answer.page for answer in case.answers}
    for visit, good in pages.items():
        if (fault in ("cut-short", "empty") and not good.body) or (fault == "cut-short" and good.status >= 400):
            continue  # no body to be spoilt; or half of a 404 in which the platform's own word still stands
        chains = [a for a in followed(case, Struck(pages, visit, fault)) if any(s.visit == visit for s in a.chain)]
        for chain in chains:
            items = [item for seen in chain.chain if seen.visit == visit for item in seen.items]
            assert not any(isinstance(item, Nothing) for item in items)
            if fault == "cut-short" and items:
                continue  # of half a page what is there may be read: what was found counts on a broken chain, too
            assert (chain.reason, items) == (REASONS[fault], [])


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_link_visit_is_no_dead_link(fault: str) -> None:
    good = page(DOCTOLIB)
    walker_ask = Ask(good.visit, (query(good.url),))

    async def ask() -> Answer:
        clock = FakeClock()
        getter = Struck({good.visit: good}, good.visit, fault)
        walker = Walker(getters={Via.HTTP: getter}, lanes=Lanes(clock, 100), clock=clock, agent=AGENT)
        return await walker.follow(DOCTOLIB, walker_ask)

    answer = asyncio.run(ask())
    assert not any(isinstance(item, Nothing) for item in answer.items)
    # of a page cut short, what is left is read; a link visit never claims to have seen all
    assert answer.reason in (REASONS[fault], Reason.TRUNCATED)
