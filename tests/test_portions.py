"""What a run saw is dealt once to the organisations it is about, and judged no differently for that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from audit.auditing import run_audit
from audit.judging.portions import Portions
from audit.looking import rejudged
from audit.model import Answer, Observed, Organisation, Reason, WayObserved
from audit.requesting import Request
from tests.helpers import DEBT, organisation, shop, tiny

HERE, THERE = organisation(DEBT), replace(organisation(DEBT), id="dort", name="Dort e. V.")


def answer(*subjects: str) -> Answer:
    return Answer(way="tiny", subjects=subjects, chain=())


def test_each_gets_its_own_answers_and_one_about_several_goes_to_all_of_them() -> None:
    mine, both, place = answer("hilfe/schulden@haus"), answer("dort/schulden@haus", "hilfe"), answer("dort/haus")
    skipped = (("hilfe", Reason.BUDGET), ("dort/haus", Reason.NOT_RUN))
    way = WayObserved(way="tiny", answers=(mine, both, place), skipped=skipped, detail="d")
    portions = Portions(Observed(ways=(way,), vantage=None))
    assert portions.of("hilfe").ways == (replace(way, answers=(mine, both), skipped=skipped[:1]),)
    assert portions.of("dort").ways == (replace(way, answers=(both, place), skipped=skipped[1:]),)


def test_who_was_not_asked_about_still_knows_that_the_way_was_there() -> None:
    way = WayObserved(way="tiny", answers=(answer("hilfe"),), control=Reason.CONTROL_FAILED)
    assert Portions(Observed(ways=(way,))).of("dort").ways == (replace(way, answers=()),)


def audited(folder: Path, *organisations: Organisation) -> dict[str, tuple[object, ...]]:
    workshop, _ = shop([tiny()], {"https://tiny.example/schulden": "listing Schuldnerberatung"})
    results = run_audit(workshop, Request(organisations=organisations), folder / "findbar.db")
    assert rejudged(folder / "findbar.db", workshop).equal
    return {r.organisation: (r.cells, r.score, r.gaps, r.columns) for r in results}


def test_an_organisation_is_judged_alike_alone_and_among_others(tmp_path: Path) -> None:
    together = audited(tmp_path / "together", HERE, THERE)
    assert audited(tmp_path / "alone", HERE)["hilfe"] == together["hilfe"]
