"""The rig of the attacks: a fictional web for every machine-asked way, with a fault put on hosts of choice.

The tests use it in a short form, ``benchmarks/attacks.py`` in the long one.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platforms
from audit.auditing import Workshop
from audit.checker import Checker, Control, Known
from audit.demonstration import archive, prepare
from audit.model import Cell, Organisation, Reason, Result, State, Via, Visit
from audit.page import Page
from audit.requesting import Request
from audit.visiting.getting import Limits, Permit, Unreachable, permit_all
from audit.visiting.replay import ReplayGetter
from audit.working import organisations_of, registry_for, workshop_for
from platforms.openstreetmap import OpenStreetMapNominatim
from tests.helpers import AGENT, FakeClock, judged, registry_of

__all__ = ["FAULTS", "WAYS", "Town", "cells_of", "town", "workshop"]

# Each way's hosts, and the platform under which its cells stand.
WAYS: Mapping[str, tuple[str, ...]] = {
    "website": ("www.hilfsbund-quellstadt.example",),
    "openstreetmap-overpass": ("overpass-api.de",),
    "openstreetmap-nominatim": ("nominatim.openstreetmap.org",),
    "gelbe-seiten": ("www.gelbeseiten.de",),
    "mastodon": ("social.quellstadt.example",),
    "pretix": ("termine.quellstadt.example", "buchung.quellstadt.example"),
    "here": ("discover.search.hereapi.com",),
    "google-maps-places": ("places.googleapis.com",),
}
NOMINATIM = "nominatim"  # the platform of that way here, so that its cells are not those of the other way
CHEMIST = Known(
    name="Rathaus-Apotheke Quellstadt", street="Marktplatz", house_number="1", postcode="00930", city="Quellstadt",
    latitude=50.9001, longitude=11.0502,
)  # fmt: skip
Fault = Callable[[Page], Page]
_HTML = (("content-type", "text/html; charset=utf-8"),)


def platform_of(way: str) -> str:
    """The platform under whose name a way's cells stand."""
    names = {"openstreetmap-overpass": "openstreetmap", "openstreetmap-nominatim": NOMINATIM}
    return (names | {"google-maps-places": "google-maps"}).get(way, way)


def _ends(reason: Reason, detail: str) -> Fault:
    def end(page: Page) -> Page:
        raise Unreachable(reason, detail)

    return end


def _says(status: int, body: bytes, *headers: tuple[str, str], kind: str = "text/plain") -> Fault:
    shown = (("content-type", kind), *headers)
    return lambda page: replace(page, status=status, headers=shown, body=body)


def _with_date(page: Page) -> Page:
    later = format_datetime(page.at + timedelta(hours=1), usegmt=True)
    return _says(503, b"maintenance", ("retry-after", later))(page)


def _another_kind(page: Page) -> Page:
    """HTML where JSON is expected, and JSON where HTML is."""
    if "json" in page.header("content-type"):
        return replace(page, headers=_HTML, body=b"<!doctype html><title>Portal</title><body><p>Willkommen</p>")
    return replace(page, headers=(("content-type", "application/json"),), body=b'{"status": "ok", "hits": []}')


# The twelve faults: those of the connection as the getter tells them, and those of the answer.
FAULTS: Mapping[str, Fault] = {
    "refused": _ends(Reason.SERVER_ERROR, "ConnectError: connection refused"),
    "reset": _ends(Reason.SERVER_ERROR, "ReadError: connection reset by peer"),
    "dns-failure": _ends(Reason.NETWORK_DOWN, "the name is not known"),
    "tls-failure": _ends(Reason.SERVER_ERROR, "ConnectError: certificate verify failed"),
    "timeout": _ends(Reason.TIMEOUT, "no whole answer within 60 s"),
    "challenge": _says(
        403, b"<html><title>Just a moment...</title><body>Checking your browser</body></html>",
        ("cf-mitigated", "challenge"), kind="text/html",
    ),
    "429": _says(429, b"too many requests", ("retry-after", "2")),
    "500": _says(500, b"internal server error"),
    "503-with-date": _with_date,
    "another-kind": _another_kind,
    "cut-short": lambda page: replace(page, body=page.body[: len(page.body) // 2]),
    "empty": lambda page: replace(page, body=b""),
}  # fmt: skip


@dataclass
class Town:
    """A getter: the demonstration's archive, HERE, Nominatim and Google, and faults by host.

    With ``robots`` a fault also strikes robots.txt.
    """

    replay: ReplayGetter
    clock: FakeClock
    faults: Mapping[str, Fault]
    robots: bool = False
    asked: int = 0

    async def get(self, visit: Visit, limits: Limits, permit: Permit = permit_all) -> Page:
        """The page, or what the fault makes of it."""
        self.asked += 1
        host, path = urlsplit(visit.url).netloc, urlsplit(visit.url).path
        page = self._searched(visit, host) or await self.replay.get(visit, limits, permit)
        fault = self.faults.get(host)
        return fault(page) if fault and (self.robots or path != "/robots.txt") else page

    async def close(self) -> None:
        """Nothing is open."""

    def _searched(self, visit: Visit, host: str) -> Page | None:
        """HERE, Nominatim and Google know the known entry of their control, Google every town, and nothing else."""
        asked = dict(visit.params).get("q", "")
        if host in WAYS["google-maps-places"] and visit.body:
            body = _google(json.loads(visit.body))
        elif asked and host in {*WAYS["here"], *WAYS["openstreetmap-nominatim"]}:
            body = _here(asked) if host in WAYS["here"] else _nominatim(asked)
        else:
            return None
        headers = (("content-type", "application/json"),)
        return Page(visit=visit, at=self.clock.now(), url=visit.url, headers=headers, body=json.dumps(body).encode())


def _here(asked: str) -> object:
    address = {
        "street": "Penn Plz", "houseNumber": "4", "postalCode": "10001", "city": "New York",
    }  # fmt: skip
    garden = {
        "title": "Madison Square Garden", "id": "here:1", "resultType": "place", "address": address,
        "position": {"lat": 40.75051, "lng": -73.9934},
    }  # fmt: skip
    return {"items": [garden] if asked.startswith("Madison") else []}


def _google(asked: Mapping[str, Any]) -> object:
    museum = {
        "id": "C1", "displayName": {"text": "Deutsches Museum"},
        "location": {"latitude": 48.12992, "longitude": 11.58342}, "postalAddress": {
            "addressLines": ["Museumsinsel 1"], "postalCode": "80538", "locality": "München",
        },
    }  # fmt: skip
    if asked["textQuery"].startswith("Deutsches Museum"):
        return {"places": [museum]}
    return {"places": [{"id": "C2"}]} if asked["pageSize"] == 1 else {}


def _nominatim(asked: str) -> object:
    address = {"road": "Marktplatz", "house_number": "1", "postcode": "00930", "town": "Quellstadt"}
    chemist = {
        "osm_type": "node", "osm_id": 1, "lat": "50.9001", "lon": "11.0502", "category": "amenity",
        "type": "pharmacy", "name": CHEMIST.name, "display_name": f"{CHEMIST.name}, Quellstadt",
        "namedetails": {"name": CHEMIST.name}, "address": address, "extratags": {},
    }  # fmt: skip
    return [chemist] if asked.startswith(CHEMIST.name) else []


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@cache
def ground() -> tuple[Workshop, Organisation]:
    """The demonstration's settings, checkers and organisation, read once."""
    with _folder() as path:
        folder = prepare(path)
        shop = workshop_for(folder, platforms)
        (found,), _ = organisations_of(folder.organisations, shop.catalogue)
    return shop, found


def _checkers() -> list[Checker]:
    found = {c.id: c for c in registry_for(platforms, Path("nowhere")).checkers if c.id in WAYS}
    declared = {
        "platform": replace(OpenStreetMapNominatim.platform, id=NOMINATIM, name="Nominatim"),
        "control": Control(known=CHEMIST),
    }
    found["openstreetmap-nominatim"] = type("Nominatim", (OpenStreetMapNominatim,), declared)()
    return [found[way] for way in WAYS]


def workshop(getter: Any, clock: FakeClock, **environment: str) -> Workshop:
    """A workshop with exactly the machine-asked ways, keys for HERE and Google, and one way out."""
    shop, _ = ground()
    keys = {"HERE_API_KEY": "not-a-key", "GOOGLE_MAPS_API_KEY": "not-a-key-either", **environment}
    return replace(
        shop, registry=registry_of(*_checkers()), clock=clock, environment=keys, getters={Via.HTTP: getter}
    )  # fmt: skip


def town(faults: Mapping[str, str] | None = None, *, robots: bool = False) -> Result:
    """A whole audit, visited at the paces of a fake clock and judged; ``faults`` are names of `FAULTS` by way."""
    _, organisation = ground()
    clock = FakeClock()
    by_host = {host: FAULTS[fault] for way, fault in (faults or {}).items() for host in WAYS[way]}
    out = Town(ReplayGetter(archive(), clock.now, wait=False), clock, by_host, robots)
    shop = workshop(out, clock)
    audit = shop._audit(Request(organisations=(organisation,)), shop.getters or {}, AGENT)
    observed = asyncio.run(audit.run())
    return judged(observed, shop.registry.checkers, organisation, clock.now())


def cells_of(result: Result, way: str) -> list[Cell]:
    """The cells of a way's platform."""
    return [cell for cell in result.cells if cell.platform == platform_of(way)]


def missing(cells: list[Cell]) -> list[str]:
    """The ids of cells that are called missing."""
    return [cell.id for cell in cells if cell.state is State.MISSING]
