"""Walking: each visit through its lane and robots.txt, each chain to its honest end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.checker import Checker
from audit.model import Answer, Ask, Listing, Nothing, Reason, Seen, Via, Visit
from audit.page import NotUnderstood, Page
from audit.visiting.lanes import Lanes
from audit.visiting.understanding import read
from audit.visiting.walking import Walker
from tests.helpers import AGENT, FakeClock, Tiny, Web, broken, tiny

HOME = "https://tiny.example/a"


class Walk:
    """One walker over a web in memory."""

    def __init__(self, answers: dict[str, Any], *, takes: float = 0.0, budget: int = 100, **walking: Any) -> None:
        self.clock = FakeClock()
        self.web = Web(self.clock, answers, takes)
        self.lanes = Lanes(self.clock, budget)
        self.walker = Walker(
            getters={Via.HTTP: self.web}, lanes=self.lanes, clock=self.clock, agent=AGENT, **walking
        )  # fmt: skip

    def follow(self, checker: Checker, *urls: str) -> list[Answer]:
        """The answers to these asks, all asked at once."""

        async def everybody() -> list[Answer]:
            return await asyncio.gather(*(self.walker.follow(checker, Ask(Visit(url), ())) for url in urls))

        return asyncio.run(everybody())

    def one(self, checker: Checker | None = None, url: str = HOME) -> Answer:
        """The answer to one ask."""
        return self.follow(checker or tiny(), url)[0]


# --- chains


def test_a_chain_is_followed_to_its_end_and_everything_on_it_counts() -> None:
    walk = Walk({HOME: "visit https://tiny.example/b", "https://tiny.example/b": "listing Haus"})
    answer = walk.one()
    assert answer.reason is None
    assert [type(item) for item in answer.items] == [Visit, Listing]
    assert [seen.visit.url for seen in answer.chain] == [HOME, "https://tiny.example/b"]


@pytest.mark.parametrize(
    ("keys", "status", "reason"),
    [(("A_KEY",), 401, Reason.NEEDS_KEY), ((), 401, Reason.LOGIN_WALL), (("A_KEY",), 403, Reason.BLOCKED)],
)
def test_a_key_that_is_refused_is_a_missing_key_and_no_login(
    keys: tuple[str, ...], status: int, reason: Reason
) -> None:
    answer = Walk({HOME: (status, "no", {})}).one(tiny(keys=keys))
    assert answer.reason is reason
    assert ("A_KEY" in answer.detail) is (reason is Reason.NEEDS_KEY)


def test_a_page_that_leads_back_to_itself_is_visited_once() -> None:
    walk = Walk({HOME: f"visit {HOME}\nnothing"})
    assert walk.one().reason is None
    assert walk.web.urls == [HOME]


def test_more_follow_ups_than_a_checker_declares_are_unknown_for_want_of_budget() -> None:
    answers = {f"https://tiny.example/{n}": f"listing N{n}" for n in range(9)}
    walk = Walk({HOME: "\n".join(f"visit {url}" for url in answers)} | answers)
    answer = walk.one(tiny(follow_ups=3))
    assert (answer.reason, len(answer.chain)) == (Reason.BUDGET, 4)
    assert sum(isinstance(item, Listing) for item in answer.items) == 3


def test_follow_ups_deeper_than_a_checker_declares_are_unknown_for_want_of_budget() -> None:
    chain = {f"https://tiny.example/{n}": f"listing N{n}\nvisit https://tiny.example/{n + 1}" for n in range(9)}
    answer = Walk(chain).one(tiny(depth=2), "https://tiny.example/0")
    assert answer.reason is Reason.BUDGET
    assert [seen.visit.url[-1] for seen in answer.chain] == ["0", "1", "2"]


def test_what_was_only_shown_in_part_is_truncated_and_what_was_found_still_counts() -> None:
    answer = Walk({HOME: "listing Haus\nmore 200 of 900"}).one()
    assert (answer.reason, answer.detail) == (Reason.TRUNCATED, "200 of 900")
    assert any(isinstance(item, Listing) for item in answer.items)


def test_a_broken_link_of_a_chain_breaks_the_chain_but_not_what_follows() -> None:
    walk = Walk({
        HOME: "visit https://tiny.example/b\nvisit https://tiny.example/c",
        "https://tiny.example/b": broken(Reason.BLOCKED),
        "https://tiny.example/c": "listing Haus",
    })  # fmt: skip
    answer = walk.one()
    assert answer.reason is Reason.BLOCKED
    assert any(isinstance(item, Listing) for item in answer.items)


# --- pages that are not understood


@pytest.mark.parametrize("body", ["", "hello", "<html>", "raise", "raise boom"])
def test_a_page_that_says_nothing_known_is_layout_changed_and_never_missing(body: str) -> None:
    answer = Walk({HOME: body}).one()
    assert answer.reason is Reason.LAYOUT_CHANGED
    assert answer.items == ()


def test_a_reader_that_raises_half_way_says_so_and_does_not_count_as_nothing() -> None:
    answer = Walk({HOME: "nothing\nraise the shape changed"}).one()
    assert answer.reason is Reason.LAYOUT_CHANGED
    assert "RuntimeError: the shape changed" in answer.detail
    assert answer.items == ()


def test_a_reader_that_raises_does_not_stop_the_others() -> None:
    walk = Walk({HOME: "raise", "https://tiny.example/b": "listing Haus"})
    first, second = walk.follow(tiny(), HOME, "https://tiny.example/b")
    assert (first.reason, second.reason) == (Reason.LAYOUT_CHANGED, None)


class Strict(Tiny):
    """Understands nothing, and says why."""

    def read(self, page: Page) -> Iterator[Any]:
        raise NotUnderstood(page.text)


@pytest.mark.parametrize(
    ("said", "reason"), [("JSON expected", Reason.LAYOUT_CHANGED), ("shell: app.js", Reason.NO_BROWSER)]
)
def test_a_page_that_needs_a_browser_is_told_from_a_changed_one(said: str, reason: Reason) -> None:
    answer = Walk({HOME: said}).one(Strict())
    assert (answer.reason, answer.detail) == (reason, said)


@given(st.text(max_size=200), st.integers(100, 599))
@settings(max_examples=30, deadline=None)
def test_no_answer_whatever_its_text_and_status_stops_a_walk(text: str, status: int) -> None:
    answer = Walk({HOME: (status, text, {})}).one()
    assert answer.reason is not None or answer.items


@pytest.mark.parametrize("url", ["https://[::1", "https://tiny.example:port/", "nonsense", "", "mailto:a@b.example"])
def test_a_follow_up_to_something_that_is_no_address_breaks_its_chain_alone(url: str) -> None:
    walk = Walk({HOME: f"listing Haus\nvisit {url}"})
    answer = walk.one()
    assert answer.reason is not None
    assert any(isinstance(item, Listing) for item in answer.items)


# --- the platform's own signs


def test_the_declared_text_of_nothing_found_is_read_before_the_reader() -> None:
    checker = tiny(nothing_found=("0 Treffer",))
    assert Walk({HOME: "0 Treffer\nlisting Haus"}).one(checker).items == (Nothing("0 Treffer"),)


def test_a_declared_status_is_absence_and_any_other_bad_one_is_not() -> None:
    walk = Walk({HOME: (404, "gone", {}), "https://tiny.example/b": (410, "gone", {})})
    absent, changed = walk.follow(tiny(absent_status=(404,)), HOME, "https://tiny.example/b")
    assert absent.items == (Nothing("status 404"),)
    assert (changed.reason, changed.items) == (Reason.LAYOUT_CHANGED, ())


def test_a_declared_status_without_its_declared_text_is_no_absence() -> None:
    checker = tiny(absent_status=(404,), absent_marks=("Record not found",))
    walk = Walk({HOME: (404, "nginx", {}), "https://tiny.example/b": (404, "Record not found", {})})
    unclear, absent = walk.follow(checker, HOME, "https://tiny.example/b")
    assert unclear.reason is Reason.LAYOUT_CHANGED
    assert absent.reason is None


def test_a_404_that_no_checker_calls_absence_is_never_read() -> None:
    page = Page(visit=Visit(HOME), at=FakeClock().now(), status=404, body=b"listing Haus")
    with pytest.raises(NotUnderstood):
        read(tiny(), page)


# --- making visits


def test_an_identical_visit_is_made_once_however_often_it_is_asked_for() -> None:
    walk = Walk({HOME: "listing Haus"}, takes=1.0)
    answers = walk.follow(tiny(), HOME, HOME, HOME)
    assert walk.web.urls == [HOME]
    assert len({answer.chain for answer in answers}) == 1


def test_a_host_has_one_visit_in_flight_and_its_pace_is_the_checkers() -> None:
    urls = [f"https://tiny.example/{n}" for n in range(4)]
    walk = Walk(dict.fromkeys(urls, "nothing"), takes=2.0)
    walk.follow(tiny(pace=3.0), *urls)
    times = walk.web.times("tiny.example")
    assert walk.web.most_flying["tiny.example"] == 1
    assert [round(after[0] - before[1], 6) for before, after in pairwise(times)] == [3.0] * 3


def test_robots_slow_a_lane_down_to_their_crawl_delay() -> None:
    urls = [f"https://tiny.example/{n}" for n in range(3)]
    robots = "User-agent: *\nCrawl-delay: 7"
    walk = Walk({"https://tiny.example/robots.txt": robots} | dict.fromkeys(urls, "nothing"), takes=1.0)
    walk.follow(tiny(pace=2.0), *urls)
    times = walk.web.times("tiny.example")
    assert [after[0] - before[1] for before, after in pairwise(times)] == [7.0, 7.0]


def test_a_scheduled_run_goes_at_the_slower_pace_that_terms_ask_for() -> None:
    urls = ["https://tiny.example/1", "https://tiny.example/2"]
    walk = Walk(dict.fromkeys(urls, "nothing"), scheduled=True)
    walk.follow(tiny(pace=1.0, pace_scheduled=15.0), *urls)
    assert walk.clock.steady() >= 15.0


def test_without_a_browser_a_visit_that_needs_one_says_so() -> None:
    walk = Walk({})
    ask = Ask(Visit(HOME, via=Via.BROWSER), ())
    assert asyncio.run(walk.walker.follow(tiny(), ask)).reason is Reason.NO_BROWSER


def test_after_the_time_set_for_a_run_nothing_more_is_visited() -> None:
    urls = [f"https://tiny.example/{n}" for n in range(5)]
    walk = Walk(dict.fromkeys(urls, "nothing"), takes=10.0, deadline=35.0)  # robots.txt takes ten of them
    answers = walk.follow(tiny(governed_by_robots=False), *urls)
    assert [answer.reason for answer in answers] == [None, None, None, Reason.BUDGET, Reason.BUDGET]


def test_what_was_recalled_from_before_a_kill_is_not_visited_again() -> None:
    known = Seen(visit=Visit(HOME), at=FakeClock().now(), items=(Nothing("before"),), status=200)
    walk = Walk({HOME: "listing Haus"}, recall=lambda _, visit: known if visit.url == HOME else None)
    assert walk.one().chain == (known,)
    assert walk.web.asked == []


def test_the_keeper_is_told_of_every_end_good_or_bad() -> None:
    kept: list[tuple[str, Reason | None, bool]] = []
    walk = Walk(
        {HOME: "listing Haus", "https://tiny.example/b": broken(Reason.TOO_LARGE)},
        keep=lambda checker, seen, page: kept.append((checker.id, seen.reason, page is not None)),
    )
    walk.follow(tiny(), HOME, "https://tiny.example/b")
    assert sorted(kept, key=str) == [("tiny", Reason.TOO_LARGE, False), ("tiny", None, True)]


def test_a_keeper_that_fails_fails_the_walk_loudly() -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        Walk({HOME: "listing Haus"}, keep=full).one()


# --- robots


def test_a_missing_robots_txt_allows_everything() -> None:
    assert Walk({HOME: "listing Haus"}).one().reason is None


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_robots_txt_that_fails_forbids_everything(status: int) -> None:
    walk = Walk({"https://tiny.example/robots.txt": (status, "", {}), HOME: "listing Haus"})
    assert walk.one().reason is Reason.ROBOTS_FORBIDDEN
    assert walk.web.urls == []


def test_a_forbidden_page_is_never_asked_for() -> None:
    walk = Walk({"https://tiny.example/robots.txt": "User-agent: findbar\nDisallow: /a", HOME: "listing Haus"})
    assert walk.one().reason is Reason.ROBOTS_FORBIDDEN
    assert walk.web.urls == []


@pytest.mark.parametrize(("agent", "reason"), [("*", None), ("findbar", Reason.ROBOTS_FORBIDDEN)])
def test_a_documented_api_has_terms_of_its_own_unless_robots_names_findbar(agent: str, reason: Reason | None) -> None:
    walk = Walk({"https://tiny.example/robots.txt": f"User-agent: {agent}\nDisallow: /", HOME: "listing Haus"})
    assert walk.one(tiny(governed_by_robots=False)).reason is reason


@pytest.mark.parametrize(("agent", "pause"), [("*", 2.0), ("findbar", 7.0)])
def test_a_crawl_delay_slows_a_documented_api_only_where_it_names_findbar(agent: str, pause: float) -> None:
    urls = [f"https://tiny.example/{n}" for n in range(3)]
    robots = f"User-agent: {agent}\nCrawl-delay: 7"
    walk = Walk({"https://tiny.example/robots.txt": robots} | dict.fromkeys(urls, "nothing"), takes=1.0)
    walk.follow(tiny(governed_by_robots=False, pace=2.0), *urls)
    times = walk.web.times("tiny.example")
    assert [after[0] - before[1] for before, after in pairwise(times)] == [pause, pause]


def test_robots_are_asked_for_once_a_host_and_in_its_lane() -> None:
    urls = [f"https://tiny.example/{n}" for n in range(5)]
    walk = Walk(dict.fromkeys(urls, "nothing"))
    walk.follow(tiny(), *urls)
    assert sum(url.endswith("robots.txt") for url, _, _ in walk.web.asked) == 1
    assert walk.lanes.made == {"tiny.example": 6}


class Redirecting(Web):
    """A web whose pages of the form ``-> URL`` lead on, if the walker permits it."""

    async def get(self, visit: Visit, limits: Any, permit: Any = None) -> Page:
        page = await super().get(visit, limits)
        while page.text.startswith("-> "):
            target = page.text.removeprefix("-> ")
            await permit(target)
            page = self._page(Visit(target))
        return page


@pytest.mark.parametrize(
    ("target", "robots"),
    [
        ("https://other.example/b", {"https://other.example/robots.txt": "User-agent: *\nDisallow: /b"}),
        ("https://tiny.example/b", {"https://tiny.example/robots.txt": "User-agent: *\nDisallow: /b"}),
    ],
)
def test_a_redirect_to_a_forbidden_page_is_not_followed(target: str, robots: dict[str, str]) -> None:
    walk = Walk({})
    web = Redirecting(walk.clock, {HOME: f"-> {target}", target: "listing Haus"} | robots)
    walk.walker.getters = {Via.HTTP: web}
    assert walk.one().reason is Reason.ROBOTS_FORBIDDEN


def test_rules_that_lie_with_another_host_are_asked_for_in_its_own_lane() -> None:
    walk = Walk({})
    there = "https://other.example/robots.txt"
    web = Redirecting(
        walk.clock, {"https://tiny.example/robots.txt": f"-> {there}", there: "User-agent: *\nDisallow: /"}
    )
    walk.walker.getters = {Via.HTTP: web}
    assert walk.one().reason is Reason.ROBOTS_FORBIDDEN
    assert walk.lanes.made == {"other.example": 1, "tiny.example": 1}


def test_rules_that_lead_from_host_to_host_without_end_forbid_nothing() -> None:
    walk = Walk({HOME: "listing Haus"})
    chain = [f"https://{name}.example/robots.txt" for name in ("tiny", *"abcdefgh")]
    web = Redirecting(walk.clock, {HOME: "listing Haus", **{a: f"-> {b}" for a, b in pairwise(chain)}})
    walk.walker.getters = {Via.HTTP: web}
    assert walk.one().reason is None


def test_a_redirect_on_the_same_host_to_another_scheme_is_followed() -> None:
    walk = Walk({})
    target = "http://tiny.example/b"
    walk.walker.getters = {Via.HTTP: Redirecting(walk.clock, {HOME: f"-> {target}", target: "listing Haus"})}
    with contextlib.suppress(TimeoutError):
        assert asyncio.run(asyncio.wait_for(walk.walker.follow(tiny(), Ask(Visit(HOME), ())), 5)).reason is None
        return
    pytest.fail("the walk waits for itself")


# --- failures


def test_a_passing_fault_is_tried_again() -> None:
    walk = Walk({HOME: [(503, "", {}), broken(Reason.TIMEOUT), "listing Haus"]})
    assert walk.one().reason is None
    assert walk.web.urls == [HOME] * 3


def test_a_lasting_fault_is_given_up_after_three_attempts() -> None:
    walk = Walk({HOME: (503, "", {})})
    assert walk.one().reason is Reason.SERVER_ERROR
    assert len(walk.web.urls) == 3


@pytest.mark.parametrize("reason", [Reason.BLOCKED, Reason.TOO_LARGE, Reason.NETWORK_DOWN, Reason.ADDRESS_REFUSED])
def test_a_refusal_is_not_tried_again(reason: Reason) -> None:
    walk = Walk({HOME: broken(reason)})
    assert walk.one().reason is reason
    assert len(walk.web.urls) == 1


def test_a_short_retry_after_is_waited_for_by_the_whole_lane() -> None:
    walk = Walk({HOME: [(429, "slow down", {"retry-after": "9"}), "listing Haus"], "https://tiny.example/b": "nothing"})
    first, second = walk.follow(tiny(), HOME, "https://tiny.example/b")
    assert (first.reason, second.reason) == (None, None)
    times = walk.web.times("tiny.example")
    assert all(began >= 9.0 for began, _ in times[1:]), times


def test_a_long_retry_after_closes_the_lane_for_all_that_wait_in_it() -> None:
    walk = Walk({HOME: (429, "come back tomorrow", {"retry-after": "86400"}), "https://tiny.example/b": "nothing"})
    first, second = walk.follow(tiny(), HOME, "https://tiny.example/b")
    assert (first.reason, second.reason) == (Reason.RATE_LIMITED, Reason.RATE_LIMITED)
    assert walk.web.urls == [HOME]
    assert walk.clock.steady() < 120


def test_a_long_retry_after_of_one_host_leaves_the_others_alone() -> None:
    other = "https://other.example/a"
    walk = Walk({HOME: (429, "no", {"retry-after": "86400"}), other: "listing Haus"})
    assert [answer.reason for answer in walk.follow(tiny(), HOME, other)] == [Reason.RATE_LIMITED, None]


def test_hosts_of_one_service_share_a_queue_and_its_pace() -> None:
    walk = Walk({"https://one.example/a": "listing A", "https://two.example/a": "listing B"})
    shared = [tiny(id_, lane="service", pace=7.0) for id_ in ("one", "two")]

    async def both() -> None:
        asks = [Ask(Visit(f"https://{checker.id}.example/a"), ()) for checker in shared]
        await asyncio.gather(*(walk.walker.follow(c, ask) for c, ask in zip(shared, asks, strict=True)))

    asyncio.run(both())
    began = sorted(began for _, began, _ in walk.web.asked)
    assert all(later - earlier >= 7.0 for earlier, later in pairwise(began))
    assert len(began) == 4  # two pages and the rules of each host


def test_a_platform_has_a_time_of_its_own_that_stops_no_other() -> None:
    pages = {f"https://{host}.example/{n}": "listing A" for host in ("slow", "quick") for n in range(3)}
    walk = Walk(pages)
    walk.walker.platform_seconds = 15.0

    async def every() -> list[Answer]:
        ways = [tiny("slow", pace=10.0), tiny("quick", pace=1.0)]
        asks = [(way, Ask(Visit(f"https://{way.id}.example/{n}"), ())) for way in ways for n in range(3)]
        return await asyncio.gather(*(walk.walker.follow(way, ask) for way, ask in asks))

    reasons = [answer.reason for answer in asyncio.run(every())]
    assert reasons[:3] == [None, Reason.BUDGET, Reason.BUDGET]
    assert reasons[3:] == [None, None, None]
