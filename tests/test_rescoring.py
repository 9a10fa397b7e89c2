"""Stored comparisons scored again: the same figures under the same method, others under another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.judging.method import method
from audit.judging.rescoring import rescored
from audit.model import Address, Result
from audit.store.codec import dump
from tests.helpers import ADDICTION, DEBT, Trial, listing, organisation, saw, tiny
from tests.helpers import judged as judging

WRONG = listing("Schuldnerberatung", address=Address(street="Ringstr.", house_number="1", postcode="00930", city="Q"))


def result() -> Result:
    org = organisation(DEBT, ADDICTION, platforms=("tiny", "other"))
    answers = {
        "https://tiny.example/schulden": "listing Schuldnerberatung",
        "https://tiny.example/sucht": "nothing",
        "https://other.example/schulden": "listing Hilfe e. V.",
        "https://other.example/sucht": "more",
    }
    return Trial([tiny(), tiny("other")], answers, org).run()


def test_the_same_method_gives_the_same_figures() -> None:
    found = result()
    sums = rescored(dump(Result, found), {cell.subject for cell in found.cells if "schulden" in cell.subject})
    assert (sums.findability(), sums.accuracy()) == (found.score.findability, found.score.accuracy)
    assert sums.coverage == found.score.coverage


def test_another_worth_of_levels_and_ways_to_show_is_seen_without_the_listings(monkeypatch: pytest.MonkeyPatch) -> None:
    org = organisation(DEBT)
    found = judging(saw(tiny(), org, WRONG), [tiny()], org)
    before = rescored(dump(Result, found))
    levels = {**method().levels, "conflict": 1.0}
    other = replace(method(), levels=levels, findability={**method().findability, "complete": 0.5, "named": 0.5})
    for name in ("rescoring", "worth"):
        monkeypatch.setattr(f"audit.judging.{name}.method", lambda: other)
    after = rescored(dump(Result, found))
    assert (before.accuracy().value or 0) < (after.accuracy().value or 0)
    assert (after.findability().value or 0) < (before.findability().value or 0)
