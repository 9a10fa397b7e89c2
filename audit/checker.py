"""What a checker declares and writes: the plugin interface of findbar.

A checker is one *way* to reach a platform. It is pure: it names what to visit and reads what came
back. It never fetches, sleeps, scores or catches; the engine does all four, once, for everyone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from audit.model import (
    About,
    Access,
    Action,
    Ask,
    EditedBy,
    Item,
    Kind,
    Listing,
    More,
    Nothing,
    Query,
    Reason,
    Retention,
    Standing,
    Via,
    Visit,
)
from audit.page import Page

FIELDS = frozenset({"name", "address", "phone", "email", "link", "hours", "fees", "languages", "access"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """What a person searching sees: one column of the matrix, counted once.

    ``actions`` are the first steps the platform lets a seeker take (empty: none, so being named
    there is all it can give). ``edit_url`` says where an entry is changed, ``edit_days`` how long
    a change takes to show. ``per_service`` is False where one account stands for the whole
    organisation (social networks). ``weight`` is used where the service catalogue names none.
    """

    id: str
    name: str
    kind: Kind
    edited_by: EditedBy
    actions: frozenset[Action] = frozenset()
    edit_url: str = ""
    edit_days: int = 1
    per_service: bool = True
    weight: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The rules a way is used under, and when they were read."""

    policy_url: str
    read_on: date
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An entry that the platform is known to hold: what the control asks for."""

    name: str
    words: tuple[str, ...] = ()
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None
    profile: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """How a way proves itself in each run: a known entry, or the reason why none can exist."""

    known: Known | None = None
    none_because: str = ""


class Secret(str):
    """The name of a key in a visit: ``Secret("GOOGLE_KEY")`` stands as ``{GOOGLE_KEY}`` everywhere.

    Only the getter puts the value in, while sending, and only towards the declared hosts.
    """

    def __new__(cls, name: str) -> Secret:
        """The mark of the key called ``name``."""
        return super().__new__(cls, "{" + name + "}")


class Key(str):
    """The name of a key with what a person wants to know before getting one; it stands wherever a name may stand.

    ``get_url`` is where it is given out, ``note`` what it needs and what it proves. ``cost_per_1000`` is what 1,000
    visits cost in ``currency`` beyond the ``free_per_month`` (0: free, None: not published), as read with the terms.
    """

    get_url: str
    note: str
    cost_per_1000: float | None
    currency: str
    free_per_month: int

    def __new__(
        cls,
        name: str,
        *,
        get_url: str = "",
        note: str = "",
        cost_per_1000: float | None = None,
        currency: str = "EUR",
        free_per_month: int = 0,
    ) -> Key:
        """The key called ``name`` in the environment."""
        key = super().__new__(cls, name)
        key.get_url, key.note, key.cost_per_1000 = get_url, note, cost_per_1000
        key.currency, key.free_per_month = currency, free_per_month
        return key


class Checker:
    """Declare the class attributes, write ``search`` and ``read``.

    ``pace`` is the least number of seconds between two visits of one host. ``proves`` names the
    fields the platform can show (of `FIELDS`). ``nothing_found`` are texts by which the platform
    says that nothing was found; ``absent_status`` the HTTP status that says so for a profile, and
    ``absent_marks`` texts of which the body of such an answer must hold one (any 404 is no proof).
    ``governed_by_robots`` is False only for a documented API with terms of its own. ``keys`` are names, best as
    `Key`, which tells where each comes from and what it costs. ``never_absent``
    says why a way can tell that something is there, but never that it is not. ``real_server`` names the platform's
    own software that the tests run and ask on loopback (tests/test_real_*.py).
    """

    id: ClassVar[str]
    platform: ClassVar[Platform]
    access: ClassVar[Access]
    home: ClassVar[str]
    terms: ClassVar[Terms]
    control: ClassVar[Control]
    standing: ClassVar[Standing]
    asks_about: ClassVar[About] = About.SERVICE_AT_LOCATION
    proves: ClassVar[frozenset[str]] = frozenset({"name", "address", "phone", "email", "link", "hours"})
    hosts: ClassVar[tuple[str, ...]] = ()
    keys: ClassVar[tuple[str, ...]] = ()
    pace: ClassVar[float] = 1.0
    lane: ClassVar[str] = ""  # hosts of one service share a queue under this name; empty: each host has its own
    pace_scheduled: ClassVar[float] = 0.0  # where terms ask scheduled scripts to go slower
    attribution: ClassVar[str] = ""
    retention: ClassVar[Retention] = Retention.EXTRACT
    governed_by_robots: ClassVar[bool] = True
    default_on: ClassVar[bool] = True
    rank: ClassVar[int] = 0  # among ways of equal access the lower is tried first
    besides: ClassVar[bool] = False  # asked also where a way before it has answered: it tells more (replies to reviews)
    block_marks: ClassVar[tuple[str, ...]] = ()
    nothing_found: ClassVar[tuple[str, ...]] = ()
    absent_status: ClassVar[tuple[int, ...]] = ()
    absent_marks: ClassVar[tuple[str, ...]] = ()
    never_absent: ClassVar[str] = ""
    real_server: ClassVar[str] = ""
    follow_ups: ClassVar[int] = 5
    depth: ClassVar[int] = 3

    def shows_absence(self, page: Page) -> bool:
        """Whether the answer is the platform's own way of saying that there is no such profile."""
        marked = not self.absent_marks or any(mark in page.text for mark in self.absent_marks)
        return page.status in self.absent_status and marked

    def search(self, query: Query) -> Iterable[Visit]:
        """The visits that would show the subject of ``query``; none: nothing to ask about here."""
        raise NotImplementedError

    def search_again(self, query: Query) -> Iterable[Visit]:  # noqa: ARG002 - for subclasses
        """A second wording, asked only when the first conclusively found nothing."""
        return ()

    def read(self, page: Page) -> Iterable[Item]:
        """What the page shows. Depends on the page alone; yields nothing only if it is not understood."""
        raise NotImplementedError

    def plan(self, queries: Sequence[Query]) -> list[Ask]:
        """All asks for the queries; by default one per visit of `search`. Batch checkers override it."""
        shared: dict[Visit, list[Query]] = {}
        for query in queries:
            for visit in self.search(query):
                shared.setdefault(visit, []).append(query)
        return [Ask(visit, tuple(asked)) for visit, asked in shared.items()]


class DataChecker(Checker):
    """A checker over a local data set: write ``read_record`` and nothing else.

    The data-set getter hands over the records near the query's place, or sharing a rare word of
    its name, its phone number or its web domain.
    """

    access = Access.OPEN_DATA
    dataset: ClassVar[str]
    pace = 0.0

    def search(self, query: Query) -> Iterable[Visit]:
        """One look into the data set, keyed by where and how the subject may be found."""
        yield Visit(f"dataset:{self.dataset}", params=data_keys(query), via=Via.DATA)

    def read(self, page: Page) -> Iterable[Item]:
        """Every record that the reader takes for a listing; nothing near is the data set's own sign."""
        found = [listing for record in page.records if (listing := self.read_record(record))]
        yield from found
        if page.header("data-covers") == "no":
            yield More("nothing tells whether the data set covers the place", reason=Reason.OUTSIDE_DATA)
        elif not found:
            yield Nothing("no record near the place or of that name in the data set")

    def read_record(self, record: Mapping[str, Any]) -> Listing | None:
        """One record (plain data) as a listing, or None where it is none."""
        raise NotImplementedError


def data_keys(query: Query) -> tuple[tuple[str, str], ...]:
    """The blocking keys of a query as far as the organisation states them.

    These are name, near, postcode, city, street, phone, web and mail, each as often as there are values.
    """
    offered, place, body = query.subject.offered, query.location, query.organisation
    owners = (offered, offered.service if offered else None, place)
    own = [(owner.phone, owner.url, owner.email) for owner in owners if owner]
    phones, webs, mails = zip(*(own or [(body.phone, body.website, body.email)]), strict=True)
    keys: list[tuple[str, str]] = [("name", query.name)]
    if place and place.name and place.name != query.name:
        keys.append(("name", place.name))
    if place and place.latitude is not None and place.longitude is not None:
        keys.append(("near", f"{place.latitude:.5f},{place.longitude:.5f}"))
    if place and place.address.postcode:
        keys.append(("postcode", place.address.postcode))
    if place and place.address.city:
        keys.append(("city", place.address.city))
    if place and place.address.street:
        keys.append(("street", f"{place.address.street} {place.address.house_number}".strip()))
    keys += [("phone", phone) for phone in sorted({*phones} - {""})]
    keys += [("web", web) for web in sorted({*webs, body.website} - {""})]
    keys += [("mail", mail) for mail in sorted({*mails} - {""})]
    return tuple(keys)
