"""Caritas: the addresses behind the maps of caritas.de, one map per topic of advice.

Shape after two public readers of the mapping service (2024, October 2025): JSON with an HTML fragment per
entry. The service is not documented; which maps are asked stands in ``caritas.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from audit import (
    Access,
    Action,
    Checker,
    Control,
    EditedBy,
    Item,
    Kind,
    Known,
    Listing,
    More,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Standing,
    Terms,
    Visit,
)
from audit.readers.entries import address, entry, hits
from audit.readers.members import number, text

_SIZE = 100
_MOST = 8
_MAPS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["map"]


class CaritasMaps(Checker):
    """All addresses of the service's topic, a hundred a visit, for all services of the topic at once."""

    id = "caritas-maps"
    platform = Platform(
        id="caritas-finder",
        name="Caritas: Adressen",
        kind=Kind.DIRECTORY,
        edited_by=EditedBy.UMBRELLA,
        actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE}),
        edit_url="https://www.caritas.de",
        edit_days=7,
    )
    access = Access.API
    home = "https://www.caritas.de"
    hosts = ("www.caritas.de",)
    terms = Terms(
        policy_url="https://www.caritas.de",
        read_on=date(2026, 11, 23),
        note="An undocumented service of the association's own pages, terms for machines not found: off unless "
        "the organisation switches it on; robots.txt is obeyed at run time.",
    )
    control = Control(  # an entry of the map of general counselling, 2024
        known=Known(
            name="Allgemeine Sozialberatung des Caritasverbandes für die Stadt Bonn e.V.",
            words=("Allgemeine Sozialberatung",),
            street="Fritz-Tillmann-Str.",
            house_number="8",
            postcode="53113",
            city="Bonn",
            latitude=50.73068,
            longitude=7.10374,
            website="https://www.caritas-bonn.de",
        )
    )
    standing = Standing.DOCUMENTED_ONLY  # 521 real addresses were at hand, but not the answers they came in
    proves = frozenset({"name", "address", "phone", "email", "link"})
    pace = 5.0
    default_on = False
    follow_ups = _MOST

    def search(self, query: Query) -> Iterable[Visit]:
        """The map of the service's topic; other topics have none that is known."""
        topics = [one for one in _MAPS if set(one["words"]) & set(query.words)]
        return [_visit(one["id"], one["datasource"], 0) for one in topics]

    def read(self, page: Page) -> Iterator[Item]:
        """The addresses; the first answer also says how many further ones to ask for."""
        answer = page.data()
        contents, total, pages = answer.get("Contents"), number(answer, "TotalCount"), number(answer, "PageCount")
        if not isinstance(contents, list) or total is None or pages is None:
            raise NotUnderstood("no addresses of a map (Contents, TotalCount, PageCount)")
        yield from hits(total, [_listing(page, one) for one in contents], "TotalCount", rest=False)
        if page.visit.step == "0":
            yield from (_turned(page.visit, turn) for turn in range(1, min(int(pages), _MOST + 1)))
            if pages > _MOST + 1:
                yield More(f"{pages:.0f} pages of addresses, {_MOST + 1} looked at")


def _visit(map_: str, source: str, turn: int) -> Visit:
    url = f"{CaritasMaps.home}/Services/MappingService.svc/GetMapContents/{map_}/"
    params = (("datasource", source), ("page", str(turn)), ("pagesize", str(_SIZE)))
    return Visit(url, params=params, step=str(turn))


def _turned(visit: Visit, turn: int) -> Visit:
    params = tuple((name, str(turn) if name == "page" else value) for name, value in visit.params)
    return replace(visit, params=params, step=str(turn))


def _listing(page: Page, one: object) -> Listing:
    """One address: facts as JSON, contacts in a fragment of HTML (street, postcode and town in spans)."""
    title = text(one, "Title")
    if not title:
        raise NotUnderstood("an address without Title")
    html = page.fragment(text(one, "Contents"))
    spans = [said for span in html.all(".venueGoogle span")[:9] if (said := span.text(strip=True))]
    where = address(spans[0], " ".join(spans[1:])) if spans else address("", "")
    phone, _, _ = html.text_of(".infoGoogle").partition("Fax:")
    links = [html.attribute(f"a.{kind}", "href") for kind in ("mail-link", "ext-link")]
    return entry(
        title,
        phones=[phone.rpartition("Fon:")[2]],
        emails=[links[0].removeprefix("mailto:")],
        websites=[links[1]],
        id=text(one, "ContentID"),
        operator=html.text_of("h4 a"),
        categories=tuple(filter(None, [html.text_of("h2.kicker")])),
        address=where,
        latitude=number(one, "Latitude"),
        longitude=number(one, "Longitude"),
    )
