"""findbar against a real pretix on loopback (.ci/pretix start FOLDER prints what FINDBAR_PRETIX must name)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

import platforms
from audit.auditing import run_audit
from audit.judging.promptness import window
from audit.model import Cell, Finding, Nothing, Observed, Offer, Outcome, Reason, Slot, State, Visit, Window
from audit.registry import Registry
from audit.store import Store
from audit.working import open_folder, organisations_of, request_for, workshop_for

from . import pretix_seed as seed
from .conftest import skip_or_fail
from .sites import cells, configure, findbar, hurried, no_internet, results

__all__ = ["hurried", "no_internet"]

pytestmark = pytest.mark.usefixtures("hurried", "no_internet")

DEBT, PARENTS, ADDICTION, GRIEF = "Schuldnerberatung", "Elternabend", "Suchtberatung", "Trauercafé"
COURSE = "Kurs für pflegende Angehörige"
KINDS = {
    DEBT: "debt-counselling",
    PARENTS: "family-centre",
    ADDICTION: "addiction-counselling",
    GRIEF: "bereavement-counselling",
    COURSE: "care-course",
}
PUBLIC = urlsplit("https://karten.quellstadt.example")
HOSTED = urlsplit("https://pretix.eu")
Shop = Callable[..., Path]


@pytest.fixture
def base() -> str:
    """The base address of a running server."""
    url = os.environ.get("FINDBAR_PRETIX", "").rstrip("/")
    if not url:
        skip_or_fail("pretix", "no server is named in FINDBAR_PRETIX (start one: .ci/pretix start FOLDER)")
    return url


@pytest.fixture
def api(base: str) -> Iterator[httpx.Client]:
    """The organiser's own REST interface: the second source that findbar's answers are held against."""
    headers = {"authorization": f"Token {seed.TOKEN}"}
    url = f"{base}/api/v1/organizers/{seed.ORGANISER}/"
    with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture
def audited(tmp_path: Path, base: str) -> Shop:
    """Audits one service for each booking page given, in a working folder of its own."""

    def audit(shop: str = base, **pages: str) -> Path:
        bases = [f'"{public.netloc}" = "{base}"' for public in (PUBLIC, HOSTED)]
        folder = configure(tmp_path / "work", f'allow = ["{urlsplit(base).netloc}"]', "[base_urls]", *bases)
        file = folder / "quellstadt.toml"
        file.write_text("\n".join(_organisation(shop, pages)) + "\n", encoding="utf-8")
        findbar(folder, "audit", "--platform", "pretix", file)
        return folder

    return audit


def _organisation(shop: str, pages: Mapping[str, str]) -> Iterator[str]:
    yield from ('name = "Hilfsbund Quellstadt e. V."', "[[location]]", 'city = "Quellstadt"')
    for number, (name, page) in enumerate(pages.items()):
        yield from ("[[service]]", f'id = "s{number}"', f'name = "{name}"', f'kind = "{KINDS[name]}"')
        yield from ("[[profile]]", 'platform = "pretix"', f'service = "s{number}"', f'url = "{shop}/{page}"')


def page(event: str) -> str:
    return f"{seed.ORGANISER}/{event}/"


def cell(folder: Path, service: str = "s0") -> Cell:
    (found,) = [cell for cell in cells(folder, "pretix") if f"/{service}@" in cell.subject]
    return found


def offer(folder: Path, service: str = "s0") -> Offer:
    (result,) = results(folder)
    (found,) = [offer for offer in result.score.offers if f"/{service}@" in offer.subject]
    return found


def observed(folder: Path) -> Observed:
    store = Store(folder / "findbar.db", writing=False)
    try:
        return store.observed(store.latest_run() or "")
    finally:
        store.close()


def slots(folder: Path) -> dict[datetime, bool]:
    """Every time that was seen, and whether it was free."""
    items = [item for way in observed(folder).ways for answer in way.answers for item in answer.items]
    return {item.start: item.free for item in items if isinstance(item, Slot)}


def stated(api: httpx.Client) -> dict[str, dict[str, Any]]:
    """The dates of the series as the REST interface states them, by what is special about them."""
    rows = _rows(api, f"events/{seed.SERIES}/subevents/")
    dates = {row["comment"]: row | {"start": datetime.fromisoformat(row["date_from"])} for row in rows}
    assert min(date["start"] for date in dates.values()) > datetime.now(seed.BERLIN), "over: start the server anew"
    return dates


def _rows(api: httpx.Client, path: str) -> list[dict[str, Any]]:
    answer = api.get(path).raise_for_status().json()
    assert answer["next"] is None
    rows: list[dict[str, Any]] = answer["results"]
    return rows


@contextmanager
def taken(api: httpx.Client, date_: dict[str, Any] | None = None, event: str = seed.SERIES) -> Iterator[None]:
    """Somebody holds a place of a date (the last one), or of a single event, for as long as the context lasts."""
    (item,) = _rows(api, f"events/{event}/items/")
    subevent = {"subevent": date_["id"]} if date_ else {}
    order = {
        "email": None, "locale": "de", "sales_channel": "web", "payment_provider": "free", "testmode": True,
        "positions": [{"item": item["id"], "variation": None, **subevent}],
    }  # fmt: skip
    made = api.post(f"events/{event}/orders/", json=order)
    assert made.status_code == 201, made.text
    try:
        yield
    finally:
        api.delete(f"events/{event}/orders/{made.json()['code']}/").raise_for_status()


def booked(api: httpx.Client) -> int:
    """Orders and places in carts, of all events."""
    events = [seed.SERIES, seed.SINGLE, seed.SMALL, seed.HIDDEN]
    return sum(len(_rows(api, path)) for path in ["orders/", *(f"events/{event}/cartpositions/" for event in events)])


def test_times_are_offered_until_somebody_takes_the_last_place(audited: Shop, api: httpx.Client) -> None:
    dates = stated(api)
    start = {name: row["start"] for name, row in dates.items()}
    assert booked(api) == 0

    work = audited(**{DEBT: page(seed.SERIES), PARENTS: page(seed.SINGLE)})
    seen = slots(work)
    assert {name: seen[at] for name, at in start.items()} == {
        "full": False,
        "evening": True,
        "saturday": True,
        "morning": True,
    }
    assert (cell(work).state, cell(work, "s1").state) == (State.COMPLETE, State.COMPLETE)
    before = offer(work)
    assert before.sources == ("slots",)
    assert before.next_slot == min(start["evening"], start["saturday"], start["morning"])
    assert (before.evening_slots, before.weekend_slots) == (1, 1)
    assert before.office == pytest.approx(0.75 / 4 / 50)  # the morning alone: the full date is in office hours, too
    assert offer(work, "s1").evening_slots == 1
    assert booked(api) == 0

    with taken(api, dates["saturday"]):
        assert booked(api) == 1
        work = audited(**{DEBT: page(seed.SERIES)})
        assert slots(work)[start["saturday"]] is False
        after = offer(work)
        assert (after.evening_slots, after.weekend_slots, after.weekend) == (1, 0, 0)
        assert after.next_slot == min(start["evening"], start["morning"])
        assert cell(work).state is State.COMPLETE
    assert booked(api) == 0


def _finding(folder: Path, criterion: str) -> Finding:
    return next(finding for finding in cell(folder).findings if finding.criterion == criterion)


def test_a_course_booked_until_it_is_full_turns_from_a_first_step_into_none_and_back(
    audited: Shop, api: httpx.Client
) -> None:
    page_of = {COURSE: page(seed.SMALL)}
    with ExitStack() as places:
        for left in range(seed.PLACES, 0, -1):
            work = audited(**page_of)
            assert (cell(work).state, _finding(work, "first_step").outcome) == (State.COMPLETE, Outcome.MET), left
            assert _finding(work, "offered_times").outcome is Outcome.MET
            assert offer(work).evening_slots == 1
            places.enter_context(taken(api, event=seed.SMALL))
        work = audited(**page_of)
        assert booked(api) == seed.PLACES
        assert (cell(work).state, _finding(work, "first_step").outcome) == (State.GAPS, Outcome.NOT_MET)
        times = _finding(work, "offered_times")
        assert (times.outcome, times.note) == (Outcome.NOT_MET, "no-slots")
        full = offer(work)
        assert (full.next_slot, full.evening_slots, full.slot_days) == (None, 0, 28)
        (result,) = results(work)
        assert {gap.kind for gap in result.gaps} >= {"no-slots", "no-first-step"}
    assert booked(api) == 0
    assert cell(audited(**page_of)).state is State.COMPLETE


def over_the_interface(folder: Path, token: str = seed.TOKEN) -> None:
    """Audits once more with the organiser's token, and as if there were no widget."""
    working = open_folder(folder)
    shop = workshop_for(working, platforms)
    shop.registry = Registry(tuple(way for way in shop.registry.checkers if way.id == "pretix-api"))
    shop.environment, shop.pace = {"PRETIX_TOKEN": token}, 0.0
    organisations, _ = organisations_of(folder / "quellstadt.toml", shop.catalogue)
    run_audit(shop, request_for(organisations, shop.registry, platforms=["pretix"]), working.database)


def test_the_interface_tells_what_the_widget_tells(audited: Shop, api: httpx.Client) -> None:
    work = audited(shop=HOSTED.geturl(), **{DEBT: page(seed.SERIES), PARENTS: page(seed.SINGLE)})
    by_widget, offered = slots(work), offer(work)
    over_the_interface(work)
    assert {way.way for way in observed(work).ways} == {"pretix-api"}
    assert slots(work) == by_widget
    assert offer(work) == offered
    assert (cell(work).state, cell(work, "s1").state) == (State.COMPLETE, State.COMPLETE)
    with taken(api, stated(api)["evening"]):
        over_the_interface(work)
        assert offer(work).evening_slots == 0
    kept = b"".join(file.read_bytes() for file in work.rglob("*") if file.is_file())
    assert seed.TOKEN.encode() not in kept


def test_the_interface_says_that_an_event_is_not_live_and_not_that_a_hidden_one_is_missing(audited: Shop) -> None:
    work = audited(shop=HOSTED.geturl(), **{GRIEF: page(seed.HIDDEN)})
    over_the_interface(work)
    assert cell(work).state is State.MISSING
    work = audited(shop=HOSTED.geturl(), **{ADDICTION: page(seed.NOWHERE)})
    over_the_interface(work)
    found = cell(
        work
    )  # 403: the token may not see it, or it is not there; what the page said before is kept with its run
    assert (found.reason, bool(found.carried_from)) == (Reason.BLOCKED, True)


def test_a_wrong_token_is_no_word_about_any_event(audited: Shop) -> None:
    work = audited(shop=HOSTED.geturl(), **{DEBT: page(seed.SERIES)})
    over_the_interface(work, token="no-such-token-at-all")  # noqa: S106 - opens nothing
    assert cell(work).state is State.UNKNOWN


def test_an_organiser_s_page_leads_to_its_series_and_its_single_event(audited: Shop, api: httpx.Client) -> None:
    work = audited(**{DEBT: f"{seed.ORGANISER}/", PARENTS: f"{seed.ORGANISER}/"})
    assert {row["start"] for row in stated(api).values()} < set(slots(work))
    assert (cell(work).state, cell(work, "s1").state) == (State.COMPLETE, State.COMPLETE)
    assert offer(work, "s1").evening_slots == 1


def test_a_public_address_led_to_another_server_is_the_one_that_is_shown(audited: Shop) -> None:
    work = audited(shop=PUBLIC.geturl(), **{DEBT: page(seed.SERIES)})
    found = cell(work)
    assert found.state is State.COMPLETE
    assert found.match is not None
    assert found.match.listing.url == f"{PUBLIC.geturl()}/{page(seed.SERIES)}"
    assert offer(work).evening_slots == 1


@pytest.mark.parametrize("missing", [page(seed.NOWHERE), "nobody/", f"nobody/{seed.SERIES}/"])
def test_a_page_that_does_not_exist_is_missing_and_hides_no_other(audited: Shop, missing: str) -> None:
    work = audited(**{ADDICTION: missing, PARENTS: page(seed.SINGLE)})
    assert (cell(work).state, cell(work).reason) == (State.MISSING, None)
    assert cell(work, "s1").state is State.COMPLETE
    chains = [seen for way in observed(work).ways for answer in way.answers for seen in answer.chain]
    (answer,) = [seen for seen in chains if seen.visit.url.endswith(f"{missing}widget/product_list")]
    assert (answer.status, answer.items) == (404, (Nothing("status 404"),))


def test_a_shop_that_is_not_live_is_missing_because_it_says_so(audited: Shop) -> None:
    work = audited(**{GRIEF: page(seed.HIDDEN)})
    assert cell(work).state is State.MISSING
    assert slots(work) == {}


def test_nothing_but_lists_is_asked_for(audited: Shop) -> None:
    work = audited(**{DEBT: page(seed.SERIES), PARENTS: page(seed.SINGLE)})
    made = [seen.visit for way in observed(work).ways for answer in way.answers for seen in answer.chain]
    assert made
    assert all(_is_plain_list(visit) for visit in made)


def _is_plain_list(visit: Visit) -> bool:
    return visit.method == "GET" and not visit.body and visit.url.endswith("/widget/product_list")


@pytest.mark.parametrize("year", [2024, 2026, 2027, 2028])
def test_the_dates_are_what_they_are_called_on_every_day_of_a_year(year: int) -> None:
    windows = {"full": Window.OFFICE, "evening": Window.EVENING, "saturday": Window.WEEKEND, "morning": Window.OFFICE}
    for day in (date(year, 1, 1) + timedelta(days=n) for n in range(366)):
        dates = seed.dates(day)
        assert {name: window(start) for name, start in dates.items()} == windows
        assert len(set(dates.values())) == 4
        assert min(dates.values()) == dates["full"]
        assert max(dates.values()).date() - day < timedelta(days=28)
