"""The records that may be what is asked for: rare agreements count most, and only the best are looked at."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from heapq import nsmallest
from itertools import combinations

from audit.visiting.records.index import Box, Index
from audit.visiting.records.keys import METRES, Asked, Key, asked_keys, cells, keys_asked, metres, position, table


def candidates(index: Index, asked: Asked) -> list[int]:
    """The numbers of the records that agree best with a question, the best first (keys: `asked_keys`).

    At most ``most`` of datasets.toml; beyond the first ``least`` only those that come near the best.
    """
    numbers, found = table(), scored(index, asked)
    enough = numbers["near_best"] * found[0][1] if found else 0.0
    return [row for place, (row, score) in enumerate(found) if place < numbers["least"] or score >= enough]


def around(box: Box | None) -> Box | None:
    """The area that positions within a box stand for: a little more than the box."""
    margin = table()["margin"]
    return (box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin) if box else None


def within(place: tuple[float, float], area: Box | None) -> bool:
    """Whether a position (latitude, longitude) lies in an area."""
    return area is not None and area[0] <= place[0] <= area[2] and area[1] <= place[1] <= area[3]


def scored(index: Index, asked: Asked) -> list[tuple[int, float]]:
    """The records that agree best, with their scores (bits): at most ``most``, the best first."""
    place = next((place for place in map(position, asked.get("near", ())) if place), None)
    scores = agreeing(index, asked_keys(asked))
    if place:
        for row, worth in _nearness(index, {**scores, **near(index, place)}, place):
            scores[row] = scores.get(row, 0.0) + worth
    elif not scores:
        scores = dict.fromkeys(_meeting(index, asked), 0.0)
    return nsmallest(table()["most"], scores.items(), key=lambda found: (-found[1], found[0]))


def agreeing(index: Index, keys: Iterable[Key]) -> dict[int, float]:
    """Records under any of the keys that are not everybody's, with what the agreement is worth (bits)."""
    numbers, scores, crowd = table(), dict[int, float](), _crowd(index)
    spans = [(*index.span(key), key) for key in keys]
    there = sorted((end - start, key, start, end) for start, end, key in spans if end > start)
    left = numbers["budget"]
    for count, key, start, end in there:
        left -= count
        if left < 0 or count > crowd:
            break
        worth = numbers["weights"].get(key[0], 0.0) * math.log2((len(index) + 1) / count)
        for row in index.between(start, end):
            scores[row] = scores.get(row, 0.0) + worth
    return scores


def _crowd(index: Index) -> float:
    """Up to how many records a key tells something: a share of all, within bounds."""
    numbers = table()
    return float(min(numbers["crowd"], max(numbers["crowd_least"], numbers["crowd_share"] * len(index))))


def near(index: Index, place: tuple[float, float]) -> dict[int, float]:
    """Number and distance (metres) of each record within the radius; in a crowd, of the nearest."""
    radius, found = table()["radius"], dict[int, float]()
    for cell in cells(*place, radius):
        for row in index.between(*index.span(cell)):
            there = index.place(row)
            away = metres(place, there) if there else math.inf
            if away <= radius:
                found[row] = away
    most = table()["crowd"]
    return found if len(found) <= most else {row: found[row] for row in sorted(found, key=found.__getitem__)[:most]}


def _nearness(index: Index, rows: Iterable[int], place: tuple[float, float]) -> Iterator[tuple[int, float]]:
    """What nearness to a place is worth (bits) for each row that has a position; less than nothing far away."""
    spot, step = float(table()["nearness"]["spot"]), float(table()["nearness"]["step"])
    narrow = math.cos(math.radians(place[0]))
    squared = (METRES / step) ** 2
    for row in rows:
        if there := index.place(row):
            north, east = there[0] - place[0], (there[1] - place[1]) * narrow
            yield row, spot - math.log2(max(1.0, (north * north + east * east) * squared))


def _meeting(index: Index, asked: Asked) -> set[int]:
    """Records under both of a question's rarest words, where each alone is everybody's."""
    spans = [index.span(key) for key in asked_keys(asked) if key[0] == "word"]
    known = sorted((end - start, start, end) for start, end in spans if end > start)[:2]
    if len(known) < 2 or known[1][0] > table()["together"]:
        return set()
    one, other = (set(index.between(start, end)) for _, start, end in known)
    return set(sorted(one & other)[: table()["budget"]])


def sharing(index: Index, name: str, most: int) -> set[int]:
    """Records that share two of a name's three rarest words, or its only one; a word of more than ``most`` is none."""
    spans = [index.span(key) for key in keys_asked({"name": [name]}, ("word",))]
    known = sorted((end - start, start, end) for start, end in spans if start < end <= start + most)[:3]
    rows = [set(index.between(start, end)) for _, start, end in known]
    if len(rows) < 2:
        return rows[0] if rows and len(spans) == 1 else set()
    return set().union(*(one & other for one, other in combinations(rows, 2)))
