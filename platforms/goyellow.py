"""GoYellow: a general directory, read from its search pages.

Markup as seen in a page saved by a browser about 2025-09-30 (microdata of schema.org in every card).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import quote, urljoin

from audit import (
    Access,
    Action,
    Control,
    EditedBy,
    Item,
    Kind,
    Known,
    Listing,
    Node,
    NotUnderstood,
    Page,
    Platform,
    Standing,
    Terms,
    Visit,
    squash,
)
from audit.readers import listings
from audit.readers.entries import address, entry, hits
from audit.readers.searching import EntrySearch

HOME = "https://www.goyellow.de"
_TOTAL = re.compile(r'"r_total"\s{0,3}:\s{0,3}"(\d{1,6})"')


class GoYellow(EntrySearch):
    """The entry itself where its address is known; otherwise one search per word and town."""

    id = "goyellow-pages"
    platform = Platform(
        id="goyellow",
        name="GoYellow",
        kind=Kind.DIRECTORY,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE}),
        edit_url="https://www.goyellow.de",
        edit_days=7,
    )
    access = Access.PAGE
    home = HOME
    hosts = ("www.goyellow.de",)
    terms = Terms(
        policy_url="https://www.goyellow.de",
        read_on=date(2026, 11, 23),
        note="Terms for automated reading were not found: off unless the organisation switches it on; robots.txt "
        "is obeyed at run time.",
    )
    control = Control(  # an entry of the page seen on 2025-09-30
        known=Known(
            name="SOCO GmbH EDV-Berater",
            words=("IT-Service",),
            street="An der Hammerhalde",
            house_number="39",
            postcode="78050",
            city="Villingen-Schwenningen",
            latitude=48.06347,
            longitude=8.42949,
        )
    )
    standing = Standing.RECORDED
    proves = frozenset({"name", "address"})
    pace = 5.0
    default_on = False

    def is_entry(self, url: str) -> bool:
        """Entries lie below an address of their own."""
        return "/home/" in url

    def ask(self, what: str, where: str) -> Visit:
        """The directory's own search."""
        words = [quote("-".join(one.lower().split()), safe="") for one in (what, where)]
        return Visit(f"{HOME}/suche/{'/'.join(words)}")

    def read(self, page: Page) -> Iterable[Item]:
        """A list of entries, or what one entry's own page states for machines."""
        return listings(page) if page.visit.step == "entry" else _hits(page)


def _hits(page: Page) -> Iterator[Item]:
    said = _TOTAL.search(page.text)
    if not said:
        raise NotUnderstood("no number of hits (r_total)")
    return hits(int(said[1]), [_listing(page, card) for card in page.all("div.gyresultrecord")], "r_total")


def _listing(page: Page, card: Node) -> Listing:
    name = page.text_of("[itemprop=name]", card)
    if not name:
        raise NotUnderstood("a card without name ([itemprop=name])")

    def meta(prop: str) -> str:
        return page.attribute(f"meta[itemprop={prop}]", "content", card)

    return entry(
        name,
        id=(card.attributes.get("itemid") or "").rpartition(":")[2],
        url=urljoin(HOME, page.attribute("a[itemprop=url]", "href", card)),
        categories=tuple(squash(node.text()) for node in page.all(".gyresultrecord__categories-element", card)[:10]),
        address=address(meta("streetAddress"), meta("addressLocality"), meta("postalCode")),
        latitude=_degrees(meta("latitude"), 90),
        longitude=_degrees(meta("longitude"), 180),
        hours_text=page.text_of(".openuntil__text", card),
        text=" · ".join(squash(node.text()) for node in page.all(".keyword", card)[:20]),
    )


def _degrees(text: str, most: int) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= most else None
