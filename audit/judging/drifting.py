"""Does a reader still read? Shares of pages understood and of fields filled, against those of earlier runs.

A changed layout rarely breaks a reader at once: the phone number is just never there any more. What was usual and
is suddenly rare is not believed: it is *could not check* (layout-changed), and never "absent". Thresholds: method.toml.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from audit.judging.method import method
from audit.model import Listing, Observed, Reason, Seen, WayObserved
from audit.registry import Broken
from audit.saying import Remarks, say

PAGES = "pages"
Counts = Mapping[tuple[str, str], tuple[int, int]]
"""(way, field or `PAGES`) -> how many there were, and how many of them were filled or understood."""


def counts(observed: Observed) -> dict[tuple[str, str], tuple[int, int]]:
    """What a run's readers read: by way, pages and those understood; by way and field, entries and those filled."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for way in observed.ways:
        pages = {seen.visit.id: seen for answer in way.answers for seen in answer.chain if seen.status}
        answered = [seen for seen in pages.values() if seen.reason in (None, Reason.LAYOUT_CHANGED)]
        if answered:
            found[way.way, PAGES] = (len(answered), sum(seen.reason is None for seen in answered))
        found |= _fields(way.way, answered)
    return found


def _fields(way: str, pages: Iterable[Seen]) -> dict[tuple[str, str], tuple[int, int]]:
    entries = {item for seen in pages for item in seen.items if isinstance(item, Listing)}
    filled = Counter(field for entry in entries for field in _filled(entry))
    return {(way, field): (len(entries), filled[field]) for field in _FIELDS if entries}


_FIELDS = ("address", "email", "hours", "link", "phone")


def _filled(entry: Listing) -> list[str]:
    told = (entry.address.street, entry.emails, entry.opening_hours or entry.hours_text, entry.websites, entry.phones)
    return [field for field, value in zip(_FIELDS, told, strict=True) if value]


def drifted(before: Counts, now: Counts) -> tuple[tuple[str, str], ...]:
    """What was usual in earlier runs and is rare in this one, as (way, field or `PAGES`), sorted."""
    least = method().drift
    return tuple(
        sorted(
            key
            for key, (number, good) in now.items()
            if number >= least["least"]
            and good / number < least["rare"]
            and key in before
            and before[key][0] >= least["least"]
            and before[key][1] / before[key][0] >= least["usual"]
        )
    )


def told(ways: Iterable[WayObserved], drift: Iterable[tuple[str, str]]) -> Remarks:
    """The same as remarks, one for each, for the report's method section."""
    there = {way.way for way in ways}
    return tuple(
        remark
        for way, field in drift
        if way in there
        for remark in (say("drift-pages", way) if field == PAGES else say("drift-field", way, field))
    )


def warnings(broken: Iterable[Broken], ways: Iterable[WayObserved], drift: Iterable[tuple[str, str]]) -> Remarks:
    """All that a run warns of, one remark for each: plugins that could not be loaded, readers that drift."""
    lost = (say("plugin-broken", one.name, str(one.problem))[0] for one in broken)
    return (*lost, *told(ways, drift))
