"""Wikipedia in German: whether there is an article about the organisation, and where it leads.

MediaWiki's action API (list=search, then prop=info|extracts|extlinks|coordinates, formatversion 2), rules of
Wikimedia's access policy, read 2026-11-23. An article is about an organisation or its association; local branches
mostly have none, so the platform counts only where the organisation says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
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
    Known,
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
from audit.readers.members import number, text, texts

_LIMIT, _LINKS = 10, 20
_WANTED = "info|extracts|extlinks|coordinates|pageprops"


class Wikipedia(Checker):
    """A search for the name, then beginnings and links of the articles found, in one question."""

    id = "wikipedia-api"
    platform = Platform(
        id="wikipedia",
        name="Wikipedia",
        kind=Kind.KNOWLEDGE,
        edited_by=EditedBy.CROWD,
        actions=frozenset({Action.VISIT_WEBSITE}),
        edit_url="https://de.wikipedia.org",
        per_service=False,
    )
    access = Access.API
    home = "https://de.wikipedia.org"
    hosts = ("de.wikipedia.org",)
    terms = Terms(
        policy_url="https://www.mediawiki.org/wiki/Wikimedia_APIs/Access_policy",
        read_on=date(2026, 11, 23),
        note="A user agent that names the asker, one request after the other; texts are CC BY-SA 4.0.",
    )
    control = Control(known=Known(name="Deutsches Rotes Kreuz", website="https://www.drk.de"))
    standing = Standing.DOCUMENTED_ONLY
    asks_about = About.ORGANISATION
    proves = frozenset({"name", "link"})
    pace = 2.0
    lane = "wikimedia"  # the rules ask a client to be modest with all wikis together
    governed_by_robots = False
    attribution = "Wikipedia, CC BY-SA 4.0 (https://de.wikipedia.org/wiki/Wikipedia:Lizenzbestimmungen)"

    def search(self, query: Query) -> Iterable[Visit]:
        """The name."""
        return [_named(query.organisation.name)]

    def search_again(self, query: Query) -> Iterable[Visit]:
        """Another name of the organisation."""
        return [_named(name) for name in query.organisation.alternate_names[:1]]

    def read(self, page: Page) -> Iterable[Item]:
        """Numbers of a search, then the articles; an empty list of hits is Wikipedia's own sign."""
        answer = page.data()
        within = answer.get("query")
        hits = within.get("pages" if page.visit.step == "articles" else "search") if isinstance(within, dict) else None
        if not isinstance(hits, list):
            raise NotUnderstood(f"no hits: {text(answer, 'error', 'info')[:80]}")
        if page.visit.step == "articles":
            return [_listing(article) for article in hits]
        numbers = [number(hit, "pageid") for hit in hits]
        if None in numbers:
            raise NotUnderstood("a hit without number")
        more = [More("the limit of the answer is reached")] if len(hits) >= _LIMIT else []
        return [_articles([f"{one:.0f}" for one in numbers]), *more] if hits else [Nothing("search []")]


def _named(name: str) -> Visit:
    return _ask("hits", ("list", "search"), ("srsearch", name), ("srlimit", str(_LIMIT)), ("srprop", ""))


def _articles(numbers: Sequence[str]) -> Visit:
    wanted = ("prop", _WANTED), ("inprop", "url"), ("exintro", "1"), ("explaintext", "1"), ("exlimit", "max")
    return _ask("articles", ("pageids", "|".join(numbers)), *wanted, ("ellimit", "max"), ("ppprop", "wikibase_item"))


def _ask(step: str, *params: tuple[str, str]) -> Visit:
    usual = ("action", "query"), *params, ("format", "json"), ("formatversion", "2")
    return Visit(f"{Wikipedia.home}/w/api.php", params=usual, step=step)


def _listing(article: Any) -> Listing:
    """An article. Of its links only home pages count: all others are sources."""
    if not text(article, "title") or not text(article, "fullurl"):
        raise NotUnderstood("an article without title or address")
    return Listing(
        name=text(article, "title"),
        id=f"{number(article, 'pageid') or 0:.0f}",
        url=text(article, "fullurl"),
        latitude=number(article, "coordinates", "lat"),
        longitude=number(article, "coordinates", "lon"),
        websites=tuple(url for url in texts(article, "extlinks", "url") if _is_home(url))[:_LINKS],
        text=text(article, "extract")[:2000],
        wikidata=texts(article, "pageprops", "wikibase_item"),
    )


def _is_home(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.path in {"", "/"} and not parts.query
