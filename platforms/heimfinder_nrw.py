"""Heimfinder NRW: the state's register of care homes, asked once for all homes of the state.

Shape after a public reader of 2026, which calls the interface open data of the state with a description of its own
(pfadwtg.mags.nrw/heimfinder-swagger); the description itself was not at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from audit import (
    Access,
    Action,
    Address,
    Checker,
    Control,
    EditedBy,
    Item,
    Kind,
    Listing,
    More,
    Nothing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Standing,
    Terms,
    Visit,
)
from audit.readers.entries import same_town
from audit.readers.members import array, number, text

_STATE = "NW"


class HeimfinderNrw(Checker):
    """All homes in one visit, of which the town's count; for services in North Rhine-Westphalia."""

    id = "heimfinder-nrw-register"
    platform = Platform(
        id="heimfinder-nrw",
        name="Heimfinder NRW",
        kind=Kind.DIRECTORY,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.CALL, Action.VISIT_WEBSITE}),
        edit_url="https://www.heimfinder.nrw.de",
        edit_days=7,
    )
    access = Access.API
    home = "https://pfadwtg.mags.nrw"
    hosts = ("pfadwtg.mags.nrw",)
    terms = Terms(
        policy_url="https://www.heimfinder.nrw.de",
        read_on=date(2026, 11, 23),
        note="Called open data of the state by a public reader; the licence was not at hand: off unless the "
        "organisation switches it on; robots.txt is obeyed at run time.",
    )
    control = Control(none_because="the register shows name, town and position only, too little to prove an entry by")
    standing = Standing.DOCUMENTED_ONLY
    proves = frozenset({"name"})
    pace = 10.0
    default_on = False

    def search(self, query: Query) -> Iterable[Visit]:
        """The whole register, for a place in the state; the note says which town is looked for."""
        place = query.location
        if place and query.city and (place.state or query.organisation.state) == _STATE:
            yield Visit(f"{self.home}/api/heimfinder/einrichtungen", note=query.city)

    def read(self, page: Page) -> Iterator[Item]:
        """The town's homes with their position; an empty register is no answer."""
        answer = page.data()
        homes, total = array(answer, "_items"), number(answer, "_meta", "total")
        if not homes:
            raise NotUnderstood("no register of homes (_items)")
        every = [_listing(home) for home in homes]
        mine: list[Item] = [one for one in every if same_town(one.address.city, page.visit.note)]
        yield from mine or [Nothing(f"none of {len(every)} homes is in {page.visit.note}")]
        if total is not None and total > len(homes):
            yield More(f"{len(homes)} of {total:.0f} homes shown")


def _listing(home: object) -> Listing:
    name = text(home, "einrichtung", "name")
    if not name:
        raise NotUnderstood("a home without name (einrichtung.name)")
    key = number(home, "id")
    return Listing(
        name=name,
        id=f"{key:.0f}" if key is not None else text(home, "id"),
        categories=("Pflegeheim",),
        address=Address(city=text(home, "adresse", "ort"), district=text(home, "kreis")),
        latitude=number(home, "geo_location_epsg_4326", "lat"),
        longitude=number(home, "geo_location_epsg_4326", "lon"),
    )
