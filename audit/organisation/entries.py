"""Rows of a list as entries: one facility of one carrier, with its kinds of service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.model import Address, Location
from audit.organisation import mending, values
from audit.organisation.catalogue import Catalogue
from audit.organisation.columns import says_yes
from audit.organisation.mending import Mended
from audit.organisation.records import Row


@dataclass(frozen=True)
class Entry:
    """One row understood. ``services`` are pairs of kind and name; the location has no id yet."""

    number: int
    carrier: str
    services: tuple[tuple[str, str], ...]
    location: Location
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """How the rows of one list are read. ``area_codes`` by town; ``usual_days`` is OSM syntax.

    With ``lenient`` a row need name neither a carrier nor a kind of service.
    """

    columns: Mapping[str, str]
    flags: Mapping[str, str]
    kind: str
    city: str
    area_codes: Mapping[str, str]
    usual_days: str
    catalogue: Catalogue
    lenient: bool = False

    @property
    def shown(self) -> dict[str, str]:
        """The columns by field, those that say yes or no to a kind among them."""
        return dict(self.columns) | {f"kind {kind}": column for kind, column in self.flags.items()}

    def value(self, row: Mapping[str, str], field: str) -> str:
        """The row's text for a field, or an empty one."""
        return row.get(self.columns.get(field, ""), "")


def entries_of(rows: Sequence[Row], reading: Reading, list_name: str) -> tuple[list[Entry], list[tuple[int, str]]]:
    """Every row as an entry, or as a pair of its number and the reason why not."""
    entries: list[Entry] = []
    refused: list[tuple[int, str]] = []
    for number, row in rows:
        entry = _entry(number, row, reading, list_name)
        if isinstance(entry, Entry):
            entries.append(entry)
        else:
            refused.append((number, entry))
    return entries, refused


def _entry(number: int, row: Mapping[str, str], reading: Reading, list_name: str) -> Entry | str:
    carrier = reading.value(row, "carrier")
    if not carrier and "carrier" in reading.columns and not reading.lenient:
        return f"names no carrier in the column {reading.columns['carrier']!r}"
    done: list[str] = []
    location = _location(number, row, reading, done)
    if not (location.name or location.address.street or location.latitude is not None):
        return "has neither a name nor a street nor coordinates"
    services = _services(row, reading)
    if not services and not reading.lenient:
        return "states no kind of service that the catalogue knows"
    named = carrier or ("" if reading.lenient else list_name.replace("_", " "))
    return Entry(number, named[:300], services, location, tuple(done))


def _services(row: Mapping[str, str], reading: Reading) -> tuple[tuple[str, str], ...]:
    catalogue = reading.catalogue
    stated = reading.value(row, "service")
    if stated and (kind := catalogue.guess(stated)):
        return ((kind, catalogue.kind(kind).name_de if catalogue.kind(kind).protected else stated[:200]),)
    flagged = [kind for kind, column in reading.flags.items() if says_yes(row.get(column, ""))]
    kinds = flagged or ([reading.kind] if reading.kind else [])
    return tuple((kind, catalogue.kind(kind).name_de) for kind in kinds)


def _location(number: int, row: Mapping[str, str], reading: Reading, done: list[str]) -> Location:
    def keep(mended: Mended, what: str) -> str:
        if mended.done:
            done.append(f"row {number}: {what}: {mended.done}")
        return mended.value

    city = reading.value(row, "city") or reading.city
    place = mending.degrees(reading.value(row, "latitude"), reading.value(row, "longitude"))
    return Location(
        id="",
        name=reading.value(row, "name")[:300],
        address=_address(row, city, keep(mending.postcode(reading.value(row, "postcode")), "postcode"), reading),
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        state=values.state_of(reading.value(row, "state")),
        phone=keep(mending.phone(reading.value(row, "phone"), reading.area_codes.get(city, "")), "phone"),
        email=keep(mending.email(reading.value(row, "email")), "email"),
        url=keep(mending.url(reading.value(row, "website")), "website"),
        opening_hours=keep(mending.hours(reading.value(row, "opening_hours"), reading.usual_days), "hours"),
    )


def _address(row: Mapping[str, str], city: str, postcode: str, reading: Reading) -> Address:
    street, number = reading.value(row, "street")[:200], reading.value(row, "house_number")[:30]
    if not number:
        street, number = values.split_street(street)
    return Address(
        street=street,
        house_number="" if number == "0" else number,
        postcode=postcode,
        city=city[:200],
        district=reading.value(row, "district")[:200],
    )
