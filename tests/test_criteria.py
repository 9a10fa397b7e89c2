"""The criteria: one question per file, each with its outcomes; and what a cell makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from audit.judging import criteria as questions
from audit.judging.criteria import criteria, judge_all
from audit.judging.method import method
from audit.judging.view import View
from audit.judging.worth import accuracy, findability
from audit.model import (
    About,
    Action,
    Exchange,
    Finding,
    Kind,
    Level,
    Listing,
    Match,
    Outcome,
    Reason,
    Service,
    ServiceAtLocation,
    Slot,
    Subject,
)
from audit.organisation.catalogue import load_catalogue
from tests.helpers import ADDRESS, DEBT, NOW, PLACE, Tiny, organisation, tiny

ALL = frozenset({"name", "address", "phone", "hours", "link", "email", "fees", "access"})
STATED = replace(
    DEBT, phone="+49 3600 112", email="schulden@hilfe.example", url="https://hilfe.example/schulden",
    opening_hours="Mo-Fr 09:00-12:00",
)  # fmt: skip
RIGHT = Listing(
    name="Schuldnerberatung", address=ADDRESS, phones=("03600 112",), emails=("schulden@hilfe.example",),
    websites=("https://www.hilfe.example/schulden/",), opening_hours="Mo-Fr 09:00-12:00",
)  # fmt: skip
UNKNOWN, MET, NOT_MET, NOT_APPLICABLE = Outcome.UNKNOWN, Outcome.MET, Outcome.NOT_MET, Outcome.NOT_APPLICABLE


def worth(seen: View) -> float | None:
    return accuracy(judge_all(seen), shared_phone=seen.shared_phone)


def view(listing: Listing | None = RIGHT, *, recognised: str = "named", service: Service = STATED, **more: Any) -> View:
    """A cell in which the listing was matched."""
    org = organisation(
        service, website="https://hilfe.example/", email="info@hilfe.example", state="TH", **more.pop("org", {})
    )  # fmt: skip
    offered = ServiceAtLocation(service=service, location=more.pop("place", PLACE))
    match = listing and Match(
        subject="s", listing=listing, probability=0.99, grounds=(), state="match", recognised=recognised, visit="v1"
    )
    shown = {
        "platform": tiny().platform, "way": "tiny", "proves": ALL, "now": NOW, "match": match, "visits": ("v0",),
        "kind": load_catalogue().kind(service.kind),
    }  # fmt: skip
    subject = Subject(about=About.SERVICE_AT_LOCATION, organisation=org, offered=offered)
    return View(subject=subject, offered=offered, **{**shown, **more})


def found(criterion: str, **more: Any) -> Finding:
    """The finding of one criterion; fails where the question does not arise."""
    return {finding.criterion: finding for finding in judge_all(view(**more))}[criterion]


def arises(criterion: str, **more: Any) -> bool:
    return criterion in {finding.criterion for finding in judge_all(view(**more))}


def shown(**changed: Any) -> Listing:
    return replace(RIGHT, **changed)


# --- the set


def test_every_criterion_is_found_by_scanning_and_comes_once_in_order() -> None:
    files = {path.stem for path in Path(questions.__path__[0]).glob("[a-z]*.py")}
    ids = [criterion.ID for criterion in criteria()]
    assert sorted(ids) == sorted(files)
    assert ids[:3] == ["listed", "recognisable", "first_step"]
    assert len({criterion.ORDER for criterion in criteria()}) == len(ids)


@pytest.mark.parametrize("reason", [Reason.BLOCKED, Reason.TRUNCATED, Reason.LAYOUT_CHANGED])
def test_what_could_not_be_seen_is_unknown_in_every_criterion(reason: Reason) -> None:
    findings = judge_all(view(None, reason=reason))
    assert {(f.outcome, f.reason) for f in findings} == {(UNKNOWN, reason)}


def test_what_is_not_listed_is_not_met_once_and_elsewhere_not_applicable() -> None:
    findings = judge_all(view(None))
    assert [f.criterion for f in findings if f.outcome is NOT_MET] == ["listed"]
    assert {f.reason for f in findings if f.criterion != "listed"} == {Reason.NOT_LISTED}


def test_every_field_that_agrees_is_met_and_the_evidence_named() -> None:
    findings = {f.criterion: f for f in judge_all(view())}
    for field in ("name", "address", "phone", "hours", "link", "email"):
        assert (findings[field].outcome, findings[field].level, findings[field].value) == (MET, Level.SAME, 1.0)
        assert findings[field].visits == ("v1",)


@pytest.mark.parametrize("field", ["name", "address", "phone", "hours", "link", "email"])
def test_a_field_the_way_cannot_show_is_not_held_against_the_entry(field: str) -> None:
    assert found(field, proves=ALL - {field}).reason is Reason.NOT_SHOWN


@pytest.mark.parametrize("field", ["phone", "hours", "link", "email"])
def test_a_field_that_nobody_stated_is_not_compared(field: str) -> None:
    bare = ServiceAtLocation(service=DEBT, location=replace(PLACE, phone=""))
    org = replace(organisation(DEBT), website="")
    subject = Subject(about=About.SERVICE_AT_LOCATION, organisation=org, offered=bare)
    findings = {f.criterion: f for f in judge_all(replace(view(), offered=bare, subject=subject))}
    assert (findings[field].outcome, findings[field].reason) == (NOT_APPLICABLE, Reason.NOT_STATED)


# --- listed, recognisable, first step


def test_an_unclear_match_is_for_a_person_to_look_at() -> None:
    unclear = view().match
    finding = found("listed", listing=None, unclear=unclear)
    assert (finding.outcome, finding.reason, finding.visits) == (UNKNOWN, Reason.UNCLEAR_MATCH, ("v1",))


@pytest.mark.parametrize(
    ("recognised", "outcome", "value"),
    [("named", MET, 0.8), ("category", MET, 0.8), ("text", NOT_MET, 0.6), ("no", NOT_MET, 0.3)],
)
def test_a_service_is_recognisable_by_its_name_or_category_and_less_by_free_text(
    recognised: str, outcome: Outcome, value: float
) -> None:
    finding = found("recognisable", recognised=recognised)
    assert (finding.outcome, finding.value) == (outcome, value)


def platform_of(*actions: Action, kind: Kind = Kind.DIRECTORY) -> Any:
    return replace(Tiny.platform, actions=frozenset(actions), kind=kind)


@pytest.mark.parametrize(
    ("allowed", "listing", "outcome"),
    [
        ((Action.CALL,), RIGHT, MET),
        ((Action.CALL,), shown(phones=()), NOT_MET),
        ((Action.WRITE,), RIGHT, MET),
        ((Action.VISIT_WEBSITE,), RIGHT, NOT_APPLICABLE),
        ((Action.CALL, Action.VISIT_WEBSITE), shown(phones=()), NOT_MET),
        ((Action.BOOK,), RIGHT, NOT_MET),
        ((Action.BOOK,), shown(actions=(Action.BOOK,)), MET),
        ((Action.REGISTER, Action.CALL), RIGHT, MET),
        ((), RIGHT, NOT_APPLICABLE),
    ],
)
def test_a_first_step_is_one_that_the_platform_allows_and_the_entry_offers(
    allowed: tuple[Action, ...], listing: Listing, outcome: Outcome
) -> None:
    assert found("first_step", platform=platform_of(*allowed), listing=listing).outcome is outcome


@pytest.mark.parametrize(
    ("proves", "outcome"), [({"name", "address"}, NOT_APPLICABLE), ({"name", "phone"}, NOT_MET), (ALL, NOT_MET)]
)
def test_a_way_that_shows_no_contact_facts_misses_no_first_step(proves: frozenset[str], outcome: Outcome) -> None:
    map_ = platform_of(Action.CALL, Action.WRITE, Action.VISIT_WEBSITE)
    bare = shown(phones=(), emails=())
    assert found("first_step", platform=map_, listing=bare, proves=frozenset(proves)).outcome is outcome


def test_a_free_slot_is_a_first_step_and_a_taken_one_is_not() -> None:
    booking = platform_of(Action.BOOK, kind=Kind.BOOKING)
    for free, outcome in ((True, MET), (False, NOT_MET)):
        slots = (Slot(start=NOW + timedelta(days=1), free=free),)
        assert found("first_step", platform=booking, slots=slots).outcome is outcome


# --- fields


@pytest.mark.parametrize(
    ("field", "listing", "level", "value"),
    [
        ("phone", shown(phones=("+49 3600 999",)), Level.CONFLICT, 0.0),
        ("phone", shown(phones=("+49 3600 111",)), Level.PARTIAL, 0.5),  # the switchboard
        ("phone", shown(phones=()), Level.ABSENT, 0.25),
        ("phone", shown(phones=("+49 3600 999", "+49 3600 112")), Level.SAME, 1.0),
        ("address", shown(address=replace(ADDRESS, street="Gartenstraße")), Level.CONFLICT, 0.0),
        ("address", shown(address=replace(ADDRESS, street="", house_number="", postcode="", city="")), Level.ABSENT,
         0.25),
        ("hours", shown(opening_hours="Mo-Fr 14:00-18:00"), Level.CONFLICT, 0.0),
        ("hours", shown(opening_hours=""), Level.ABSENT, 0.25),
        ("link", shown(websites=("https://other.example/",)), Level.CONFLICT, 0.0),
        ("link", shown(websites=("https://hilfe.example/",)), Level.PARTIAL, 0.5),
        ("link", shown(websites=()), Level.ABSENT, 0.25),
        ("email", shown(emails=("x@other.example",)), Level.CONFLICT, 0.0),
        ("email", shown(emails=("info@hilfe.example",)), Level.PARTIAL, 0.5),
        ("email", shown(emails=()), Level.ABSENT, 0.25),
        ("name", shown(name="Bäckerei Sonnenschein"), Level.CONFLICT, 0.0),
    ],
)  # fmt: skip
def test_a_field_that_differs_is_told_by_how_much(field: str, listing: Listing, level: Level, value: float) -> None:
    finding = found(field, listing=listing)
    assert (
        (finding.outcome, finding.level, finding.value) == (NOT_MET, level, value)
        if level is not Level.SAME
        else (finding.outcome is MET)
    )
    assert finding.stated


def test_hours_that_nobody_could_read_are_unknown_and_not_wrong() -> None:
    finding = found("hours", listing=shown(opening_hours="", hours_text="nach Absprache, sonst wie immer"))
    assert (finding.outcome, finding.reason) == (UNKNOWN, Reason.LAYOUT_CHANGED)
    assert finding.shown == "nach Absprache, sonst wie immer"


def test_without_a_page_of_its_own_any_page_of_the_organisation_will_do() -> None:
    service = replace(STATED, url="")
    finding = found("link", service=service, listing=shown(websites=("https://hilfe.example/impressum",)))
    assert (finding.outcome, finding.level) == (MET, Level.SAME)


def test_on_the_own_website_neither_name_nor_link_is_judged() -> None:
    site = platform_of(Action.CALL, kind=Kind.WEBSITE)
    for field in ("name", "link"):
        assert found(field, platform=site).outcome is NOT_APPLICABLE


# --- protected


PROTECTED = Service(id="frauenhaus", kind="womens-shelter", name="Frauenhaus", protected=True, phone="+49 3600 112")


def test_a_protected_service_that_is_nowhere_is_not_missing() -> None:
    finding = found("listed", listing=None, service=PROTECTED)
    assert (finding.outcome, finding.reason) == (NOT_APPLICABLE, Reason.PROTECTED)


def test_the_address_of_a_protected_service_is_never_compared() -> None:
    finding = found("address", service=PROTECTED, listing=shown(name="Frauenhaus"))
    assert (finding.outcome, finding.reason, finding.shown) == (NOT_APPLICABLE, Reason.PROTECTED, "")


# --- questions that arise only sometimes


@pytest.mark.parametrize(("status", "outcome"), [("closed", NOT_MET), ("open", MET), ("temporarily-closed", MET)])
def test_a_service_wrongly_called_closed_is_not_met(status: str, outcome: Outcome) -> None:
    assert found("open_status", listing=shown(status=status)).outcome is outcome


def test_a_second_entry_is_a_duplicate_with_the_evidence_of_both() -> None:
    first = view().match
    assert first is not None
    second = replace(first, listing=shown(name="Schuldnerberatung alt"), visit="v2")
    finding = found("duplicate", duplicates=(second,))
    assert (finding.outcome, finding.shown, finding.visits) == (NOT_MET, "Schuldnerberatung alt", ("v1", "v2"))
    assert found("duplicate").outcome is MET


@pytest.mark.parametrize(
    ("hours", "outcome"),
    [("Mo-Fr 09:00-12:00", NOT_MET), ("Mo 09:00-20:00", MET), ("Sa 10:00-12:00", MET), ("Tu[1] 18:00-20:00", MET)],
)
def test_evening_or_weekend_hours_on_the_own_website_are_an_offer(hours: str, outcome: Outcome) -> None:
    site = platform_of(kind=Kind.WEBSITE)
    assert found("offered_times", platform=site, listing=shown(opening_hours=hours)).outcome is outcome


def test_slots_in_the_past_offer_nothing() -> None:
    booking = platform_of(Action.BOOK, kind=Kind.BOOKING)
    gone = (Slot(start=NOW - timedelta(days=1)),)
    assert not arises("offered_times", platform=booking, listing=shown(opening_hours=""), slots=gone)


def test_a_portal_on_which_every_coming_time_is_taken_offers_no_slot() -> None:
    booking = platform_of(Action.BOOK, kind=Kind.BOOKING)
    taken = (Slot(start=NOW + timedelta(days=1), free=False),)
    finding = found("offered_times", platform=booking, listing=shown(opening_hours=""), slots=taken)
    assert (finding.outcome, finding.note) == (NOT_MET, "no-slots")
    assert finding.shown == f"0 ({NOW:%Y-%m-%d} – {NOW + timedelta(days=28):%Y-%m-%d})"


@pytest.mark.parametrize(("days", "told"), [(14, 14), (28, 28), (90, 28)])
def test_no_free_time_is_told_with_the_days_that_were_looked_at(days: int, told: int) -> None:
    booking = platform_of(Action.BOOK, kind=Kind.BOOKING)
    empty = shown(opening_hours="", slots_until=(NOW + timedelta(days=days)).date())
    finding = found("offered_times", platform=booking, listing=empty)
    assert (finding.outcome, finding.note) == (NOT_MET, "no-slots")
    assert finding.shown.endswith(f"{NOW + timedelta(days=told):%Y-%m-%d})")


def test_where_free_times_were_not_looked_for_nothing_is_said_of_them() -> None:
    booking = platform_of(Action.BOOK, kind=Kind.BOOKING)
    assert not arises("offered_times", platform=booking, listing=shown(opening_hours=""))


def test_a_slot_on_a_public_holiday_of_the_federal_state_is_a_weekend_offer() -> None:
    booking = platform_of(Action.BOOK, kind=Kind.BOOKING)
    day = NOW.replace(year=2027, month=9, day=20, hour=9)  # World Children's Day: Thuringia alone
    finding = found(
        "offered_times", platform=booking, listing=shown(opening_hours=""), slots=(Slot(start=day),)
    )  # fmt: skip
    assert (finding.outcome, finding.note) == (MET, "weekend")


def test_hours_of_a_directory_are_no_offer_of_the_organisation() -> None:
    assert not arises("offered_times")


@pytest.mark.parametrize(
    ("hours_open", "outcome"), [(None, MET), (2, MET), (25, NOT_MET)]
)  # fmt: skip
def test_a_public_question_open_for_more_than_a_day_is_not_met(hours_open: int | None, outcome: Outcome) -> None:
    asked = NOW - timedelta(hours=hours_open or 100)
    answered = asked + timedelta(hours=50) if hours_open is None else None
    assert found("answered", exchanges=(Exchange(id="q", asked_at=asked, answered_at=answered),)).outcome is outcome


def test_reviews_are_no_questions() -> None:
    review = Exchange(id="r", asked_at=NOW - timedelta(days=9), kind="review")
    assert not arises("answered", exchanges=(review,))


def test_fees_and_access_are_asked_only_where_they_can_be_shown() -> None:
    assert found("fees_access").outcome is NOT_MET
    assert found("fees_access", listing=shown(fees_text="kostenlos")).outcome is MET
    assert not arises("fees_access", proves=ALL - {"fees", "access"})


# --- the cell


@pytest.mark.parametrize(
    ("more", "f"),
    [
        ({}, 1.0),
        ({"recognised": "text"}, 0.6),
        ({"recognised": "no"}, 0.3),
        ({"listing": shown(phones=())}, 0.8),  # nobody can be called
        ({"platform": platform_of()}, 1.0),  # the platform allows no first step: being named is all it can give
        ({"listing": None}, 0.0),
        ({"listing": shown(status="closed")}, 0.0),
        ({"listing": None, "reason": Reason.BLOCKED}, None),
    ],
)
def test_findability_of_a_cell_follows_the_method(more: dict[str, Any], f: float | None) -> None:
    seen = view(**more)
    assert findability(judge_all(seen)) == f


def test_accuracy_of_a_cell_is_the_weighted_share_of_its_fields() -> None:
    seen = view(listing=shown(phones=("+49 3600 999",), emails=(), opening_hours=""))
    # name 20, address 20, link 10 same; hours 15 and mail 10 absent; phone 25 in conflict
    assert worth(seen) == pytest.approx((20 + 20 + 10 + 0.25 * 15 + 0.25 * 10) / 100)


def test_a_shared_switchboard_weighs_less_and_the_name_more() -> None:
    seen = view(listing=shown(phones=("+49 3600 999",)), shared_phone=True)
    # phone 10 in conflict, name 35 and the rest the same
    assert worth(seen) == pytest.approx((35 + 20 + 15 + 10 + 10) / 100)


def test_a_duplicate_lowers_accuracy_to_85_hundredths() -> None:
    seen = view()
    double = replace(seen, duplicates=(seen.match,) if seen.match else ())
    assert worth(double) == pytest.approx(0.85 * (worth(seen) or 0))


def test_where_nothing_can_be_compared_there_is_no_accuracy() -> None:
    seen = view(proves=frozenset())
    assert worth(seen) is None


def test_the_weights_of_all_fields_make_a_hundred() -> None:
    table = method().accuracy
    assert sum(own for own, _ in table.values()) == sum(shared for _, shared in table.values()) == 100
