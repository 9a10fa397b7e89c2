"""Whole audits of hostile answers: none ends an audit, is shown as more than text, or makes "missing" of nothing."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.model import Address, Cell, Listing, Nothing, Reason, Seen, State, Visit
from audit.page import Page
from audit.store.codec import dump, parse
from audit.visiting.texts import each_text, storable
from audit.visiting.understanding import understood
from reports.data import dumps
from tests.attacks import WAYS
from tests.helpers import NOW, Tiny, Trial, listing, organisation, tiny
from tests.hostile import Outcome, audited, unfounded

ANYTHING = st.characters(exclude_categories=())  # halves of characters too
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(ANYTHING, max_size=30)
KEYS = st.sampled_from(["items", "elements", "events", "id", "title", "name", "html", "error", "descendants", "tags"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=5)
)


def check(outcome: Outcome) -> None:
    """Nothing crashed, for it came to a result; what must hold of every result."""
    assert unfounded(outcome) == []
    assert dumps(outcome.again) == outcome.json
    assert json.loads(outcome.json)["organisation_name"]
    assert not [c for c in outcome.json if unicodedata.category(c) == "Cc" and c != "\n"]
    assert not [c for c in outcome.terminal if harmful(c)]
    assert not [c for c in outcome.html if harmful(c) and c != "\r"]
    for acting in ("<script>alert", "<img src=x", "<svg onload", 'href="javascript', "href='javascript"):
        assert acting not in outcome.html.lower()


def harmful(character: str) -> bool:
    """A control character but a line's end, or one that turns the direction of writing."""
    turns = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    control = unicodedata.category(character) == "Cc" and character not in "\n\t"
    return control or unicodedata.bidirectional(character) in turns


@given(seed=st.integers(0, 2**32), share=st.sampled_from([0.005, 0.03, 0.2]))
@settings(max_examples=5, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_no_hostile_part_of_any_answer_ends_an_audit(seed: int, share: float) -> None:
    check(audited(seed, share))


@given(value=VALUES)
@settings(max_examples=2, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_no_json_in_place_of_all_answers_ends_an_audit(value: Any) -> None:
    check(audited(0, 0.0, json.dumps(value).encode()))


BODIES = {
    "deep objects": b'{"items":' * 100_000,
    "deep markup": b"<div>" * 100_000 + b"x",
    "open markup": b"<b><i><u>" * 20_000 + b"<p>" * 20_000,
    "halves of characters": b'{"items": [{"resultType": "place", "title": "\\ud800", "id": "\\udfff"}], "events": []}',
    "no numbers": b'[{"display_name": "x", "osm_type": "node", "osm_id": NaN, "lat": Infinity, "lon": -Infinity}]',
    "a bomb of entities": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><urlset><loc>&b;</loc></urlset>',
}


SHOWING = ("halves of characters", "no numbers")  # these two show an entry, though none of ours


@cache
def bodied(name: str) -> Outcome:
    return audited(0, 0.0, BODIES[name])


@pytest.mark.parametrize("name", BODIES)
def test_no_single_body_in_place_of_all_answers_ends_an_audit(name: str) -> None:
    check(bodied(name))
    decided = [cell for cell in bodied(name).result.cells if cell.platform != "website" and is_decided(cell)]
    if name not in SHOWING:
        assert decided == []
    assert not [cell for cell in decided if cell.state is not State.MISSING], "found on a page that shows nothing"


def is_decided(cell: Cell) -> bool:
    return cell.state in (State.MISSING, State.COMPLETE, State.GAPS)


def test_every_way_was_asked_by_these_audits() -> None:
    asked = {one.visit.url.split("/")[2] for _, one in audited(1, 0.0).seen}
    assert {host for hosts in WAYS.values() for host in hosts} <= asked


# --- halves of characters


@given(st.text(ANYTHING, max_size=50))
def test_any_text_can_be_stored_and_whole_ones_stay_as_they_are(text: str) -> None:
    kept = storable(text)
    kept.encode()
    assert len(kept) == len(text)
    assert kept == text or any(unicodedata.category(c) == "Cs" for c in text)


@given(st.text(ANYTHING, max_size=20))
@settings(max_examples=20, deadline=None)
def test_what_was_read_comes_back_from_the_store_as_it_was_judged(text: str) -> None:
    class Echo(Tiny):
        def read(self, page: Page) -> Any:
            yield listing(text or "x", alternate_names=(text,), address=Address(street=text))
            yield Nothing(text)
            yield Visit("https://x.example/", params=((text, text),), note=text)

    seen = understood(Echo(), Page(visit=Visit("https://x.example/"), at=NOW, body=b"x"), tuple)
    assert parse(Seen, dump(Seen, seen)) == seen


@pytest.mark.parametrize(
    "items",
    [["text"], [None], [5], 7, [Listing],
     [Listing(name=5)], [Listing(name="x", phones=(1,))], [Visit(url=None)],  # type: ignore[arg-type]
     [Listing(name="x", latitude="north")], [Nothing(None)], [listing("x"), {}]],  # type: ignore[arg-type]
    ids=str,
)  # fmt: skip
def test_a_reader_that_yields_what_is_no_item_is_unknown_and_stops_nobody_else(items: Any) -> None:
    class Careless(Tiny):
        def read(self, page: Page) -> Any:
            return items

    trial = Trial(
        [Careless(), tiny("other")], {f"https://{host}.example/schulden": "nothing" for host in ("tiny", "other")}
    )
    trial.org = organisation(platforms=("tiny", "other"))
    states = {cell.platform: (cell.state, cell.reason) for cell in trial.run().cells}
    assert states == {"tiny": (State.UNKNOWN, Reason.LAYOUT_CHANGED), "other": (State.MISSING, None)}
    for _, seen, _ in trial.kept:
        assert parse(Seen, dump(Seen, seen)) == seen


def test_what_needs_no_change_is_not_copied() -> None:
    entry = Listing(name="Haus", phones=("+49 3600 111",))
    assert each_text(entry, storable) is entry
