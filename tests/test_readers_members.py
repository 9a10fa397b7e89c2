"""What stands where in a JSON answer."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.readers.members import members, number, text, texts

TOLD: Any = {"a": [{"b": " one\n two "}, {"b": ["one two", "three", 3]}, 7, None], "n": [None, "5", True, 2]}


def test_lists_on_the_way_are_looked_through() -> None:
    assert list(members(TOLD, "a", "b")) == [" one\n two ", "one two", "three", 3]


def test_texts_are_squashed_and_not_repeated() -> None:
    assert texts(TOLD, "a", "b") == ("one two", "three")
    assert text(TOLD, "a", "b") == "one two"


def test_what_is_not_there_is_empty() -> None:
    assert (texts(TOLD, "x"), text(TOLD, "a", "b", "c"), number(TOLD, "a")) == ((), "", 7.0)
    assert number(TOLD, "a", "b", "c") is None


def test_a_truth_value_and_a_text_are_no_numbers() -> None:
    assert number(TOLD, "n") == 2.0


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 10**400, True, "1", None, {}])
def test_a_number_that_is_none_is_left_out(value: object) -> None:
    assert number(value) is None


def test_no_more_than_a_hundred_texts_are_read() -> None:
    assert len(texts([str(n) for n in range(1000)])) == 100


LEAVES = st.none() | st.integers() | st.floats() | st.text(max_size=2)
NAMES = st.sampled_from("ab")
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner))


@given(JSON, st.lists(NAMES, max_size=3))
def test_any_shape_and_any_path_can_be_asked(told: Any, path: list[str]) -> None:
    assert all(isinstance(one, str) for one in texts(told, *path))
    found = number(told, *path)
    assert found is None or math.isfinite(found)
