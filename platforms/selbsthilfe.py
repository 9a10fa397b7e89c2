"""Self-help contact points: the addresses behind the public widget, and the interface that feeds it.

Answers of the widget as of December 2025; the interface (JSON:API, bearer token, pages of 100) as the widget's own
public build describes it. The provider gives out tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
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
    Listing,
    Nothing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Secret,
    Standing,
    Terms,
    Visit,
)
from audit.readers.entries import address, entry, same_town
from audit.readers.members import array, members, number, text

CONTACT_POINTS = Platform(
    id="selbsthilfe-kontaktstellen",
    name="Selbsthilfe-Kontaktstellen",
    kind=Kind.DIRECTORY,
    edited_by=EditedBy.OWNER,
    actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE}),
    edit_url="https://selbsthilfe-labor.de",
    edit_days=14,
)
_CONTROL = Control(  # an entry of December 2025
    known=Known(
        name="Kontakt- und Informationsstelle für Selbsthilfegruppen",
        street="Industriestraße",
        house_number="21-21a",
        city="Dresden",
        website="https://www.dresden.de/selbsthilfe",
    )
)
_PROVES = frozenset({"name", "address", "phone", "email", "link"})
_SIZE = 100


class SelbsthilfeWidget(Checker):
    """The file that the widget shows: all contact points in one visit, of which the town's count."""

    id = "selbsthilfe-widget"
    platform = CONTACT_POINTS
    access = Access.OPEN_DATA
    home = "https://widget.selbsthilfe.io"
    hosts = ("widget.selbsthilfe.io",)
    terms = Terms(
        policy_url="https://widget.selbsthilfe.io",
        read_on=date(2026, 11, 24),
        note="The widget may be built into any site free of charge; reading its file by machine is not named: off "
        "unless the organisation switches it on; robots.txt is obeyed at run time.",
    )
    control = _CONTROL
    standing = Standing.RECORDED
    proves = _PROVES
    pace = 5.0
    default_on = False

    def search(self, query: Query) -> Iterable[Visit]:
        """The file; the note says which town is looked for."""
        if query.city:
            yield Visit(f"{self.home}/data/addresses.json", note=query.city)

    def read(self, page: Page) -> Iterable[Item]:
        """The town's contact points; an empty file is a broken one, not a sign of absence."""
        found = [_listing(one, one) for one in page.data(list)]
        if not found:
            raise NotUnderstood("a file without any contact point")
        return _of_town(found, page.visit.note)


class SelbsthilfeInterface(Checker):
    """All contact points, a hundred a visit, with a token of the provider; the town's count."""

    id = "selbsthilfe-api"
    platform = CONTACT_POINTS
    access = Access.API
    home = "https://selbsthilfe-labor.de"
    hosts = ("selbsthilfe-labor.de",)
    keys = (
        Key(
            "SELBSTHILFE_TOKEN",
            get_url="https://selbsthilfe-labor.de",
            note="A token from the provider, who states the terms with it.",
        ),
    )
    terms = Terms(
        policy_url="https://selbsthilfe-labor.de",
        read_on=date(2026, 11, 23),
        note="Tokens are given out by the provider, who states the terms with them.",
    )
    control = _CONTROL
    standing = Standing.DOCUMENTED_ONLY
    proves = _PROVES
    governed_by_robots = False
    follow_ups = 9

    def search(self, query: Query) -> Iterable[Visit]:
        """The first page of the list; the note says which town is looked for."""
        if not query.city:
            return
        headers = (("Accept", "application/json"), ("Authorization", f"Bearer {Secret('SELBSTHILFE_TOKEN')}"))
        params = (("per_page", str(_SIZE)), ("page", "1"))
        yield Visit(
            f"{self.home}/rest/sh/kontaktstelle/1.0.0/", params=params, headers=headers, step="1", note=query.city
        )

    def read(self, page: Page) -> Iterator[Item]:
        """The contact points; a full page leads to the next one."""
        found, turn = array(page.data(), "data"), int(page.visit.step or 1)
        if found is None or (turn == 1 and not found):
            raise NotUnderstood("no list of contact points (data)")
        every = [_listing(one, next(members(one, "attributes"), None)) for one in found]
        yield from _of_town(every, page.visit.note)
        if len(found) >= _SIZE:
            yield replace(page.visit, params=(("per_page", str(_SIZE)), ("page", str(turn + 1))), step=str(turn + 1))


def _of_town(found: list[Listing], town: str) -> list[Item]:
    mine: list[Item] = [one for one in found if same_town(one.address.city, town)]
    return mine or [Nothing(f"none of {len(found)} contact points is in {town}")]


def _listing(one: object, told: object) -> Listing:
    name = text(told, "name")
    if not name:
        raise NotUnderstood("a contact point without name")
    key = number(one, "id")
    return entry(
        name,
        phones=[text(told, "phone")],
        emails=[text(told, "mail")],
        websites=[text(told, "url")],
        id=f"{key:.0f}" if key is not None else text(one, "id"),
        categories=("Selbsthilfekontaktstelle",),
        address=address(text(told, "street"), text(told, "city"), text(told, "postalCode")),
        latitude=_position(told, "lat", "number_lat"),
        longitude=_position(told, "lng", "number_lng"),
    )


def _position(told: object, *names: str) -> float | None:
    """Degrees; 0 stands for "unknown" there."""
    return next((value for name in names if (value := number(told, name))), None)
