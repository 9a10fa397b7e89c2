"""Accounts on social platforms: one account seen in several steps, namesakes, and who leads to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

from audit.checker import Checker
from audit.judging.comparing import web
from audit.model import (
    BY_NAME,
    About,
    Access,
    Address,
    Kind,
    Level,
    Link,
    Listing,
    Organisation,
    Query,
    Reason,
    Subject,
    WayObserved,
)

Shown = tuple[Listing, str]  # a listing and the id of the visit that showed it
_MOST = 5


@dataclass(frozen=True, kw_only=True)
class Site:
    """What the own website links to, and why there may be more that was not seen (None: these are all)."""

    links: tuple[Link, ...] = ()
    reason: Reason | None = Reason.NOT_RUN


def accounts(listings: Sequence[Shown]) -> list[Shown]:
    """Every account once: the first sight of it, with what others add, all links and the last day.

    What only a search by name led to is left out: nobody declared it.
    """
    found: dict[str, Shown] = {}
    for listing, visit in listings:
        if BY_NAME not in listing.tags:
            first, at = found.get(_key(listing), (listing, visit))
            found[_key(listing)] = (_together(first, listing), at)
    return list(found.values())


def _together(one: Listing, other: Listing) -> Listing:
    days = [day for day in (one.last_active, other.last_active) if day]
    more = {field.name: getattr(other, field.name) for field in fields(one) if _is_empty(getattr(one, field.name))}
    more["websites"] = tuple(dict.fromkeys((*one.websites, *other.websites)))
    more["actions"] = tuple(dict.fromkeys((*one.actions, *other.actions)))
    return replace(one, **(more | {"last_active": max(days, default=None)}))


def _is_empty(value: object) -> bool:
    return value in ("", (), None, Address())


def _key(listing: Listing) -> str:
    return listing.id or listing.url or listing.name


def namesakes(listings: Sequence[Shown], organisation: Organisation) -> tuple[tuple[Listing, str, str], ...]:
    """Accounts of the organisation's name that it did not declare: (listing, visit, kind), at most five.

    ``unlinked-account``: it leads to the organisation's website, which does not lead to it. ``namesake``:
    nothing of it leads to the organisation, so it is another's, an old one or an impostor's.
    """
    own = [listing for listing, _ in listings if BY_NAME not in listing.tags]
    ours = {_key(listing) for listing in own} | {listing.url for listing in own if listing.url}
    others = [shown for shown in listings if BY_NAME in shown[0].tags and _key(shown[0]) not in ours]
    kinds = {True: "unlinked-account", False: "namesake"}
    return tuple((listing, visit, kinds[leads_to(listing, organisation.website)]) for listing, visit in others)[:_MOST]


def leads_to(listing: Listing, website: str) -> bool:
    """Whether any link of the account leads to the website's registrable domain (on a shared host: to that page)."""
    return bool(website) and web.compare(website, listing.websites).level in (Level.SAME, Level.PARTIAL)


def linked(
    checker: Checker, observed: WayObserved, listing: Listing, organisation: Organisation, site: Site
) -> bool | Reason | None:
    """Whether one of the website's links is an address of this account, or why that is not known.

    None where the question does not arise: on platforms that are no social network, or that a person looked at.
    """
    if checker.platform.kind is not Kind.SOCIAL or checker.access is Access.ASSISTED:
        return None
    mine = (link.target for link in site.links if link.kind == "profile" and link.platform == checker.platform.id)
    return is_at(checker, observed, listing, organisation, mine) or site.reason or False


def is_at(
    checker: Checker, observed: WayObserved, listing: Listing, organisation: Organisation, urls: Iterable[str]
) -> bool:
    """Whether one of the addresses is one of this account's.

    Asked of the checker itself: an address is the account's if it is visited as the account was, so
    that every spelling counts, and a handle is as good as a number.
    """
    led = {
        answer.chain[0].visit
        for answer in observed.answers
        for item in answer.items
        if isinstance(item, Listing) and BY_NAME not in item.tags and _key(item) == _key(listing)
    }
    subject = Subject(about=About.PROFILE, organisation=organisation)
    return any(led & set(checker.search(Query(subject=subject, profiles=(url,)))) for url in urls)
