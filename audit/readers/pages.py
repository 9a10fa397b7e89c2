"""A page of an organisation's own site: what it is called, what it says, where to look next."""

from __future__ import annotations

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from audit.model import Action, Link, Listing
from audit.page import NotUnderstood, Page, squash
from audit.readers import contact
from audit.readers.addresses import absolute, base, same_site, split
from audit.readers.hours_text import hours_in
from audit.readers.promises import reply_hours_in
from audit.readers.tables import table
from audit.readers.words import fold, named

_TEXT = 4000
_MOST_ANCHORS = 3000
_SUFFIX = re.compile(r"\s+[|–—·»:]\s+|\s+-\s+")
_MARKUP = re.compile(r"<\s*(?:!doctype|html|head|body|title|div|p|h1|main)\b", re.IGNORECASE)
_NO_PAGE = (
    "application/json",
    "application/pdf",
    "image/",
    "audio/",
    "video/",
    "application/zip",
    "application/octet-stream",
)


def note_of(words: Iterable[str]) -> str:
    """Words to look for as the note of a visit: joined by "|", without repeats, bounded."""
    follow = table("pages")["follow"]
    kept = list(dict.fromkeys(squash(word.replace("|", " ")) for word in words))
    note = (
        "|".join(word for word in kept if word)
        if len(kept) <= follow["most_words"]
        else "|".join(kept[: follow["most_words"]])
    )
    return note[: follow["most_characters"]].rpartition("|")[0] if len(note) > follow["most_characters"] else note


def words_of(note: str) -> tuple[str, ...]:
    """The words of a note, in order."""
    return tuple(word for word in note.split("|") if word)


def understood(page: Page) -> None:
    """Raises `NotUnderstood` for what is no web page, and for one that says nothing without its scripts."""
    kind = page.header("content-type").lower()
    if kind.startswith(_NO_PAGE) or not _MARKUP.search(page.text[:200_000]):
        raise NotUnderstood(f"no web page: {kind or 'no markup'}")
    if is_shell(page):
        raise NotUnderstood("shell: needs a browser, the page is empty without its scripts")
    if not page.readable:
        raise NotUnderstood("an empty page")


def is_shell(page: Page) -> bool:
    """True for a page with scripts that run (data are none), but almost no visible text and no links."""
    shell = table("pages")["shell"]
    few = len(page.readable) <= shell["most_visible"] and len(page.all("a[href]")) <= shell["most_links"]
    runs = bool(page.all("script:not([type*='json' i])"))
    return few and runs and not page.all("a[href^='tel:' i], a[href^='mailto:' i], form, address")


def breaks_off(page: Page) -> bool:
    """True for a page that opens html and never closes html or body, or nests too deep: only a part is read."""
    if len(page.markup) < len(page.text):
        return True
    text = page.text.lower()
    return "<html" in text and "</html" not in text and "</body" not in text


def name_of(page: Page) -> str:
    """The first heading, or the title without the site's name behind it."""
    return (page.text_of("main h1") or page.text_of("h1") or short_title(page))[:200]


def short_title(page: Page) -> str:
    """The title without the name of the site, which stands behind the last dash or bar."""
    parts = _SUFFIX.split(page.title)
    return squash(" – ".join(parts[:-1]) if len(parts) > 1 else page.title)[:200]


def headings(page: Page) -> str:
    """Title and headings: where a page says what it is about. A menu names everything on every page."""
    nodes = page.all("h1, h2, h3")[:500]
    return " | ".join([page.title, *(squash(node.text(separator=" ", strip=True)) for node in nodes)])


def listing_of(page: Page, links: Iterable[Link] = ()) -> Listing:
    """The page itself as a listing: name, contact facts, hours, text, and the note's words that it names."""
    text = contact.lines(page)
    phones, emails = contact.phones(page, text), contact.emails(page, text)
    addresses = contact.addresses_in(text)
    line = squash(text)
    opening_hours, hours_text = hours_in(line)
    title = short_title(page)
    name = name_of(page) or page.url
    return Listing(
        name=name,
        id=page.url,
        url=page.url,
        alternate_names=(title,) if title and title != name else (),
        categories=named(words_of(page.visit.note), headings(page)),
        address=addresses[0] if addresses else Listing(name="").address,
        phones=phones,
        emails=emails,
        websites=(page.url,),
        opening_hours=opening_hours,
        hours_text=hours_text,
        text=_main_text(page, line)[:_TEXT],
        actions=_actions(phones, emails, {link.kind for link in links}),
        fees_text=contact.fees_in(text),
        access_text=contact.access_in(text),
        reply_hours=reply_hours_in(line),
    )


def _main_text(page: Page, line: str) -> str:
    """The text of the main part first, then everything, so that long menus push nothing out."""
    node = page.tree.css_first("main, [role=main], article, #content")
    main = page.text_of("main, [role=main], article, #content") if node and not node.css("script, style") else ""
    return f"{main} · {line}" if 0 < len(main) < len(line) and len(line) > _TEXT else line


def _actions(phones: tuple[str, ...], emails: tuple[str, ...], kinds: set[str]) -> tuple[Action, ...]:
    possible = (
        (Action.CALL, phones),
        (Action.WRITE, emails or kinds & {"form", "chat", "counselling"}),
        (Action.VISIT_WEBSITE, True),
        (Action.BOOK, "booking" in kinds),
    )
    return tuple(action for action, there in possible if there)


def worth_visiting(page: Page, words: Iterable[str], most: int) -> list[str]:
    """Addresses of the same site that name one of the words, then those with contact words; best first."""
    start, wanted = base(page), tuple(words)
    values: dict[str, float] = {}
    for node in page.all("a[href]")[:_MOST_ANCHORS]:
        url = absolute(start, node.attributes.get("href") or "")
        if url and url != page.url and same_site(url, page.url):
            values[url] = max(values.get(url, 0.0), value_of(url, _label(node), wanted))
    return best(values, most)


def best(values: dict[str, float], most: int) -> list[str]:
    """The addresses with a value above zero, the most valuable first; equal ones in their order."""
    return sorted((url for url, value in values.items() if value > 0), key=lambda url: -values[url])[:most]


def _label(node: LexborNode) -> str:
    return squash(f"{node.text(separator=' ', strip=True)} {node.attributes.get('title') or ''}")[:200]


def value_of(url: str, label: str, words: tuple[str, ...]) -> float:
    """How much a link is worth following: words of services first, then contact words; 0 is never."""
    follow, parts = table("pages")["follow"], split(url)
    path = f"{parts.path}?{parts.query}" if parts else ""
    low = path.lower()
    if (
        not parts
        or low.rstrip("?").endswith(tuple(follow["never"]["endings"]))
        or any(w in low for w in follow["never"]["words"])
    ):
        return 0.0
    value = follow["service"] if named(words, label) else follow["service_url"] if named(words, path) else 0
    both = f"{fold(label)} {fold(path)} "
    value = max([value, *(worth for word, worth in follow["contact"].items() if _leads(fold(word), both))])
    return float(value - follow["deep"] * max(0, parts.path.strip("/").count("/"))) if value else 0.0


def _leads(word: str, text: str) -> bool:
    """Long words may stand inside others ("Schuldnerberatung"), short ones stand alone ("Team")."""
    return word in text if len(word) > 6 else f" {word} " in f" {text} "
