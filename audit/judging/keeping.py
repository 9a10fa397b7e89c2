"""What may be kept of providers that forbid storing: which entry it was and what comparing it came to. Pure.

Such a way (``ids-only``) is judged while its answers are in memory. Of its cells no word of theirs is left afterwards,
and because nothing is there to compare again, a run that is judged anew keeps them as they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from audit.judging.cells import Seen
from audit.model import Cell, Listing, Match, Retention


def forbids(ways: Sequence[Seen]) -> bool:
    """Whether any of the ways may keep nothing but ids."""
    return any(way.checker.retention is Retention.IDS_ONLY for way in ways)


def storable(ways: Mapping[str, Sequence[Seen]]) -> dict[str, tuple[Seen, ...]]:
    """The ways whose entries may be told outside the matrix, by name."""
    return {platform: tuple(way for way in seen if not forbids([way])) for platform, seen in ways.items()}


def kept(cell: Cell, ways: Sequence[Seen], before: Cell | None) -> Cell:
    """The cell as it may be kept: the one that was kept of the run, else without words where its way forbids them."""
    if before and forbids(ways):
        return before
    mine = [way for way in ways if way.checker.id == cell.way]
    return _wordless(cell) if forbids(mine) else cell


def _wordless(cell: Cell) -> Cell:
    findings = tuple(replace(finding, shown="", note="") for finding in cell.findings)
    return replace(cell, findings=findings, match=cell.match and _nameless(cell.match))


def _nameless(match: Match) -> Match:
    grounds = tuple(replace(ground, why="") for ground in match.grounds)
    return replace(match, listing=Listing(name="", id=match.listing.id), grounds=grounds)
