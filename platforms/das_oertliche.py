"""Das Örtliche: the local telephone directory, read from its search pages.

Markup as seen in a page saved by a browser about 2025-09-30. What the cards hide behind buttons (website, e-mail,
parts of the address) stands in a list of the page's script (``handlerData``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date

from audit import (
    Access,
    Action,
    Address,
    Control,
    EditedBy,
    Item,
    Kind,
    Known,
    Listing,
    NotUnderstood,
    Page,
    Platform,
    Standing,
    Terms,
    Visit,
)
from audit.readers import listings
from audit.readers.entries import entry, hits, stated
from audit.readers.searching import EntrySearch

HOME = "https://www.dasoertliche.de"
_LIST = "var handlerData ="
_WEB, _CITY, _POSTCODE, _STREET, _NUMBER, _PHONE, _NAME, _LINK, _MAIL = 3, 4, 8, 9, 10, 11, 14, 15, 17


class DasOertliche(EntrySearch):
    """The entry itself where its address is known; otherwise one search per word and town."""

    id = "das-oertliche-pages"
    platform = Platform(
        id="das-oertliche",
        name="Das Örtliche",
        kind=Kind.DIRECTORY,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE}),
        edit_url="https://www.dasoertliche.de",
        edit_days=7,
    )
    access = Access.PAGE
    home = HOME
    hosts = ("www.dasoertliche.de",)
    terms = Terms(
        policy_url="https://www.dasoertliche.de",
        read_on=date(2026, 11, 23),
        note="Terms for automated reading were not found: off unless the organisation switches it on; robots.txt "
        "is obeyed at run time.",
    )
    control = Control(  # an entry of the page seen on 2025-09-30
        known=Known(
            name="Gataca GmbH IT-Service",
            words=("IT-Service",),
            street="Am Riettor",
            house_number="4",
            postcode="78048",
            city="Villingen-Schwenningen",
            website="http://www.gataca.de",
        )
    )
    standing = Standing.RECORDED
    proves = frozenset({"name", "address", "phone", "email", "link"})
    pace = 5.0
    default_on = False

    def is_entry(self, url: str) -> bool:
        """Entries lie below an address of their own."""
        return "/Themen/" in url and not url.endswith(".html")

    def ask(self, what: str, where: str) -> Visit:
        """The directory's own search."""
        return Visit(f"{HOME}/", params=(("form_name", "search_nat"), ("kw", what), ("ci", where)))

    def read(self, page: Page) -> Iterable[Item]:
        """A list of entries, or what one entry's own page states for machines."""
        return listings(page) if page.visit.step == "entry" else _hits(page)


def _hits(page: Page) -> Iterator[Item]:
    total = stated(page.text_of(".sttrefferanz"))
    if not page.all("#oetbwrap.hitlist") or total is None:
        raise NotUnderstood("no list of hits (#oetbwrap.hitlist, .sttrefferanz)")
    return hits(total, list(_entries(page)), ".sttrefferanz")


def _entries(page: Page) -> Iterator[Listing]:
    """Every card with its row of the script's list; a row without a card is an entry all the same."""
    cards = page.all("div.hit[id^=entry_]")
    for place, row in enumerate(_rows(page)):
        name, card = _cell(row, _NAME), cards[place] if place < len(cards) else None
        if name:
            yield entry(
                name,
                phones=[_cell(row, _PHONE)],
                emails=[_cell(row, _MAIL)],
                websites=[_cell(row, _WEB)],
                id=_cell(row, 0),
                url=_cell(row, _LINK),
                categories=tuple(filter(None, [page.text_of(".category", card) if card else ""])),
                address=Address(
                    street=_cell(row, _STREET),
                    house_number=_cell(row, _NUMBER),
                    postcode=_cell(row, _POSTCODE),
                    city=_cell(row, _CITY),
                ),
                hours_text=page.text_of(".hitlnk_times", card) if card else "",
            )


def _rows(page: Page) -> list[list[object]]:
    start = page.text.find(_LIST)
    if start < 0:
        return []
    try:
        rows = json.JSONDecoder().raw_decode(page.text[start + len(_LIST) :].lstrip())[0]
    except (ValueError, RecursionError):
        return []
    return [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []


def _cell(row: list[object], place: int) -> str:
    value = row[place] if place < len(row) else None
    return value if isinstance(value, str) else ""
