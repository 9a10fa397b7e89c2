"""Telephone numbers, e-mail addresses, fees and access words of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from urllib.parse import unquote

from phonenumbers import (
    Leniency,
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    format_number,
    is_valid_number,
    parse,
)
from selectolax.lexbor import LexborHTMLParser

from audit.page import Page
from audit.readers.disguised import disguised
from audit.readers.places import addresses_in, split_street
from audit.readers.tables import table

_MOST = 30
_MOST_LOOKS = 300
_LONGEST = 300_000
_REGION = "DE"
# Cheap gate before the matcher: a plus or a zero that starts a word, and digits with the usual separators.
_MAYBE = re.compile(r"(?<![\w.,/-])(?:\+|\(\s?\+|\(?0)[\d\s()/.–-]{5,28}\d")
_DATE = re.compile(r"\b[0-3]?\d\.[01]?\d\.(?:19|20)\d\d")
_EMAIL = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@((?:[\w-]{1,63}\.){1,6}[a-zA-Z]{2,24})(?![\w@])")
# an at sign with blanks on both sides or its domain in the next element, and (a) without any
_APART = re.compile(r"(?<=[\w-])[ \t\n]{1,3}@[ \t\n]{1,3}(?=\w)|(?<=[\w-])(?:@\n|\(a\))(?=\w)")
_UNSPOKEN = ["script", "style", "noscript", "template", "svg"]
_SENTENCE = re.compile(r"[^.!?\n|]{0,160}")


def lines(page: Page) -> str:
    """The visible text of a page with a line break between its elements, at most 300,000 characters."""
    tree = LexborHTMLParser(page.markup)
    tree.strip_tags(_UNSPOKEN)
    return tree.body.text(separator="\n", strip=True)[:_LONGEST] if tree.body else ""


def phones(page: Page, text: str = "") -> tuple[str, ...]:
    """Numbers of ``tel:`` links first, then those in the visible text; one per number, as shown."""
    links = (_bare(node.attributes.get("href")) for node in page.all("a[href^='tel:' i]")[:_MOST])
    return unique_phones([*(one for one in links if sum(map(str.isdigit, one)) >= 3), *phones_in(text or lines(page))])


def _bare(href: str | None) -> str:
    return unquote((href or "").split(":", 1)[-1]).split(";")[0].strip().strip("/")


def unique_phones(numbers: Iterable[str]) -> tuple[str, ...]:
    """The numbers without repeats in another spelling, in order, at most 30."""
    known: dict[str, str] = {}
    for number in numbers:
        known.setdefault(_key(number), number.strip())
        if len(known) >= _MOST:
            break
    return tuple(known.values())


def _key(number: str) -> str:
    try:
        return format_number(parse(number, _REGION), PhoneNumberFormat.E164)
    except NumberParseException:
        return re.sub(r"\D", "", number)


def abroad(number: str, region: str) -> str:
    """A number of another country (ISO 3166-1) with its country code; any other as it stands."""
    if region in ("", _REGION) or number.lstrip("( ").startswith(("+", "00")):
        return number
    try:
        parsed = parse(number, region)
    except NumberParseException:
        return number
    return format_number(parsed, PhoneNumberFormat.INTERNATIONAL) if is_valid_number(parsed) else number


def phones_in(text: str) -> tuple[str, ...]:
    """Telephone numbers in text as they stand there; no fax, bank or register numbers, no dates."""
    return unique_phones(_phones_in(text))


def _phones_in(text: str) -> Iterator[str]:
    end = 0
    for maybe in islice(_MAYBE.finditer(text), _MOST_LOOKS):
        if maybe.start() < end or _DATE.search(maybe[0]) or _refused(text[max(0, maybe.start() - 24) : maybe.start()]):
            continue
        for match in PhoneNumberMatcher(maybe[0], _REGION, Leniency.VALID, max_tries=20):
            if _plain(match.number) and not re.search(r"[^\W\d_]", match.raw_string):
                end = maybe.end()
                yield re.sub(r"\s+", " ", match.raw_string)


def _plain(number: PhoneNumber) -> bool:
    return number.extension is None


def _refused(before: str) -> bool:
    words = re.findall(r"[^\s:()]+", before.lower())
    return any(word.rstrip(".-") in table("contact")["phone"]["not_before"] for word in words[-2:])


def emails(page: Page, text: str = "") -> tuple[str, ...]:
    """Addresses of ``mailto:`` links first, then those in the visible text and disguised ones, without repeats."""
    links = (_bare(node.attributes.get("href")).split("?")[0] for node in page.all("a[href^='mailto:' i]")[:_MOST])
    hidden = "\n".join(disguised(page))
    return _unique([*emails_in(" ".join(links)), *emails_in(text or lines(page)), *emails_in(hidden)])


def emails_in(text: str) -> tuple[str, ...]:
    """E-mail addresses in text, also written with (at), [ät], (punkt) and the like; names of images are none."""
    plain = _spoken().sub(_written, _brackets("dot").sub(".", _brackets("at").sub("@", text)))
    found = (f"{match[1].strip('.')}@{match[2]}" for match in _EMAIL.finditer(_APART.sub("@", plain)))
    images = tuple(f".{ending}" for ending in table("contact")["email"]["images"])
    return _unique(one for one in found if not one.lower().endswith(images) and not one.startswith("@"))


@cache
def _brackets(kind: str) -> re.Pattern[str]:
    """The words for the sign in brackets of any kind, their letters perhaps apart, with blanks around."""
    words = "|".join(r" ?".join(map(re.escape, word)) for word in table("contact")["email"][kind])
    return re.compile(rf"\s{{0,3}}(?:[\[({{<|]|&lt;)\s?(?:{words})\s?(?:[\])}}>|]|&gt;)\s{{0,3}}", re.IGNORECASE)


@cache
def _spoken() -> re.Pattern[str]:
    """ "info at haus punkt de", or "info at haus.de" behind a label."""
    labels = "|".join(map(re.escape, table("contact")["email"]["labels"]))
    name, host = r"[\w.+-]{1,64}", r"[\w-]{1,63}"
    return re.compile(
        rf"(?<![\w.+-])({name}) (?:at|ät) ({host}(?:\.{host}){{0,3}}) (?:dot|punkt) ([a-z]{{2,24}})\b"
        rf"|(?:{labels})\s?:\s{{0,3}}({name}) (?:at|ät) ((?:{host}\.){{1,4}}[a-z]{{2,24}})\b",
        re.IGNORECASE,
    )


def _written(spoken: re.Match[str]) -> str:
    return f"{spoken[1]}@{spoken[2]}.{spoken[3]}" if spoken[1] else f" {spoken[4]}@{spoken[5]}"


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    known: dict[str, str] = {}
    for value in values:
        known.setdefault(value.casefold(), value)
        if len(known) >= _MOST:
            break
    return tuple(known.values())


def fees_in(text: str) -> str:
    """The words around what a page says about fees ("Die Beratung ist kostenlos"), or ""."""
    return _around("fees", text)


def access_in(text: str) -> str:
    """The words around what a page says about barriers and access, or ""."""
    return _around("access", text)


@cache
def _marks(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, table("contact")[kind]["words"])), re.IGNORECASE)


def _around(kind: str, text: str) -> str:
    """The pieces of sentences that hold a word of the kind, at most three, joined by "; "."""
    pieces: dict[str, None] = {}
    for found in _marks(kind).finditer(text):
        before = re.split(r"[.!?\n|]", text[max(0, found.start() - 100) : found.start()])[-1]
        after = _SENTENCE.match(text, found.start())
        piece = re.sub(r"\s+", " ", before + (after[0] if after else found[0])).strip(" ,;:–-")
        pieces.setdefault(piece, None)
        if len(pieces) >= 3:
            break
    return "; ".join(pieces)


__all__ = [
    "abroad", "access_in", "addresses_in", "emails", "emails_in", "fees_in", "lines", "phones", "phones_in",
    "split_street", "unique_phones",
]  # fmt: skip
