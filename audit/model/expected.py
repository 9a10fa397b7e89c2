"""What an organisation states about itself: the side every listing is compared with.

Names follow Open Referral HSDS 3.0 (organization, service, location, service_at_location; read
2026-11-23) in British spelling, plus what neither HSDS nor schema.org has: key, protected,
confidential, units and targets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from audit.model.decided import Assignment, Consent, Dispute, IntendedAbsence
from audit.model.words import About


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address; empty parts are unknown."""

    street: str = ""
    house_number: str = ""
    postcode: str = ""
    city: str = ""
    district: str = ""

    def __str__(self) -> str:
        """On one line: street and number, postcode and town."""
        line = " ".join(part for part in (self.street, self.house_number) if part)
        town = " ".join(part for part in (self.postcode, self.city) if part)
        return ", ".join(part for part in (line, town) if part)


NOWHERE = Address()


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place where services are offered. ``opening_hours`` is OSM syntax; degrees are WGS 84."""

    id: str
    name: str = ""
    alternate_names: tuple[str, ...] = ()
    address: Address = NOWHERE
    latitude: float | None = None
    longitude: float | None = None
    state: str = ""  # federal state, ISO 3166-2 without "DE-": decides public holidays
    phone: str = ""
    email: str = ""
    url: str = ""
    opening_hours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A listing, account or booking page the organisation declares as its own."""

    platform: str
    url: str
    service: str = ""  # id of the service it belongs to; empty: the whole organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A role or department with a functional mailbox that closes a gap; never a named person."""

    id: str
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A figure to be reached by a date; ``figure`` is findability, accuracy, response or offered.

    For one ``service``, a ``field`` of work (``services`` are the ids in it), or else the whole organisation.
    """

    figure: str
    value: float
    due: date
    service: str = ""
    field: str = ""
    services: tuple[str, ...] = ()

    @property
    def about(self) -> tuple[str, ...]:
        """The ids of the services it is for; none of them: the whole organisation."""
        return (self.service,) if self.service else self.services


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoint:
    """A promised way to ask: channel, hours (OSM syntax) and promised reply time in hours."""

    channel: str
    value: str = ""
    hours: str = ""
    reply_hours: float | None = None
    service: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service as offered. ``kind`` is an id of the service catalogue; ``status`` is HSDS's."""

    id: str
    kind: str
    name: str
    alternate_names: tuple[str, ...] = ()
    description: str = ""
    url: str = ""
    email: str = ""
    phone: str = ""
    opening_hours: str = ""
    fees_description: str = ""
    application_process: str = ""
    languages: tuple[str, ...] = ()
    key: bool = True
    weight: float = 10.0
    team_size: int | None = None
    confidential: bool = False
    protected: bool = False
    crisis: bool = False
    status: str = "active"  # active | inactive | defunct | temporarily closed
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAtLocation:
    """One service at one place: the unit that is audited. Own values win over service and place."""

    service: Service
    location: Location
    name: str = ""
    phone: str = ""
    email: str = ""
    url: str = ""
    opening_hours: str = ""

    @property
    def id(self) -> str:
        """``service@location``."""
        return f"{self.service.id}@{self.location.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation with all it states; the root of one audit."""

    id: str
    name: str
    alternate_names: tuple[str, ...] = ()
    parent: str = ""
    website: str = ""
    email: str = ""
    phone: str = ""
    state: str = ""
    services: tuple[Service, ...] = ()
    locations: tuple[Location, ...] = ()
    offered: tuple[ServiceAtLocation, ...] = ()
    profiles: tuple[Profile, ...] = ()
    units: tuple[Unit, ...] = ()
    targets: tuple[Target, ...] = ()
    contact_points: tuple[ContactPoint, ...] = ()
    intended: tuple[IntendedAbsence, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    platforms: tuple[tuple[str, float], ...] = ()  # weights the organisation sets itself; 0: not key
    consent: Consent | None = None  # to test enquiries; of this organisation alone, never its parent's
    share: bool = False  # whether its waits may enter a report of the federation; never its parent's word


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whatever a query is about; ``key`` is its stable slug."""

    about: About
    organisation: Organisation
    offered: ServiceAtLocation | None = None
    location: Location | None = None

    @property
    def key(self) -> str:
        """``organisation/service@location``, ``organisation/location`` or ``organisation``."""
        if self.offered:
            return f"{self.organisation.id}/{self.offered.id}"
        if self.location:
            return f"{self.organisation.id}/{self.location.id}"
        return self.organisation.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One subject put to one platform, with the words a person would search with.

    ``words`` are the usual names of the kind of service (most usual first), ``profiles`` the known
    addresses on this platform, ``at`` (aware) when the run began: for portals that are asked for a
    span of days. A protected service carries neither street nor coordinates.
    """

    subject: Subject
    words: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    at: datetime | None = None

    @property
    def organisation(self) -> Organisation:
        """The organisation asked about."""
        return self.subject.organisation

    @property
    def location(self) -> Location | None:
        """The place asked about, if any."""
        offered = self.subject.offered
        return offered.location if offered else self.subject.location

    @property
    def city(self) -> str:
        """The town of the place, or an empty text."""
        return self.location.address.city if self.location else ""

    @property
    def postcode(self) -> str:
        """The postcode of the place, or an empty text."""
        return self.location.address.postcode if self.location else ""

    @property
    def name(self) -> str:
        """The name to search for: the service's here, the place's, or the organisation's."""
        offered = self.subject.offered
        if offered:
            return offered.name or offered.service.name
        return (self.location.name if self.location else "") or self.organisation.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Everything an audit compares with: organisations and the day it is audited for."""

    organisations: tuple[Organisation, ...]
    problems: tuple[str, ...] = field(default=())
