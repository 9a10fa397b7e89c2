"""What a real Nominatim holds for tests/test_real_nominatim.py, and the server that shows it (.ci/nominatim).

``python nominatim_seed.py FILE`` writes the invented town as OSM XML (wiki.openstreetmap.org, OSM XML, 2026-11-24).
``serve()`` makes Nominatim's own web application with two doors more: ``GET /seen`` tells what was asked of it,
by whom and when, and ``POST /change`` takes an osmChange into the database, as Nominatim does every minute elsewhere.
Only the standard library is imported above the functions: the test reads names and addresses from here.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

TOWN, POSTCODE = "Quellstadt", "99899"
LATITUDE, LONGITUDE = 50.95, 10.30  # of the town's middle
STREETS = {"Lindenweg": 1, "Brunnengasse": 2, "Am Mühlbach": 3}
DEBT, CARE, CLOSED, KITA, CHEMIST = 101, 102, 103, 104, 105
FACILITIES: Mapping[int, Mapping[str, str]] = {
    DEBT: {
        "amenity": "social_facility",
        "social_facility": "outreach",
        "name": "Schuldnerberatung Lotsenhaus",
        "operator": "Lotsenhaus Quellstadt e. V.",
        "addr:street": "Lindenweg",
        "addr:housenumber": "4a",
        "phone": "+49 3695 55501",
        "email": "schulden@lotsenhaus.example",
        "website": "https://www.lotsenhaus.example/schulden",
        "opening_hours": "Mo-Fr 09:00-12:00; Th 14:00-18:00",
        "wheelchair": "yes",
    },
    CARE: {
        "amenity": "social_facility",
        "social_facility": "ambulatory_care",
        "name": "Sozialstation Mühlbach",
        "addr:street": "Am Mühlbach",
        "addr:housenumber": "11",
        "contact:phone": "03695 55502",
    },
    CLOSED: {
        "disused:amenity": "social_facility",
        "name": "Kleiderkammer Brunnenhof",
        "addr:street": "Brunnengasse",
        "addr:housenumber": "2",
    },
    KITA: {
        "amenity": "kindergarten",
        "name": "Kita Sonnenwinkel",
        "addr:street": "Brunnengasse",
        "addr:housenumber": "7",
    },
    CHEMIST: {
        "amenity": "pharmacy",
        "name": "Brunnen-Apotheke",
        "addr:street": "Brunnengasse",
        "addr:housenumber": "9",
        "phone": "03695 55505",
    },
}


def extract() -> bytes:
    """The town as OSM XML: its boundary, three streets and its facilities."""
    root = Element("osm", version="0.6", generator="findbar")
    corners = [(-0.02, -0.02), (-0.02, 0.02), (0.02, 0.02), (0.02, -0.02)]
    for number, (north, east) in enumerate(corners, 1):
        _node(root, number, north, east, {})
    _node(root, 10, 0, 0, {"place": "town", "name": TOWN, "population": "14000", "postal_code": POSTCODE})
    for number in STREETS.values():
        for end, east in enumerate((-0.01, 0.01)):
            _node(root, 20 + 2 * number + end, number / 500, east, {})
    for number, tags in FACILITIES.items():
        facility(root, number, tags)
    for name, number in STREETS.items():
        ends = (20 + 2 * number, 21 + 2 * number)
        _of(root, "way", number, {"highway": "residential", "name": name}, [("nd", {"ref": str(end)}) for end in ends])
    round_it = [("nd", {"ref": str(number)}) for number in (1, 2, 3, 4, 1)]
    _of(root, "way", 9, {}, round_it)
    boundary = {"type": "boundary", "boundary": "administrative", "admin_level": "8", "name": TOWN}
    boundary |= {"postal_code": POSTCODE}
    _of(root, "relation", 1, boundary, [("member", {"type": "way", "ref": "9", "role": "outer"})])
    return _written(root)


def change(number: int, version: int, **tags: str) -> bytes:
    """An osmChange by which a facility has these tags, too; ``__`` stands for the colon of a key."""
    root = Element("osmChange", version="0.6", generator="findbar")
    told = {key.replace("__", ":"): value for key, value in tags.items()}
    facility(SubElement(root, "modify"), number, {**FACILITIES[number], **told}, version)
    return _written(root)


def _written(root: Element) -> bytes:
    return tostring(root, "unicode").encode()


def facility(parent: Element, number: int, tags: Mapping[str, str], version: int = 1) -> None:
    """A facility beside its street, with the town in its address."""
    north = STREETS[tags["addr:street"]] / 500 + 0.0002
    told = {**tags, "addr:city": TOWN, "addr:postcode": POSTCODE}
    _node(parent, number, north, (number - 103) / 1000, told, version)


def _node(parent: Element, number: int, north: float, east: float, tags: Mapping[str, str], version: int = 1) -> None:
    node = _of(parent, "node", number, tags, version=version)
    node.set("lat", f"{LATITUDE + north:.5f}")
    node.set("lon", f"{LONGITUDE + east:.5f}")


def _of(
    parent: Element,
    kind: str,
    number: int,
    tags: Mapping[str, str],
    parts: list[tuple[str, dict[str, str]]] | None = None,
    version: int = 1,
) -> Element:
    made = SubElement(parent, kind, id=str(number), version=str(version), timestamp="2026-11-24T09:00:00Z")
    for name, attributes in parts or []:
        SubElement(made, name, attributes)
    for key, value in tags.items():
        SubElement(made, "tag", k=key, v=value)
    return made


def serve() -> Any:
    """Nominatim's web application (ASGI) of the project folder NOMINATIM_PROJECT, and the two doors."""
    from nominatim_api.server.falcon.server import get_application  # type: ignore[import-not-found]  # noqa: PLC0415

    folder = Path(os.environ["NOMINATIM_PROJECT"])
    seen: list[dict[str, Any]] = []
    nominatim = get_application(folder)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path")
        if path == "/seen":
            await _answer(send, json.dumps(seen).encode())
        elif path == "/change":
            await asyncio.to_thread(_take_in, folder, await _body(receive))
            await _answer(send, b"{}")
        else:
            if scope["type"] == "http":
                agent = dict(scope["headers"]).get(b"user-agent", b"").decode()
                query = scope["query_string"].decode()
                seen.append({"path": path, "query": query, "agent": agent, "at": time.monotonic()})
            await nominatim(scope, receive, send)

    return app


def _take_in(folder: Path, changes: bytes) -> None:
    """As an update of Nominatim does it: into the tables, then into the index."""
    file = folder / "change.osc"
    file.write_bytes(changes)
    program = str(Path(sys.executable).with_name("nominatim"))
    for step in (["add-data", "--file", str(file)], ["index", "--threads", "1"]):
        subprocess.run([program, *step, "--project-dir", str(folder)], check=True, stdin=subprocess.DEVNULL)  # noqa: S603 - our own


async def _body(receive: Any) -> bytes:
    whole, more = b"", True
    while more:
        part = await receive()
        whole, more = whole + part.get("body", b""), part.get("more_body", False)
    return whole


async def _answer(send: Any, body: bytes) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(extract())
