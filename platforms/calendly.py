"""Calendly: the organisation's own event types and their free times, with its own token.

Shape: developer.calendly.com, users/me, event_types and event_type_available_times (read 2026-11-23); since 2026-07-09
a span may be 31 days, and it must lie in the future. Nothing is booked; invitees and members are not asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from audit import (
    About,
    Access,
    Action,
    Checker,
    Control,
    EditedBy,
    Item,
    Key,
    Kind,
    Listing,
    More,
    Nothing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Secret,
    Standing,
    Terms,
    Visit,
    squash,
)
from audit.readers import slots_of

_API = "https://api.calendly.com"
_KEY = (("authorization", f"Bearer {Secret('CALENDLY_TOKEN')}"),)
_SPAN = timedelta(days=28)
_AHEAD = timedelta(hours=3)  # a span that has begun when it is asked for is refused
_MOST = 15


class Calendly(Checker):
    """The account, its active event types, and four weeks of free times of each that a known address leads to."""

    id = "calendly-api"
    platform = Platform(
        id="calendly",
        name="Calendly",
        kind=Kind.BOOKING,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.BOOK}),
        edit_url="https://calendly.com/event_types/user/me",
        weight=5.0,
    )
    access = Access.API
    home = "https://developer.calendly.com"
    terms = Terms(
        policy_url="https://developer.calendly.com/api-docs",
        read_on=date(2026, 11, 23),
        note="The organisation's own token (scopes event_types:read, availability:read); rate limits since 2023-09-20.",
    )
    control = Control(none_because="the token opens its own account alone, so another one proves nothing")
    standing = Standing.DOCUMENTED_ONLY
    asks_about = About.PROFILE
    proves = frozenset()
    hosts = ("api.calendly.com",)
    keys = (
        Key(
            "CALENDLY_TOKEN",
            get_url="https://calendly.com/integrations/api_webhooks",
            note="A personal token of the account (event_types:read, availability:read).",
            cost_per_1000=0,
        ),
    )
    governed_by_robots = False
    follow_ups = _MOST + 1

    def search(self, query: Query) -> Iterable[Visit]:
        """Whose token it is; the note holds the span and the known addresses."""
        pages = [url.split("?")[0].rstrip("/") for url in query.profiles if "calendly.com/" in url and " " not in url]
        if pages and query.at:
            start = query.at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + _AHEAD
            yield Visit(f"{_API}/users/me", headers=_KEY, step="me", note=" ".join([_iso(start), *pages]))

    def read(self, page: Page) -> Iterable[Item]:
        """The account, its event types, or the free times of one."""
        answer = page.data()
        if page.visit.step == "me":
            resource = answer.get("resource")
            owner = resource.get("current_organization") if isinstance(resource, dict) else None
            if not isinstance(owner, str) or not owner.startswith(f"{_API}/organizations/"):
                raise NotUnderstood("no account with its organisation")
            params = (("organization", owner), ("active", "true"), ("count", "100"))
            return [page.visit.then("types", f"{_API}/event_types", params)]
        rows = answer.get("collection")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise NotUnderstood("no collection")
        return list((_types if page.visit.step == "types" else _times)(page, answer, rows))


def _types(page: Page, answer: Mapping[str, Any], rows: list[dict[str, Any]]) -> Iterator[Item]:
    """A visit for each event type below one of the known addresses; that there is none is the account's own word."""
    start, *pages = page.visit.note.split(" ")
    mine = [row for row in rows if _below(_text(row, "scheduling_url"), pages)]
    paging = answer.get("pagination")
    whole = isinstance(paging, dict) and not paging.get("next_page")
    if not whole or len(mine) > _MOST:
        yield More(f"{min(len(mine), _MOST)} event types of an account that has more")
    elif not mine:
        yield Nothing("the account has no active event type at these addresses")
    end = _iso(datetime.fromisoformat(start) + _SPAN)
    for row in mine[:_MOST]:
        uri, name, url = _text(row, "uri"), squash(_text(row, "name")), _text(row, "scheduling_url")
        if not uri.startswith(f"{_API}/event_types/") or not name:
            raise NotUnderstood("an event type without its address or name")
        length = row.get("duration") if isinstance(row.get("duration"), int) else 0
        visit = page.visit.then("times", f"{_API}/event_type_available_times")
        params = (("event_type", uri), ("start_time", start), ("end_time", end))
        yield replace(visit, params=params, note=f"{end[:10]} {length} {url} {name}")


def _times(page: Page, _answer: Mapping[str, Any], rows: list[dict[str, Any]]) -> Iterator[Item]:
    """The event type with its free times: an empty collection says that there is none in the span."""
    until, minutes, url, name = page.visit.note.split(" ", 3)
    found = slots_of(rows, title=name, url=url)
    free = any(slot.free for slot in found)
    yield Listing(name=name, url=url, actions=(Action.BOOK,) if free else (), slots_until=date.fromisoformat(until))
    length = timedelta(minutes=int(minutes))
    yield from (replace(slot, end=slot.start + length if length else None) for slot in found)


def _below(url: str, pages: Iterable[str]) -> bool:
    return " " not in url and any(f"{url}/".startswith(f"{page}/") for page in pages)


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(thing: Mapping[str, Any], key: str) -> str:
    value = thing.get(key)
    return value if isinstance(value, str) else ""
