"""Heimfinder NRW: the state's register of care homes, and the own pages of the homes next to the place.

Shape after a public reader of 2026 (its list of all homes with id, name, town and position; the answer of one home
by its id) and 2 500 homes as it read them. It calls the interface open data of the state with a description of its
own (pfadwtg.mags.nrw/heimfinder-swagger); the description itself was not at hand.
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
    Known,
    Listing,
    More,
    Nothing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Reason,
    Standing,
    Terms,
    Visit,
)
from audit.readers.entries import address, entry, same_town
from audit.readers.members import array, members, number, text
from audit.readers.regions import spot

_API = "https://pfadwtg.mags.nrw/api/heimfinder"
_STATE = "NW"
_MOST = 8  # homes of a town whose own answer is asked for


class HeimfinderNrw(Checker):
    """All homes in one visit, of which the town's count; those next to the place are asked for their address."""

    id = "heimfinder-nrw-register"
    platform = Platform(
        id="heimfinder-nrw",
        name="Heimfinder NRW",
        kind=Kind.DIRECTORY,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE}),
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
    control = Control(  # home 18759 in 2026
        known=Known(
            name="AWO Seniorenzentrum Kennedypark",
            street="Elsassstraße",
            house_number="78-80",
            postcode="52068",
            city="Aachen",
            latitude=50.7754,
            longitude=6.1189,
        )
    )
    standing = Standing.DOCUMENTED_ONLY
    proves = frozenset({"name", "address", "phone", "email", "link"})
    pace = 5.0
    default_on = False
    follow_ups = _MOST
    depth = 1

    def search(self, query: Query) -> Iterable[Visit]:
        """The whole register, unless the place is known to lie elsewhere; the note says what is looked for."""
        place, at = query.location, spot(query)
        state = (place.state if place else "") or query.organisation.state
        if place and query.city and state in ("", _STATE):
            near = f"{at[0]:.4f} {at[1]:.4f}" if at else ""
            step = "homes" if state else "homes-anywhere"
            yield Visit(f"{_API}/einrichtungen", step=step, note=f"{query.city}|{near}")

    def read(self, page: Page) -> Iterable[Item]:
        """The town's homes, or one home's own answer."""
        return [_home(page)] if page.visit.step == "home" else _homes(page)


def _homes(page: Page) -> Iterator[Item]:
    answer = page.data()
    every, total = array(answer, "_items"), number(answer, "_meta", "total")
    if not every or not all(text(one, "einrichtung", "name") for one in every):
        raise NotUnderstood("no register of homes with names (_items, einrichtung.name)")
    town, _, near = page.visit.note.rpartition("|")
    mine = [one for one in every if same_town(text(one, "adresse", "ort"), town)]
    asked = sorted((one for one in mine if number(one, "id")), key=lambda one: _away(one, near))[:_MOST]
    yield from (Visit(f"{_API}/einrichtung/{number(one, 'id'):.0f}", step="home") for one in asked)
    yield from (_named(one) for one in mine if one not in asked)
    if not mine and page.visit.step == "homes":
        yield Nothing(f"none of {len(every)} homes is in {town}")
    elif not mine:
        yield More(f"the register of North Rhine-Westphalia has no home in {town}", reason=Reason.OUTSIDE_DATA)
    if total is not None and total > len(every):
        yield More(f"{len(every)} of {total:.0f} homes shown")


def _spot(one: object) -> tuple[float | None, float | None]:
    return number(one, "geo_location_epsg_4326", "lat"), number(one, "geo_location_epsg_4326", "lon")


def _away(one: object, near: str) -> float:
    """How far a home is from the place, for the order alone; a degree of longitude counts less this far north."""
    latitude, longitude = _spot(one)
    if not near or latitude is None or longitude is None:
        return float("inf")
    north, east = (float(part) for part in near.split())
    return abs(latitude - north) + 0.62 * abs(longitude - east)


def _named(one: object) -> Listing:
    """A home as the register shows it: name, town and position."""
    latitude, longitude = _spot(one)
    key = number(one, "id")
    return Listing(
        name=text(one, "einrichtung", "name"),
        id="" if key is None else f"{key:.0f}",
        categories=("Pflegeheim",),
        address=Address(city=text(one, "adresse", "ort"), district=text(one, "kreis")),
        latitude=latitude,
        longitude=longitude,
    )


def _home(page: Page) -> Listing:
    """A home's own answer: an object whose only member is called like its id."""
    answer, key = page.data(dict), page.visit.url.rpartition("/")[2]
    told = next(iter(members(answer, key)), None)
    name = text(told, "einrichtung", "name")
    if not name:
        raise NotUnderstood("no name of the home (einrichtung.name)")
    latitude, longitude = _spot(told)
    return entry(
        name,
        phones=[text(told, "einrichtung", "telefon")],
        emails=[text(told, "einrichtung", "email")],
        websites=[text(told, "einrichtung", "web")],
        id=key,
        categories=tuple(filter(None, ["Pflegeheim", text(told, "einrichtung", "typ")])),
        address=address(*(text(told, "adresse", part) for part in ("strasse", "ort", "plz"))),
        latitude=latitude,
        longitude=longitude,
    )
