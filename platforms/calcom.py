"""Cal.com: free times of a public booking page, from the documented slots interface that needs no key.

Shape: cal.com/docs/api-reference/v2/slots (read 2026-11-23), and the values the maintainers' own tests expect.
Nothing is reserved and nothing is booked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

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
    NotUnderstood,
    Page,
    Platform,
    Query,
    Standing,
    Terms,
    Visit,
)
from audit.readers import BERLIN, slots_of, split

_DAYS = 28
_VERSION = (("cal-api-version", "2024-09-04"),)
_PAGES = ("cal.com", "www.cal.com", "app.cal.com")


class CalCom(Checker):
    """Four weeks of free times for each known ``cal.com/user/event`` or ``cal.com/team/team/event``."""

    id = "calcom-slots"
    platform = Platform(
        id="calcom",
        name="Cal.com",
        kind=Kind.BOOKING,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.BOOK}),
        edit_url="https://app.cal.com/event-types",
        weight=5.0,
    )
    access = Access.API
    home = "https://cal.com/docs/api-reference/v2/slots"
    terms = Terms(
        policy_url="https://cal.com/terms",
        read_on=date(2026, 11, 23),
        note="The documentation says that slots of public event types need no key; version 1 ended on 2026-04-08.",
    )
    control = Control(none_because="every booking page has its own address, so another one proves nothing about it")
    standing = Standing.DOCUMENTED_ONLY
    asks_about = About.PROFILE
    proves = frozenset()  # the words of an address are no name to be right or wrong
    hosts = ("api.cal.com",)
    pace = 2.0
    governed_by_robots = False
    absent_status = (404,)
    absent_marks = ('"NotFoundException"',)

    def search(self, query: Query) -> Iterable[Visit]:
        """The span from the run's day on; the note holds address and last day."""
        if query.at is None:
            return
        first = query.at.date()
        last = first + timedelta(days=_DAYS)
        for url in query.profiles:
            if whose := _whose(url):
                params = (*whose, ("start", f"{first}"), ("end", f"{last}"), ("timeZone", BERLIN), ("format", "range"))
                yield Visit(
                    "https://api.cal.com/v2/slots", params, headers=_VERSION, step="slots", note=f"{last} {url}"
                )

    def read(self, page: Page) -> Iterable[Item]:
        """Days with their times; a span without any is the page's own word that nothing is free."""
        answer = page.data()
        days = answer.get("data")
        if answer.get("status") != "success" or not isinstance(days, dict):
            raise NotUnderstood("no days of slots")
        if not all(isinstance(times, list) for times in days.values()):
            raise NotUnderstood("a day that is no list")
        until, _, url = page.visit.note.partition(" ")
        name = dict(page.visit.params)["eventTypeSlug"].replace("-", " ")
        found = slots_of((one for times in days.values() for one in times), title=name, url=url)
        actions = (Action.BOOK,) if found else ()
        return [Listing(name=name, url=url, actions=actions, slots_until=date.fromisoformat(until)), *found]


def _whose(url: str) -> tuple[tuple[str, str], ...]:
    """The event type and its owner that a public address names; empty where it names none."""
    parts = split(url)
    path = [part for part in parts.path.split("/") if part] if parts else []
    host = (parts.hostname or "") if parts else ""
    organisation = host.removesuffix(".cal.com") if host not in _PAGES and host.endswith(".cal.com") else ""
    if (host not in _PAGES and not organisation) or "d" in path[:1]:
        return ()
    of = (("organizationSlug", organisation),) if organisation else ()
    if len(path) == 3 and path[0] == "team":
        return (*of, ("teamSlug", path[1]), ("eventTypeSlug", path[2]))
    return (*of, ("username", path[0]), ("eventTypeSlug", path[1])) if len(path) == 2 else ()
