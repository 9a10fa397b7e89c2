"""Integreat: the towns' guide for newcomers, asked through its public interface.

Interface as its makers document it (integreat-cms, API v3: regions, locations, pages) and as their own tests expect
its answers, read 2026-11-24. A town without a guide of its own is outside the data, not a sign of absence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from audit import (
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
    Reason,
    Standing,
    Terms,
    Visit,
)
from audit.readers import addresses_in, emails_in, from_specification, phones_in
from audit.readers.entries import address, entry, same_town
from audit.readers.members import array, members, number, text

_HOME = "https://cms.integreat-app.de"
_DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_MOST_PAGES = 3000


class Integreat(Checker):
    """The list of regions, then all places and pages of the town's; a page counts where it names a contact."""

    id = "integreat-api"
    platform = Platform(
        id="integreat",
        name="Integreat",
        kind=Kind.DIRECTORY,
        edited_by=EditedBy.AUTHORITY,
        actions=frozenset({Action.CALL, Action.WRITE, Action.BOOK, Action.VISIT_WEBSITE}),
        edit_url="https://integreat-app.de",
        edit_days=14,
    )
    access = Access.API
    home = _HOME
    hosts = ("cms.integreat-app.de",)
    terms = Terms(
        policy_url="https://digitalfabrik.github.io/integreat-cms/api-docs.html",
        read_on=date(2026, 11, 24),
        note="A documented public interface without a key; no limit is stated.",
    )
    control = Control(
        none_because="every region has a guide of its own; an understood list of regions stands in for an entry"
    )
    standing = Standing.DOCUMENTED_ONLY
    proves = frozenset({"name", "address", "phone", "email", "link", "hours"})
    pace = 5.0
    governed_by_robots = False
    follow_ups = 2
    depth = 1

    def search(self, query: Query) -> Iterable[Visit]:
        """The regions; the note says which town is looked for."""
        if query.city:
            yield Visit(f"{_HOME}/api/v3/regions/", step="regions", note=query.city)

    def read(self, page: Page) -> Iterable[Item]:
        """Regions, places or pages, by the step."""
        told = page.data(list)
        if page.visit.step == "regions":
            return _regions(page, told)
        return _places(told) if page.visit.step == "places" else _pages(told)


def _regions(page: Page, told: list[object]) -> Iterator[Item]:
    """Where to go on: the live region that is called like the town, or names it among its places."""
    if not told or not all(text(one, "path") and text(one, "name") for one in told):
        raise NotUnderstood("no list of regions (path, name)")
    mine = next((one for one in told if _is_of(one, page.visit.note)), None)
    if mine is None:
        yield More(f"Integreat has no guide for {page.visit.note}", reason=Reason.OUTSIDE_DATA)
        return
    base = f"{_HOME}/api/v3/{text(mine, 'path')}/de"
    yield Visit(f"{base}/locations/", step="places", note=page.visit.note)
    yield Visit(f"{base}/pages/", step="pages", note=page.visit.note)


def _is_of(region: object, town: str) -> bool:
    live = next(members(region, "live"), False) is True
    aliases = next(members(region, "aliases"), None)
    names = [
        text(region, "name_without_prefix") or text(region, "name"),
        *(aliases if isinstance(aliases, dict) else ()),
    ]
    return live and any(same_town(name, town) for name in names)


def _places(told: list[object]) -> Iterator[Item]:
    yield from (_place(one) for one in told)
    if not told:
        yield Nothing("no places in the town's guide")


def _place(one: object) -> Listing:
    name = text(one, "title")
    if not name:
        raise NotUnderstood("a place without title")
    closed = next(members(one, "temporarily_closed"), False) is True
    found = entry(
        name,
        phones=[text(one, "phone_number")],
        emails=[text(one, "email")],
        websites=[text(one, "website")],
        books=bool(text(one, "appointment_url")),
        id=f"location/{number(one, 'id') or 0:.0f}",
        url=text(one, "url"),
        operator=text(one, "organization", "name"),
        categories=tuple(filter(None, [text(one, "category", "name")])),
        address=address(*(text(one, "location", part) for part in ("address", "town", "postcode"))),
        latitude=number(one, "location", "latitude"),
        longitude=number(one, "location", "longitude"),
        opening_hours=_hours(one),
        text=text(one, "excerpt")[:1500],
        access_text="barrierefrei" if next(members(one, "barrier_free"), False) is True else "",
    )
    return replace(found, status="temporarily-closed") if closed else found


def _hours(one: object) -> str:
    """Seven days from Monday on, each with slots, closed, or open all day."""
    week = array(one, "opening_hours")
    if not week or len(week) != len(_DAYS):
        return ""
    spans = []
    for name, day in zip(_DAYS, week, strict=True):
        if next(members(day, "allDay"), False) is True:
            spans.append({"dayOfWeek": name, "opens": "00:00", "closes": "24:00"})
        slots = members(day, "timeSlots")
        spans += [{"dayOfWeek": name, "opens": text(s, "start"), "closes": text(s, "end")} for s in slots]
    return from_specification(spans) if spans else ""


def _pages(told: list[object]) -> Iterator[Item]:
    """Pages that name a telephone number, an e-mail address or a house: entries in words."""
    if not all(text(one, "title") and text(one, "url") for one in told):
        raise NotUnderstood("a page without title or url")
    found = [listing for one in told[:_MOST_PAGES] if (listing := _page(one))]
    yield from found
    if not found:
        yield Nothing(f"none of {len(told)} pages names a contact")
    if len(told) > _MOST_PAGES:
        yield More(f"{_MOST_PAGES} of {len(told)} pages are read")


def _page(one: object) -> Listing | None:
    said = text(one, "excerpt")[:20_000]
    phones, emails, houses = phones_in(said), emails_in(said), addresses_in(said)
    if not (phones or emails or houses):
        return None
    return entry(
        text(one, "title"),
        phones=phones,
        emails=emails,
        websites=[],
        id=f"page/{number(one, 'id') or 0:.0f}",
        url=text(one, "url"),
        operator=text(one, "organization", "name"),
        address=houses[0] if houses else address("", ""),
        text=said[:1500],
    )
