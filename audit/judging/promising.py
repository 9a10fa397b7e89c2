"""Stated reply times and labels: what is promised or shown, a list of its own and never part of R (DESIGN 9). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date

from audit.model import Cell, Organisation, Promise
from audit.readers.labels import label_of, swiftness_of

_OWN = "promised"


def promises(cells: Iterable[Cell], organisation: Organisation, seen: Callable[[Cell], date]) -> tuple[Promise, ...]:
    """Each promise once, with the services it is made for: those of the file first, then by platform.

    ``seen`` tells on which day the entry of a cell was seen.
    """
    found: dict[tuple[str, str, float | None, str], Promise] = {}
    for one in (*_of_file(organisation), *_of_entries(cells, seen)):
        key = one.source, one.channel, one.hours, one.badge
        found[key] = _together(found[key], one) if key in found else one
    return tuple(found.values())


def _together(one: Promise, other: Promise) -> Promise:
    services = tuple(dict.fromkeys((*one.services, *other.services)))
    return replace(one, services=services, seen=min(filter(None, (one.seen, other.seen)), default=None))


def _of_file(organisation: Organisation) -> Iterator[Promise]:
    for point in organisation.contact_points:
        if point.reply_hours:
            yield Promise(
                source=_OWN,
                channel=point.channel,
                hours=point.reply_hours,
                badge="",
                services=tuple(s.id for s in organisation.services if point.service in ("", s.id)),
                swiftness=swiftness_of(point.reply_hours),
            )


def _of_entries(cells: Iterable[Cell], seen: Callable[[Cell], date]) -> Iterator[Promise]:
    for cell in sorted(cells, key=lambda cell: (cell.platform, cell.subject)):
        listing = cell.match.listing if cell.match and cell.match.state == "match" else None
        if listing and (listing.reply_hours or listing.reply_badge):
            label = label_of(listing.reply_badge)
            hours = listing.reply_hours or (label.hours if label else None)
            yield Promise(
                source=cell.platform,
                channel="",
                hours=hours,
                badge=listing.reply_badge,
                services=(cell.subject.rpartition("/")[2].partition("@")[0],),
                swiftness=swiftness_of(hours) if hours else label.swiftness if label else None,
                seen=seen(cell),
            )
