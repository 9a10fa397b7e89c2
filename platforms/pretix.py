"""pretix: bookable dates of an organiser's own ticket shop, read from its public widget.

Shape as answered by pretix 2026.8.0 (run for this project, 2026-11-23). Only the list of products is
asked for; nothing is put into a cart and nothing is booked: that would take a place from somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
    Listing,
    More,
    Nothing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Slot,
    Standing,
    Terms,
    Visit,
    squash,
)
from audit.readers import slots

Event = Mapping[str, Any]
_FREE = ("ok", "low")  # the other reasons (full, over, reserved, soon, waitinglist ...) leave nothing to book now
_WIDGET = "widget/product_list"
_LIST = (("style", "list"), ("lang", "de"))  # style=list: all future dates; a month view is empty for a far month


class Pretix(Checker):
    """One list per known address: of one event, of a series, or of an organiser with all its events."""

    id = "pretix"
    platform = Platform(
        id="pretix",
        name="pretix",
        kind=Kind.BOOKING,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.BOOK, Action.REGISTER}),
    )
    access = Access.API
    home = "https://pretix.eu"
    terms = Terms(
        policy_url="https://docs.pretix.eu/dev/api/ratelimit.html",
        read_on=date(2026, 11, 23),
        note="The widget is public and made to be read by other sites; robots.txt of pretix leaves it open.",
    )
    control = Control(none_because="every organiser has an address of its own, so another one proves nothing about it")
    real_server = "pretix 2026.8.0"
    standing = Standing.RECORDED
    asks_about = About.PROFILE
    proves = frozenset()  # the title of a date is no name to be right or wrong
    absent_status = (404,)
    absent_marks = ("pretix",)  # the error page names the software: any other 404 is no proof
    follow_ups = 12

    def search(self, query: Query) -> Iterable[Visit]:
        """The widget's list below each known address ``https://host/organiser/`` or ``.../organiser/event/``."""
        return [_list(url) for url in query.profiles if _is_web(url)]

    def read(self, page: Page) -> Iterable[Item]:
        """An organiser's or a series' list, or one event with its products."""
        answer = page.data()
        if isinstance(answer.get("events"), list) and isinstance(answer.get("list_type"), str):
            return list(_dates(page, answer))
        if isinstance(answer.get("items_by_category"), list) and isinstance(answer.get("name"), str):
            return list(_single(page, answer))
        if isinstance(answer.get("error"), str) and answer["error"] and "poweredby" in answer:
            # a shop that is not live answers 200 and says so in words: nobody can book there now
            return [Nothing(f"the shop says: {squash(answer['error'])[:200]}")]
        raise NotUnderstood("no list of the widget (events or items_by_category)")


def _is_web(url: object) -> bool:
    return isinstance(url, str) and url.startswith(("http://", "https://"))


def _list(url: str) -> Visit:
    parts = urlsplit(url)
    return Visit(f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/{_WIDGET}", params=_LIST, step="list")


def _dates(page: Page, answer: Event) -> Iterator[Item]:
    """A series (it has a name, its events are dates), or an organiser's events."""
    series = squash(_text(answer, "name"))
    events = [event for event in answer["events"] if isinstance(event, dict)]
    if len(events) < len(answer["events"]):
        raise NotUnderstood("an event is no object")
    found = [item for event in events for item in _event(page, event, series)]
    if series:
        free = any(isinstance(item, Slot) and item.free for item in found)
        yield _listing(series, page.visit.url.removesuffix(_WIDGET), free or any(map(_is_free, events)))
    yield from found
    if answer.get("has_more_events"):
        yield More("the list shows only the next dates")
    if not series and not events:
        yield Nothing("the organiser lists no event")


def _event(page: Page, event: Event, series: str) -> Iterator[Item]:
    """One date of a series, one event of an organiser, or a series to descend into (no reason, no number)."""
    name, url = squash(_text(event, "name")), _text(event, "event_url")
    if not name or not _is_web(url):
        raise NotUnderstood("an event without name or address")
    number = event.get("subevent")
    if not series and number is None and "reason" not in _availability(event):
        if _list(url) != page.visit:
            yield _list(url)
        return
    if not series:
        yield _listing(name, url, _is_free(event))
    title = f"{series}: {name}" if series and name != series else name
    target = f"{url.rstrip('/')}/{number}/" if isinstance(number, int) else url
    yield from _slot(_text(event, "date_range"), title, target, _is_free(event))


def _single(page: Page, answer: Event) -> Iterator[Item]:
    """One event with its products: free where the widget offers to put something into the cart."""
    name, free = squash(answer["name"]), answer.get("display_add_to_cart") is True
    if not name:
        raise NotUnderstood("an event without name")
    url = _text(answer, "target_url")
    url = url if _is_web(url) else page.visit.url.removesuffix(_WIDGET)
    yield _listing(name, url, free)
    yield from _slot(_text(answer, "date_range"), name, url, free)


def _slot(shown: str, title: str, url: str, free: bool) -> Iterator[Slot]:
    """The date as shown ("Do, 3. Dezember 2026 18:30 - 19:15"); none where no time of day is shown."""
    span = slots.slot_times(shown)
    if span:
        yield Slot(start=span[0], end=span[1], free=free, title=title, url=url)


def _listing(name: str, url: str, free: bool) -> Listing:
    return Listing(name=name, url=url, actions=(Action.BOOK,) if free else ())


def _availability(event: Event) -> Event:
    value = event.get("availability")
    if not isinstance(value, dict):
        raise NotUnderstood("an event without availability")
    return value


def _is_free(event: Event) -> bool:
    return _availability(event).get("reason") in _FREE


def _text(thing: Event, key: str) -> str:
    value = thing.get(key)
    return value if isinstance(value, str) else ""
