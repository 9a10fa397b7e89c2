"""Saved real pages: how many of the contact facts that another reader found reach the audit.

The test asks for all of them, ``benchmarks/pages.py`` prints the figures.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import phonenumbers

from audit import Item, Link, Listing, Page, Visit
from audit.readers import emails_in
from platforms.website import Website

URL = "https://www.seite.example/"
# kind of fact: key in the file of what is to be found
STATED = {"telephone": "telephone", "street": "street", "postcode": "postal", "e-mail": "email", "town": "city"}
LINKED = {"telephone link": "tel_links", "e-mail link": "mailto"}


@dataclass(frozen=True)
class Reach:
    """How many facts of one kind are expected, and those that the checker did not show (page, fact)."""

    kind: str
    expected: int
    missed: tuple[tuple[str, str], ...]

    @property
    def share(self) -> float:
        """The part found, 0 to 1; 1 where nothing was to be found."""
        return 1 - len(self.missed) / self.expected if self.expected else 1.0


def reach(folder: Path) -> list[Reach]:
    """What of the facts in ``expected.json`` the website checker shows, by kind, over all pages of the folder."""
    told = json.loads((folder / "expected.json").read_text("utf-8"))
    shown = {page["file"]: items_of((folder / page["file"]).read_bytes()) for page in told}
    return [_reach(kind, key, told, shown) for kind, key in (STATED | LINKED).items()]


def _reach(kind: str, key: str, told: list[dict[str, Any]], shown: dict[str, list[Item]]) -> Reach:
    wanted = [(page["file"], fact) for page in told for fact in page[key] if fact]
    got = {file: set(_shown(kind, items)) for file, items in shown.items()}
    return Reach(kind, len(wanted), tuple(one for one in wanted if _same(kind, one[1]) not in got[one[0]]))


def items_of(body: bytes, url: str = URL) -> list[Item]:
    """What the website checker reads from a page's bytes."""
    visit = Visit(url, step="page")
    html = (("content-type", "text/html"),)
    return list(
        Website().read(Page(visit=visit, at=datetime(2026, 11, 24, tzinfo=UTC), url=url, headers=html, body=body))
    )


def _shown(kind: str, items: list[Item]) -> Iterator[str]:
    """The facts of one kind in listings (for links also in links), each in its one spelling."""
    for item in items:
        if isinstance(item, Link) and item.kind == {"telephone link": "phone", "e-mail link": "mail"}.get(kind):
            yield _same(kind, item.target)
        if isinstance(item, Listing):
            place = item.address
            facts = {
                "street": (f"{place.street} {place.house_number}",),
                "postcode": (place.postcode,),
                "town": (place.city,),
            }
            mine = item.phones if "telephone" in kind else item.emails if "e-mail" in kind else facts[kind]
            yield from (_same(kind, fact) for fact in mine)


def _same(kind: str, fact: str) -> str:
    """A fact in one spelling: numbers as dialled, no blanks and case, no firm behind a street, no country or code."""
    if "telephone" in kind:
        try:
            return phonenumbers.format_number(phonenumbers.parse(fact, "DE"), phonenumbers.PhoneNumberFormat.E164)
        except phonenumbers.NumberParseException:
            return re.sub(r"\D", "", fact)
    if "e-mail" in kind:
        return next(iter(emails_in(fact)), fact).casefold()
    plain = fact.split(",", maxsplit=1)[0].strip()
    return re.sub(r"\W|^\d{4,5}\s+" if kind == "town" else r"\W", "", plain).casefold()
