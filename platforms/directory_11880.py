"""11880.com: a general directory that also says how soon a provider answers enquiries ("Antwortzeit: schnell").

Markup as seen in pages saved by a browser about 2025-09-30: a list of hits and one entry's own page, both with
JSON-LD. The reply time stands in the listing's text: shown or promised, never measured.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

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
from audit.readers import from_specification
from audit.readers.entries import address, entry, hits, stated
from audit.readers.labels import label_in
from audit.readers.members import members, number, text, texts
from audit.readers.searching import EntrySearch

HOME = "https://www.11880.com"
_OWNED = "Vom Inhaber bestätigt"


class Directory11880(EntrySearch):
    """The entry itself where its address is known; otherwise one search per word and town."""

    id = "11880-pages"
    platform = Platform(
        id="11880",
        name="11880.com",
        kind=Kind.DIRECTORY,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE}),
        edit_url="https://firma-eintragen.11880.com",
        edit_days=7,
    )
    access = Access.PAGE
    home = HOME
    hosts = ("www.11880.com",)
    terms = Terms(
        policy_url="https://unternehmen.11880.com/anb",
        read_on=date(2026, 11, 23),
        note="Free use is for private purposes only: switch it on with the operator's permission, otherwise a person "
        "looks. robots.txt is obeyed at run time.",
    )
    control = Control(  # the first entry of the page seen on 2025-09-30
        known=Known(
            name="Technical Support",
            words=("IT-Service",),
            street="Obere Brandstr.",
            house_number="2",
            postcode="70567",
            city="Stuttgart",
        )
    )
    standing = Standing.RECORDED
    proves = frozenset({"name", "address", "phone", "email"})
    pace = 5.0
    default_on = False

    def is_entry(self, url: str) -> bool:
        """Entries lie below an address of their own."""
        return "/branchenbuch/" in url

    def ask(self, what: str, where: str) -> Visit:
        """The directory's own search."""
        return Visit(f"{HOME}/suche/{quote(what, safe='')}/{quote(where, safe='')}")

    def read(self, page: Page) -> Iterable[Item]:
        """A list of entries, or one entry's own page."""
        return _entry(page) if page.visit.step == "entry" else _hits(page)


def _scripts(page: Page) -> Iterator[Any]:
    for node in page.all("script[type='application/ld+json']")[:20]:
        try:
            yield json.loads(node.text())
        except (ValueError, RecursionError):
            continue


def _hits(page: Page) -> Iterator[Item]:
    total = stated(page.text_of("#hit-count"))
    if total is None:
        raise NotUnderstood("no number of hits (#hit-count)")
    cards = {_path(page.attribute("a.entry-detail-link", "href", c)): c for c in page.all("li[data-company-id]")}
    told = [one for script in _scripts(page) for one in members(script, "mainEntity", "itemListElement", "item")]
    found = [_listing(page, one, cards.get(_path(text(one, "url")))) for one in told if text(one, "name")]
    return hits(total, found, "#hit-count")


def _entry(page: Page) -> Iterator[Item]:
    """What an entry's own page states: its JSON-LD is wrapped, and its days are German."""
    for one in (one for script in _scripts(page) for one in members(script, "localBusiness")):
        if text(one, "name"):
            yield _listing(page, one, None)


def _listing(page: Page, one: object, card: Node | None) -> Listing:
    """An entry as stated for machines, with what only its card shows: trades and the label of the reply time."""
    own = card or (page.tree.body if page.visit.step == "entry" else None)
    reply = page.text_of(".lead-duration-reply-textual-duration", own) if own else ""
    trades = page.text_of(".trades-list", own) if own else ""
    labels = page.all(".additional-feature-label", own) if own else []
    days = [day for day in members(one, "openingHoursSpecification") if isinstance(day, dict)]
    return entry(
        text(one, "name"),
        phones=texts(one, "telephone"),
        emails=texts(one, "email"),
        websites=[page.attribute("a.tracking--entry-detail-website-link", "href", own) if own else ""],
        id=page.attribute("[data-company-id]", "data-company-id", own) if own else "",
        url=text(one, "url"),
        categories=tuple(filter(None, trades.split(", ")))[:10],
        address=address(
            text(one, "address", "streetAddress"),
            text(one, "address", "addressLocality"),
            text(one, "address", "postalCode"),
        ),
        latitude=number(one, "geo", "latitude"),
        longitude=number(one, "geo", "longitude"),
        opening_hours=from_specification(days) if days else "",
        text=f"Antwortzeit: {reply}" if reply else "",
        reply_badge=label_in(reply),
        claimed=any(squash(label.text()) == _OWNED for label in labels) or None,  # only some entries have labels
    )


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
