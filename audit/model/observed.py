"""What was seen: visits, and the items a checker reads from the pages that came back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal, get_args

from audit.model.expected import NOWHERE, Address, Query
from audit.model.said import Said
from audit.model.words import Action, Reason, Via


@dataclass(frozen=True, slots=True)
class Visit:
    """One thing to look at. Its fields are its identity: equal visits are made once a run.

    ``params`` are added to the query string, in order. ``body`` is the request body (text). What
    a later step must know travels in ``step`` and ``note``. A value may hold ``{NAME}``: a secret
    that the getter resolves while sending, only towards the checker's declared hosts.
    """

    url: str
    params: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    via: Via = Via.HTTP
    step: str = ""
    note: str = ""
    item: Literal["visit"] = "visit"

    def __hash__(self) -> int:
        """Of what mostly tells visits apart: each is looked up often."""
        return hash((self.url, self.params, self.body, self.step))

    @property
    def id(self) -> str:
        """A stable 16-digit hexadecimal id made of all fields."""
        return _id_of(self)

    def then(self, step: str, url: str = "", params: tuple[tuple[str, str], ...] = ()) -> Visit:
        """A follow-up of this visit that keeps its note."""
        return replace(self, url=url or self.url, params=params, step=step, method="GET", body="")


@lru_cache(maxsize=10_000)
def _id_of(visit: Visit) -> str:
    """Kept: every entry of a list, for every organisation, names the visit that showed it."""
    fields = [visit.url, visit.params, visit.method, visit.headers, visit.body, visit.via, visit.step, visit.note]
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Ask:
    """One visit and the queries it answers."""

    visit: Visit
    queries: tuple[Query, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An entry as a platform shows it, uninterpreted.

    ``opening_hours`` is OSM syntax where the reader could translate what is shown;
    ``hours_text`` is the text as shown. ``status`` is "", "open", "closed" or
    "temporarily-closed". ``text`` is free text in which a service may be named. ``tags`` are the
    platform's own category codes ("amenity=kindergarten", "schema:ChildCare"). ``slots_until`` is the
    day up to which free times were asked for, so that having seen none says something. ``reply_hours`` is the time
    within which an answer is promised, ``reply_badge`` the platform's own word for how soon the owner answers.
    ``claimed`` tells whether the platform knows the entry to be in its owner's hands (None: it does not say),
    ``overridden`` names the fields that it shows otherwise than the owner entered them.
    """

    name: str
    id: str = ""
    url: str = ""
    alternate_names: tuple[str, ...] = ()
    operator: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    address: Address = NOWHERE
    latitude: float | None = None
    longitude: float | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    websites: tuple[str, ...] = ()
    opening_hours: str = ""
    hours_text: str = ""
    text: str = ""
    status: str = ""
    actions: tuple[Action, ...] = ()
    fees_text: str = ""
    languages: tuple[str, ...] = ()
    access_text: str = ""
    wikidata: tuple[str, ...] = ()
    updated: date | None = None
    last_active: date | None = None
    slots_until: date | None = None
    reply_hours: float | None = None
    reply_badge: str = ""
    claimed: bool | None = None
    overridden: tuple[str, ...] = ()
    source: str = "checker"  # checker | person
    item: Literal["listing"] = "listing"

    def __hash__(self) -> int:
        """Of what tells entries apart: every one is looked up often, and hashing all fields costs most of it."""
        return hash((self.id, self.url, self.name, self.phones, self.websites))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question asked in public, by test or by mail, and its first human answer (None: still open).

    ``entry`` is the id of the listing that it was asked at, where several are seen together.
    """

    id: str
    asked_at: datetime
    answered_at: datetime | None = None
    channel: str = "public"  # mail | form | chat | phone | counselling | public
    source: str = "public"  # imported | tested | public
    kind: str = "question"  # question | review | comment
    service: str = ""  # name or id of the service it is about, where the source tells
    entry: str = ""
    item: Literal["exchange"] = "exchange"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A bookable time: aware start, ``free`` when it can still be booked."""

    start: datetime
    end: datetime | None = None
    free: bool = True
    title: str = ""
    url: str = ""
    item: Literal["slot"] = "slot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link that tells where else the organisation can be found or asked.

    ``kind`` is profile, booking, counselling, chat, form, mail or phone; ``platform`` the id of
    the platform the target belongs to, where known.
    """

    kind: str
    target: str
    found_on: str
    platform: str = ""
    label: str = ""
    item: Literal["link"] = "link"


@dataclass(frozen=True, slots=True)
class Nothing:
    """The platform itself says that nothing was found."""

    because: str
    item: Literal["nothing"] = "nothing"


@dataclass(frozen=True, slots=True)
class More:
    """Only a part was shown, and the rest is not asked for: silence is no absence, for ``reason``."""

    because: str
    item: Literal["more"] = "more"
    reason: Reason = Reason.TRUNCATED


class _Tagged:
    """Says of a union that ``item`` tells its members apart: reading it back (`store.codec`) need not try them all."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> dict[str, Any]:
        tags = (kind.__dataclass_fields__["item"].default for kind in get_args(source))
        choices = dict(zip(tags, handler(source)["choices"], strict=True))
        return {"type": "tagged-union", "discriminator": "item", "choices": choices}


Item = Annotated[Listing | Exchange | Slot | Link | Visit | Nothing | More, _Tagged()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One visit's end: what was read, or the reason why not. ``at`` is when the answer came."""

    visit: Visit
    at: datetime
    items: tuple[Item, ...] = ()
    reason: Reason | None = None
    detail: str = ""
    status: int = 0
    url: str = ""
    cached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One ask followed to its end: every visit of the chain, and why it broke, if it did."""

    way: str
    subjects: tuple[str, ...]
    chain: tuple[Seen, ...]
    reason: Reason | None = None
    detail: str = ""

    def __hash__(self) -> int:
        """Of what tells answers apart, as with listings."""
        return hash((self.way, self.subjects, len(self.chain)))

    @property
    def items(self) -> tuple[Item, ...]:
        """Everything read along the chain, in order."""
        return tuple(item for seen in self.chain for item in seen.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class WayObserved:
    """Everything one way (checker) saw in a run.

    ``skipped`` names subjects that were never asked about, with the reason. ``control`` is None
    while the controls hold, ``control_note`` says so in English and ``control_said`` in codes, ``control_at`` is when
    they were made.
    """

    way: str
    answers: tuple[Answer, ...] = ()
    skipped: tuple[tuple[str, Reason], ...] = ()
    control: Reason | None = None
    control_note: str = ""
    control_said: tuple[Said, ...] = ()
    control_at: datetime | None = None
    reason: Reason | None = None
    detail: str = ""
    detail_said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """All that a run saw; judging reads nothing else of the world."""

    ways: tuple[WayObserved, ...]
    links: tuple[Link, ...] = ()
    vantage: Reason | None = None
