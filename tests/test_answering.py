"""How each service answers: two clocks, medians with bands, targets, and small teams that are never shown alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.judging import promptness
from audit.judging.answering import answering, groups, unmeasured
from audit.judging.clocks import BERLIN, hours_between, office_hours
from audit.judging.lateness import late_gaps
from audit.judging.promptness import response, score_of, waits
from audit.judging.survival import quantile, steps
from audit.model import (
    Address,
    Answering,
    ContactPoint,
    Exchange,
    Location,
    Organisation,
    Row,
    Service,
    ServiceAtLocation,
    Window,
)
from audit.organisation.catalogue import load_catalogue

CATALOGUE = load_catalogue()
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=BERLIN)
KINDS = sorted(CATALOGUE.kinds)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


# --- clocks


@pytest.mark.parametrize(
    ("start", "end", "seeker", "office"),
    [
        ("2026-11-20T18:00", "2026-11-23T10:00", 64, 2),  # Friday evening to Monday morning
        ("2026-03-27T18:00", "2026-03-30T10:00", 63, 2),  # over the night when the clocks go forward
        ("2026-10-23T18:00", "2026-10-26T10:00", 65, 2),  # and back
        ("2026-03-29T01:59", "2026-03-29T03:01", 2 / 60, 0),
        ("2026-11-24T09:15", "2026-11-24T17:45", 8.5, 8.5),
        ("2026-11-24T17:45", "2026-11-25T08:15", 14.5, 0.5),
        ("2026-12-23T17:00", "2026-12-28T09:00", 112, 12),  # Christmas is no office day, Christmas Eve is one
        ("2026-11-24T12:00", "2026-11-24T11:00", 0, 0),
    ],
)
def test_both_clocks_count_to_the_minute(start: str, end: str, seeker: float, office: float) -> None:
    assert hours_between(at(start), at(end)) == pytest.approx(seeker)
    assert office_hours(at(start), at(end)) == pytest.approx(office)


def test_the_office_is_closed_on_the_holidays_of_its_state() -> None:
    assert office_hours(at("2026-11-18T08:00"), at("2026-11-18T18:00"), "SN") == 0
    assert office_hours(at("2026-11-18T08:00"), at("2026-11-18T18:00"), "TH") == 10


# --- the curve, as published: Freireich and others (1963), both arms


SIX_MP = [(t, True) for t in (6, 6, 6, 7, 10, 13, 16, 22, 23)] + [
    (t, False) for t in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
]
PLACEBO = [(t, True) for t in (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)]


def test_the_median_and_its_band_are_those_published() -> None:
    assert quantile([(float(t), d) for t, d in SIX_MP], 0.5) == (q := quantile(SIX_MP, 0.5))
    assert (q.hours, q.low, q.high) == (23, 13, None)
    placebo = quantile(PLACEBO, 0.5)
    assert (placebo.hours, placebo.low, placebo.high) == (8, 4, 11)


def test_greenwoods_error_is_that_of_the_textbook() -> None:
    # Kalbfleisch and Prentice give 0.0764 at 6 and 0.1346 at 23 weeks; on the log-log scale these are the bounds
    curve = {step.hours: step for step in steps(SIX_MP)}
    assert curve[6].waiting == pytest.approx(0.8571, abs=1e-4)
    assert (curve[6].low, curve[6].high) == (pytest.approx(0.6197, abs=1e-3), pytest.approx(0.9516, abs=1e-3))
    assert (curve[23].low, curve[23].high) == (pytest.approx(0.1881, abs=1e-3), pytest.approx(0.6801, abs=1e-3))


waited = st.lists(st.tuples(st.floats(0, 500), st.booleans()), min_size=1, max_size=20)


@given(waited, st.floats(0, 500))
def test_an_open_question_never_shortens_the_median(seen: list[tuple[float, bool]], open_for: float) -> None:
    medians: tuple[Callable[[Any], float | None], ...] = (
        lambda some: quantile(some, 0.5).hours,
        lambda some: promptness._median(promptness.masses(some)),
    )
    for median in medians:
        before, after = median(seen), median([*seen, (open_for, False)])
        assert after is None or (before is not None and after >= before)


def asked(hours: list[float | None], start: datetime = MONDAY, **more: Any) -> list[Exchange]:
    return [
        Exchange(
            id=f"{start}{n}{more}", asked_at=start,
            answered_at=None if wait is None else (start.astimezone(UTC) + timedelta(hours=wait)),
            **{"channel": "mail", "source": "imported", **more},
        )
        for n, wait in enumerate(hours)
    ]  # fmt: skip


@given(
    st.lists(st.floats(0, 400), min_size=5, max_size=9),
    st.integers(0, 4),
    st.floats(0, 400),
    st.lists(st.none(), max_size=3),
)
def test_a_slower_answer_never_raises_the_score(
    known: list[float], which: int, more: float, still_open: list[None]
) -> None:
    slower = [wait + (more if n == which else 0) for n, wait in enumerate(known)]
    one, other = (score_of(asked([*waits_, *still_open]), NOW) for waits_ in (known, slower))
    assert one is not None
    assert other is not None
    assert other <= one + 1e-9


@given(st.lists(st.one_of(st.none(), st.floats(0, 150)), min_size=3, max_size=9), st.integers(0, 23), st.integers(1, 3))
def test_shifting_everything_by_weeks_changes_nothing_outside_holidays(
    seen: list[float | None], hour: int, weeks: int
) -> None:
    days = (MONDAY + timedelta(days=day, hours=hour) for day in range(7))
    earlier = [question for day in days for question in asked(seen, day)]
    by = timedelta(weeks=weeks)
    later = [
        replace(e, asked_at=e.asked_at + by, answered_at=e.answered_at + by if e.answered_at else None) for e in earlier
    ]
    assert waits(later, "", NOW + by) == waits(earlier, "", NOW)
    assert response(later, "", NOW + by) == response(earlier, "", NOW)
    assert rows_of(later, house(team=9), NOW + by)[0].windows == rows_of(earlier, house(team=9))[0].windows


# --- groups


def service(id_: str, team: int | None = None, kind: str = "", **more: Any) -> Service:
    return Service(id=id_, kind=kind or KINDS[0], name=id_.title(), team_size=team, **more)


def house(
    *services: Service, places: dict[str, str] | None = None, team: int | None = None, **more: Any
) -> Organisation:
    every = services or (service("kita", team),)
    towns = {
        name: Location(id=name, name=name.title(), address=Address(city="Ort")) for name in (places or {}).values()
    }
    offered = tuple(ServiceAtLocation(service=s, location=towns[places[s.id]]) for s in every) if places else ()
    return Organisation(
        id="haus", name="Haus", services=every, offered=offered, locations=tuple(towns.values()), **more
    )


def rows_of(exchanges: list[Exchange], organisation: Organisation, now: datetime = NOW) -> list[Answering]:
    return list(answering([replace(e, service=e.service or "kita") for e in exchanges], organisation, CATALOGUE, now))


def levels(organisation: Organisation, *ids: str) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (g.level, g.services) for g in groups(organisation, CATALOGUE, ids or [s.id for s in organisation.services])
    ]


def test_a_large_team_is_shown_alone_and_a_small_or_unstated_one_never() -> None:
    assert levels(house(service("a", 5))) == [("service", ("a",))]
    assert levels(house(service("a", 4))) == [("organisation", ("a",))]
    assert levels(house(service("a", None))) == [("organisation", ("a",))]


def test_small_teams_of_one_place_are_pooled_there_when_they_are_enough_together() -> None:
    two = (service("a", 3), service("b", 2), service("c", 2))
    assert levels(house(*two, places={"a": "mitte", "b": "mitte", "c": "nord"})) == [
        ("organisation", ("a", "b", "c")),  # two people are left over: the place steps back
    ]
    enough = (service("a", 3), service("b", 2), service("c", 2), service("d", 3, kind=KINDS[1]))
    assert levels(house(*enough, places={"a": "mitte", "b": "mitte", "c": "nord", "d": "sued"}))[0] == (
        "place",
        ("a", "b"),
    )


def test_small_teams_are_pooled_by_field_of_work_where_places_do_not_do() -> None:
    same = house(service("a", 3), service("b", 3), places={"a": "mitte", "b": "nord"})
    assert levels(same) == [("field", ("a", "b"))]


def test_what_is_left_over_is_never_told_by_subtraction() -> None:
    organisation = house(service("gross", 9), service("klein", 2), service("mittel", 6))
    exchanges = [e for id_ in ("gross", "klein", "mittel") for e in asked([1] * 5, service=id_)]
    rows = rows_of(exchanges, organisation)
    assert [(row.subject, row.count) for row in rows] == [("gross", 5), ("haus", 15)]
    why = {one.service: one.why for one in unmeasured(exchanges, organisation, rows)}
    assert why == {"klein": "small-team", "mittel": "beside-small"}


def test_fewer_than_three_exchanges_show_no_row_and_less_than_twenty_no_picture() -> None:
    assert rows_of(asked([1, 1]), house(team=9)) == []
    assert rows_of(asked([1] * 19), house(team=9))[0].hours == ()
    picture = rows_of(asked([1] * 18) + asked([2, 3], at("2026-11-03T20:30")), house(team=9))[0].hours
    assert [(h.weekday, h.hour, h.count, h.median_hours) for h in picture] == [(0, 10, 18, 1), (1, 20, 2, None)]


def test_a_row_tells_waits_on_both_clocks_the_target_and_the_backlog() -> None:
    friday = asked([64.0] * 4, at("2026-11-06T18:00"))
    row = rows_of([*friday, *asked([None], at("2026-11-20T18:00"))], house(team=9))[0]
    [evening] = row.windows
    assert (evening.window, evening.count, evening.answered) == (Window.EVENING, 5, 4)
    assert (evening.median_hours, evening.office_hours) == (64, 2)
    assert (evening.within, evening.due) == (0, 5)
    assert (row.target_hours, row.open, row.oldest_hours) == (24, 1, pytest.approx(91))


def test_a_promised_reply_time_is_the_target_the_services_before_the_houses() -> None:
    points = (
        ContactPoint(channel="mail", reply_hours=48),
        ContactPoint(channel="mail", reply_hours=8, service="kita"),
        ContactPoint(channel="phone", reply_hours=2),
    )
    organisation = house(service("kita", 9), service("hort", 9), contact_points=points)
    exchanges = asked([1] * 3, service="kita") + asked([1] * 3, service="hort")
    exchanges += asked([1] * 3, service="kita", channel="chat")
    found = {(row.subject, row.channel): row.target_hours for row in rows_of(exchanges, organisation)}
    assert found == {("kita", "mail"): 8, ("hort", "mail"): 48, ("kita", "chat"): 1}


def test_sources_and_channels_are_never_mixed_in_a_row() -> None:
    exchanges = asked([1] * 3) + asked([9] * 3, source="tested") + asked([5] * 3, channel="phone")
    found = {(row.channel, row.source): row.windows[0].median_hours for row in rows_of(exchanges, house(team=9))}
    assert found == {("mail", "imported"): 1, ("mail", "tested"): 9, ("phone", "imported"): 5}


def test_what_cannot_be_shown_says_what_stands_in_the_way() -> None:
    organisation = house(service("a", 9), service("b", 8), service("c", 2), service("d"), service("e", 9))
    exchanges = [e for id_, n in (("a", 3), ("b", 2), ("c", 3), ("d", 3)) for e in asked([1] * n, service=id_)]
    rows = rows_of(exchanges, organisation)
    found = {one.service: one.why for one in unmeasured(exchanges, organisation, rows)}
    assert found == {"b": "too-few", "c": "small-team", "d": "team-size", "e": "no-source"}


# --- gaps


def row_of(id_: str) -> Row:
    return Row(subject=f"haus/{id_}@ort", service=id_, service_name=id_, kind="", location="ort", location_name="Ort",
               unit="beratung", key=True, weight=10)  # fmt: skip


def test_no_answer_at_weekends_is_one_thing_to_do() -> None:
    organisation = house(service("kita", 9, unit="beratung"))
    exchanges = asked([1.0] * 6) + asked([60.0] * 6, at("2026-11-07T11:00"))
    rows = rows_of(exchanges, organisation)
    [gap] = late_gaps(rows, organisation, {"haus/kita@ort": row_of("kita")}, {}, NOW)
    assert (gap.kind, gap.unit, gap.subjects) == ("late-weekend", "beratung", ("haus/kita@ort",))
    assert gap.points > 0
    assert gap.first_seen == NOW


def test_four_late_answers_are_too_few_for_a_gap_and_nights_make_none() -> None:
    organisation = house(service("kita", 9))
    for exchanges in (asked([60.0] * 4), asked([60.0] * 9, at("2026-11-03T23:00"))):
        assert late_gaps(rows_of(exchanges, organisation), organisation, {}, {}, NOW) == ()


def test_where_a_large_team_is_late_the_whole_house_is_no_second_thing_to_do() -> None:
    organisation = house(service("gross", 9), service("klein", 2), service("mittel", 6))
    for late, kinds in ((("gross", "klein"), ["service"]), (("klein",), ["organisation"])):
        exchanges = [
            e for id_ in ("gross", "klein", "mittel") for e in asked([90.0 if id_ in late else 1.0] * 6, service=id_)
        ]
        exchanges += asked([90.0] * 9, service="klein", start=MONDAY + timedelta(days=1))
        found = late_gaps(rows_of(exchanges, organisation), organisation, {}, {}, NOW)
        assert [gap.id.split("/")[-1].split("-")[0] for gap in found] == kinds


def test_a_service_that_answers_nobody_has_a_gap_once_its_target_is_over() -> None:
    organisation = house(service("kita", 9))
    fresh = asked([None] * 6, NOW - timedelta(hours=2))
    assert late_gaps(rows_of(fresh, organisation), organisation, {}, {}, NOW) == ()
    old = asked([None] * 6)
    assert [g.kind for g in late_gaps(rows_of(old, organisation), organisation, {}, {}, NOW)] == ["late-office"]
