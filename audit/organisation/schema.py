"""The shape of an organisation file: its tables and keys (see docs/organisation-file.md).

Shape and single values only; what spans several tables is checked in ``assembling`` and
``protecting``. Names follow HSDS 3.0 (2024-05-16) where it has one.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from audit.organisation import values

LIMIT = values.rules()["limits"]["items"]

Text = Annotated[str, AfterValidator(values.text)]
Filled = Annotated[str, AfterValidator(values.filled)]
Texts = Annotated[list[Filled], Field(max_length=100)]
Id = Annotated[str, AfterValidator(values.slug_shape)]
Phone = Annotated[str, AfterValidator(values.phone)]
Email = Annotated[str, AfterValidator(values.email)]
Url = Annotated[str, AfterValidator(values.url)]
FilledUrl = Annotated[str, AfterValidator(values.filled), AfterValidator(values.url)]
Hours = Annotated[str, AfterValidator(values.hours)]
Postcode = Annotated[str, AfterValidator(values.postcode)]
State = Annotated[str, AfterValidator(values.state)]
Language = Annotated[str, AfterValidator(values.language)]
Status = Annotated[str, AfterValidator(values.one_of("statuses"))]
Channel = Annotated[str, AfterValidator(values.one_of("channels"))]
Figure = Annotated[str, AfterValidator(values.one_of("figures"))]
Reason = Annotated[str, AfterValidator(values.one_of("absence_reasons"))]
Weight = Annotated[float, AfterValidator(values.one_of("weights"))]
EnquiryKind = Annotated[str, AfterValidator(values.one_of("enquiry_kinds"))]
Reveal = Annotated[str, AfterValidator(values.one_of("reveals"))]
PlatformWeight = Annotated[float, AfterValidator(values.one_of("platform_weights"))]


class _Table(BaseModel):
    """A table of the file: unknown keys and other types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class ServiceTable(_Table):
    """``[[service]]``: what is offered. Flags left out come from the catalogue."""

    name: Filled
    id: Id = ""
    kind: Id = ""
    at: Annotated[list[Id], Field(max_length=LIMIT)] | None = None
    alternate_names: Texts = []
    description: Text = ""
    url: Url = ""
    email: Email = ""
    phone: Phone = ""
    opening_hours: Hours = ""
    fees_description: Text = ""
    application_process: Text = ""
    languages: Annotated[list[Language], Field(max_length=100)] = []
    key: bool = True
    weight: Weight = 10.0
    team_size: Annotated[int, Field(ge=0, le=100_000)] | None = None
    confidential: bool | None = None
    protected: bool | None = None
    crisis: bool | None = None
    status: Status = "active"
    unit: Id = ""


class LocationTable(_Table):
    """``[[location]]``: a place where services are offered."""

    id: Id = ""
    name: Text = ""
    alternate_names: Texts = []
    street: Text = ""
    house_number: Text = ""
    postcode: Postcode = ""
    city: Text = ""
    district: Text = ""
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    state: State = ""
    phone: Phone = ""
    email: Email = ""
    url: Url = ""
    opening_hours: Hours = ""


class OfferedTable(_Table):
    """``[[offered]]``: what differs for one service at one location."""

    service: Id
    location: Id
    name: Text = ""
    phone: Phone = ""
    email: Email = ""
    url: Url = ""
    opening_hours: Hours = ""


class ProfileTable(_Table):
    """``[[profile]]``: a listing, account or booking page of one's own."""

    platform: Id
    url: FilledUrl
    service: Id = ""


class UnitTable(_Table):
    """``[[unit]]``: the role or department that closes gaps, with a functional mailbox."""

    name: Filled
    id: Id = ""
    email: Email = ""


class TargetTable(_Table):
    """``[[target]]``: a figure from 0 to 100 to be reached by a date."""

    figure: Figure
    value: Annotated[float, Field(ge=0, le=100)]
    due: date
    service: Id = ""
    field: Id = ""


class ContactPointTable(_Table):
    """``[[contact_point]]``: a promised way to ask, with hours and reply time in hours."""

    channel: Channel
    value: Text = ""
    hours: Hours = ""
    reply_hours: Annotated[float, Field(gt=0, le=10_000)] | None = None
    service: Id = ""


class IntendedAbsenceTable(_Table):
    """``[[intended_absence]]``: a platform left out on purpose, by whom and until when."""

    platform: Id
    reason: Reason
    decided_by: Filled
    review: date
    service: Id = ""


class AssignmentTable(_Table):
    """``[[assignment]]``: a gap and the unit that closes it."""

    gap: Filled
    unit: Id


class DisputeTable(_Table):
    """``[[dispute]]``: a gap that is none, as the organisation sees it, and why."""

    gap: Filled
    reason: Filled
    since: date


class ConsentTable(_Table):
    """``[consent]``: test enquiries to mailboxes of this organisation, agreed to by a role, for a time."""

    agreed_by: Filled
    agreed_on: date
    until: date
    addresses: Annotated[list[Annotated[Email, AfterValidator(values.filled)]], Field(min_length=1, max_length=100)]
    kinds: Annotated[list[EnquiryKind], Field(min_length=1, max_length=20)]
    reveal: Reveal = "at-once"
    share: bool = False


class OrganisationTable(_Table):
    """The whole file."""

    name: Filled
    id: Id = ""
    alternate_names: Texts = []
    website: Url = ""
    email: Email = ""
    phone: Phone = ""
    parent: Id = ""
    state: State = ""
    share: bool = False
    service: Annotated[list[ServiceTable], Field(max_length=LIMIT)] = []
    location: Annotated[list[LocationTable], Field(max_length=LIMIT)] = []
    offered: Annotated[list[OfferedTable], Field(max_length=LIMIT)] = []
    profile: Annotated[list[ProfileTable], Field(max_length=LIMIT)] = []
    unit: Annotated[list[UnitTable], Field(max_length=LIMIT)] = []
    target: Annotated[list[TargetTable], Field(max_length=LIMIT)] = []
    contact_point: Annotated[list[ContactPointTable], Field(max_length=LIMIT)] = []
    intended_absence: Annotated[list[IntendedAbsenceTable], Field(max_length=LIMIT)] = []
    assignment: Annotated[list[AssignmentTable], Field(max_length=LIMIT)] = []
    dispute: Annotated[list[DisputeTable], Field(max_length=LIMIT)] = []
    platforms: dict[Id, PlatformWeight] = {}
    consent: ConsentTable | None = None


TABLES: dict[str, type[_Table]] = {
    "": OrganisationTable,
    "service": ServiceTable,
    "location": LocationTable,
    "offered": OfferedTable,
    "profile": ProfileTable,
    "unit": UnitTable,
    "target": TargetTable,
    "contact_point": ContactPointTable,
    "intended_absence": IntendedAbsenceTable,
    "assignment": AssignmentTable,
    "dispute": DisputeTable,
    "consent": ConsentTable,
}
