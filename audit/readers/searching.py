"""Searching by name: what the place searches of many providers have in common besides their shape."""

from __future__ import annotations

from collections.abc import Iterable

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
