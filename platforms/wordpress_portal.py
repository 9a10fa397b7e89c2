"""A town's or association's portal made with WordPress, searched through WordPress's own documented interface.

Answers of a real WordPress 6.1.9 (2026-11-23): ``/wp-json/wp/v2/search`` and ``/wp-json/wp/v2/pages``. The portal
is named in the organisation file as a profile of this platform.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from urllib.parse import urlsplit

from audit import (
    About,
    Access,
    Action,
    Checker,
    Control,
    EditedBy,
    Item,
    Kind,
    Listing,
    More,
    Nothing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Standing,
    Terms,
    Visit,
)
from audit.readers import addresses_in, emails, hours_in, lines, phones
from audit.readers.entries import address, entry
from audit.readers.members import members, number, text

_MOST = 10
_REST = re.compile(r"/wp-json/wp/v2/[a-z0-9_-]{1,40}/\d{1,12}")


class WordpressPortal(Checker):
    """One search by the organisation's name in each portal named, then the pages found (at most ten)."""

    id = "wordpress-portal"
    platform = Platform(
        id="wordpress-portal",
        name="Portal (WordPress)",
        kind=Kind.DIRECTORY,
        edited_by=EditedBy.AUTHORITY,
        actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE}),
        edit_days=7,
    )
    access = Access.API
    home = "https://developer.wordpress.org/rest-api/reference/search-results/"
    terms = Terms(
        policy_url="https://developer.wordpress.org/rest-api/reference/search-results/",
        read_on=date(2026, 11, 24),
        note="Documented by its makers; each portal has rules of its own, and its robots.txt is obeyed.",
    )
    control = Control(
        none_because="every portal holds other entries; one understood answer stands in for a known entry"
    )
    standing = Standing.RECORDED
    asks_about = About.ORGANISATION
    proves = frozenset({"name", "address", "phone", "email", "link", "hours"})
    pace = 2.0
    follow_ups = _MOST
    depth = 1

    def search(self, query: Query) -> Iterable[Visit]:
        """The portals that the file names, each asked for the organisation's name."""
        for portal in query.profiles:
            parts = urlsplit(portal)
            params = (("search", query.organisation.name), ("per_page", "50"))
            yield Visit(
                f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/wp-json/wp/v2/search",
                params=params,
                step="search",
            )

    def read(self, page: Page) -> Iterable[Item]:
        """The hits, or one page of the portal."""
        return [_page(page)] if page.visit.step == "page" else _hits(page)


def _hits(page: Page) -> Iterator[Item]:
    """Where the hits lie; an empty list with a total of 0 is WordPress's own sign that there are none."""
    found = page.data(list)
    if not found and page.header("x-wp-total") == "0":
        yield Nothing("X-WP-Total 0")
        return
    links = [link for one in found for link in _rest_links(page, one)]
    if not links:
        raise NotUnderstood("neither hits nor a total of 0")
    yield from (Visit(link, step="page") for link in links[:_MOST])
    total = page.header("x-wp-total")
    if len(links) > _MOST or (total.isdecimal() and int(total) > len(links)):
        yield More(f"{min(len(links), _MOST)} of {total or len(links)} pages looked at")


def _rest_links(page: Page, one: object) -> Iterator[str]:
    """The interface's own address of a hit, on the portal's host."""
    for link in members(one, "_links", "self"):
        parts = urlsplit(text(link, "href"))
        if parts.netloc == urlsplit(page.url or page.visit.url).netloc and _REST.search(parts.path):
            yield text(link, "href")


def _page(page: Page) -> Listing:
    """One page: its title, and the contact facts in its text."""
    told = page.data()
    name = unescape(text(told, "title", "rendered"))
    if not name:
        raise NotUnderstood("no title of the page (title.rendered)")
    html = text(told, "content", "rendered")
    inner = replace(
        page, url=text(told, "link"), body=html.encode(), headers=(("content-type", "text/html; charset=utf-8"),)
    )  # fmt: skip
    said = lines(inner)
    opening_hours, hours_text = hours_in(" ".join(said.split()))
    houses = addresses_in(said)
    key = number(told, "id")
    return entry(
        name,
        phones=phones(inner, said),
        emails=emails(inner, said),
        websites=[node.attributes.get("href") or "" for node in inner.all("a[href^='http']")[:5]],
        id=f"{key:.0f}" if key is not None else "",
        url=text(told, "link"),
        address=houses[0] if houses else address("", ""),
        opening_hours=opening_hours,
        hours_text=hours_text,
        text=" ".join(said.split())[:1500],
        updated=_day(text(told, "modified")),
    )


def _day(told: str) -> date | None:
    try:
        return date.fromisoformat(told[:10])
    except ValueError:
        return None
