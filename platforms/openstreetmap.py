"""OpenStreetMap: one platform, four ways to reach it: a local data set, Overpass, Nominatim and Photon.

Tags after the German editor presets (id-tagging-schema, 2026-08-22); rules of the public servers
read on 2026-11-23: Overpass as stated by its administrators (issue 791, 2026-04-21), Nominatim's
usage policy (2026-05-18), which asks scripts that run at regular intervals for 4 requests a minute.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from audit import (
    Access,
    Action,
    Ask,
    Checker,
    Control,
    DataChecker,
    EditedBy,
    Item,
    Kind,
    Known,
    Listing,
    More,
    Nothing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Standing,
    Terms,
    Visit,
)
from audit.readers.osm_answers import element_listing, feature_listing, photon_features, place_listing, record_listing
from audit.readers.overpass import areas
from audit.readers.points import asked_round
from audit.readers.searching import NameSearch

OPENSTREETMAP = Platform(
    id="openstreetmap",
    name="OpenStreetMap",
    kind=Kind.MAP,
    edited_by=EditedBy.CROWD,
    actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE}),
    edit_url="https://www.openstreetmap.org/edit",
    edit_days=1,
)
ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0 (https://www.openstreetmap.org/copyright)"
_READ_ON = date(2026, 11, 23)
_TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
# A day-care centre in the city's extract of 2025-11-22 (node 10764095167).
_KNOWN = Known(
    name="AWO Kindergarten Winzererstraße",
    words=("Kindergarten",),
    street="Winzererstraße",
    house_number="111",
    postcode="80797",
    city="München",
    latitude=48.17082,
    longitude=11.56043,
    website="https://www.awo-muenchen.de/",
)


class OpenStreetMapData(DataChecker):
    """A local extract: Overpass JSON, GeoJSON or .osm.pbf, named in the configuration."""

    id = "openstreetmap-data"
    platform = OPENSTREETMAP
    dataset = "openstreetmap"
    home = "https://download.geofabrik.de"
    terms = Terms(policy_url="https://www.openstreetmap.org/copyright", read_on=_READ_ON, note="ODbL 1.0: attribution")
    control = Control(none_because="a local extract holds only its own area, so no entry can be known to be in it")
    standing = Standing.RECORDED
    attribution = ATTRIBUTION

    def read_record(self, record: Mapping[str, Any]) -> Listing | None:
        """One record of the extract (id, lat, lon, tags, updated) as the OSM reader sees it."""
        return record_listing(record)


class OpenStreetMapOverpass(Checker):
    """One question per area, whatever the number of services in it."""

    id = "openstreetmap-overpass"
    platform = OPENSTREETMAP
    access = Access.API
    home = "https://overpass-api.de"
    hosts = ("overpass-api.de",)
    terms = Terms(
        policy_url="https://dev.overpass-api.de/overpass-doc/en/preface/commons.html",
        read_on=_READ_ON,
        note="Own user agent (406 without), no parallel scripts, 30 s pause after 429, 10,000 requests and 1 GB a day.",
    )
    control = Control(known=_KNOWN)
    standing = Standing.RECORDED
    pace = 5.0
    pace_scheduled = 30.0
    governed_by_robots = False
    attribution = ATTRIBUTION

    def search(self, query: Query) -> Iterable[Visit]:
        """The area round the one place, or its town."""
        return [ask.visit for ask in self.plan([query])]

    def plan(self, queries: Sequence[Query]) -> list[Ask]:
        """One ask per box of at most half a degree round known places; one per town for the others."""
        return [Ask(_ask(language, step), tuple(asked)) for language, step, asked in areas(_TABLE, queries)]

    def read(self, page: Page) -> Iterable[Item]:
        """All elements that are services. An error hides in a 200: it is told by ``remark``."""
        answer = page.data()
        elements = answer.get("elements")
        if answer.get("remark"):
            raise NotUnderstood(f"remark: {answer['remark']}")
        if not isinstance(elements, list) or not isinstance(answer.get("osm3s"), dict):
            raise NotUnderstood("no Overpass answer (elements, osm3s)")
        if page.visit.step == "town" and not any(isinstance(e, dict) and e.get("type") == "area" for e in elements):
            raise NotUnderstood("Overpass knows no administrative area of that name")
        found = [listing for element in elements if (listing := element_listing(element))]
        return found or [Nothing("no element that is a service in this area")]


class OpenStreetMapNominatim(NameSearch):
    """Search by name and town; known objects are looked up fifty at once. Never /details: bots are forbidden there."""

    id = "openstreetmap-nominatim"
    platform = OPENSTREETMAP
    access = Access.API
    home = "https://nominatim.openstreetmap.org"
    hosts = ("nominatim.openstreetmap.org",)
    terms = Terms(
        policy_url="https://operations.osmfoundation.org/policies/nominatim/",
        read_on=_READ_ON,
        note="1 request a second over the whole application, 4 a minute for scripts at regular intervals; results "
        "must be cached, no systematic download, own user agent, server to be changed without an update.",
    )
    control = Control(known=_KNOWN)
    real_server = "Nominatim 5.3.3"
    standing = Standing.RECORDED
    pace = 1.1
    pace_scheduled = 15.0
    rank = 1  # after Overpass, which answers for a whole town at once
    governed_by_robots = False
    attribution = ATTRIBUTION

    def ask(self, query: Query, name: str) -> Visit | None:
        """Name and town."""
        params = (("q", f"{name}, {query.city}"), *_DETAIL, *_PLACES, ("limit", str(_LIMIT)))
        return Visit(f"{self.home}/search", params=params, step="search") if query.city else None

    def search(self, query: Query) -> Iterable[Visit]:
        """The known objects, or a search for name and town."""
        known = _object_ids(query)
        return [_look_up(known[:_MOST_IDS])] if known else super().search(query)

    def plan(self, queries: Sequence[Query]) -> list[Ask]:
        """Searches as usual; the known objects of all queries together, fifty per visit."""
        ids = sorted({key for query in queries for key in _object_ids(query)})
        look_ups = []
        for start in range(0, len(ids), _MOST_IDS):
            batch = ids[start : start + _MOST_IDS]
            asking = [query for query in queries if set(batch) & set(_object_ids(query))]
            look_ups.append(Ask(_look_up(batch), tuple(asking)))
        return super().plan([query for query in queries if not _object_ids(query)]) + look_ups

    def read(self, page: Page) -> Iterable[Item]:
        """All places of the answer; an empty list is Nominatim's own sign that there are none."""
        places = page.data(list)
        if not places:
            return [Nothing("[]")]
        found: list[Item] = [listing for place in places if (listing := place_listing(place))]
        if len(places) >= _LIMIT and page.visit.step == "search":
            found.append(More("the limit of the answer is reached"))
        return found or [Nothing("none of the places is a service")]


class OpenStreetMapPhoton(NameSearch):
    """Search by name and town in a search box that forgives typing errors; it shows no contact facts."""

    id = "openstreetmap-photon"
    platform = OPENSTREETMAP
    access = Access.API
    home = "https://photon.komoot.io"
    hosts = ("photon.komoot.io",)
    terms = Terms(
        policy_url="https://photon.komoot.io", read_on=_READ_ON, note="Within reason, else throttled or banned."
    )
    control = Control(known=_KNOWN)
    standing = Standing.RECORDED
    proves = frozenset({"name", "address"})
    pace = 2.0
    pace_scheduled = 15.0
    rank = 2  # after Nominatim, which shows telephone, website and hours
    governed_by_robots = False
    attribution = ATTRIBUTION

    def ask(self, query: Query, name: str) -> Visit | None:
        """Name and town, nearest first where the place's coordinates are known."""
        limit = ("limit", str(_PHOTON_LIMIT))
        params = (("q", f"{name}, {query.city}"), ("lang", "de"), limit, *asked_round(query))
        return Visit(f"{self.home}/api", params=params) if query.city else None

    def read(self, page: Page) -> Iterable[Item]:
        """All places of the answer. No features is Photon's own sign, a strong one: it shows what is merely alike."""
        features = photon_features(page.data())
        found: list[Item] = [listing for feature in features if (listing := feature_listing(feature))]
        if len(features) >= _PHOTON_LIMIT:
            found.append(More("the limit of the answer is reached"))
        return found or [Nothing("none of the places is a service" if features else "features []")]


_LIMIT, _MOST_IDS, _PHOTON_LIMIT = 40, 50, 20
_OBJECT = re.compile(r"openstreetmap\.org/(node|way|relation)/(\d{1,19})\b")
_DETAIL = (("format", "jsonv2"), ("addressdetails", "1"), ("extratags", "1"), ("namedetails", "1"))
_PLACES = (("countrycodes", "de"), ("layer", "poi"))


def _object_ids(query: Query) -> list[str]:
    """The ids of known profile addresses as Nominatim writes them: N123, W4, R5."""
    return [f"{kind[0].upper()}{number}" for url in query.profiles for kind, number in _OBJECT.findall(url)]


def _look_up(ids: Sequence[str]) -> Visit:
    url = f"{OpenStreetMapNominatim.home}/lookup"
    return Visit(url, params=(("osm_ids", ",".join(ids)), *_DETAIL), step="lookup")


def _ask(language: str, step: str) -> Visit:
    url = f"{OpenStreetMapOverpass.home}/api/interpreter"
    return Visit(url, method="POST", headers=_FORM, body=urlencode({"data": language}), step=step)
