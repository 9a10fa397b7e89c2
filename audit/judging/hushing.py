"""Words that may tell where a protected house is: hushed before anything is kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from audit.model import Listing

_WORD = r"[^\W\d_][\w.'’-]*+"
_STREET = re.compile(
    rf"(?<![\w.'’-])(?:{_WORD}[ \t]++){{0,3}}{_WORD}[ \t]++\d{{1,4}}"
    r"(?:[ \t]?[a-z]\b|[ \t]*[-/–][ \t]*\d{1,4}\b)?(?![\w:.,]*\d)",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b\d{5}\b")
_UNSAID = "…"
HUSHED = "findbar:hushed"
WITHHELD = "findbar:address-withheld"
_REACH = 120  # characters before and behind an address in which a word makes it suspect


def hushed(listing: Listing, words: Sequence[str], *, only_near: bool = False) -> Listing:
    """The listing without anything in its words that is like a street with a number, or a postcode.

    The (case-folded) ``words`` for protected services stay, so that the entry is still known for
    one. With ``only_near`` an address stays that stands far from all of them: a menu that names the
    service does not make the office's address a secret. Phones and hours have fields of their own.
    """

    def unsaid(found: re.Match[str]) -> str:
        if only_near and not _near(found, words):
            return found[0]
        folded = found[0].lower()
        kept = max((word for word in words if word in folded), key=len, default="")
        at = folded.find(kept)
        return f"{found[0][at : at + len(kept)]}{_UNSAID}"

    def hush(text: str) -> str:
        return _POSTCODE.sub(unsaid, _STREET.sub(unsaid, text))

    quiet = replace(
        listing,
        name=hush(listing.name),
        alternate_names=tuple(hush(name) for name in listing.alternate_names),
        text=hush(listing.text),
        access_text=hush(listing.access_text),
        hours_text=hush(listing.hours_text),
        fees_text=hush(listing.fees_text),
    )
    return quiet if quiet == listing else replace(quiet, tags=(*listing.tags, HUSHED))


def _near(found: re.Match[str], words: Sequence[str]) -> bool:
    around = found.string[max(found.start() - _REACH, 0) : found.end() + _REACH].casefold()
    return any(word in around for word in words)


def names_any(listing: Listing, words: Sequence[str]) -> bool:
    """Whether the entry is called by one of the (case-folded) words."""
    return _any((listing.name, *listing.alternate_names, listing.operator, *listing.categories), words)


def mentions_any(listing: Listing, words: Sequence[str]) -> bool:
    """Whether the entry's free words hold one of the (case-folded) words."""
    return _any((listing.text, listing.access_text, listing.hours_text, listing.fees_text), words)


def _any(texts: Sequence[str], words: Sequence[str]) -> bool:
    text = " ".join(texts).casefold()
    return any(word in text for word in words)


def withheld(listing: Listing) -> Listing:
    """The listing without anything that leads to a protected house, and a mark if there was something."""
    tells = bool(listing.address.street or listing.latitude is not None)
    bare = replace(listing.address, street="", house_number="", district="", postcode="")
    tags = (*listing.tags, WITHHELD) if tells else listing.tags
    return replace(listing, address=bare, latitude=None, longitude=None, text="", access_text="", tags=tags)
