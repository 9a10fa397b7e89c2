"""Microsoft Bookings: is the booking page published, and which services does it offer? With the tenant's own token.

Shape: learn.microsoft.com/graph, bookingBusiness and bookingService (read 2026-11-23). Free times are not asked for:
the interface gives them by member of staff, and what single people are doing is nobody's business here.
"""

from __future__ import annotations

import re
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
    Standing,
    Terms,
    Visit,
    squash,
)
from audit.readers import from_specification, split

_API = "https://graph.microsoft.com/v1.0/solutions/bookingBusinesses"
_KEY = (("authorization", f"Bearer {Secret('MICROSOFT_BOOKINGS_TOKEN')}"),)
_PAGE = re.compile(r"/(?:owa/calendar|book)/([^/]+)(?:/.*)?")  # bookwithme is one person's page


class MicrosoftBookings(Checker):
    """The business that a known address names, then its services; hours are those in which it can be booked."""

    id = "microsoft-bookings-graph"
    platform = Platform(
        id="microsoft-bookings",
        name="Microsoft Bookings",
        kind=Kind.BOOKING,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.BOOK}),
        edit_url="https://outlook.office.com/bookings",
        weight=5.0,
    )
    access = Access.API
    home = "https://learn.microsoft.com/en-us/graph/api/resources/booking-api-overview"
    terms = Terms(
        policy_url="https://learn.microsoft.com/en-us/legal/microsoft-apis/terms-of-use",
        read_on=date(2026, 11, 23),
        note="The tenant's own application token (Bookings.Read.All); it lasts about an hour: fetch one before a run.",
    )
    control = Control(none_because="the token opens its own tenant alone, so another one proves nothing")
    standing = Standing.DOCUMENTED_ONLY
    asks_about = About.PROFILE
    proves = frozenset()
    hosts = ("graph.microsoft.com",)
    keys = (
        Key(
            "MICROSOFT_BOOKINGS_TOKEN",
            get_url="https://entra.microsoft.com",
            note="An application token (Bookings.Read.All), about an hour; the tenant must consent.",
            cost_per_1000=0,
        ),
    )
    governed_by_robots = False
    absent_status = (404,)
    absent_marks = ('"ErrorItemNotFound"', '"itemNotFound"', '"ResourceNotFound"')

    def search(self, query: Query) -> Iterable[Visit]:
        """The business of each known booking page."""
        for url in query.profiles:
            parts = split(url)
            found = _PAGE.fullmatch(parts.path) if parts else None
            if parts and found and (parts.hostname or "").startswith(("outlook.", "bookings.")):
                known = url.split("?")[0]
                yield Visit(f"{_API}/{quote(unquote(found[1]), safe='@')}", headers=_KEY, step="business", note=known)

    def read(self, page: Page) -> Iterable[Item]:
        """The business, or its services."""
        answer = page.data()
        return list((_business if page.visit.step == "business" else _services)(page, answer))


def _business(page: Page, answer: Mapping[str, Any]) -> Iterator[Item]:
    name, published = answer.get("displayName"), answer.get("isPublished")
    if not isinstance(name, str) or not name.strip() or not isinstance(published, bool):
        raise NotUnderstood("no business with its name and whether it is published")
    if not published:
        yield Nothing("the booking page is not published")
        return
    note = f"{page.visit.note} {_hours(answer.get('businessHours'))}"
    yield Visit(f"{page.visit.url}/services", headers=_KEY, step="services", note=note)
    yield Listing(name=squash(name), url=page.visit.note, actions=(Action.BOOK,))


def _services(page: Page, answer: Mapping[str, Any]) -> Iterator[Item]:
    rows = answer.get("value")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise NotUnderstood("no list of services")
    url, _, hours = page.visit.note.partition(" ")
    if not rows:
        yield Nothing("the booking page offers no service")
    for row in rows:
        name, told = row.get("displayName"), row.get("description")
        if not isinstance(name, str):
            raise NotUnderstood("a service without its name")
        if name.strip() and row.get("isHiddenFromCustomers") is not True:
            text = squash(told)[:1000] if isinstance(told, str) else ""
            yield Listing(name=squash(name), url=url, text=text, opening_hours=hours, actions=(Action.BOOK,))
    if "@odata.nextLink" in answer or all(row.get("isHiddenFromCustomers") is True for row in rows if rows):
        yield More("services that are not shown")


def _hours(told: object) -> str:
    """The hours of the business, a day with its spans each; "" where they are not understood."""
    days = [day for day in told if isinstance(day, dict)] if isinstance(told, list) else []
    spans = [(day.get("day"), span) for day in days for span in _list(day.get("timeSlots")) if isinstance(span, dict)]
    times = [(str(day).capitalize(), _clock(span, "startTime"), _clock(span, "endTime")) for day, span in spans]
    whole = [{"dayOfWeek": day, "opens": opens, "closes": closes} for day, opens, closes in times if opens and closes]
    return from_specification(whole) if len(whole) == len(times) else ""


def _clock(span: Mapping[str, Any], key: str) -> str:
    """ "09:00" of "09:00:00.0000000"; "" for anything else."""
    found = re.match(r"\d\d:\d\d", str(span.get(key)))
    return found[0] if found else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
