"""Eventbrite: the organisation's own events and whether places are free, with its own token.

Shape: eventbrite.com/platform/api, organizations, events and the expansion ticket_availability (read 2026-11-24).
Only lists and single events are asked for; orders and attendees never.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
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
    Slot,
    Standing,
    Terms,
    Visit,
    squash,
)
from audit.readers import slot_start, split

_API = "https://www.eventbriteapi.com/v3"
_KEY = (("authorization", f"Bearer {Secret('EVENTBRITE_TOKEN')}"),)
_EXPAND = ("expand", "ticket_availability")
_EVENT = re.compile(r"/e/(?:.*-)?(\d{6,20})/?")
_LISTED = frozenset({"live", "started"})


class Eventbrite(Checker):
    """One event for each known ``/e/...-number``; for any other known address all coming events of the account."""

    id = "eventbrite-api"
    platform = Platform(
        id="eventbrite",
        name="Eventbrite",
        kind=Kind.BOOKING,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.BOOK, Action.REGISTER}),
        edit_url="https://www.eventbrite.de/organizations/events",
    )
    access = Access.API
    home = "https://www.eventbrite.com/platform/api"
    terms = Terms(
        policy_url="https://www.eventbrite.com/help/en-us/articles/833731/eventbrite-api-terms-of-use/",
        read_on=date(2026, 11, 23),
        note="The organisation's own private token; the public search of others' events ended in 2019.",
    )
    control = Control(none_because="the token opens its own account alone, so another one proves nothing")
    standing = Standing.DOCUMENTED_ONLY
    asks_about = About.PROFILE
    proves = frozenset()
    hosts = ("www.eventbriteapi.com",)
    keys = (
        Key(
            "EVENTBRITE_TOKEN",
            get_url="https://www.eventbrite.com/platform/api-keys",
            note="The private token of the account.",
            cost_per_1000=0,
        ),
    )
    governed_by_robots = False
    absent_status = (404,)
    absent_marks = ('"NOT_FOUND"',)

    def search(self, query: Query) -> Iterable[Visit]:
        """The event that an address names, or the account's list where it names none; the note is the address."""
        for url in query.profiles:
            parts = split(url)
            if parts is None or "eventbrite." not in (parts.hostname or ""):
                continue
            if event := _EVENT.fullmatch(parts.path):
                yield Visit(f"{_API}/events/{event[1]}/", (_EXPAND,), headers=_KEY, step="event", note=url)
            else:
                yield Visit(f"{_API}/users/me/organizations/", headers=_KEY, step="account", note=url)

    def read(self, page: Page) -> Iterable[Item]:
        """The account's organisations, the coming events of one, or one event."""
        answer = page.data()
        if page.visit.step == "event":
            return list(_event(answer, page.visit.note))
        rows = answer.get("organizations" if page.visit.step == "account" else "events")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise NotUnderstood("no list of organisations or events")
        return list((_account if page.visit.step == "account" else _events)(page, answer, rows))


def _account(page: Page, _answer: Mapping[str, Any], rows: list[dict[str, Any]]) -> Iterator[Item]:
    for row in rows:
        if not str(row.get("id", "")).isdecimal():
            raise NotUnderstood("an organisation without its number")
        params = (("status", "live"), ("time_filter", "current_future"), _EXPAND)
        yield page.visit.then("events", f"{_API}/organizations/{row['id']}/events/", params)


def _events(page: Page, answer: Mapping[str, Any], rows: list[dict[str, Any]]) -> Iterator[Item]:
    paging = answer.get("pagination")
    if not isinstance(paging, dict):
        raise NotUnderstood("a list without its pagination")
    if not rows and paging.get("object_count") == 0:
        yield Nothing("the account has no coming event")
    for row in rows:
        yield from _event(row, page.visit.note)
    if paging.get("has_more_items"):
        yield More(f"{len(rows)} of {paging.get('object_count')} events")


def _event(event: Mapping[str, Any], known: str) -> Iterator[Item]:
    """An event as found at the known address, its time with the event's own."""
    name, status, url = _inner(event, "name", "text"), event.get("status"), event.get("url")
    if not isinstance(name, str) or not name.strip() or not isinstance(url, str) or not isinstance(status, str):
        raise NotUnderstood("an event without name, address or status")
    if status not in _LISTED:
        yield Nothing(f"the event is {status[:40]}")
        return
    places = _inner(event, "ticket_availability", "has_available_tickets")
    yield Listing(
        name=squash(name), id=f"event:{event.get('id')}", url=known, actions=(Action.BOOK,) if places is True else ()
    )
    starts, ends = _inner(event, "start", "utc"), _inner(event, "end", "utc")
    start, end = (slot_start(one) if isinstance(one, str) else None for one in (starts, ends))
    if start and isinstance(places, bool):
        yield Slot(start=start, end=end, free=places, title=squash(name), url=url)


def _inner(event: Mapping[str, Any], key: str, inner: str) -> Any:
    value = event.get(key)
    return value.get(inner) if isinstance(value, dict) else None
