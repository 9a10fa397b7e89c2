"""Brave Search: does the own page come up for "service + town"? The automatic cousin of a look into Google.

Interface as its makers document it (api-dashboard.search.brave.com, web search) and public readers of 2026 use it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from audit import (
    Access,
    Action,
    Checker,
    Control,
    EditedBy,
    Item,
    Key,
    Kind,
    Listing,
    Nothing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Retention,
    Secret,
    Standing,
    Terms,
    Visit,
)
from audit.readers.entries import entry
from audit.readers.members import array, members, text

_COUNT = 20


class BraveSearch(Checker):
    """The usual word and the town, as somebody would type it; the first twenty results."""

    id = "brave-search-api"
    platform = Platform(
        id="brave-search",
        name="Brave Search",
        kind=Kind.SEARCH,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.VISIT_WEBSITE}),
        edit_days=14,
    )
    access = Access.API
    home = "https://api.search.brave.com"
    hosts = ("api.search.brave.com",)
    keys = (
        Key(
            "BRAVE_API_KEY",
            get_url="https://api-dashboard.search.brave.com",
            note="An account with a card, which even the free searches need (as reported in 2026).",
            cost_per_1000=5.0,
            currency="USD",
            free_per_month=1000,
        ),
    )
    terms = Terms(
        policy_url="https://api-dashboard.search.brave.com/docs",
        read_on=date(2026, 11, 24),
        note="5 USD a thousand searches, 5 USD free a month, a card is needed (as reported in 2026); whether results "
        "may be stored was not found out, so only ids and verdicts are kept.",
    )
    control = Control(none_because="results change daily and with the place of asking, so none is surely there")
    standing = Standing.DOCUMENTED_ONLY
    proves = frozenset({"name", "link"})
    pace = 1.1
    retention = Retention.IDS_ONLY
    governed_by_robots = False

    def search(self, query: Query) -> Iterable[Visit]:
        """The usual word and the town."""
        return _ask(query.words[0] if query.words else query.name, query.city)

    def search_again(self, query: Query) -> Iterable[Visit]:
        """The organisation's name and the town."""
        return _ask(query.organisation.name, query.city)

    def read(self, page: Page) -> Iterator[Item]:
        """The results; Brave says itself whether there are more of them elsewhere."""
        answer = page.data()
        results = array(answer, "web", "results") or []
        if text(answer, "type") != "search" or not isinstance(answer.get("query"), dict):
            raise NotUnderstood("no answer of a web search (type, query)")
        if not results and next(members(answer, "query", "more_results_available"), None) is not False:
            raise NotUnderstood("no results, but not the word that there are none")
        yield from (_result(one) for one in results[:_COUNT])
        if not results:
            yield Nothing("no results, and no more available")


def _ask(words: str, town: str) -> Iterator[Visit]:
    if words and town:
        params = (("q", f"{words} {town}"), ("count", str(_COUNT)), ("country", "DE"), ("search_lang", "de"))
        headers = (("Accept", "application/json"), ("X-Subscription-Token", Secret("BRAVE_API_KEY")))
        yield Visit(f"{BraveSearch.home}/res/v1/web/search", params=params, headers=headers)


def _result(one: object) -> Listing:
    """One result: its title is the name, what it leads to the link."""
    url = text(one, "url")
    if not url:
        raise NotUnderstood("a result without url")
    return entry(text(one, "title") or url, websites=[url], id=url, url=url, text=text(one, "description"))
