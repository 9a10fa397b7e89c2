"""E-mail addresses that a page hides from robots, where they can be read without running a script.

Known are Cloudflare's email protection (`data-cfemail`: the first byte is the key of an exclusive or),
TYPO3's spam protection (`linkTo_UnCryptMailto`, `data-mailto-token`: letters moved by a few places;
TYPO3 documentation of config.spamProtectEmailAddresses), addresses cut into attributes, and text written
backwards and turned by CSS. All read 2026-11-24.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from audit.page import Page
from audit.readers.tables import table

_MOST = 60
_LONGEST = 400
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){4,200}")
_TYPO3 = re.compile(r"UnCryptMailto\(\s*(?:%27|['\"])(.{5,400}?)(?:%27|['\"])\s*[,)]")
_PLACES = ((0x2B, 0x3A), (0x40, 0x5A), (0x61, 0x7A))  # TYPO3 moves letters within these ranges
_FURTHEST = 13


def disguised(page: Page) -> Iterator[str]:
    """Texts that hold the page's disguised addresses, in the order of their kinds; at most 60 of each."""
    yield from _cloudflare(page)
    yield from _typo3(page)
    yield from _in_attributes(page)
    for node in page.all("[style*='bidi-override' i]")[:_MOST]:
        yield node.text(strip=True)[:_LONGEST][::-1]


def _cloudflare(page: Page) -> Iterator[str]:
    for node in page.all("[data-cfemail], a[href*='/cdn-cgi/l/email-protection#']")[:_MOST]:
        code = node.attributes.get("data-cfemail") or (node.attributes.get("href") or "").partition("#")[2]
        if _HEX.fullmatch(code):
            key, *rest = bytes.fromhex(code)
            yield bytes(one ^ key for one in rest).decode("utf-8", "replace").split("?")[0]


def _typo3(page: Page) -> Iterator[str]:
    for node in page.all("a[href*='UnCryptMailto' i], a[onclick*='UnCryptMailto' i], [data-mailto-token]")[:_MOST]:
        code = node.attributes.get("data-mailto-token") or ""
        if not code:
            found = _TYPO3.search((node.attributes.get("href") or "") + (node.attributes.get("onclick") or ""))
            code = found[1] if found else ""
        yield _moved(code[:_LONGEST]).split("?")[0]


def _moved(code: str) -> str:
    """The address behind "mailto:" once the letters are moved back; the distance is what makes it begin so."""
    for distance in range(-_FURTHEST, _FURTHEST + 1):
        plain = "".join(_letter(character, distance) for character in code)
        if plain.startswith("mailto:"):
            return plain.removeprefix("mailto:")
    return ""


def _letter(character: str, distance: int) -> str:
    for first, last in _PLACES:
        if first <= ord(character) <= last:
            return chr(first + (ord(character) - first + distance) % (last - first + 1))
    return character


def _in_attributes(page: Page) -> Iterator[str]:
    for whole in table("contact")["email"]["whole"]:
        yield from ((node.attributes.get(whole) or "")[:_LONGEST] for node in page.all(f"[{whole}]")[:_MOST])
    for user, domain in table("contact")["email"]["halves"]:
        for node in page.all(f"[{user}][{domain}]")[:_MOST]:
            name, host = node.attributes.get(user) or "", node.attributes.get(domain) or ""
            ending = node.attributes.get("data-tld") or ""
            yield f"{name}@{host}{'.' * bool(ending)}{ending.lstrip('.')}"[:_LONGEST]
