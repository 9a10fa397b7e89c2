"""Rows of a list as entries: one facility of one carrier, with its kinds of service."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from audit.model import Address, Location
from audit.organisation import mending, times, values
from audit.organisation.catalogue import Catalogue
from audit.organisation.columns import POSTCODE_CITY, says_yes
from audit.organisation.folding import fold
from audit.organisation.mending import Mended
from audit.organisation.records import Row, table

_WHOLE_ADDRESS = re.compile(r"([^\d].{2,120}?\d.{0,12}?)[\s,;|/]{1,5}(?:D[ -]{1,3})?(\d{5})\s+([^\d\W].{1,60})")


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

    ``by_name``: a row's own name goes before the list's kind, which is nothing but what most names say.
    ``days`` are columns of one day each (day and part), ``units`` what whole numbers in columns of times count.
    With ``lenient`` a row need name neither a carrier nor a kind of service.
    """

    columns: Mapping[str, str]
    flags: Mapping[str, str]
    kind: str
    city: str
    area_codes: Mapping[str, str]
    usual_days: str
    catalogue: Catalogue
    carrier: str = ""
    by_name: bool = False
    days: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    lenient: bool = False

    @property
    def shown(self) -> dict[str, str]:
        """The columns by field, those that say yes or no to a kind among them."""
        return dict(self.columns) | {f"kind {kind}": column for kind, column in self.flags.items()}

    def value(self, row: Mapping[str, str], field: str) -> str:
        """The row's text for a field, or an empty one; "k. A." and the like say nothing."""
        text = row.get(self.columns.get(field, ""), "")
        return "" if len(text) < 20 and fold(text) in ("", *table()["nothing"]["words"]) else text


def entries_of(rows: Sequence[Row], reading: Reading, list_name: str) -> tuple[list[Entry], list[tuple[int, str]]]:
    """Every row as an entry, or as a pair of its number and the reason why not."""
    entries: list[Entry] = []
    refused: list[tuple[int, str]] = []
    first: dict[tuple[object, ...], int] = {}
    for number, row in rows:
        entry = _entry(number, row, reading, list_name)
        if isinstance(entry, str):
            refused.append((number, entry))
        elif reading.lenient:
            entries.append(entry)
        elif (before := first.setdefault((entry.carrier, entry.services, entry.location), number)) != number:
            refused.append((number, f"repeats row {before}: the same service, place and contact"))
        else:
            entries.append(entry)
    return entries, refused


def _entry(number: int, row: Mapping[str, str], reading: Reading, list_name: str) -> Entry | str:
    carrier = reading.carrier or reading.value(row, "carrier")
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
    own = catalogue.guess(reading.value(row, "name")) if reading.by_name else None
    kinds = flagged or list(filter(None, [own or reading.kind]))
    return tuple((kind, catalogue.kind(kind).name_de) for kind in kinds)


def _location(number: int, row: Mapping[str, str], reading: Reading, done: list[str]) -> Location:
    def keep(mended: Mended, what: str) -> str:
        if mended.done:
            done.append(f"row {number}: {what}: {mended.done}")
        return mended.value

    code, city = _place(row, reading)
    degrees = reading.value(row, "latitude"), reading.value(row, "longitude")
    place = mending.degrees(*degrees)
    if not place and any(text.strip("0., ") for text in degrees):
        done.append(f"row {number}: coordinates: {' '.join(degrees)!r} are no degrees of latitude and longitude")
    return Location(
        id="",
        name=reading.value(row, "name")[:300],
        address=_address(row, city, keep(mending.postcode(code), "postcode"), reading),
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        state=values.state_of(reading.value(row, "state")),
        phone=keep(mending.phone(reading.value(row, "phone"), reading.area_codes.get(city, "")), "phone"),
        email=keep(mending.email(reading.value(row, "email")), "email"),
        url=keep(mending.url(reading.value(row, "website")), "website"),
        opening_hours=keep(mending.hours(_hours(row, reading), reading.usual_days), "hours"),
    )


def _hours(row: Mapping[str, str], reading: Reading) -> str:
    """The hours as the list states them: in one column, as first and last time, or day by day."""
    if stated := reading.value(row, "opening_hours"):
        return stated
    units = (
        reading.units.get(reading.columns.get("opens", ""), ""),
        reading.units.get(reading.columns.get("closes", ""), ""),
    )
    opened = times.span(reading.value(row, "opens"), reading.value(row, "closes"), units)
    return opened or times.week(row, reading.days, reading.units)


def _address(row: Mapping[str, str], city: str, postcode: str, reading: Reading) -> Address:
    street, number = reading.value(row, "street")[:300], reading.value(row, "house_number")[:30]
    if not postcode and (whole := _WHOLE_ADDRESS.fullmatch(street)):
        street, postcode, city = whole[1], whole[2], city or whole[3]
    if not number or number == "0":
        street, number = values.split_street(street)
    elif street.endswith(f" {number}"):
        street = street.removesuffix(number).rstrip()
    return Address(
        street=street[:200],
        house_number="" if number == "0" else number,
        postcode=postcode,
        city=city[:200],
        district=reading.value(row, "district")[:200],
    )


def _place(row: Mapping[str, str], reading: Reading) -> tuple[str, str]:
    """Postcode and town, from two columns or from one that holds both."""
    both = POSTCODE_CITY.fullmatch(reading.value(row, "postcode_city"))
    city = reading.value(row, "city") or (both[2].strip() if both else "") or reading.city
    return reading.value(row, "postcode") or (both[1] if both else ""), city
