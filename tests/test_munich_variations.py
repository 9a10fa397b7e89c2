"""A hundred real facilities, each field left out or in another spelling, against the city's real map data."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import variations
from tests.variations import CHANGES, VARIATIONS

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that keeps the index of the map data for all variations."""
    return tmp_path_factory.mktemp("munich")


@pytest.mark.parametrize("name", VARIATIONS)
def test_a_list_that_varies_is_linked_all_the_same(name: str, place: Path, shared: Path) -> None:
    found = variations.measured(variations.in_list(shared, place, VARIATIONS[name]), shared)
    assert found.wrong == 0
    assert found.right >= 97
    assert found.right == 100 or name != "as it is"


@pytest.mark.parametrize("name", ["without name", "name with a slip"])
def test_map_data_that_vary_are_linked_all_the_same(name: str, tmp_path: Path, shared: Path) -> None:
    found = variations.measured(variations.in_map(shared, tmp_path, VARIATIONS[name]), shared)
    assert found.wrong == 0
    assert found.right >= 97


def test_as_it_is_nothing_differs(place: Path, shared: Path) -> None:
    rows = variations.in_list(shared, place, VARIATIONS["as it is"]).rows
    assert [row.row for row in rows if row.differences] == []


def test_without_their_own_objects_all_are_missing(tmp_path: Path, shared: Path) -> None:
    found = variations.measured(variations.in_map(shared, tmp_path, None), shared)
    assert (found.right, found.wrong, found.unclear, found.none) == (0, 0, 0, 100)


@pytest.mark.parametrize("field", [field for field in CHANGES if field != "name"])
def test_one_changed_field_is_the_only_one_told(field: str, tmp_path: Path, shared: Path) -> None:
    column, change = CHANGES[field]
    rows = variations.in_map(shared, tmp_path, change).rows
    assert [row.row for n, row in enumerate(rows) if not variations.told_exactly(row, n, field, column, shared)] == []


def test_another_name_is_the_only_difference_told_of_those_that_are_still_known(tmp_path: Path, shared: Path) -> None:
    """A new name is told apart from another facility by phone, page or address only."""
    column, change = CHANGES["name"]
    rows = list(enumerate(variations.in_map(shared, tmp_path, change).rows))
    known = [(n, row) for n, row in rows if row.state == "match"]
    assert len(known) >= 70
    assert all(variations.told_exactly(row, n, "name", column, shared) for n, row in known)
