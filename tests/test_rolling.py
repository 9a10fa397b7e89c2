"""A federation's figures: sums of cells, small groups hidden, one cure one gap, waits only of those that share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from audit.judging import scoring
from audit.judging.rolling import RollUp, beside, spread
from audit.judging.sharing import shared
from audit.judging.summing import applicable
from audit.judging.tree import Tree
from audit.model import (
    Beside,
    EditedBy,
    Entity,
    Federation,
    Gap,
    Promise,
    Replying,
    Result,
    State,
    Swiftness,
    Wait,
    Window,
)
from audit.organisation.catalogue import load_catalogue
from tests.helpers import ADDICTION, DEBT, NOW, judged, listing, organisation, saw, tiny

CATALOGUE = load_catalogue()


def result(id_: str, found: Iterable[str] = (), **more: Any) -> Result:
    """Two services on one platform: shown by the names given, or missing."""
    org = organisation(DEBT, ADDICTION, id=id_)
    made = tiny()
    items = [listing(f"{name} Hilfe e. V.") for name in found]
    return replace(judged(saw(made, org, *items), [made], org), **more)


def every(id_: str) -> Result:
    return result(id_, ["Schuldnerberatung", "Suchtberatung"])


def half(id_: str) -> Result:
    return result(id_, ["Schuldnerberatung"])


def rolled(results: Iterable[Result], parents: dict[str, str]) -> Federation:
    """Everybody of ``parents`` is an entity; whoever has a result is taken in."""
    rolling = RollUp([Entity(id=id_, name=id_.title(), parent=parent) for id_, parent in parents.items()], CATALOGUE)
    for one in results:
        rolling.take(one)
    return rolling.federation()


def gap(id_: str, **more: Any) -> Gap:
    stated = {
        "id": id_, "kind": "missing", "platform": "finder", "subjects": ("a/x@y",), "unit": "", "minutes": 15.0,
        "points": 1.0, "edited_by": EditedBy.OWNER,
    }  # fmt: skip
    return Gap(**{**stated, **more})


def test_a_leaf_has_the_figures_of_its_own_result_and_a_parent_those_of_all_cells_together() -> None:
    one, two = every("one"), result("two")
    found = rolled([one, two], {"top": "", "one": "top", "two": "top"})
    for each in (one, two):
        whole = found.node(each.organisation).whole
        assert (whole.findability, whole.accuracy) == (each.score.findability, each.score.accuracy)
        assert whole.coverage == each.score.coverage
    together = scoring.findability(applicable([*one.cells, *two.cells]))
    assert found.node("top").whole.findability == together
    assert found.node("top").whole.organisations == 2
    assert dict(found.node("top").whole.states) == {State.COMPLETE: 1, State.GAPS: 1, State.MISSING: 2}


def test_cells_are_summed_and_scores_never_averaged() -> None:
    large = replace(every("one"), cells=tuple(replace(c, weight=30 * c.weight) for c in every("one").cells))
    found = rolled([large, result("two")], {"top": "", "one": "top", "two": "top"})
    assert found.node("top").whole.findability.value == pytest.approx(100 * 30 / 31, abs=2)


def test_figures_are_told_by_field_of_work_service_and_platform_but_not_below_a_leaf() -> None:
    found = rolled([every("one"), half("two")], {"top": "", "one": "top", "two": "top"})
    top = found.node("top")
    assert {(f.id, f.findability.value) for f in top.fields} == {("debt", 100.0), ("addiction", 50.0)}
    assert [kind.id for kind in top.kinds] == ["debt-counselling", "addiction-counselling"]
    assert [(p.id, p.name, p.organisations) for p in top.platforms] == [("tiny", "Tiny", 2)]
    assert found.node("one").fields == found.node("one").platforms == ()


def test_the_tree_has_any_depth_and_every_level_holds_all_below_it() -> None:
    parents = {"bund": "", "land": "bund", "kreis": "land", "traeger": "kreis", "haus": "traeger"}
    found = rolled([every("haus"), half("traeger")], parents)
    assert [(n.entity.id, n.depth, n.whole.organisations) for n in found.nodes] == [
        ("bund", 0, 2), ("land", 1, 2), ("kreis", 2, 2), ("traeger", 3, 2), ("haus", 4, 1),
    ]  # fmt: skip
    assert [n.entity.id for n in found.nodes if n.audited] == ["traeger", "haus"]


def test_a_parent_without_a_file_stands_by_its_id_and_a_circle_stands_at_the_top() -> None:
    found = rolled([every("one"), half("two")], {"one": "gone", "two": "gone", "a": "b", "b": "a"})
    assert found.node("gone").whole.organisations == 2
    assert {n.entity.id for n in found.below("")} == {"gone", "a", "b"}
    assert [entity.id for entity, _ in Tree([Entity(id="x", name="X", parent="x")]).walk()] == ["x"]


def test_a_group_under_five_shows_no_spread_and_is_not_compared() -> None:
    parents = {"top": "", **{f"m{n}": "top" for n in range(5)}}
    four = rolled([every(f"m{n}") for n in range(4)], parents)
    assert four.node("top").whole.spread is None
    five = rolled([every("m0"), half("m1"), half("m2"), result("m3"), result("m4")], parents)
    told = five.node("top").whole.spread
    assert told is not None
    assert (told.members, told.median, told.p10, told.p90, told.below) == (5, 50.0, 0.0, 80.0, 0.4)
    assert {five.node(f"m{n}").beside for n in range(5)} == {Beside.TOO_FEW}


def test_groups_differ_only_where_their_ranges_do_not_overlap() -> None:
    parents = {"top": "", "good": "top", "bad": "top"}
    parents |= {f"{side}{n}": side for side in ("good", "bad") for n in range(5)}
    known = [every(f"good{n}") for n in range(5)] + [result(f"bad{n}") for n in range(5)]
    found = rolled(known, parents)
    assert (found.node("good").beside, found.node("bad").beside) == (Beside.ABOVE, Beside.BELOW)
    assert found.node("top").beside is None
    unsure = replace(found.node("good").whole.findability, low=40.0)
    assert beside(replace(found.node("good").whole, findability=unsure), found.node("top").whole) is Beside.ALIKE


def test_the_spread_is_between_the_nearest_members() -> None:
    told = spread([0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0])
    assert told is not None
    assert (told.p10, told.median, told.p90) == (10.0, 50.0, 90.0)
    assert told.below == pytest.approx(5 / 11)


def test_what_one_mail_to_the_umbrella_closes_for_all_is_one_gap() -> None:
    mail = gap("one/finder/missing/all", edited_by=EditedBy.UMBRELLA, subjects=("one/a@b", "one/c@b"), minutes=17.0)
    other = gap("two/finder/missing/all", edited_by=EditedBy.UMBRELLA, subjects=("two/a@b",))
    found = rolled(
        [replace(every("one"), gaps=(mail,)), replace(every("two"), gaps=(other,))],
        {"top": "", "one": "top", "two": "top"},
    )
    (told,) = found.node("top").gaps
    assert (told.one_cure, told.gaps, told.organisations, told.entries, told.minutes) == (True, 1, 2, 3, 19.0)
    assert found.node("top").open_gaps == 1


def test_what_only_the_owners_may_change_is_a_gap_for_each_of_them() -> None:
    mine = (gap("one/finder/missing/a"), gap("one/finder/missing/b", unit="presse"))
    found = rolled(
        [replace(every("one"), gaps=mine), replace(every("two"), gaps=(gap("two/finder/missing/a"),))],
        {"top": "", "one": "top", "two": "top"},
    )
    (told,) = found.node("top").gaps
    assert (told.edited_by, told.one_cure, told.gaps, told.organisations) == (EditedBy.OWNER, False, 3, 2)
    top = found.node("top")
    assert (top.open_gaps, top.without_unit, top.minutes) == (3, 2, 45.0)


def test_a_red_flag_is_never_below_what_is_merely_frequent() -> None:
    flag = gap("one/map/protected-address/x", kind="protected-address", red_flag=True)
    many = [replace(every(f"m{n}"), gaps=(gap(f"m{n}/finder/missing/a"),)) for n in range(3)]
    found = rolled([replace(every("one"), gaps=(flag,)), *many], {"one": "", "m0": "one", "m1": "one", "m2": "one"})
    assert [g.kind for g in found.node("one").gaps] == ["protected-address", "missing"]


def test_waits_come_in_only_of_entities_whose_own_file_shares_them() -> None:
    def asked(id_: str, *, share: bool) -> Result:
        wait = Wait(
            window=Window.OFFICE, source="imported", count=10, answered=8, median_hours=3.0, within_24h=0.8, low=0.5,
            high=0.9, score=60.0 if id_ == "one" else 90.0,
        )  # fmt: skip
        org = organisation(DEBT, ADDICTION, id=id_, share=share, parent="top")
        return shared(replace(every(id_), score=replace(every(id_).score, waits=(wait,))), org)

    parents = {"top": "", "one": "top", "two": "top", "three": "top"}
    found = rolled([asked("one", share=True), asked("two", share=True), asked("three", share=False)], parents)
    top = found.node("top")
    (wait,) = top.waits
    assert (wait.organisations, wait.count, wait.answered, wait.score) == (2, 20, 16, 75.0)
    assert (top.sharing, found.node("three").sharing, found.node("three").waits) == (2, 0, ())


def replied(count: int, answered: int, due: int, kind: str = "review") -> Replying:
    return Replying(kind=kind, source="public", count=count, answered=answered, due=due, share=None, share_low=None,
                    share_high=None, median_hours=None, median_low=None, median_high=None)  # fmt: skip


def test_replies_and_promises_are_sums_of_those_alone_that_share() -> None:
    quick = Promise(source="tiny", channel="", hours=None, badge="x", services=("a", "b"), swiftness=Swiftness.HOURS)
    own = replace(quick, source="promised", hours=24.0, badge="", services=("a",), swiftness=Swiftness.DAY)
    said = {
        "one": ((replied(8, 6, 8), replied(3, 0, 0, "comment")), (quick, replace(quick, services=("b", "c")))),
        "two": ((replied(4, 0, 2),), (quick, own, replace(quick, swiftness=None))),
        "three": ((replied(100, 0, 100),), (own,)),
    }  # fmt: skip
    rolling = RollUp(
        [Entity(id="top", name="Top"), *(Entity(id=id_, name=id_, parent="top") for id_ in said)], CATALOGUE
    )
    for id_, (replies, promises) in said.items():
        scored = replace(every(id_).score, replies=replies, promises=promises)
        rolling.take(replace(every(id_), score=scored), shares=id_ != "three")
    node = rolling.federation().node("top")
    review, comment = node.replies
    assert (review.kind, review.organisations, review.count, review.answered, review.due) == ("review", 2, 12, 6, 10)
    assert (review.share, comment.share, comment.share_low) == (0.6, None, None)
    assert 0 < review.share_low < 0.6 < review.share_high < 1  # type: ignore[operator]
    assert [(one.source, one.swiftness, one.organisations, one.services) for one in node.promises] == [
        ("promised", Swiftness.DAY, 1, 1), ("tiny", Swiftness.HOURS, 2, 5), ("tiny", None, 1, 2),
    ]  # fmt: skip
    silent = rolling.federation().node("three")
    assert (silent.replies, silent.promises) == ((), ())


def test_an_umbrella_body_without_services_is_no_member() -> None:
    found = rolled([every("one"), replace(every("top"), cells=(), rows=())], {"top": "", "one": "top"})
    assert found.node("top").whole.organisations == 1
    assert not found.node("top").audited


def test_the_order_in_which_results_come_changes_nothing() -> None:
    parents = {"top": "", **{f"m{n}": "top" for n in range(6)}}
    results = [every("m0"), half("m1"), result("m2"), half("m3"), every("m4"), result("m5")]
    assert rolled(results, parents) == rolled(reversed(results), parents)


def test_a_federation_is_of_the_run_of_its_results() -> None:
    found = rolled([every("one")], {"one": ""})
    assert (found.run, found.at, found.method) == ("r", NOW, every("one").method)
    with pytest.raises(ValueError, match="no result"):
        rolled([], {"one": ""})
