"""The organisation's own website: a bounded number of pages, chosen by the words of its services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import urljoin

from audit import (
    About,
    Access,
    Action,
    Checker,
    Control,
    EditedBy,
    Item,
    Kind,
    More,
    Nothing,
    Page,
    Platform,
    Query,
    Retention,
    Standing,
    Terms,
    Visit,
)
from audit.readers import (
    absolute,
    best,
    breaks_off,
    entities,
    links,
    listing_of,
    listings,
    note_of,
    parts_of,
    same_site,
    sitemap,
    understood,
    value_of,
    words_of,
    worth_visiting,
)

_PAGES = 12


class Website(Checker):
    """Reads the home page, the sitemap and the pages that name a service or lead to contact facts."""

    id = "website"
    platform = Platform(
        id="website",
        name="Website",
        kind=Kind.WEBSITE,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE, Action.BOOK}),
    )
    access = Access.PAGE
    home = "https://www.rfc-editor.org/rfc/rfc9309"
    terms = Terms(
        policy_url="https://www.rfc-editor.org/rfc/rfc9309",
        read_on=date(2026, 11, 23),
        note="The organisation audits its own site; its robots.txt is obeyed all the same.",
    )
    control = Control(
        none_because="Every organisation has another site; an understood home page stands in for a known entry."
    )
    standing = Standing.RECORDED
    asks_about = About.ORGANISATION
    proves = frozenset({"name", "address", "phone", "email", "link", "hours", "fees", "access"})
    retention = Retention.FULL
    nothing_found = ("Domain steht zum Verkauf", "domain is for sale", "Domain wurde erfolgreich registriert")
    follow_ups = _PAGES
    depth = 3

    def search(self, query: Query) -> Iterable[Visit]:
        """The home page and the sitemap; the note says which words to look for."""
        organisation = query.organisation
        home = absolute(organisation.website, "")
        if not home:
            return
        named = (name for one in organisation.services for name in (one.name, *one.alternate_names))
        note = note_of([*named, *query.words])
        yield Visit(home, step="home", note=note)
        yield Visit(urljoin(home, "/sitemap.xml"), step="sitemap", note=note)

    def shows_absence(self, page: Page) -> bool:
        """A dead link and a missing sitemap are facts about the site; a missing home page is trouble."""
        return page.visit.step != "home" and page.status in (404, 410)

    def read(self, page: Page) -> Iterable[Item]:
        """The page as a listing, what it states for machines, where it leads, and pages worth a visit."""
        return self._sitemap(page) if page.visit.step == "sitemap" else self._page(page)

    def _page(self, page: Page) -> Iterator[Item]:
        understood(page)
        known = entities(page)
        found = links(page, known)
        yield listing_of(page, found)
        yield from parts_of(page)
        yield from listings(page, known)
        yield from found
        for url in worth_visiting(page, words_of(page.visit.note), _PAGES):
            yield page.visit.then("page", url)
        if breaks_off(page):
            yield More("the page breaks off before its end")

    def _sitemap(self, page: Page) -> Iterator[Item]:
        """Pages that name a word in their address; an index first leads to its own sitemaps."""
        read, words = sitemap(page.body), words_of(page.visit.note)
        maps = [url for url in read.maps if same_site(url, page.url)]
        pages = {url: value_of(url, "", words) for url in read.urls if same_site(url, page.url)}
        chosen = best(pages, _PAGES)
        for url in sorted(maps, key=lambda url: "page" not in url)[:3]:
            yield page.visit.then("sitemap", url)
        for url in chosen:
            yield page.visit.then("page", url)
        if not read.complete:
            yield More("the sitemap breaks off, or is longer than is read")
        elif not maps and not chosen:
            yield Nothing("the sitemap names no page with one of the words")
