"""The portal of a town or state where parents look for a day-care place: one column, as many ways as there are portals.

Berlin's Kita-Navigator as public readers of 2023 to 2026 describe it; lists that a state or town gives out
(Schleswig-Holstein, open data, December 2024) as a data set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from audit import (
    Access,
    Action,
    Address,
    Checker,
    Control,
    DataChecker,
    EditedBy,
    Item,
    Kind,
    Listing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Standing,
    Terms,
    Visit,
)
from audit.readers import from_specification
from audit.readers.entries import entry, hits
from audit.readers.lists import row_listing
from audit.readers.members import array, members, number, text
from audit.readers.regions import spot

KITA_PORTAL = Platform(
    id="kita-portal",
    name="Kita-Portal der Stadt oder des Landes",
    kind=Kind.DIRECTORY,
    edited_by=EditedBy.AUTHORITY,
    actions=frozenset({Action.CALL, Action.WRITE, Action.REGISTER, Action.VISIT_WEBSITE}),
    edit_days=7,
)
_BERLIN = "https://kita-navigator.berlin.de"
_NEAR = 0.25  # kilometres within which an entry's own page is looked at
_PAGES = 5


class KitaPortalList(DataChecker):
    """A list of day-care centres that a state or town gives out: CSV, XLSX, JSON or GeoJSON, columns guessed."""

    id = "kita-portal-list"
    platform = KITA_PORTAL
    dataset = "kita-portal"
    home = "https://opendata.schleswig-holstein.de"
    terms = Terms(
        policy_url="https://opendata.schleswig-holstein.de",
        read_on=date(2026, 11, 23),
        note="The state's list is CC0 1.0 as a public reader of 2024 states; other lists have licences of their own: "
        "name them under [datasets.kita-portal].",
    )
    control = Control(none_because="a list holds only its own area, so no entry can be known to be in it")
    standing = Standing.RECORDED
    proves = frozenset({"name", "address"})

    def read_record(self, record: Mapping[str, Any]) -> Listing | None:
        """One row; what the list is of is a day-care centre."""
        return row_listing(record, "Kindertagesstätte")


class KitaNavigatorBerlin(Checker):
    """The entries round the place; those at the same house are looked at one by one, for phone and hours."""

    id = "kita-navigator-berlin"
    platform = KITA_PORTAL
    access = Access.API
    home = _BERLIN
    hosts = ("kita-navigator.berlin.de",)
    terms = Terms(
        policy_url=_BERLIN,
        read_on=date(2026, 11, 23),
        note="An undocumented interface of a public portal, terms for machines not found: off unless the "
        "organisation switches it on; robots.txt is obeyed at run time.",
    )
    control = Control(
        none_because="no answer of the portal is at hand, so no entry is surely known; one understood answer stands in"
    )
    standing = Standing.DOCUMENTED_ONLY
    proves = frozenset({"name", "address"})
    pace = 5.0
    default_on = False
    follow_ups = _PAGES
    depth = 1

    def search(self, query: Query) -> Iterable[Visit]:
        """A kilometre round a place in Berlin."""
        at = spot(query)
        if at and query.city.casefold().startswith("berlin"):
            params = (
                ("entfernung", "1"),
                ("lat", f"{at[0]:.5f}"),
                ("lon", f"{at[1]:.5f}"),
                ("seite", "0"),
                ("max", "200"),
            )
            yield Visit(f"{_BERLIN}/api/v1/kitas/umkreissuche", params=params, step="near")

    def read(self, page: Page) -> Iterable[Item]:
        """The entries near the place, or one entry's own page."""
        return [_details(page.data())] if page.visit.step == "entry" else _near(page)


def _near(page: Page) -> Iterator[Item]:
    answer = page.data()
    found, total = array(answer, "einrichtungen"), number(answer, "metainformation", "anzahlErgebnisse")
    if found is None or total is None:
        raise NotUnderstood("no entries near a place (einrichtungen, metainformation)")
    return hits(total, [_more_of(one) or _entry(one, {}) for one in found], "anzahlErgebnisse")


def _more_of(one: object) -> Visit | None:
    """The own page of an entry that is as near as the same house."""
    away, key = number(one, "geokoordinate", "entfernung"), number(one, "id")
    near = away is not None and away <= _NEAR and key is not None
    return Visit(f"{_BERLIN}/api/v1/kitas/{key:.0f}", step="entry") if near else None


def _details(answer: object) -> Listing:
    inner = next(iter(members(answer, "einrichtungsauszug")), None)
    if not isinstance(inner, dict):
        raise NotUnderstood("no page of an entry (einrichtungsauszug)")
    return _entry(inner, answer)


def _entry(one: object, details: object) -> Listing:
    name, key = text(one, "name"), number(one, "id")
    if not name or key is None:
        raise NotUnderstood("an entry without name or id")
    days = [
        {"dayOfWeek": text(day, "tag"), "opens": text(day, "von"), "closes": text(day, "bis")}
        for day in members(details, "oeffnungszeiten")
    ]
    free = [
        text(s, "gueltigAb") for s in members(one, "freiplatzstatus") if next(members(s, "plaetzeVerfuegbar"), False)
    ]
    return entry(
        name,
        phones=[text(details, "kontaktdaten", "telefonnummer")],
        emails=[text(details, "kontaktdaten", "emailadresse")],
        websites=[text(details, "kontaktdaten", "webadresse")],
        id=f"{key:.0f}",
        url=f"{_BERLIN}/einrichtungen/{key:.0f}",
        categories=("Kindertagesstätte",),
        address=Address(
            street=text(one, "adresse", "strasse"),
            house_number=text(one, "adresse", "hausnummer"),
            postcode=text(one, "adresse", "plz"),
            city=text(one, "adresse", "ort"),
        ),
        latitude=number(one, "geokoordinate", "lat"),
        longitude=number(one, "geokoordinate", "lon"),
        opening_hours=from_specification(days) if days else "",
        text=f"freie Plätze ab {', '.join(free[:6])}" if free else "",
    )
