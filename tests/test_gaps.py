"""Gaps: one thing to do, one cure, with the points it gains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from audit.checker import Checker
from audit.judging.judge import Case, judge
from audit.model import (
    Assignment,
    Dispute,
    EditedBy,
    Gap,
    IntendedAbsence,
    Item,
    Memory,
    Nothing,
    Observed,
    Organisation,
    Reason,
    Result,
    ServiceAtLocation,
    State,
    Target,
)
from audit.organisation.catalogue import load_catalogue
from tests.helpers import (
    ADDICTION,
    ADDRESS,
    DEBT,
    NOW,
    PLACE,
    Tiny,
    judged,
    listing,
    organisation,
    registry_of,
    saw,
    tiny,
)

BOTH = organisation(DEBT, ADDICTION, website="https://hilfe.example/")


def edited(by: EditedBy, **more: Any) -> Checker:
    """A platform edited by somebody."""
    made: type[Tiny] = type("tiny", (Tiny,), {"platform": replace(Tiny.platform, edited_by=by, **more)})
    return made()


def result(*items: Item, org: Organisation = BOTH, checker: Checker | None = None, **way: Any) -> Result:
    """Judged from what one way saw for every service."""
    mine = checker or tiny()
    return judged(saw(mine, org, *items, **way), [mine], org)


def gaps(*items: Item, **more: Any) -> tuple[Gap, ...]:
    return result(*items, **more).gaps


def kinds(found: tuple[Gap, ...]) -> list[str]:
    return sorted(gap.kind for gap in found)


# --- one cure


def test_each_missing_service_is_a_gap_where_one_edits_entry_by_entry() -> None:
    found = gaps(Nothing("no hits"))
    assert kinds(found) == ["missing", "missing"]
    assert {gap.subjects for gap in found} == {("hilfe/schulden@haus",), ("hilfe/sucht@haus",)}


@pytest.mark.parametrize("by", [EditedBy.UMBRELLA, EditedBy.AUTHORITY])
def test_one_mail_to_whoever_edits_names_all_that_is_missing(by: EditedBy) -> None:
    (gap,) = gaps(Nothing("no hits"), checker=edited(by))
    assert gap.kind == "missing"
    assert gap.subjects == ("hilfe/schulden@haus", "hilfe/sucht@haus")
    assert "Schuldnerberatung" in gap.paste
    assert "Suchtberatung" in gap.paste


DECIDED: dict[str, Callable[[str], Organisation]] = {
    "disputes": lambda gap: replace(BOTH, disputes=(Dispute(gap=gap, reason="agreed", since=date(2026, 11, 1)),)),
    "assignments": lambda gap: replace(BOTH, assignments=(Assignment(gap=gap, unit="front"),)),
}
WRONG = (
    listing("Schuldnerberatung", phones=("+49 3600 999",), emails=()),
    listing("Suchtberatung", phones=("+49 3600 998",), websites=("https://other.example/",)),
)


@pytest.mark.parametrize("by", [EditedBy.UMBRELLA, EditedBy.AUTHORITY])
def test_one_mail_to_whoever_edits_names_all_that_is_wrong(by: EditedBy) -> None:
    alone, (mail,) = gaps(*WRONG), gaps(*WRONG, checker=edited(by))
    assert (mail.id, mail.subjects) == ("hilfe/tiny/corrections/all", ("hilfe/schulden@haus", "hilfe/sucht@haus"))
    assert {line.id for line in mail.corrections} == {gap.id for gap in alone}
    assert [(c.field, c.entry, c.shown, c.stated) for c in mail.corrections if c.field == "phone"] == [
        ("phone", "Schuldnerberatung", "+49 3600 999", "+49 3600 111"),
        ("phone", "Suchtberatung", "+49 3600 998", "+49 3600 222"),
    ]
    assert mail.points == pytest.approx(sum(gap.points for gap in alone))
    assert mail.points == pytest.approx(sum(line.points for line in mail.corrections))
    assert set(mail.visits) == {visit for gap in alone for visit in gap.visits}


def test_where_everybody_edits_each_entry_stays_a_gap() -> None:
    assert "corrections" not in kinds(gaps(*WRONG, checker=edited(EditedBy.CROWD)))


@pytest.mark.parametrize("decided", ["disputes", "assignments"])
def test_a_line_that_was_decided_on_by_itself_is_taken_out_of_the_mail(decided: str) -> None:
    umbrella = edited(EditedBy.UMBRELLA)
    (mail,) = gaps(*WRONG, checker=umbrella)
    line = next(line for line in mail.corrections if line.field == "phone")
    found = result(*WRONG, checker=umbrella, org=DECIDED[decided](line.id))
    (left,) = [gap for gap in found.gaps if gap.corrections]
    assert line.id not in {other.id for other in left.corrections}
    assert len(left.corrections) == len(mail.corrections) - 1
    (apart,) = found.disputed if decided == "disputes" else [gap for gap in found.gaps if gap.unit == "front"]
    assert (apart.id, apart.stated) == (line.id, line.stated)


def test_the_mail_itself_can_be_disputed_and_given_to_a_unit() -> None:
    umbrella, id_ = edited(EditedBy.UMBRELLA), "hilfe/tiny/corrections/all"
    disputed = result(*WRONG, checker=umbrella, org=DECIDED["disputes"](id_))
    assert [gap.id for gap in disputed.disputed] == [id_]
    assert disputed.gaps == ()
    (given,) = gaps(*WRONG, checker=umbrella, org=DECIDED["assignments"](id_))
    assert given.unit == "front"


def test_a_red_flag_is_never_one_line_of_many() -> None:
    closed = listing("Schuldnerberatung", status="closed", phones=("+49 3600 999",))
    found = gaps(closed, WRONG[1], checker=edited(EditedBy.UMBRELLA))
    assert [gap.kind for gap in found] == ["wrongly-closed", "corrections"]


def test_a_wrong_field_of_a_shared_entry_is_one_gap_for_all_its_services() -> None:
    house = listing("Hilfe e. V.", phones=("+49 3600 999",))
    found = [gap for gap in gaps(house) if gap.kind == "wrong-phone"]
    assert len(found) == 1
    assert found[0].subjects == ("hilfe/schulden@haus", "hilfe/sucht@haus")
    assert "+49 3600 111" in found[0].stated
    assert "+49 3600 999" in found[0].shown


def test_what_is_merely_incomplete_is_told_once_an_entry() -> None:
    found = gaps(listing("Schuldnerberatung", phones=()), Nothing("x"), org=organisation(DEBT))
    assert [gap.kind for gap in found if gap.kind == "incomplete"] == ["incomplete"]


def test_where_a_service_is_missing_nothing_else_about_it_is_a_gap() -> None:
    assert kinds(gaps(Nothing("x"), org=organisation(DEBT))) == ["missing"]


@pytest.mark.parametrize("reason", [Reason.BLOCKED, Reason.TRUNCATED, Reason.NEEDS_KEY])
def test_what_could_not_be_checked_is_no_gap(reason: Reason) -> None:
    assert gaps(reason=reason) == ()


def test_an_absence_that_was_decided_is_no_gap_until_its_review() -> None:
    intended = IntendedAbsence(platform="tiny", reason="privacy", decided_by="board", review=date(2027, 1, 1))
    org = replace(BOTH, intended=(intended,))
    assert gaps(Nothing("x"), org=org) == ()
    assert {cell.reason for cell in result(Nothing("x"), org=org).cells} == {Reason.INTENDED}
    overdue = replace(BOTH, intended=(replace(intended, review=date(2026, 1, 1)),))
    assert kinds(gaps(Nothing("x"), org=overdue)) == ["missing", "missing"]


# --- red flags and strays


def test_wrongly_called_closed_comes_first_and_is_a_red_flag() -> None:
    found = gaps(listing("Schuldnerberatung", status="closed"), listing("Suchtberatung", phones=("+49 3600 999",)))
    assert found[0].kind == "wrongly-closed"
    assert found[0].red_flag
    assert not any(gap.red_flag for gap in found[1:])


def test_a_closed_service_that_is_still_listed_is_a_gap() -> None:
    ended = replace(ADDICTION, status="defunct")
    found = result(listing("Schuldnerberatung"), listing("Suchtberatung"), org=organisation(DEBT, ended))
    assert "closed-service-listed" in kinds(found.gaps)
    assert [stray.kind for stray in found.strays] == ["closed-service"]
    assert all("sucht" not in cell.subject for cell in found.cells)


def test_the_entry_of_a_closed_service_is_not_taken_for_a_neighbouring_one() -> None:
    ended = replace(DEBT, status="defunct")
    (cell,) = result(listing("Schuldnerberatung"), org=organisation(ADDICTION, ended)).cells
    assert cell.match is None or cell.match.recognised == "no"


# --- minutes, points, order


def test_points_are_never_negative_and_findings_without_points_have_none() -> None:
    entries = [
        listing("Schuldnerberatung", phones=("+49 3600 999",), status="closed"),
        listing("Suchtberatung", phones=(), address=replace(ADDRESS, house_number="99")),
    ]
    for found in (gaps(*entries), gaps(Nothing("x")), gaps(listing("Hilfe e. V."))):
        assert found
        assert all(gap.points >= 0 and gap.minutes > 0 for gap in found)
        assert any(gap.points > 0 for gap in found)


def test_the_most_points_a_minute_come_first_and_ties_are_broken_by_id() -> None:
    found = gaps(listing("Schuldnerberatung", phones=("+49 3600 999",)), Nothing("x"))
    keys = [(not gap.red_flag, -gap.points / gap.minutes, gap.id) for gap in found]
    assert keys == sorted(keys)


def test_closing_every_gap_of_a_cell_gains_exactly_what_it_lacks() -> None:
    """One service, listed without being recognisable and without a number: F can rise by 0.7, not more."""
    bare = listing("Hilfe e. V.", phones=())
    org = organisation(DEBT)
    done = result(bare, org=org)
    (cell,) = done.cells
    assert cell.findability == 0.3
    of_f = [gap for gap in done.gaps if gap.kind in ("not-recognisable", "no-first-step")]
    assert kinds(tuple(of_f)) == ["no-first-step", "not-recognisable"]
    assert sum(gap.points for gap in of_f) == pytest.approx(100 * 0.45 / 0.65 * 0.7)


def test_a_wrongly_closed_entry_does_not_count_its_lack_twice() -> None:
    done = result(listing("Hilfe e. V.", phones=(), status="closed"), org=organisation(DEBT))
    of_f = {"not-recognisable", "no-first-step", "wrongly-closed"}
    assert of_f <= {gap.kind for gap in done.gaps}
    assert sum(gap.points for gap in done.gaps if gap.kind in of_f) == pytest.approx(100 * 0.45 / 0.65)


def test_a_service_that_need_only_be_named_gains_all_that_is_left() -> None:
    done = result(listing("Hilfe e. V."), org=organisation(DEBT))
    (gap,) = [gap for gap in done.gaps if gap.kind == "not-recognisable"]
    assert gap.points == pytest.approx(100 * 0.45 / 0.65 * 0.7)


def test_a_missing_service_gains_its_whole_findability() -> None:
    first, second = gaps(Nothing("x"))
    # two cells of the same weight: half of all points of F each
    assert first.points == second.points == pytest.approx(100 * 0.45 / 0.65 / 2)


def test_asking_others_takes_longer_than_editing_oneself() -> None:
    mine = gaps(Nothing("x"), org=organisation(DEBT))[0].minutes
    theirs = gaps(Nothing("x"), org=organisation(DEBT), checker=edited(EditedBy.AUTHORITY))[0].minutes
    assert (mine, theirs) == (15, 30)


# --- what a gap tells


def test_a_gap_names_unit_target_and_where_to_change_it() -> None:
    org = organisation(
        replace(DEBT, unit="beratung"), targets=(Target(figure="findability", value=90, due=date(2027, 3, 1)),)
    )  # fmt: skip
    checker = edited(EditedBy.OWNER, edit_url="https://tiny.example/edit")
    (gap,) = gaps(Nothing("x"), org=org, checker=checker)
    assert (gap.unit, gap.target_date, gap.edit_url) == ("beratung", date(2027, 3, 1), "https://tiny.example/edit")
    assert gap.visits


def by_kind(*targets: Target) -> dict[str, date | None]:
    wrong = listing(DEBT.name, phones=("+49 3600 999",))
    return {gap.kind: gap.target_date for gap in gaps(wrong, org=organisation(DEBT, ADDICTION, targets=targets))}


def test_a_gap_is_due_by_the_target_for_the_figure_it_raises() -> None:
    found, right = date(2027, 3, 1), date(2027, 6, 1)
    due = by_kind(
        Target(figure="findability", value=90, due=found), Target(figure="accuracy", value=90, due=right)
    )  # fmt: skip
    assert (due["missing"], due["wrong-phone"]) == (found, right)


def test_a_gap_whose_figure_has_no_target_has_no_day_that_nobody_set() -> None:
    due = by_kind(Target(figure="findability", value=90, due=date(2027, 3, 1)))
    assert (due["missing"], due["wrong-phone"]) == (date(2027, 3, 1), None)


def test_a_target_for_the_service_itself_counts_before_the_organisations() -> None:
    whole = Target(figure="findability", value=90, due=date(2027, 3, 1))
    own, others = (
        replace(whole, due=date(2027, 9, 1), service="sucht"),
        replace(whole, due=date(2026, 12, 1), service="x"),
    )
    assert by_kind(whole, own, others)["missing"] == date(2027, 9, 1)


def test_a_gap_of_two_units_belongs_to_neither() -> None:
    org = organisation(replace(DEBT, unit="a"), replace(ADDICTION, unit="b"))
    (gap,) = gaps(Nothing("x"), org=org, checker=edited(EditedBy.UMBRELLA))
    assert gap.unit == ""


def test_ids_are_stable_and_unique() -> None:
    entries = [listing("Schuldnerberatung", phones=("+49 3600 999",)), listing("Hilfe e. V.", id="2")]
    first, second = gaps(*entries), gaps(*reversed(entries))
    assert [gap.id for gap in first] == [gap.id for gap in second]
    assert len({gap.id for gap in first}) == len(first)
    assert all(gap.id.startswith("hilfe/tiny/") for gap in first)


def test_two_services_in_one_house_of_which_one_left_keep_their_ids() -> None:
    """What is wrong with one entry does not change its id when another entry comes or goes."""
    wrong = listing("Schuldnerberatung", phones=("+49 3600 999",))

    def ids(*entries: Item) -> set[str]:
        return {gap.id for gap in gaps(*entries) if gap.kind == "wrong-phone" and "hilfe/schulden@haus" in gap.subjects}

    assert ids(wrong, listing("Suchtberatung")) == ids(wrong)
    assert ids(wrong)


def remembered(observed: Observed, memory: Memory, at: datetime = NOW) -> tuple[Gap, ...]:
    return judge(
        Case(
            run="r", started=NOW, finished=at, organisation=BOTH, observed=observed, registry=registry_of(tiny()),
            catalogue=load_catalogue(), manifest={}, memory=memory,
        )
    ).gaps  # fmt: skip


def test_a_gap_knows_since_when_it_is_open() -> None:
    observed = saw(tiny(), BOTH, Nothing("x"))
    first = gaps(Nothing("x"))
    before = NOW - timedelta(days=3)
    later = remembered(observed, Memory(first_seen=((first[0].id, before),)))
    assert {gap.id: gap.first_seen for gap in later} == {first[0].id: before, first[1].id: NOW}


def test_an_absence_is_confirmed_only_when_an_earlier_run_saw_it() -> None:
    observed = saw(tiny(), BOTH, Nothing("x"))
    found = remembered(observed, Memory(confirmed=(("hilfe/schulden@haus", "tiny"),)))
    assert {gap.subjects[0]: gap.confirmed for gap in found} == {
        "hilfe/schulden@haus": True,
        "hilfe/sucht@haus": False,
    }


def test_paste_ready_text_holds_the_facts_as_stated() -> None:
    (gap,) = gaps(Nothing("x"), org=organisation(replace(DEBT, opening_hours="Mo-Fr 09:00-12:00")))
    for fact in ("Schuldnerberatung", "Marktplatz 4, 00930 Quellstadt", "+49 3600 111", "Mo-Fr 09:00-12:00"):
        assert fact in gap.paste


def test_paste_ready_text_of_a_protected_service_holds_no_address() -> None:
    secret = replace(DEBT, protected=True)
    org = replace(organisation(secret), offered=(ServiceAtLocation(service=secret, location=PLACE),))
    found = judged(saw(tiny(), org, listing("Schuldnerberatung", phones=("+49 3600 999",))), [tiny()], org)
    assert all("Marktplatz" not in gap.paste + gap.shown + gap.stated for gap in found.gaps)


def test_a_listing_right_in_everything_is_complete_and_has_no_gap() -> None:
    right = listing("Schuldnerberatung")
    done = result(right, org=organisation(DEBT))
    assert [cell.state for cell in done.cells] == [State.COMPLETE]
    assert done.gaps == ()
