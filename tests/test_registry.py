"""The registry finds every checker through one loop, and puts the ways of a platform in order."""

from __future__ import annotations

import platforms
from audit.registry import find


def test_the_ways_of_openstreetmap_go_from_the_open_data_set_to_the_single_search() -> None:
    ways = [way.id for way in find(platforms).ways("openstreetmap")]
    assert ways == [
        "openstreetmap-data", "openstreetmap-overpass", "openstreetmap-nominatim", "openstreetmap-photon",
    ]  # fmt: skip


def test_every_shipped_checker_loads_and_no_two_share_an_id() -> None:
    registry = find(platforms)
    assert registry.broken == ()
    assert len({checker.id for checker in registry.checkers}) == len(registry.checkers)


def test_an_extra_checker_under_a_taken_id_is_broken_and_the_first_one_stays() -> None:
    extra = find(platforms).way("pretix")
    registry = find(platforms, [extra])
    assert [broken.name for broken in registry.broken] == ["rows"]
    assert "taken" in registry.broken[0].problem
