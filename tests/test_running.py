"""One audit: two waves, ways in order, controls, isolation, and protected services laid bare of their house."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from audit.checker import Checker
from audit.judging.hushing import WITHHELD, hushed
from audit.judging.owning import _own_site
from audit.model import (
    About,
    Access,
    Address,
    Cell,
    Kind,
    Link,
    Listing,
    Location,
    Nothing,
    Observed,
    Organisation,
    Query,
    Reason,
    Result,
    Service,
    ServiceAtLocation,
    State,
    Subject,
    Visit,
)
from audit.organisation.catalogue import load_catalogue
from audit.page import Page
from audit.registry import find
from tests.helpers import ADDICTION, DEBT, NOW, PLACE, Tiny, Trial, broken, known_to, organisation, registry_of, tiny

DEBT_PAGE = "https://tiny.example/schulden"
FOUND = "listing Schuldnerberatung"


def only(result: Result, platform: str = "tiny") -> Cell:
    """The one cell of a platform."""
    found = [cell for cell in result.cells if cell.platform == platform]
    assert len(found) == 1
    return found[0]


# --- found, missing, unknown


def test_a_service_that_is_listed_is_found() -> None:
    cell = only(Trial([tiny()], {DEBT_PAGE: FOUND}).run())
    assert cell.state in (State.COMPLETE, State.GAPS)
    assert cell.findability is not None
    assert cell.findability > 0


def test_a_service_is_missing_where_the_platform_itself_says_so() -> None:
    cell = only(Trial([tiny()], {DEBT_PAGE: "nothing"}).run())
    assert (cell.state, cell.reason, cell.findability) == (State.MISSING, None, 0.0)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", Reason.LAYOUT_CHANGED),
        ("hello", Reason.LAYOUT_CHANGED),
        ("raise", Reason.LAYOUT_CHANGED),
        ("nothing\nmore", Reason.TRUNCATED),
        ((403, "no", {}), Reason.BLOCKED),
        ((429, "no", {"retry-after": "9999"}), Reason.RATE_LIMITED),
        ((500, "no", {}), Reason.SERVER_ERROR),
        ((404, "no", {}), Reason.LAYOUT_CHANGED),
        (broken(Reason.TIMEOUT), Reason.TIMEOUT),
        (broken(Reason.TOO_LARGE), Reason.TOO_LARGE),
        ("nothing\nvisit https://tiny.example/gone", Reason.LAYOUT_CHANGED),
    ],
)
def test_silence_is_not_absence(answer: Any, reason: Reason) -> None:
    cell = only(Trial([tiny()], {DEBT_PAGE: answer}).run())
    assert (cell.state, cell.reason) == (State.UNKNOWN, reason)


class Raising(Tiny):
    """Breaks while it is asked what to visit."""

    id = "raising"
    platform = replace(Tiny.platform, id="raising", name="Raising")

    def search(self, query: Query) -> Iterable[Visit]:
        raise ZeroDivisionError("a checker's own mistake")


class Upset(Tiny):
    """Breaks while it reads."""

    id = "upset"
    platform = replace(Tiny.platform, id="upset", name="Upset")

    def read(self, page: Page) -> Iterator[Any]:
        raise MemoryError("a checker's own mistake")


def test_a_checker_that_raises_is_unknown_and_stops_nobody() -> None:
    org = organisation(platforms=("tiny", "raising", "upset"))
    result = Trial([tiny(), Raising(), Upset()], {DEBT_PAGE: FOUND}, org).run()
    assert only(result).findability
    assert only(result, "raising").reason is Reason.CHECKER_BROKEN
    assert only(result, "upset").reason is Reason.LAYOUT_CHANGED


class UpsetAgain(Tiny):
    """Breaks while it looks for a second wording."""

    def search_again(self, query: Query) -> Iterable[Visit]:
        raise KeyError("a checker's own mistake")


def test_a_checker_that_raises_over_its_second_wording_is_unknown_and_stops_nobody() -> None:
    org = organisation(platforms=("tiny", "other"))
    answers = {DEBT_PAGE: "nothing", "https://other.example/schulden": FOUND}
    result = Trial([UpsetAgain(), tiny("other")], answers, org).run()
    assert only(result).state is State.UNKNOWN
    assert only(result, "other").findability


def test_a_plugin_that_raises_at_import_is_named_and_the_others_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "plugins_of_a_test"
    package.mkdir()
    (package / "__init__.py").write_text("", "utf-8")
    (package / "bad.py").write_text("raise RuntimeError('broken at import')", "utf-8")
    (package / "good.py").write_text("from tests.helpers import Tiny\nclass Good(Tiny):\n    id = 'good'\n", "utf-8")
    (package / "undeclared.py").write_text("from audit.checker import Checker\nclass Half(Checker):\n    id = 'half'\n")
    monkeypatch.syspath_prepend(tmp_path)
    module = ModuleType("plugins_of_a_test")
    module.__path__ = [str(package)]
    monkeypatch.setitem(sys.modules, "plugins_of_a_test", module)
    registry = find(module)
    assert [checker.id for checker in registry.checkers] == ["good"]
    problems = {broken_.name: broken_.problem for broken_ in registry.broken}
    assert problems["plugins_of_a_test.bad"] == "RuntimeError: broken at import"
    assert "does not declare" in problems["plugins_of_a_test.undeclared"]


# --- the vantage


def test_without_a_network_nothing_is_missing_and_the_run_says_so() -> None:
    org = organisation(DEBT, ADDICTION, platforms=("tiny", "other"))
    down = dict.fromkeys(
        [
            f"https://{host}.example/{page}"
            for host in ("tiny", "other")
            for page in ("schulden", "sucht", "robots.txt")
        ],
        broken(Reason.NETWORK_DOWN),
    )
    trial = Trial([tiny(governed_by_robots=False), tiny("other", governed_by_robots=False)], down, org)
    result = trial.run()
    assert result.vantage is Reason.NETWORK_DOWN
    assert {cell.state for cell in result.cells} == {State.UNKNOWN}
    assert result.gaps == ()


def test_without_a_network_the_vantage_is_told_even_where_robots_would_be_asked_first() -> None:
    down = dict.fromkeys([DEBT_PAGE, "https://tiny.example/robots.txt"], broken(Reason.NETWORK_DOWN))
    result = Trial([tiny()], down).run()
    assert result.vantage is Reason.NETWORK_DOWN
    assert only(result).reason is Reason.NETWORK_DOWN


def test_one_dead_host_is_no_dead_network() -> None:
    org = organisation(platforms=("tiny", "other"))
    answers = {"https://other.example/schulden": FOUND, DEBT_PAGE: broken(Reason.NETWORK_DOWN)}
    result = Trial([tiny(), tiny("other")], answers, org).run()
    assert result.vantage is None
    assert only(result).reason is Reason.NETWORK_DOWN


# --- controls


KNOWN_PAGE = "https://tiny.example/control"
CHEMIST = "listing Rathaus-Apotheke tiny"


class Controlled(Tiny):
    """Is asked for a known entry, and for one that nobody has, by name."""

    control = known_to("tiny")

    def search(self, query: Query) -> Iterable[Visit]:
        word = "made-up" if "Zwystrup" in query.name else "control" if "Rathaus" in query.name else "schulden"
        yield Visit(f"https://tiny.example/{word}")

    def read(self, page: Page) -> Iterator[Any]:
        for item in super().read(page):
            there = Address(street="Markt", house_number="1", postcode="00930")
            yield replace(item, address=there) if isinstance(item, Listing) and "Rathaus" in item.name else item


def controlled(control: Any, made_up: Any = "nothing") -> Trial:
    answers = {DEBT_PAGE: "nothing", KNOWN_PAGE: control, "https://tiny.example/made-up": made_up}
    return Trial([Controlled()], answers)


def test_while_the_controls_hold_a_platform_is_believed() -> None:
    assert only(controlled(CHEMIST).run()).state is State.MISSING


@pytest.mark.parametrize(
    ("control", "made_up", "reason"),
    [
        ("nothing", "nothing", Reason.CONTROL_FAILED),
        ("listing Bäckerei Sonnenschein", "nothing", Reason.CONTROL_FAILED),
        (CHEMIST, "listing Quarzenfelder Lichtwolkenstelle Zwystrup", Reason.CONTROL_FAILED),
        ("", "nothing", Reason.LAYOUT_CHANGED),
        ((403, "no", {}), "nothing", Reason.BLOCKED),
        (CHEMIST, (500, "", {}), Reason.SERVER_ERROR),
    ],
)
def test_a_platform_whose_controls_fail_is_not_believed_and_not_asked(
    control: Any, made_up: Any, reason: Reason
) -> None:
    trial = controlled(control, made_up)
    cell = only(trial.run())
    assert (cell.state, cell.reason) == (State.UNKNOWN, reason)
    assert DEBT_PAGE not in trial.web.urls


def test_neighbours_in_the_answer_to_a_made_up_name_do_no_harm() -> None:
    assert only(controlled(CHEMIST, "listing Bäckerei Sonnenschein").run()).state is State.MISSING


def test_a_configured_known_entry_stands_in_for_the_declared_one() -> None:
    trial = controlled("listing Rathaus-Café tiny")
    entry = {"name": "Rathaus-Café tiny", "street": "Markt", "house_number": "1", "postcode": "00930"}
    trial.settings = trial.settings.model_validate({"controls": {"tiny": entry}})
    assert only(trial.run()).state is State.MISSING


# --- second wording


class Twice(Tiny):
    """Knows a second wording."""

    def search_again(self, query: Query) -> Iterable[Visit]:
        yield Visit("https://tiny.example/again")


AGAIN = "https://tiny.example/again"


def test_a_second_wording_is_asked_when_the_first_found_nothing_and_what_it_finds_counts() -> None:
    trial = Trial([Twice()], {DEBT_PAGE: "nothing", AGAIN: FOUND})
    assert only(trial.run()).findability
    assert trial.web.urls == [DEBT_PAGE, AGAIN]


@pytest.mark.parametrize("first", [FOUND, "", "nothing\nmore", "raise"])
def test_a_second_wording_is_not_asked_after_a_find_or_an_answer_that_proves_nothing(first: str) -> None:
    trial = Trial([Twice()], {DEBT_PAGE: first, AGAIN: FOUND})
    trial.run()
    assert trial.web.urls == [DEBT_PAGE]


def test_a_second_wording_that_is_not_understood_leaves_the_cell_unknown() -> None:
    cell = only(Trial([Twice()], {DEBT_PAGE: "nothing", AGAIN: "hello"}).run())
    assert (cell.state, cell.reason) == (State.UNKNOWN, Reason.LAYOUT_CHANGED)


# --- ways


def ways(**second: Any) -> list[Checker]:
    return [
        tiny("first", platform="tiny", access=Access.API),
        tiny("second", platform="tiny", access=Access.PAGE, **second),
    ]


def test_ways_are_tried_in_order_and_the_cell_says_which_one_answered() -> None:
    answers = {"https://first.example/schulden": "hello", "https://second.example/schulden": FOUND}
    trial = Trial(ways(), answers)
    cell = only(trial.run())
    assert cell.way == "second"
    assert cell.findability
    assert trial.web.urls == ["https://first.example/schulden", "https://second.example/schulden"]


@pytest.mark.parametrize("answer", [FOUND, "nothing"])
def test_a_further_way_is_not_used_where_the_first_was_conclusive(answer: str) -> None:
    trial = Trial(ways(), {"https://first.example/schulden": answer, "https://second.example/schulden": FOUND})
    cell = only(trial.run())
    assert cell.way == "first"
    assert trial.web.urls == ["https://first.example/schulden"]


def test_a_further_way_is_asked_only_about_what_is_still_open() -> None:
    answers = {
        "https://first.example/schulden": "nothing",
        "https://first.example/sucht": "hello",
        "https://second.example/sucht": "listing Suchtberatung",
    }
    trial = Trial(ways(), answers, organisation(DEBT, ADDICTION))
    found = {cell.subject: (cell.way, cell.state) for cell in trial.run().cells}
    assert "https://second.example/schulden" not in trial.web.urls
    assert found["hilfe/schulden@haus"] == ("first", State.MISSING)
    assert found["hilfe/sucht@haus"][0] == "second"


def test_a_way_that_tells_more_is_asked_besides_and_leaves_the_verdict_to_the_first() -> None:
    more, last = ways(besides=True)[1], tiny("third", platform="tiny", access=Access.BROWSER)
    answers = {"https://first.example/schulden": FOUND, "https://first.example/sucht": "nothing",
               "https://second.example/schulden": FOUND, "https://second.example/sucht": "more"}  # fmt: skip
    trial = Trial([ways()[0], more, last], answers, organisation(DEBT, ADDICTION))
    assert [(cell.way, cell.state is State.MISSING) for cell in trial.run().cells] == [
        ("first", False),
        ("first", True),
    ]
    assert not any("third" in url for url in trial.web.urls)
    assert len(trial.web.urls) == len(answers)


def test_an_entry_of_nobody_that_two_ways_show_is_told_once() -> None:
    shown = f"{FOUND}\nlisting Kleiderkammer"
    answers = {f"https://{way}.example/schulden": shown for way in ("first", "second")}
    strays = Trial(ways(besides=True), answers).run().strays
    assert [(stray.kind, stray.name) for stray in strays] == [("orphan", "Kleiderkammer")]


def test_where_no_way_is_conclusive_the_reason_of_the_most_open_one_that_was_tried_is_given() -> None:
    answers: dict[str, Any] = {"https://second.example/schulden": (403, "no", {})}
    checkers = ways()
    checkers[0] = tiny("first", platform="tiny", access=Access.OPEN_DATA, dataset="town")
    cell = only(Trial(checkers, answers).run())
    assert (cell.way, cell.reason) == ("second", Reason.BLOCKED)


def test_where_only_a_key_is_missing_a_person_may_still_look() -> None:
    first, second = tiny("first", platform="tiny", access=Access.API, keys=("A_KEY",)), ways()[1]
    person = tiny("look", platform="tiny", access=Access.ASSISTED)
    alone, both = (only(Trial(checkers, {}).run()) for checkers in ([first], [first, person]))
    assert (alone.way, alone.reason) == ("first", Reason.NEEDS_KEY)
    assert (both.way, both.reason) == ("look", Reason.NEEDS_PERSON)
    tried = only(Trial([first, second], {"https://second.example/schulden": (403, "no", {})}).run())
    assert (tried.way, tried.reason) == ("second", Reason.BLOCKED)


# --- waves


class Site(Tiny):
    """An organisation's own website."""

    id = "site"
    platform = replace(Tiny.platform, id="site", name="Site", kind=Kind.WEBSITE)
    asks_about = About.ORGANISATION
    host = "org.example"


class Profiles(Tiny):
    """Visits the profiles it is told."""

    asks_about = About.PROFILE

    def search(self, query: Query) -> Iterable[Visit]:
        for url in query.profiles:
            yield Visit(url)


def test_links_of_the_own_website_are_visited_in_the_second_wave_as_profiles() -> None:
    org = organisation(platforms=("tiny", "site"), website="https://org.example/")
    answers = {
        "https://org.example/hilfe": "listing Schuldnerberatung\nlink https://tiny.example/@hilfe",
        "https://tiny.example/@hilfe": "listing Schuldnerberatung",
    }
    trial = Trial([Site(), Profiles()], answers, org)
    result = trial.run()
    assert trial.web.urls == ["https://org.example/hilfe", "https://tiny.example/@hilfe"]
    assert only(result).findability


def test_links_of_other_websites_are_not_taken_for_own_profiles() -> None:
    org = organisation(platforms=("tiny", "site"), website="https://elsewhere.example/")
    trial = Trial([Site(), Profiles()], {"https://org.example/hilfe": "link https://tiny.example/@x"}, org)
    assert only(trial.run()).reason is Reason.PROFILE_UNKNOWN


def test_progress_is_told_for_every_platform_up_to_its_end() -> None:
    told: list[tuple[str, int, int]] = []
    trial = Trial([tiny()], {}, organisation(DEBT, ADDICTION))
    audit = trial.audit()
    audit.report = lambda progress: told.append((progress.platform, progress.done, progress.total))
    asyncio.run(audit.run())
    assert told == [("tiny", 0, 2), ("tiny", 1, 2), ("tiny", 2, 2)]


def test_only_the_platforms_asked_for_are_visited() -> None:
    trial = Trial([tiny(), tiny("other")], {}, organisation(platforms=("tiny", "other")))
    audit = trial.audit()
    audit.scope = replace(audit.scope, platforms=frozenset({"other"}))
    asyncio.run(audit.run())
    assert trial.web.urls == ["https://other.example/schulden"]


# --- protected services

SHELTER = Service(id="frauenhaus", kind="womens-shelter", name="Frauenhaus Quellstadt", protected=True)
SECRET = Address(street="Verborgene Gasse", house_number="7", postcode="00931", city="Quellstadt")


class Telling(Tiny):
    """Shows a protected house with all that leads to it, in every field that can hold it."""

    items: tuple[Any, ...] = ()

    def read(self, page: Page) -> Iterator[Any]:
        yield from self.items


def observed_of(*items: Any) -> tuple[Observed, list[tuple[str, Any, Page | None]]]:
    checker = type("telling", (Telling,), {"items": items})()
    org = organisation(SHELTER, DEBT)
    page = {f"https://tiny.example/{id_}": "Verborgene Gasse 7" for id_ in ("frauenhaus", "schulden")}
    trial = Trial([checker], page, org)
    return asyncio.run(trial.audit().run()), trial.kept


@pytest.mark.parametrize(
    "listing",
    [
        Listing(name="Frauenhaus Quellstadt", address=SECRET, latitude=50.1, longitude=11.1, text="Verborgene Gasse 7"),
        Listing(name="Haus Wacholder", categories=("Frauenhaus",), address=SECRET),
        Listing(name="Wacholder", alternate_names=("Frauenhaus",), address=SECRET),
        Listing(name="Frauenhaus", text="Verborgene Gasse 7", access_text="Verborgene Gasse 7, Hinterhof"),
        Listing(name="Kontakt", text="Frauenhaus Quellstadt, Verborgene Gasse 7, 00931 Quellstadt"),
        Listing(name="Hilfe e. V.", operator="Frauenhaus Quellstadt", address=SECRET),
        Listing(name="Frauenhaus", hours_text="Mo 9 Uhr, Verborgene Gasse 7"),
        Listing(name="Frauenhaus, Verborgene Gasse 7", address=SECRET),
        Listing(name="Frauenhaus Verborgene Gasse 7", categories=("Beratung",)),
        Listing(name="Team", text="Unser Frauenhaus: Verborgene Gasse 7a. Suchtberatung im Haus am Markt"),
    ],
)
def test_nothing_that_leads_to_a_protected_house_is_kept_anywhere(listing: Listing) -> None:
    observed, kept = observed_of(listing)
    everything = repr(observed) + repr([seen for _, seen, _ in kept])
    for trace in ("Verborgene", "verborgene", "00931", "50.1", "11.1"):
        assert trace not in everything
    assert all(page is None for _, _, page in kept)


def test_a_public_address_of_a_protected_service_is_a_red_flag_that_does_not_repeat_it() -> None:
    listing = Listing(name="Frauenhaus Quellstadt", operator="Hilfe e. V.", address=SECRET, phones=("+49 3600 111",))
    checker = type("telling", (Telling,), {"items": (listing,)})()
    page = {"https://tiny.example/frauenhaus": "x"}
    result = Trial([checker], page, organisation(SHELTER)).run()
    cell = only(result)
    assert (cell.state, cell.reason, cell.red_flag) == (
        State.NOT_APPLICABLE, Reason.PROTECTED, "protected-address",
    )  # fmt: skip
    assert [gap.kind for gap in result.gaps] == ["protected-address"]
    assert result.gaps[0].red_flag
    assert "Verborgene" not in repr(result)
    assert WITHHELD in next(iter(cell.match.listing.tags), WITHHELD) if cell.match else True


def test_a_protected_service_that_is_on_no_map_has_no_gap() -> None:
    result = Trial([tiny()], {"https://tiny.example/frauenhaus": "nothing"}, organisation(SHELTER)).run()
    assert only(result).state is State.NOT_APPLICABLE
    assert result.gaps == ()


def test_what_is_said_of_other_services_is_kept_as_it_is() -> None:
    listing = Listing(name="Schuldnerberatung", address=PLACE.address, text="Marktplatz 4")
    observed, kept = observed_of(listing, Nothing("x"), Link(kind="mail", target="a@b.example", found_on="x"))
    assert listing in observed.ways[0].answers[0].items
    assert all(page is not None for _, _, page in kept)


def test_a_registry_of_no_platforms_gives_an_empty_result() -> None:
    result = Trial([], {}).run()
    assert (result.cells, result.columns, result.score.findability.value) == ((), (), None)
    assert registry_of().platforms == {}
    assert result.finished == NOW


def test_hushing_a_hostile_text_takes_no_time_to_speak_of() -> None:
    hostile = ["a" * 300_000, "a " * 150_000, "a" + " " * 300_000, "1 " * 100_000, "Frauenhaus " * 30_000]
    for text in hostile:
        assert hushed(Listing(name="x", text=text), ("frauenhaus",)).text


def test_of_many_pages_of_the_own_website_each_place_gets_its_own() -> None:
    names = ("Kita Sonnenhof", "Kita Mondwiese")
    phones = ("+49 30 23125 011", "+49 30 23125 022")
    places = tuple(
        Location(
            id=f"p{n}", name=name, phone=phone, address=Address(street="Weg", house_number=str(n), city="Musterstadt")
        )
        for n, (name, phone) in enumerate(zip(names, phones, strict=True))
    )
    kita = Service(id="kita", kind="child-day-care", name="Kindertagesstätte")
    whole = Organisation(
        id="o", name="Verein", website="https://verein.example/", services=(kita,), locations=places,
        offered=tuple(ServiceAtLocation(service=kita, location=place) for place in places),
    )  # fmt: skip
    pages = [
        (
            Listing(name=name, url=f"https://verein.example/{n}", phones=(phone,), opening_hours="Mo-Fr 07:00-17:00"),
            f"v{n}",
        )
        for n, (name, phone) in enumerate(zip(names, phones, strict=True))
    ]
    every = [Subject(about=About.SERVICE_AT_LOCATION, organisation=whole, offered=offered) for offered in whole.offered]
    dealt = _own_site(pages, whole, every, load_catalogue())
    assert [dealt.matches[subject.key].listing.name for subject in every] == list(names)
