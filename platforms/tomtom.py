"""TomTom: the map in many cars and navigation apps, asked through its search for points of interest.

Shape of the answer after public recordings of TomTom's search and of Azure Maps, which hands the same answer on,
and TomTom's own client code, read 2026-11-23. Hours are not read: the interface states only those of the next seven
days, in which a holiday would look like a rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from urllib.parse import quote

from audit import (
    Access,
    Action,
    Control,
    EditedBy,
    Item,
    Key,
    Kind,
    Page,
    Platform,
    Query,
    Retention,
    Secret,
    Standing,
    Terms,
    Visit,
)
from audit.readers.points import points, points_asked
from audit.readers.searching import MUSEUM, NameSearch


class TomTom(NameSearch):
    """Name and town, nearest first where the place's coordinates are known."""

    id = "tomtom"
    platform = Platform(
        id="tomtom",
        name="TomTom",
        kind=Kind.MAP,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.CALL, Action.VISIT_WEBSITE}),
        edit_url="https://www.tomtom.com/mapshare/tools/",
        edit_days=30,  # reports are looked through by an editor; no time is promised, so this is an estimate
    )
    access = Access.API
    home = "https://api.tomtom.com"
    hosts = ("api.tomtom.com",)
    keys = (
        Key(
            "TOMTOM_API_KEY",
            get_url="https://developer.tomtom.com/user/register",
            note="An account with TomTom. Each interface has a number of free requests a month; the price list "
            "(https://docs.tomtom.com/pricing/price-announcement, of 2026-07-01) could not be read by machine.",
        ),
    )
    terms = Terms(
        policy_url="https://developer.tomtom.com/legal",
        read_on=date(2026, 11, 23),
        note="5 searches a second; the terms on storing were not at hand, so only identifiers are to be kept.",
    )
    control = Control(known=MUSEUM)
    standing = Standing.DOCUMENTED_ONLY  # recordings hold addresses, refusals and empty answers, no point
    proves = frozenset({"name", "address", "phone", "link"})
    governed_by_robots = False
    retention = Retention.IDS_ONLY
    attribution = "© TomTom"

    def ask(self, query: Query, name: str) -> Visit | None:
        """Name and town."""
        url = f"{self.home}/search/2/poiSearch/{quote(f'{name} {query.city}', safe='')}.json"
        return Visit(url, params=(*points_asked(query), ("key", Secret("TOMTOM_API_KEY")))) if query.city else None

    def read(self, page: Page) -> Iterable[Item]:
        """The points of interest; a total of 0 is TomTom's own sign that there are none."""
        return points(page.data())
