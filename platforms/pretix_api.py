"""pretix over its REST interface, with the organiser's own token: for what the public widget leaves open.

Shape as answered by pretix 2026.8.0 (run for this project, 2026-11-24). Only lists of events and dates are asked
for, never orders, carts or persons; notes the organiser keeps for its own eyes (``comment``) are not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, unquote

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

Event = Mapping[str, Any]
_API = "https://pretix.eu/api/v1/organizers"
_KEY = (("authorization", f"Token {Secret('PRETIX_TOKEN')}"),)
_FREE = 100  # best_availability_state: 100 available, 20 reserved, 10 ordered, 0 gone
_ASKED = ("with_availability_for", "web")


class PretixApi(Checker):
    """The events of an organiser on pretix.eu, or one event; of a series all coming dates."""

    id = "pretix-api"
    platform = Platform(
        id="pretix",
        name="pretix",
        kind=Kind.BOOKING,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.BOOK, Action.REGISTER}),
    )
    access = Access.API
    rank = 1  # after the widget, which needs no key
    home = "https://docs.pretix.eu/dev/api/"
    terms = Terms(
        policy_url="https://docs.pretix.eu/dev/api/ratelimit.html",
        read_on=date(2026, 11, 24),
        note="The organiser's own token; 360 requests a minute. Servers of one's own: the widget does, without a key.",
    )
    control = Control(none_because="the token opens its organiser's events alone, so another one proves nothing")
    real_server = "pretix 2026.8.0"
    standing = Standing.RECORDED
    asks_about = About.PROFILE
    proves = frozenset()
    hosts = ("pretix.eu",)
    keys = (
        Key(
            "PRETIX_TOKEN",
            get_url="https://pretix.eu/control/",
            note="An API token of a team with read access to events (Organizer, Teams).",
            cost_per_1000=0,
        ),
    )
    governed_by_robots = False
    follow_ups = 12

    def search(self, query: Query) -> Iterable[Visit]:
        """One list for each known ``https://pretix.eu/organiser/`` and one event for ``.../organiser/event/``."""
        for url in query.profiles:
            parts = split(url)
            path = [quote(unquote(part), safe="") for part in parts.path.split("/") if part] if parts else []
            if parts is None or parts.hostname != "pretix.eu" or not path:
                continue
            event = f"{path[1]}/" if len(path) > 1 else ""
            coming = () if event else (("live", "true"), ("is_public", "true"))
            params = (_ASKED, *coming)
            yield Visit(f"{_API}/{path[0]}/events/{event}", params, headers=_KEY, step="event" if event else "events")

    def read(self, page: Page) -> Iterable[Item]:
        """The organiser's events, one event, or the dates of a series."""
        answer = page.data()
        if page.visit.step == "event":
            return list(_event(page, answer))
        rows = answer.get("results")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise NotUnderstood("no list of results")
        if page.visit.step == "dates":
            return list(_series(page, answer, rows))
        if not rows:
            raise NotUnderstood("the token sees no event: that is no word about which there are")
        found = [item for row in rows for item in _event(page, row)]
        return [*found, *_further(answer)]


def _event(page: Page, event: Event) -> Iterator[Item]:
    name, url = _name(event), event.get("public_url")
    if not name or not isinstance(url, str) or not isinstance(event.get("live"), bool):
        raise NotUnderstood("an event without name, address or live")
    url = _shown(page, event, url)
    if not event["live"]:
        yield Nothing("the event is not live")
        return
    if event.get("has_subevents"):
        base = page.visit.url if page.visit.step == "event" else f"{page.visit.url}{_slug(event)}/"
        params = (_ASKED, ("is_future", "true"), ("active", "true"))
        yield Visit(f"{base}subevents/", params, headers=_KEY, step="dates", note=f"{url} {name}")
        return
    times = list(_slot(event, name, url))
    free = any(slot.free and slot.start > page.at for slot in times)  # pretix calls past events available, too
    yield Listing(name=name, url=url, actions=(Action.BOOK,) if free else ())
    yield from times


def _series(page: Page, answer: Event, rows: list[Event]) -> Iterator[Item]:
    """All coming dates: where there is none, the series is there, but nobody can book."""
    url, _, name = page.visit.note.partition(" ")
    dates = [slot for row in rows for slot in _slot(row, f"{name}: {_name(row)}", f"{url}{row.get('id')}/")]
    yield Listing(name=name, url=url, actions=(Action.BOOK,) if any(date.free for date in dates) else ())
    yield from dates
    yield from _further(answer)


def _slot(event: Event, title: str, url: str) -> Iterator[Slot]:
    """Where pretix states no availability, nothing is said of the date."""
    state, start, end = (event.get(key) for key in ("best_availability_state", "date_from", "date_to"))
    begins = slot_start(start) if isinstance(start, str) else None
    if begins is None:
        raise NotUnderstood("a date without its time")
    if isinstance(state, int):
        ends = slot_start(end) if isinstance(end, str) else None
        yield Slot(start=begins, end=ends, free=state == _FREE, title=title, url=url)


def _further(answer: Event) -> Iterator[More]:
    if answer.get("next"):
        yield More("the list goes on")


def _name(event: Event) -> str:
    """The German name, or the first there is: names come by language."""
    names = event.get("name")
    told = names if isinstance(names, dict) else {}
    return squash(next((text for text in (told.get("de"), *told.values()) if isinstance(text, str) and text), ""))


def _slug(event: Event) -> str:
    return quote(str(event.get("slug", "")), safe="")


def _shown(page: Page, event: Event, url: str) -> str:
    """The event's public address where a visitor of pretix.eu finds it, whatever server stands behind it."""
    organiser = page.visit.url.removeprefix(f"{_API}/").partition("/")[0]
    return url if url.startswith("https://pretix.eu/") else f"https://pretix.eu/{organiser}/{_slug(event)}/"
