"""Planning: who is asked about what, with which words and profiles, and why a way cannot be used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from audit.checker import Key
from audit.model import About, Access, Ask, Kind, Link, Profile, Query, Reason, Via, Visit
from audit.overview import plan_rows, way_row
from audit.settings import DatasetSettings, Settings
from audit.visiting.planning import Means, Planned, forecast, plan_way, queries, subjects, unavailable
from tests.helpers import ADDICTION, DEBT, Tiny, organisation, tiny

WORDS = {"debt-counselling": ("Schuldnerberatung", "Schulden"), "addiction-counselling": ("Suchtberatung",)}


def asked(checker: Tiny, org: object = None, links: Iterable[Link] = ()) -> list[Query]:
    return queries(checker, org or organisation(), lambda kind: WORDS[kind], links)  # type: ignore[arg-type]


def planned(checker: Tiny, settings: Settings | None = None, means: Means | None = None) -> Planned:
    return plan_way(checker, asked(checker), settings or Settings(), means or Means())


@pytest.mark.parametrize(
    ("about", "keys"),
    [
        (About.SERVICE_AT_LOCATION, ["hilfe/schulden@haus", "hilfe/sucht@haus"]),
        (About.LOCATION, ["hilfe/haus"]),
        (About.ORGANISATION, ["hilfe"]),
        (About.PROFILE, ["hilfe"]),
    ],
)
def test_a_checker_is_asked_about_what_it_declares(about: About, keys: list[str]) -> None:
    assert [subject.key for subject in subjects(organisation(DEBT, ADDICTION), about)] == keys


@pytest.mark.parametrize("status", ["defunct", "inactive", "temporarily closed"])
def test_a_service_that_ended_is_not_asked_about(status: str) -> None:
    found = subjects(organisation(DEBT, replace(ADDICTION, status=status)), About.SERVICE_AT_LOCATION)
    assert [subject.key for subject in found] == ["hilfe/schulden@haus"]


def test_a_query_carries_the_usual_words_of_its_kind() -> None:
    assert asked(tiny())[0].words == ("Schuldnerberatung", "Schulden")


def test_the_whole_organisation_is_searched_with_the_words_of_all_its_kinds() -> None:
    org = organisation(DEBT, ADDICTION)
    assert asked(tiny(asks_about=About.ORGANISATION), org)[0].words == (*WORDS["debt-counselling"], "Suchtberatung")


def test_declared_profiles_come_before_those_found_on_the_own_website() -> None:
    org = organisation(profiles=(Profile(platform="tiny", url="https://tiny.example/own"),))
    found = [
        Link(kind="profile", target="https://tiny.example/seen", found_on="https://org.example/", platform="tiny"),
        Link(kind="profile", target="https://other.example/x", found_on="https://org.example/", platform="other"),
        Link(kind="profile", target="https://tiny.example/own", found_on="https://org.example/", platform="tiny"),
    ]
    assert asked(tiny(), org, found)[0].profiles == ("https://tiny.example/own", "https://tiny.example/seen")


def test_a_profile_of_one_service_is_not_asked_about_another() -> None:
    profile = Profile(platform="tiny", url="https://tiny.example/debt", service="schulden")
    debt, addiction = asked(tiny(), organisation(DEBT, ADDICTION, profiles=(profile,)))
    assert (debt.profiles, addiction.profiles) == (("https://tiny.example/debt",), ())


# --- why not


@pytest.mark.parametrize(
    ("declared", "settings", "means", "reason", "cure"),
    [
        ({"access": Access.ASSISTED}, Settings(), Means(), Reason.NEEDS_PERSON, "findbar assist"),
        ({"default_on": False}, Settings(), Means(), Reason.SWITCHED_OFF, "[platforms] tiny = true"),
        ({}, Settings(platforms={"tiny": False}), Means(), Reason.SWITCHED_OFF, "findbar.toml"),
        ({"keys": ("TINY_KEY",)}, Settings(), Means(), Reason.NEEDS_KEY, "TINY_KEY"),
        ({"dataset": "town"}, Settings(), Means(), Reason.NEEDS_DATASET, "[datasets.town]"),
        ({"access": Access.BROWSER}, Settings(), Means(), Reason.NO_BROWSER, "Chromium"),
        ({}, Settings(), Means(offline=True), Reason.NOT_RUN, "offline"),
    ],
)
def test_a_way_that_cannot_be_used_says_why_and_how_to_mend_it(
    declared: dict[str, Any], settings: Settings, means: Means, reason: Reason, cure: str
) -> None:
    plan = planned(tiny(**declared), settings, means)
    assert plan.asks == ()
    assert plan.skipped == (("hilfe/schulden@haus", reason),)
    assert plan.reason is reason
    assert cure in plan.detail


@pytest.mark.parametrize(
    ("declared", "settings", "means"),
    [
        ({}, Settings(), Means()),
        ({"default_on": False}, Settings(platforms={"tiny": True}), Means()),
        ({"keys": ("TINY_KEY",)}, Settings(), Means(keys=frozenset({"TINY_KEY"}))),
        ({"access": Access.BROWSER}, Settings(), Means(browser=True)),
        (
            {"dataset": "town"},
            Settings(datasets={"town": DatasetSettings(file="town.json")}),  # type: ignore[arg-type]
            Means(offline=True),
        ),
    ],
)
def test_a_way_whose_needs_are_met_can_be_used(declared: dict[str, Any], settings: Settings, means: Means) -> None:
    assert unavailable(tiny(**declared), settings, means) is None


class Raising(Tiny):
    """Breaks while it is asked what to visit."""

    def search(self, query: Query) -> Iterable[Visit]:
        raise KeyError("a mistake")


class Broken(Tiny):
    """Breaks while it plans."""

    def plan(self, queries: Sequence[Query]) -> list[Ask]:
        raise TypeError("a mistake")


class Shy(Tiny):
    """Has nothing to ask."""

    def search(self, query: Query) -> Iterable[Visit]:
        return ()


@pytest.mark.parametrize("kind", [Raising, Broken])
def test_a_checker_that_raises_before_any_visit_is_unknown_and_named(kind: type[Tiny]) -> None:
    plan = planned(kind())
    assert plan.skipped == (("hilfe/schulden@haus", Reason.CHECKER_BROKEN),)
    assert plan.detail.startswith("tiny.plan: ")
    assert "a mistake" in plan.detail


def test_a_subject_without_any_visit_is_unknown_and_never_missing() -> None:
    assert planned(Shy()).skipped == (("hilfe/schulden@haus", Reason.NOT_RUN),)


def test_a_profile_that_nobody_declared_is_unknown() -> None:
    shy = type("shy", (Shy,), {"asks_about": About.PROFILE})()
    assert planned(shy).skipped == (("hilfe", Reason.PROFILE_UNKNOWN),)


# --- forecasts


def test_the_busiest_host_comes_first_with_the_least_time_it_takes() -> None:
    quick = Planned(tiny("quick", pace=0.0), tuple(Ask(Visit(f"https://q.example/{n}"), ()) for n in range(4)))
    slow = Planned(tiny("slow", pace=5.0), tuple(Ask(Visit(f"https://s.example/{n}"), ()) for n in range(3)))
    first, second = forecast([quick, slow], {"q.example": 0.5})
    assert (first.host, first.visits, first.pace, first.seconds) == ("s.example", 3, 5.0, 13.0)
    assert (second.host, second.visits, second.pace, second.seconds) == ("q.example", 4, 0.5, 5.5)


def test_looks_into_local_data_cost_no_visit_to_a_host() -> None:
    ask = Ask(Visit("dataset:town", via=Via.DATA), ())
    assert forecast([Planned(tiny(), (ask,))], {}) == []


def test_the_overview_puts_ways_that_cannot_be_used_last() -> None:
    rows = plan_rows([planned(tiny("a", keys=("A_KEY",))), planned(tiny("b"))], {})
    assert [(row.way, row.visits, row.reason) for row in rows] == [("b", 1, None), ("a", 0, Reason.NEEDS_KEY)]


def test_a_way_in_the_list_of_platforms_says_what_it_needs() -> None:
    row = way_row(tiny(keys=("TINY_KEY",)), Settings(), Means())
    assert (row.reason, row.kind) == (Reason.NEEDS_KEY, Kind.DIRECTORY)
    assert "TINY_KEY" in row.note


DEAR = Key("DEAR_KEY", get_url="https://keys.example/dear", cost_per_1000=30.0, currency="USD", free_per_month=100)


def test_a_key_is_told_with_where_it_is_given_out() -> None:
    row = way_row(tiny(keys=(DEAR, "OTHER_KEY")), Settings(), Means())
    assert row.note == (
        "set DEAR_KEY (from https://keys.example/dear) in the environment, set OTHER_KEY in the environment"
    )
    assert [(key, key.cost_per_1000) for key in row.keys] == [("DEAR_KEY", 30.0), ("OTHER_KEY", None)]


def test_the_plan_reckons_what_the_visits_cost() -> None:
    keys = Means(frozenset({"DEAR_KEY", "OTHER_KEY"}))
    dear, unpriced, free = (
        planned(tiny(name, keys=declared), means=keys)
        for name, declared in (("dear", (DEAR,)), ("unpriced", (DEAR, "OTHER_KEY")), ("free", ()))
    )
    told = {row.way: (row.cost, row.currency) for row in plan_rows([dear, unpriced, free], {})}
    assert told == {"dear": (pytest.approx(0.03), "USD"), "unpriced": (None, "USD"), "free": (0.0, "")}
    assert plan_rows([planned(tiny(keys=(DEAR,)))], {})[0].cost == 0.0  # without the key nothing is visited
