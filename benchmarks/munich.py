"""How well a real list is linked to real map data that differ from it: a hundred facilities of Munich, varied.

`python benchmarks/munich.py` prints, for each variation, how many of the hundred are linked rightly and wrongly,
once with the list varied and once with the map's own objects varied; then with all own objects removed, with each
removed alone (`--each`), and with one field changed: how often exactly that field is told as different.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measuring import shared, table

from tests import variations
from tests.variations import CHANGES, VARIATIONS, Measured


def main() -> None:
    """Print the tables."""
    folder = shared()
    if folder is None:
        raise SystemExit("munich: no folder of real data (set FINDBAR_SHARED)")
    with tempfile.TemporaryDirectory() as place:
        table("linked rightly, wrongly, unclear, not found: list varied; map varied", _varied(folder, Path(place)))
        table("own objects removed", _removed(folder, Path(place)))
        table("one field changed in the map", _changed(folder, Path(place)))


def _varied(folder: Path, place: Path) -> list[tuple[str, str]]:
    lines = []
    for name, vary in VARIATIONS.items():
        both = [way(folder, place, vary) for way in (variations.in_list, variations.in_map)]
        lines.append((name, "; ".join(_told(variations.measured(linked, folder)) for linked in both)))
    return lines


def _told(found: Measured) -> str:
    return f"{found.right:>4} {found.wrong:>3} {found.unclear:>3} {found.none:>3}"


def _removed(folder: Path, place: Path) -> list[tuple[str, str]]:
    lines = [("all at once", _told(variations.measured(variations.in_map(folder, place, None), folder)))]
    if "--each" in sys.argv:
        alone = [variations.without_own(folder, place, number) for number in range(100)]
        states = [row.state for row in alone]
        lines.append(("each alone", _told(Measured(0, *(states.count(s) for s in ("match", "unclear", "none"))))))
        lines += [(f"  {row.name}", f"{row.state} {row.entry} {row.probability:.2f}") for row in alone if row.id]
    return lines


def _changed(folder: Path, place: Path) -> list[tuple[str, str]]:
    lines = []
    for field, (column, change) in CHANGES.items():
        rows = variations.in_map(folder, place, change).rows
        exact = sum(variations.told_exactly(row, number, field, column, folder) for number, row in enumerate(rows))
        linked = sum(row.state == "match" for row in rows)
        lines.append((field, f"{exact} of 100 exactly, {linked} linked"))
    return lines


if __name__ == "__main__":
    main()
