"""What is left where a provider forbids storing (retention ids-only): ids, levels and verdicts, none of its texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from audit.checker import Checker
from audit.model import (
    Cell,
    Finding,
    Ground,
    Item,
    Listing,
    Match,
    More,
    Nothing,
    Observed,
    Reason,
    Result,
    Retention,
    Seen,
    Stray,
)
from audit.registry import Registry
from audit.saying import english, without_values

_NOTES_OF_OURS = frozenset({"recognisable", "offered_times"})  # words of findbar; all other notes may quote


def is_bare(checker: Checker) -> bool:
    """Whether nothing of what this way shows may be stored."""
    return checker.retention is Retention.IDS_ONLY


def any_bare(registry: Registry, observed: Observed) -> bool:
    """Whether a new verdict rests on a stored one, as the texts of a way that was used may not be kept."""
    used = {way.way for way in observed.ways if way.answers}
    return any(is_bare(checker) and checker.id in used for checker in registry.checkers)


def bared(checker: Checker, seen: Seen) -> Seen:
    """What may be kept of a visit: everything, or of an ids-only way its listings' ids and how it ended."""
    if not is_bare(checker):
        return seen
    # what is said of a page that was not understood quotes it
    detail = "" if seen.reason is Reason.LAYOUT_CHANGED else seen.detail
    return replace(seen, items=tuple(_items(seen.items)), detail=detail)


def is_whole(checker: Checker, seen: Seen) -> bool:
    """Whether a stored visit is all that there was, so that a killed run can go on with it."""
    return not is_bare(checker) or all(isinstance(item, Nothing) for item in seen.items)


def _items(items: Sequence[Item]) -> Iterator[Item]:
    for item in items:
        if isinstance(item, Listing):
            yield Listing(name="", id=item.id)
        elif isinstance(item, Nothing):
            yield Nothing("")
        elif isinstance(item, More):
            yield More("", reason=item.reason)


@dataclass(frozen=True)
class Barer:
    """Bares the results of ids-only ways, and knows what an earlier judging made of them (``before``).

    Their texts are gone when a run is judged again, so those cells keep the comparisons they have.
    """

    registry: Registry
    before: Result | None = None

    def earlier(self, subject: str, platform: str) -> Cell | None:
        """The earlier verdict where only that is left to judge by."""
        found = self._before.get((subject, platform))
        return found if found and (found.way in self._ways or self._flagged(found)) else None

    def _flagged(self, cell: Cell) -> bool:
        return cell.red_flag == "protected-address" and cell.platform in self._platforms

    def cell(self, cell: Cell) -> Cell:
        """The cell as it may be kept."""
        if cell.way not in self._ways:
            return cell
        match = _match(cell.match) if cell.match else None
        return replace(cell, match=match, findings=tuple(map(_finding, cell.findings)))

    def strays(self, found: Sequence[Stray]) -> tuple[Stray, ...]:
        """Strays as they may be kept, those of the earlier judging among them."""
        earlier = self.before.strays if self.before else ()
        kept = [stray for stray in earlier if stray.platform in self._platforms]
        return tuple(dict.fromkeys([*found, *kept]))

    @cached_property
    def _before(self) -> Mapping[tuple[str, str], Cell]:
        return {(cell.subject, cell.platform): cell for cell in self.before.cells} if self.before else {}

    @cached_property
    def _ways(self) -> frozenset[str]:
        return frozenset(checker.id for checker in self.registry.checkers if is_bare(checker))

    @cached_property
    def _platforms(self) -> frozenset[str]:
        return frozenset(checker.platform.id for checker in self.registry.checkers if is_bare(checker))


def stray_of(checker: Checker, platform: str, kind: str, listing: Listing, visit: str, subject: str = "") -> Stray:
    """A stray entry, told by its id alone where nothing else may be kept."""
    if is_bare(checker):
        return Stray(platform=platform, kind=kind, name=listing.id, url="", subject=subject, visit=visit)
    return Stray(platform=platform, kind=kind, name=listing.name, url=listing.url, subject=subject, visit=visit)


def _match(match: Match) -> Match:
    grounds = tuple(map(_ground, match.grounds))
    return replace(match, listing=Listing(name="", id=match.listing.id), grounds=grounds)


def _ground(ground: Ground) -> Ground:
    said = without_values(ground.said)
    return replace(ground, why=english(said), said=said)


def _finding(finding: Finding) -> Finding:
    said = without_values(finding.said)
    note = finding.note if finding.criterion in _NOTES_OF_OURS else english(said)
    return replace(finding, shown="", note=note, said=said)
