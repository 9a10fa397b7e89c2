"""Searching by name: what the place searches of many providers have in common besides their shape."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from audit.checker import Checker, Known
from audit.model import Query, Visit

# Stands at this place since 1925 and is in every map: the control of maps without an entry of their own to name.
MUSEUM = Known(
    name="Deutsches Museum",
    words=("Museum",),
    street="Museumsinsel",
    house_number="1",
    postcode="80538",
    city="München",
    latitude=48.12992,
    longitude=11.58342,
    website="https://www.deutsches-museum.de/",
)


class NameSearch(Checker):
    """A way that is searched by name, the service's own and then its usual word. Write ``ask`` and ``read``."""

    def ask(self, query: Query, name: str) -> Visit | None:
        """The search for a name, or None where what it needs is not known (a town, coordinates)."""
        raise NotImplementedError

    def search(self, query: Query) -> Iterable[Visit]:
        """The name."""
        return self._asked(query, query.name)

    def search_again(self, query: Query) -> Iterable[Visit]:
        """The usual word."""
        return self._asked(query, next(iter(query.words), ""))

    def _asked(self, query: Query, name: str) -> Iterable[Visit]:
        visit = self.ask(query, name) if name else None
        return [visit] if visit else []


class EntrySearch(Checker):
    """A directory's pages: the entry where its address is known, else a search, by the usual word and again by the
    organisation's name. Write ``is_entry``, ``ask`` and ``read``; the visit's step tells "entry" from "search"."""

    def is_entry(self, url: str) -> bool:
        """Whether a known address is that of an entry."""
        raise NotImplementedError

    def ask(self, what: str, where: str) -> Visit:
        """The search for a word in a town; neither is empty."""
        raise NotImplementedError

    def search(self, query: Query) -> Iterable[Visit]:
        """The known entries, else the usual word and the town."""
        known = [Visit(url, step="entry") for url in query.profiles if self.is_entry(url)]
        return known or self._asked(next(iter(query.words), query.name), query.city)

    def search_again(self, query: Query) -> Iterable[Visit]:
        """By the organisation's name."""
        return self._asked(query.organisation.name, query.city)

    def _asked(self, what: str, where: str) -> Iterable[Visit]:
        return [replace(self.ask(what, where), step="search")] if what and where else []
