"""Questions to Overpass in its query language (Overpass QL, dev.overpass-api.de, read 2026-11-23)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from audit.model import Query
from audit.readers.regions import regions, spot

_SPECIAL = re.compile(r"[.^$*+?()\[\]{}|\\]")


def areas(table: Mapping[str, Any], queries: Sequence[Query]) -> Iterator[tuple[str, str, Sequence[Query]]]:
    """The questions for many queries: one for each box round known places, one for each town of the others.

    Each with "box" or "town", and the queries that it answers. Boxes are at most ``widest`` degrees wide, of which
    ``margin`` goes beyond the places on each side. A town's area comes back too, so that an unknown name is told
    from an empty town.
    """
    for region in regions(queries, table["widest"] - 2 * table["margin"]):
        box = ",".join(f"{edge:.2f}" for edge in region.box(table["margin"]))
        yield question(table, region.queries, setting=f"[bbox:{box}]"), "box", region.queries
    towns: dict[str, list[Query]] = {}
    for query in queries:
        if spot(query) is None and query.city:
            towns.setdefault(query.city, []).append(query)
    for town, asked in sorted(towns.items()):
        before = f'area["name"="{masked(town)}"]["boundary"="administrative"]->.a;.a out ids;'
        yield question(table, asked, before=before, within="(area.a)"), "town", asked


def question(
    table: Mapping[str, Any], queries: Sequence[Query], *, setting: str = "", before: str = "", within: str = ""
) -> str:
    """One union query: all kinds of services, whatever the organisations run, whatever links to their websites.

    ``table`` holds tag filters (``filters``) and the tags of websites (``website_tags``); ``setting`` and ``within``
    say where, ``before`` what is asked first.
    """
    filters = [*table["filters"], *_own(table, queries)]
    union = "".join(f"nwr{one}{within};" for one in filters)
    return f"[out:json][timeout:90]{setting};{before}({union});out meta center;"


def _own(table: Mapping[str, Any], queries: Sequence[Query]) -> Iterator[str]:
    """Filters for the organisations themselves, under whatever tags: by operator and by website."""
    names = {name for query in queries for name in (query.organisation.name, *query.organisation.alternate_names)}
    hosts = {(urlsplit(query.organisation.website).hostname or "").removeprefix("www.") for query in queries}
    if names - {""}:
        yield f'["operator"~"{_any_of(names)}",i]'
    if hosts - {""}:
        yield from (f'["{tag}"~"{_any_of(hosts)}",i]' for tag in table["website_tags"])


def _any_of(texts: set[str]) -> str:
    """A POSIX regular expression for any of the texts, inside an Overpass text."""
    return masked("|".join(_SPECIAL.sub(r"\\\g<0>", text) for text in sorted(texts - {""})))


def masked(text: str) -> str:
    """A text between quotes in Overpass QL: backslashes doubled, quotes masked."""
    return text.replace("\\", "\\\\").replace('"', '\\"')
