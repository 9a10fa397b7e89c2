"""Azure Maps: the map of Microsoft's services for others, asked through its search for points of interest.

Only the search of version 1.0 knows points of interest, the newer ones know addresses alone (Microsoft's client
library, read 2026-11-23). Shape of the answer after public recordings. What people see on Bing's own map comes from
elsewhere and is looked at by a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

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


class AzureMaps(NameSearch):
    """Name and town, nearest first where the place's coordinates are known."""

    id = "azure-maps"
    platform = Platform(
        id="azure-maps",
        name="Azure Maps",
        kind=Kind.MAP,
        edited_by=EditedBy.NOBODY,
        actions=frozenset({Action.CALL, Action.VISIT_WEBSITE}),
    )
    access = Access.API
    home = "https://atlas.microsoft.com"
    hosts = ("atlas.microsoft.com",)
    keys = (
        Key(
            "AZURE_MAPS_KEY",
            get_url="https://portal.azure.com",
            note="An Azure account and in it an Azure Maps account of the pricing tier Gen2; its price list is a form "
            "that could not be read.",
        ),
    )
    terms = Terms(
        policy_url="https://www.microsoft.com/licensing/terms/productoffering/MicrosoftAzure/MCA",
        read_on=date(2026, 11, 23),
        note="50 searches a second; the terms on storing were not at hand, so only identifiers are to be kept.",
    )
    control = Control(known=MUSEUM)
    standing = Standing.DOCUMENTED_ONLY  # recordings hold addresses, refusals and empty answers, no point
    proves = frozenset({"name", "address", "phone", "link"})
    governed_by_robots = False
    retention = Retention.IDS_ONLY
    attribution = "© Microsoft, © TomTom"

    def ask(self, query: Query, name: str) -> Visit | None:
        """Name and town."""
        params = (("api-version", "1.0"), ("query", f"{name} {query.city}"), *points_asked(query))
        header = (("subscription-key", Secret("AZURE_MAPS_KEY")),)
        return Visit(f"{self.home}/search/poi/json", params=params, headers=header) if query.city else None

    def read(self, page: Page) -> Iterable[Item]:
        """The points of interest; a total of 0 is Azure's own sign that there are none."""
        return points(page.data())
