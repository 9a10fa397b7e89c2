"""Platforms of which only a link is visited: does a page that the organisation links to or declares still live?

A row of a table with ``how = "visit"`` becomes two ways: this visit, and a look by a person for all it cannot see.
One page is read, the one that was linked; no search, no calendar, no slot is asked for and nothing is booked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from audit.checker import Checker, Control, Platform, Terms
from audit.model import About, Access, Action, Item, Listing, More, Query, Retention, Standing, Visit
from audit.page import NotUnderstood, Page, squash
from audit.readers import absolute
from audit.readers.addresses import host_in, split

VISIT = "visit"
KEYS = ("hosts", "marks", "gone", "pace")
_TEXT = 4000
_LITTLE = 200  # characters of visible text: with less, what a page says is put in by its scripts
_LOGIN = 800  # a page with a password field and no more text than this is a login
_DESCRIBED = 'meta[name="description" i]', 'meta[property="og:description" i]'


class LinkChecker(Checker):
    """One visit per known address. The page lives where it is the platform's own, and names itself."""

    access = Access.PAGE
    standing = Standing.DOCUMENTED_ONLY
    control = Control(none_because="the page is the organisation's own: another one proves nothing about it")
    asks_about = About.PROFILE
    proves = frozenset()
    retention = Retention.EXTRACT
    absent_status = (404, 410)
    follow_ups = 0
    depth = 1
    domains: ClassVar[tuple[str, ...]]
    marks: ClassVar[tuple[str, ...]]
    why: ClassVar[str]

    def search(self, query: Query) -> Iterable[Visit]:
        """Every known address on the platform's hosts."""
        for url in query.profiles:
            if self._ours(address := absolute(url, "")):
                yield Visit(address, step="link")

    def read(self, page: Page) -> Iterable[Item]:
        """The page as an entry: what it calls itself and says; that is only the first page of what may be there."""
        self._must_live(page)
        names = list(dict.fromkeys(filter(None, _names(page))))
        described = [squash(page.attribute(css, "content")) for css in _DESCRIBED]
        text = squash(" · ".join(filter(None, [*described, page.readable])))
        if not names or (len(page.readable) < _LITTLE and self._only_itself(names)):
            raise NotUnderstood("the page says nothing of its own without its scripts")
        actions = tuple(sorted(self.platform.actions - {Action.VISIT_WEBSITE}))
        yield Listing(
            name=names[0][:200],
            url=page.visit.url,
            alternate_names=tuple(name[:200] for name in names[1:3]),
            text=text[:_TEXT],
            actions=actions,
        )
        yield More("only the linked page was read, not what lies behind it")

    def _ours(self, url: str) -> bool:
        parts = split(url)
        return parts is not None and host_in((parts.hostname or "").lower(), list(self.domains))

    def _must_live(self, page: Page) -> None:
        """Raises `NotUnderstood` for a page of somebody else, the start page in its place, and a login."""
        if not self._ours(page.url or page.visit.url):
            raise NotUnderstood("the link leads to another site")
        asked, came = split(page.visit.url), split(page.url or page.visit.url)
        if asked and came and asked.path.strip("/") and not came.path.strip("/"):
            raise NotUnderstood("sent to the start page: the linked page may be gone")
        text = page.text.lower()
        if not any(mark.lower() in text for mark in self.marks):
            raise NotUnderstood(f"no page of {self.platform.name}")
        if page.all("input[type='password' i]") and len(page.readable) < _LOGIN:
            raise NotUnderstood("a login stands before the page")

    def _only_itself(self, names: Iterable[str]) -> bool:
        """Whether the page is called like the platform and nothing else."""
        own = [self.platform.name.lower(), *(mark.lower() for mark in self.marks)]
        return all(any(one in name.lower() and len(name) < len(one) + 12 for one in own) for name in names)


def _names(page: Page) -> Iterator[str]:
    yield page.text_of("main h1") or page.text_of("h1")
    yield squash(page.attribute('meta[property="og:title" i]', "content"))
    yield page.title


def problems(row: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the keys of a row whose link is visited."""
    for key in ("hosts", "marks"):
        if not _texts(row.get(key)) or not row[key]:
            yield f"{key} is {row.get(key)!r}, expected a list of texts"
    if not _texts(row.get("gone", [])):
        yield f"gone is {row['gone']!r}, expected a list of texts"
    pace = row.get("pace", 5)
    if isinstance(pace, bool) or not isinstance(pace, int | float) or pace < 1:
        yield f"pace is {pace!r}, expected at least one second"
    if row.get("asks_about", About.PROFILE) != About.PROFILE:
        yield f"asks_about is {row['asks_about']!r}: a visited link is always a profile"


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)


def link_checker(row: Mapping[str, Any], platform: Platform, terms: Terms) -> Checker:
    """The class of its own for a row whose link is visited; its id is the row's with ``-link`` behind it."""
    declared = {
        "__doc__": f"{row['name']}: the linked page is visited, and nothing behind it.",
        "__module__": __name__,
        "id": f"{row['id']}-link",
        "platform": platform,
        "home": row["link"].partition("{")[0],
        "terms": terms,
        "why": row["why"],
        "attribution": row.get("attribution", ""),
        "domains": tuple(row["hosts"]),
        "marks": tuple(row["marks"]),
        "absent_marks": tuple(row["marks"]),
        "nothing_found": tuple(row.get("gone", ())),
        "pace": float(row.get("pace", 5)),
    }
    checker: Checker = type("Linked", (LinkChecker,), declared)()
    return checker
