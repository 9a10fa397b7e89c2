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
    Checker,
    Control,
    EditedBy,
    Item,
    Key,
    Kind,
    Known,
    Page,
    Platform,
    Query,
    Retention,
    Secret,
    Standing,
    Terms,
    Visit,
)
from audit.readers.points import asked_round, points

_LIMIT = 20


class AzureMaps(Checker):
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
    control = Control(
        known=Known(
            name="Deutsches Museum",
            words=("Museum",),
            street="Museumsinsel",
            house_number="1",
            postcode="80538",
            city="München",
            latitude=48.12992,
            longitude=11.58342,
            website="https://www.deutsches-museum.de/",
        )
    )
    standing = Standing.DOCUMENTED_ONLY  # recordings hold addresses, refusals and empty answers, no point
    proves = frozenset({"name", "address", "phone", "link"})
    governed_by_robots = False
    retention = Retention.IDS_ONLY
    attribution = "© Microsoft, © TomTom"

    def search(self, query: Query) -> Iterable[Visit]:
        """Name and town."""
        return [_ask(query, query.name)] if query.name and query.city else ()

    def search_again(self, query: Query) -> Iterable[Visit]:
        """The usual word and the town."""
        return [_ask(query, query.words[0])] if query.words and query.city else ()

    def read(self, page: Page) -> Iterable[Item]:
        """The points of interest; a total of 0 is Azure's own sign that there are none."""
        return points(page.data())


def _ask(query: Query, name: str) -> Visit:
    params = (("api-version", "1.0"), ("query", f"{name} {query.city}"), ("limit", str(_LIMIT)))
    more = (("countrySet", "DE"), ("language", "de-DE"), *asked_round(query))
    header = (("subscription-key", Secret("AZURE_MAPS_KEY")),)
    return Visit(f"{AzureMaps.home}/search/poi/json", params=(*params, *more), headers=header)
