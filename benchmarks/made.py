"""A made-up country: facilities and map entries put together from what real lists and map data are like.

Names, streets, towns, carriers, sites and the shape of telephone numbers come from the shared folder when
the benchmark runs; shares of missing fields are those of the real map data. Nothing of it is kept.
"""

from __future__ import annotations

import csv
import json
import random
import re
import string
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LACKING = {"phone": 0.49, "address": 0.28, "postcode": 0.34, "website": 0.39, "email": 0.77, "operator": 0.66}
ABSENT = 0.1  # of the rows have no entry
Record = dict[str, Any]


@dataclass(frozen=True)
class Town:
    """A town of a real list, with a phone number to take the area code from."""

    name: str
    postcode: str
    lat: float
    lon: float
    phone: str


@dataclass
class Real:
    """What real sources hold, each value as often as it is there."""

    names: list[str] = field(default_factory=list)
    streets: list[str] = field(default_factory=list)
    carriers: list[str] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    towns: list[Town] = field(default_factory=list)
    kinds: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Facility:
    """One facility as its carrier knows it."""

    name: str
    carrier: str
    street: str
    number: str
    town: Town
    lat: float
    lon: float
    phone: str
    website: str
    email: str
    kind: dict[str, str]


def real(shared: Path) -> Real:
    """The distributions of the shared folder."""
    found, data = Real(), shared / "data"
    for element in json.loads((data / "osm/muenchen_2025-11-22.overpass.json").read_text("utf-8"))["elements"]:
        _of_map(element["tags"], found)
    for row in json.loads((data / "lists/schleswig-holstein_kitaportal.json").read_text("utf-8")):
        found.names.append(row["name"])
        found.carriers.append(row["institution"])
        found.streets.append(row["street"] or "Dorfstraße")
        if row.get("lat") and row.get("postalcode"):
            found.towns.append(Town(row["town"], row["postalcode"], row["lat"], row["lon"], "04321 4711"))
    for row in json.loads((data / "lists/nrw_pflegeheime.json").read_text("utf-8")):
        _of_homes(row, found)
    return found


def _of_map(tags: dict[str, str], found: Real) -> None:
    found.names.append(tags["name"])
    found.kinds.append({key: tags[key] for key in ("amenity", "healthcare", "office") if key in tags})
    for key, into in (("addr:street", found.streets), ("phone", found.phones), ("website", found.sites)):
        if key in tags:
            into.append(tags[key])
    if "operator" in tags:
        found.carriers.append(tags["operator"])


def _of_homes(row: dict[str, Any], found: Real) -> None:
    found.names.append(row["name"])
    found.streets.append(re.sub(r"\s*\d.*", "", row["street"] or "") or "Hauptstraße")
    if row.get("phone"):
        found.phones.append(row["phone"])
    if row.get("website"):
        found.sites.append(row["website"])
    if row.get("zip") and row.get("city"):
        # the list has no positions: postcodes lie in their leading regions, so each gets a place of its own there
        code = int(row["zip"]) if row["zip"].isdigit() else 40000
        lat, lon = 50.4 + code % 1000 / 500, 6.2 + (code // 100 % 100) / 40
        found.towns.append(Town(row["city"], row["zip"], lat, lon, row.get("phone") or "0211 4711"))


class Country:
    """Facilities and entries, the same ones for the same seed."""

    def __init__(self, known: Real, seed: int) -> None:
        self._real = known
        self._dice = random.Random(seed)  # noqa: S311 - repeatable, no secret
        self._parts = [part for name in known.names if len(part := name.split()) > 1]

    def chance(self, share: float) -> bool:
        """True in this share of the cases."""
        return self._dice.random() < share

    def facility(self) -> Facility:
        """A new one: a real town, and a name, street, carrier, phone and site put together from real ones."""
        dice, known = self._dice, self._real
        town, carrier = dice.choice(known.towns), dice.choice(known.carriers)
        if dice.random() < 0.7:  # a branch of its own in the town, as associations have
            carrier = f"{' '.join(carrier.split()[:2])} {town.name}"
        street, name = dice.choice(known.streets), self._name(town)
        site = self._site(name, carrier)
        return Facility(
            name=name,
            carrier=carrier,
            street=street,
            number=str(min(int(dice.paretovariate(0.6)), 250)) + dice.choice([""] * 8 + ["a", "b"]),
            town=town,
            lat=town.lat + dice.gauss(0, 0.02),
            lon=town.lon + dice.gauss(0, 0.03),
            phone=self._phone(town),
            website=site,
            email=f"{dice.choice(['info', 'kita', 'kontakt', 'leitung'])}@{re.sub(r'^https?://(www.)?|/.*', '', site)}",
            kind=dice.choice(known.kinds),
        )

    def _name(self, town: Town) -> str:
        """A real name; or the beginning of one with the end of another, the street or the town."""
        dice = self._dice
        if dice.random() < 0.4:
            return dice.choice(self._real.names)
        head, tail = dice.choice(self._parts), dice.choice(self._parts)
        ends = [" ".join(tail[1:]), " ".join(tail[-2:]), dice.choice(self._real.streets), town.name]
        return f"{' '.join(head[: dice.randint(1, 2)])} {dice.choice(ends)}"

    def _site(self, name: str, carrier: str) -> str:
        """A real site, the carrier's with a page of its own, or one named after the facility."""
        dice, plain = self._dice, re.compile(r"[^a-z0-9]+")
        page, own = (plain.sub("-", text.lower()).strip("-")[:40] or "haus" for text in (name, carrier))
        if dice.random() < 0.05:  # sites of chains: the real lists' own, so that many entries share them
            return dice.choice(self._real.sites)
        return f"https://www.{own}.de/{page}" if dice.random() < 0.5 else f"https://{page}.de"

    def _phone(self, town: Town) -> str:
        """The town's area code with other digits in the shape of a real number."""
        shape = re.sub(r"^(\+49|0)[\s/-]*", "", self._dice.choice(self._real.phones))
        code = re.match(r"(\+49[\s(0)]*|0)\d{2,4}", town.phone)
        ending = "".join(self._dice.choice(string.digits) if sign.isdigit() else sign for sign in shape[-9:])
        return f"{code[0] if code else '0431'} {ending.strip(' /-').lstrip('0') or '4711'}"

    def entry(self, own: Facility, number: int) -> Record:
        """The map's view of a facility: fields lacking as often as in real data, others in another spelling."""
        dice, there = self._dice, {key: self._dice.random() >= share for key, share in LACKING.items()}
        tags = {"name": self._respelt(own.name, own.carrier), **own.kind}
        if there["address"]:
            tags |= {"addr:street": own.street.replace("straße", "str.") if dice.random() < 0.1 else own.street,
                     "addr:housenumber": own.number, "addr:city": own.town.name}  # fmt: skip
        if there["postcode"]:
            tags["addr:postcode"] = own.town.postcode
        if there["phone"]:
            tags["phone"] = self._phone(own.town) if dice.random() < 0.08 else _international(own.phone)
        if there["website"]:
            tags["website"] = own.website + dice.choice(["", "", "/"])
        if there["email"]:
            tags["email"] = own.email
        if there["operator"]:
            tags["operator"] = own.carrier
        lat, lon = own.lat + dice.gauss(0, 0.0004), own.lon + dice.gauss(0, 0.0006)
        return {"type": "node", "id": number, "lat": round(lat, 7), "lon": round(lon, 7), "tags": tags}

    def _respelt(self, name: str, carrier: str) -> str:
        """As it is, shortened, with the carrier in front, or with a slip of the hand."""
        way, dice = self._dice.random(), self._dice
        if way < 0.55:
            return name
        if way < 0.7:
            return re.sub(
                "(?i)straße", "str.", name.replace("Kindertagesstätte", "Kita").replace("Kindergarten", "KiGa")
            )
        if way < 0.85:
            return f"{carrier.split(maxsplit=1)[0]} {name}"
        at = dice.randrange(max(1, len(name) - 1))
        return dice.choice([name[:at] + name[at + 1 :], name[:at] + name[at : at + 2][::-1] + name[at + 2 :]])

    def row(self, own: Facility) -> dict[str, str]:
        """The list's view: nearly everything, positions in two of three."""
        placed = self._dice.random() < 0.67
        return {
            "Träger": own.carrier, "Name": own.name, "Straße": own.street, "Hausnummer": own.number,
            "PLZ": own.town.postcode, "Ort": own.town.name, "Telefon": own.phone,
            "Website": own.website if self._dice.random() < 0.6 else "",
            "E-Mail": own.email if self._dice.random() < 0.5 else "",
            "Breitengrad": f"{own.lat:.6f}" if placed else "", "Längengrad": f"{own.lon:.6f}" if placed else "",
        }  # fmt: skip


def _international(phone: str) -> str:
    digits = re.sub(r"\D", "", phone.replace("(0)", "")).removeprefix("49").lstrip("0")
    return f"+49 {digits[:3]} {digits[3:]}"


def write_country(shared: Path, folder: Path, rows: int, entries: int, seed: int = 1) -> dict[int, str]:
    """Write ``list.csv`` and ``map.json``; gives the id of each row's own entry, by the row's number in the file."""
    country, truth, row = Country(real(shared), seed), dict[int, str](), 1
    every = max(1, entries // max(1, rows))
    with (folder / "list.csv").open("w", encoding="utf-8", newline="") as sheet, (folder / "map.json").open("w") as out:
        writer = csv.DictWriter(sheet, list(country.row(country.facility())))
        writer.writeheader()
        out.write('{"osm3s": {"timestamp_osm_base": "2026-11-01T00:00:00Z"}, "elements": [\n')
        for number in range(entries):
            own = country.facility()
            listed = number % every == 0 and row <= rows
            present = not (listed and country.chance(ABSENT))
            if listed:
                row += 1
                writer.writerow(country.row(own))
            if listed and present:
                truth[row] = f"node/{number}"
            if present:
                out.write(json.dumps(country.entry(own, number), ensure_ascii=False) + ",\n")
        out.write("{}]}\n")
    return truth
