"""Stated reply times and badges: what is promised or shown, a list of its own and never part of R (DESIGN 9). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from audit.model import Cell, Organisation, Promise

_OWN = "promised"


def promises(cells: Iterable[Cell], organisation: Organisation) -> tuple[Promise, ...]:
    """Each promise once, with the services it is made for: those of the file first, then by platform."""
    found: dict[tuple[str, str, float | None, str], list[str]] = {}
    for key, services in (*_of_file(organisation), *_of_entries(cells)):
        mine = found.setdefault(key, [])
        mine += [one for one in services if one not in mine]
    return tuple(
        Promise(source=source, channel=channel, hours=hours, badge=badge, services=tuple(services))
        for (source, channel, hours, badge), services in found.items()
    )


_Found = tuple[tuple[str, str, float | None, str], list[str]]


def _of_file(organisation: Organisation) -> Iterator[_Found]:
    for point in organisation.contact_points:
        if point.reply_hours:
            services = [s.id for s in organisation.services if point.service in ("", s.id)]
            yield (_OWN, point.channel, point.reply_hours, ""), services


def _of_entries(cells: Iterable[Cell]) -> Iterator[_Found]:
    for cell in sorted(cells, key=lambda cell: (cell.platform, cell.subject)):
        listing = cell.match.listing if cell.match and cell.match.state == "match" else None
        if listing and (listing.reply_hours or listing.reply_badge):
            service = cell.subject.rpartition("/")[2].partition("@")[0]
            yield (cell.platform, "", listing.reply_hours, listing.reply_badge), [service]
