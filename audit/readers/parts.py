"""Several places on one page: each address with its name above and its contact facts around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from audit.model import Action, Address, Listing
from audit.page import Page, squash
from audit.readers import contact
from audit.readers.hours_text import hours_in
from audit.readers.places import addresses_at
from audit.readers.tables import table

_FEWEST = 2
_LONGEST_NAME = 120
_LONGEST_PART = 1500
_LINE = re.compile(r"[^\n]+")
_NAME = re.compile(r"[^\W\d_]{3}")
_FACT = re.compile(r"\d{4}|@|:\s*$|^\d")

Place = tuple[int, int, Address]


def parts_of(page: Page, text: str = "") -> list[Listing]:
    """One listing per address where the page's text shows at least two, at most 20; else none.

    ``text`` is `contact.lines` of the page where it is known already. The name is the last heading
    above an address, else the line above it; the facts are those up to the next name.
    """
    text = text or contact.lines(page)
    places = addresses_at(text)
    if len(places) < _FEWEST:
        return []
    titles = page.all("h1, h2, h3, h4, h5, h6, dt, strong, b")[:500]
    headings = {_tidy(node.text(separator=" ", strip=True)) for node in titles}
    heads = [_head(text, places, at, headings) for at in range(len(places))]
    ends = [*(start for start, _ in heads[1:]), len(text)]
    return [
        _listing(page, name, place[2], text[start : min(end, place[1] + _LONGEST_PART)])
        for (start, name), place, end in zip(heads, places, ends, strict=True)
        if name
    ]


def _head(text: str, places: Sequence[Place], at: int, headings: set[str]) -> tuple[int, str]:
    """Where the part begins and what it is called ("" where nothing above the address is a name)."""
    begin = places[at - 1][1] if at else 0
    above = [(begin + line.start(), _tidy(line[0])) for line in _LINE.finditer(text[begin : places[at][0]])]
    titled = [one for one in above if one[1] in headings and _is_name(one[1])]
    named = [one for one in above[-3:] if _is_name(one[1])]
    found = titled[-1:] or named[-1:]
    return found[0] if found else (places[at][0], "")


def _tidy(line: str) -> str:
    return squash(line).strip(" |·•,")


def _is_name(line: str) -> bool:
    labels = table("contact")["address"]["labels"]
    plain = line.casefold().strip(" :")
    return (
        3 <= len(line) <= _LONGEST_NAME and bool(_NAME.search(line)) and not _FACT.search(line) and plain not in labels
    )


def _listing(page: Page, name: str, address: Address, text: str) -> Listing:
    phones, emails = contact.phones_in(text), contact.emails_in(text)
    opening_hours, hours_text = hours_in(squash(text))
    possible = ((Action.CALL, phones), (Action.WRITE, emails), (Action.VISIT_WEBSITE, True))
    return Listing(
        name=name[:200],
        id=f"{page.url}#{name}",
        url=page.url,
        address=address,
        phones=phones,
        emails=emails,
        websites=(page.url,),
        opening_hours=opening_hours,
        hours_text=hours_text,
        actions=tuple(action for action, there in possible if there),
    )
