"""findbar against a real Nominatim on loopback (FINDBAR_NOMINATIM, as .ci/nominatim start FOLDER prints it)."""

from __future__ import annotations

import itertools
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

import platforms
from audit.auditing import run_audit
from audit.model import Cell, Finding, Outcome, State
from audit.registry import Registry
from audit.working import open_folder, organisations_of, request_for, workshop_for
from platforms.openstreetmap import OpenStreetMapNominatim

from . import nominatim_seed as seed
from .conftest import skip_or_fail
from .sites import CONTACT, cells, configure, no_internet

__all__ = ["no_internet"]

pytestmark = pytest.mark.usefixtures("no_internet")

WAY = OpenStreetMapNominatim.id
KINDS = {
    seed.DEBT: "debt-counselling",
    seed.CARE: "ambulatory-care",
    seed.CLOSED: "clothing-shop",
    seed.KITA: "child-day-care",
}
Audited = Callable[..., Path]


@pytest.fixture
def base() -> str:
    """The base address of a running server."""
    url = os.environ.get("FINDBAR_NOMINATIM", "").rstrip("/")
    if not url:
        skip_or_fail("nominatim", "no server is named in FINDBAR_NOMINATIM (start one: .ci/nominatim start FOLDER)")
    return url


@pytest.fixture
def server(base: str) -> Iterator[httpx.Client]:
    """The server's two own doors: what it was asked, and changes of its map."""
    with httpx.Client(base_url=base, trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture
def contact(tmp_path: Path) -> str:
    """Who asks, in the user agent: another one for each test, for they may run at the same time."""
    return f"{secrets.token_hex(6)}@verband.example"


@pytest.fixture
def audited(tmp_path: Path, base: str, contact: str) -> Audited:
    """Audits services, each at the place that is given for it, by this one way."""

    def audit(*services: Mapping[str, str], known: str = "Brunnen-Apotheke", hurried: bool = True) -> Path:
        folder = configure(tmp_path / "work", *_settings(base, known))
        settings = folder / "findbar.toml"
        settings.write_text(settings.read_text("utf-8").replace(CONTACT, contact), encoding="utf-8")
        file = folder / "lotsenhaus.toml"
        file.write_text("\n".join(_organisation(services)) + "\n", encoding="utf-8")
        working = open_folder(folder)
        shop = workshop_for(working, platforms)
        shop.registry = Registry(tuple(way for way in shop.registry.checkers if way.id == WAY))
        shop.pace = 0.0 if hurried else shop.pace
        organisations, _ = organisations_of(file, shop.catalogue)
        run_audit(shop, request_for(organisations, shop.registry, platforms=["openstreetmap"]), working.database)
        return folder

    return audit


def _settings(base: str, known: str) -> Iterator[str]:
    yield from (f'allow = ["{urlsplit(base).netloc}"]', "[base_urls]", f'"nominatim.openstreetmap.org" = "{base}"')
    chemist = seed.FACILITIES[seed.CHEMIST]
    yield from (f"[controls.{WAY}]", f'name = "{known}"', f'city = "{seed.TOWN}"', f'postcode = "{seed.POSTCODE}"')
    yield from (f'street = "{chemist["addr:street"]}"', f'house_number = "{chemist["addr:housenumber"]}"')


def _organisation(services: tuple[Mapping[str, str], ...]) -> Iterator[str]:
    yield 'name = "Lotsenhaus Quellstadt e. V."'
    for number, service in enumerate(services):
        told = {key: value for key, value in service.items() if key not in ("kind", "service", "profile")}
        yield from ("[[location]]", f'id = "p{number}"', *(f'{key} = "{value}"' for key, value in told.items()))
        yield from ("[[service]]", f'id = "s{number}"', f'name = "{service["service"]}"', f'kind = "{service["kind"]}"')
        yield f'at = ["p{number}"]'
    for number, service in enumerate(services):
        if profile := service.get("profile"):
            yield from ("[[profile]]", 'platform = "openstreetmap"', f'service = "s{number}"', f'url = "{profile}"')


def facility(number: int, **other: str) -> dict[str, str]:
    """What an organisation's file says of a facility of the map: the same as the map."""
    tags = seed.FACILITIES[number]
    told = {"name": "name", "street": "addr:street", "house_number": "addr:housenumber"}
    told |= {"phone": "phone" if "phone" in tags else "contact:phone", "email": "email", "url": "website"}
    service = {key: tags[tag] for key, tag in told.items() if tag in tags}
    place = {"service": tags["name"], "kind": KINDS[number], "postcode": seed.POSTCODE, "city": seed.TOWN}
    return {**service, **place, **other}


def cell(folder: Path, service: str = "s0") -> Cell:
    (found,) = [cell for cell in cells(folder, "openstreetmap") if f"/{service}@" in cell.subject]
    return found


def finding(folder: Path, criterion: str) -> Finding:
    return next(finding for finding in cell(folder).findings if finding.criterion == criterion)


@pytest.fixture
def changed(server: httpx.Client) -> Iterator[Callable[..., None]]:
    """Edits a facility of the map; it is as before when the test is over."""
    versions, touched = itertools.count(2), set()

    def edit(number: int, **tags: str) -> None:
        touched.add(number)
        server.post("/change", content=seed.change(number, next(versions), **tags)).raise_for_status()

    yield edit
    for number in touched:
        edit(number)


def seen(server: httpx.Client, contact: str) -> list[dict[str, Any]]:
    """What reached the server from whoever says that this is their address, oldest first."""
    asked: list[dict[str, Any]] = server.get("/seen").raise_for_status().json()
    return [request for request in asked if contact in request["agent"]]


def test_an_entry_is_found_with_all_its_fields(audited: Audited) -> None:
    found = cell(audited(facility(seed.DEBT)))
    assert found.state in (State.COMPLETE, State.GAPS)
    assert found.match
    listing, tags = found.match.listing, seed.FACILITIES[seed.DEBT]
    assert listing.url == f"https://www.openstreetmap.org/node/{seed.DEBT}"
    assert (listing.name, listing.operator) == (tags["name"], tags["operator"])
    address = listing.address
    assert (address.street, address.house_number) == (tags["addr:street"], tags["addr:housenumber"])
    assert (address.postcode, address.city) == (seed.POSTCODE, seed.TOWN)
    assert (listing.phones, listing.emails, listing.websites) == (
        (tags["phone"],),
        (tags["email"],),
        (tags["website"],),
    )
    assert listing.hours_text == tags["opening_hours"]
    assert listing.access_text == "wheelchair=yes"
    assert "amenity=social_facility" in listing.tags


def test_what_is_not_on_the_map_is_missing(audited: Audited) -> None:
    place = {"street": "Salzgasse", "house_number": "3", "postcode": seed.POSTCODE, "city": seed.TOWN}
    found = cell(audited({"service": "Nachtcafé Sternschnuppe", "kind": "day-shelter", **place}))
    assert (found.state, found.reason) == (State.MISSING, None)


def test_an_address_that_changes_on_the_map_turns_the_finding_and_back(audited: Audited, changed: Any) -> None:
    assert finding(audited(facility(seed.CARE)), "address").outcome is Outcome.MET
    changed(seed.CARE, addr__street="Lindenweg", addr__housenumber="19")
    work = audited(facility(seed.CARE))
    assert finding(work, "address").outcome is Outcome.NOT_MET
    match = cell(work).match
    assert match
    assert (match.listing.address.street, match.listing.address.house_number) == ("Lindenweg", "19")
    changed(seed.CARE)
    assert finding(audited(facility(seed.CARE)), "address").outcome is Outcome.MET


def test_known_objects_are_looked_up_together(audited: Audited, server: httpx.Client, contact: str) -> None:
    known = [f"https://www.openstreetmap.org/node/{number}" for number in (seed.DEBT, seed.KITA)]
    work = audited(facility(seed.DEBT, profile=known[0]), facility(seed.KITA, profile=known[1]))
    matches = [cell(work, service).match for service in ("s0", "s1")]
    assert [match and match.listing.url for match in matches] == known
    (lookup,) = [request for request in seen(server, contact) if request["path"] == "/lookup"]
    assert parse_qs(lookup["query"])["osm_ids"] == [f"N{seed.DEBT},N{seed.KITA}"]


def test_what_the_map_holds_for_closed_is_not_shown_as_open(audited: Audited) -> None:
    known = f"https://www.openstreetmap.org/node/{seed.CLOSED}"
    for service in (facility(seed.CLOSED), facility(seed.CLOSED, profile=known)):
        assert cell(audited(service)).state is State.MISSING  # this server's import leaves out what is disused


def test_without_the_control_the_server_is_not_believed(audited: Audited) -> None:
    found = cell(audited(facility(seed.DEBT), known="Rathaus-Apotheke"))
    assert found.state is State.UNKNOWN


def test_the_server_is_asked_one_by_one_no_faster_than_its_policy_and_by_name(
    audited: Audited, server: httpx.Client, contact: str
) -> None:
    audited(facility(seed.DEBT), facility(seed.CARE), facility(seed.KITA), hurried=False)
    asked = seen(server, contact)
    assert len(asked) >= 5  # the known entry, the made-up one, and three services
    times = [request["at"] for request in asked]
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 1.0  # the policy's own second
    assert all(request["agent"].startswith("findbar/") for request in asked)
