"""Sozialplattform: the counselling finder of the federal social portal, asked by postcode.

Shape after public readers of 2026 and the answers they keep (offers of Berlin, July 2026). The interface is
that of the portal's own page and is not documented.
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
    Kind,
    Known,
    Listing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Standing,
    Terms,
    Visit,
)
from audit.readers.entries import address, entry, hits
from audit.readers.hours import repaired
from audit.readers.members import array, number, text, texts

_SIZE = 100
_BOOKING = ("offer_external_service_booking", "office_external_service_booking")
_LINKS = ("offer_external_service_link_url", "offer_external_service_consulting", "office_external_service_consulting")


class Sozialplattform(Checker):
    """One visit per postcode, for all services there; offers of one office are entries of their own."""

    id = "sozialplattform-search"
    platform = Platform(
        id="sozialplattform",
        name="Sozialplattform",
        kind=Kind.DIRECTORY,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.CALL, Action.WRITE, Action.BOOK, Action.VISIT_WEBSITE}),
        edit_url="https://sozialplattform.de/informationsseite-fuer-beratungsstellen",
        edit_days=7,
    )
    access = Access.API
    home = "https://sozialplattform.de"
    hosts = ("sozialplattform.de",)
    terms = Terms(
        policy_url="https://sozialplattform.de",
        read_on=date(2026, 11, 23),
        note="An undocumented interface of a public portal, terms for machines not found: off unless the "
        "organisation switches it on; robots.txt is obeyed at run time.",
    )
    control = Control(  # an office shown for its postcode in July 2026
        known=Known(
            name="Integrative Suchtberatung Mitte",
            words=("Suchtberatung",),
            street="Große Hamburger Straße",
            house_number="18",
            postcode="10115",
            city="Berlin",
        )
    )
    standing = Standing.DOCUMENTED_ONLY  # offers were seen as others kept them, no whole answer
    proves = frozenset({"name", "address", "phone", "email", "link", "hours"})
    pace = 5.0
    default_on = False

    def search(self, query: Query) -> Iterable[Visit]:
        """The postcode of the place."""
        if query.postcode:
            params = (("place", query.postcode), ("page", "1"), ("itemsPerPage", str(_SIZE)))
            yield Visit(f"{self.home}/content/de/api/v1/consultation/search", params=params, step="1")

    def read(self, page: Page) -> Iterator[Item]:
        """The offers; ``status`` and ``total`` tell an answer from anything else."""
        answer = page.data()
        total, items = number(answer, "data", "total"), array(answer, "data", "items")
        if text(answer, "status") != "success" or total is None or items is None:
            raise NotUnderstood("no answer of the counselling search (status, data.total, data.items)")
        yield from hits(total, [_listing(item) for item in items], "total", rest=False)
        turn = int(page.visit.step or 1)
        if total > turn * _SIZE:
            params = tuple((name, str(turn + 1) if name == "page" else value) for name, value in page.visit.params)
            yield replace(page.visit, params=params, step=str(turn + 1))


def _listing(offer: object) -> Listing:
    title = text(offer, "office_title") or text(offer, "offer_title")
    if not title:
        raise NotUnderstood("an offer without title")
    hours = text(offer, "office_opening_hours")
    told = (text(offer, "office_opening_hours_notes"), text(offer, "offer_chat_topic"))
    return entry(
        title,
        phones=texts(offer, "office_phone"),
        emails=texts(offer, "office_email"),
        websites=[link for name in _LINKS for link in texts(offer, name) if link.startswith("http")],
        books=any(text(offer, name) for name in _BOOKING),
        id=text(offer, "offer_id"),
        categories=tuple(dict.fromkeys((*texts(offer, "offer_type"), *texts(offer, "offer_title")))),
        address=address(
            text(offer, "office_address", "address_line1"),
            text(offer, "office_address", "locality"),
            text(offer, "office_address", "postal_code"),
        ),
        hours_text=hours,
        opening_hours=repaired(hours) if any(map(str.isalpha, hours)) else "",
        text=" · ".join(filter(None, told)),
    )
