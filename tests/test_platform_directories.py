"""Directories and finders: what their checkers read in real recordings is what a person reads there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import platforms
from audit import About, Action, Checker, Listing, More, Nothing, NotUnderstood, Page, Query, Reason, Visit
from audit.judging.controls import finds, made_up, subject_of
from audit.judging.relevance import worth_asking
from audit.model import Location, Organisation, Service, ServiceAtLocation, Subject
from audit.organisation.catalogue import load_catalogue
from audit.readers.entries import entry
from audit.working import registry_for
from platforms.brave_search import BraveSearch
from platforms.caritas import CaritasMaps
from platforms.das_oertliche import DasOertliche
from platforms.directory_11880 import Directory11880
from platforms.goyellow import GoYellow
from platforms.heimfinder_nrw import HeimfinderNrw
from platforms.integreat import Integreat
from platforms.kita_portal import KitaNavigatorBerlin
from platforms.selbsthilfe import SelbsthilfeInterface, SelbsthilfeWidget
from platforms.sozialplattform import Sozialplattform
from platforms.suchthilfe import Suchthilfeverzeichnis
from platforms.wordpress_portal import WordpressPortal

AT = datetime(2026, 11, 24, tzinfo=UTC)
HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
DETAIL = "detail_with-hours_donaueschingen_2025-09-30.html"


def page(body: object, visit: Visit, kind: str = JSON, headers: Mapping[str, str] | None = None) -> Page:
    raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    told = {"content-type": kind, **(headers or {})}
    return Page(visit=visit, at=AT, url=visit.url, body=raw, headers=tuple(told.items()))


def recorded(shared: Path, checker: Checker, name: str, step: str = "search") -> list[Any]:
    path = shared / "recordings" / name
    return list(checker.read(page(path.read_bytes(), Visit(checker.home, step=step), HTML)))


def counted(found: list[Listing], *fields: str) -> list[int]:
    return [sum(bool(getattr(one, name)) for one in found) for name in fields]


@pytest.mark.shared
def test_all_seven_entries_of_das_oertliche_come_with_what_their_cards_hide(shared: Path) -> None:
    name = "search_it-service_villingen-schwenningen_2025-09-30.html"
    found = recorded(shared, DasOertliche(), f"dasoertliche/{name}")
    assert all(isinstance(one, Listing) for one in found)
    assert len(found) == 7
    assert counted(found, "phones", "emails", "websites", "categories", "hours_text") == [7, 7, 7, 7, 4]
    assert (found[2].name, str(found[2].address)) == (
        "Gataca GmbH IT-Service",
        "Am Riettor 4, 78048 Villingen-Schwenningen",
    )
    assert found[2].phones == ("07721 8 87 97 90",)


@pytest.mark.shared
def test_all_49_entries_of_goyellow_are_read(shared: Path) -> None:
    name = "search_it-service_villingen-schwenningen_2025-09-30.html"
    found = recorded(shared, GoYellow(), f"goyellow/{name}")
    assert len(found) == 49
    assert counted(found, "categories", "id", "url", "hours_text") == [49, 49, 49, 8]
    assert sum(bool(one.address.postcode) for one in found) == 48
    assert sum(one.latitude is not None for one in found) == 47


@pytest.mark.shared
def test_11880_shows_50_of_304_entries_and_a_reply_time_for_eight(shared: Path) -> None:
    *found, rest = recorded(shared, Directory11880(), "11880/search_it-service_stuttgart_2025-09-30.html")
    assert rest == More("50 of 304 entries shown")
    assert len(found) == 50
    assert counted(found, "phones", "emails", "categories", "id", "text") == [50, 49, 50, 50, 8]
    assert {one.text for one in found if one.text} == {"Antwortzeit: schnell", "Antwortzeit: mittel"}


@pytest.mark.shared
def test_an_entry_of_11880_tells_its_hours_though_its_days_are_german(shared: Path) -> None:
    (one,) = recorded(shared, Directory11880(), f"11880/{DETAIL}", "entry")
    assert one.name == "IMS Gear SE & Co. KGaA"
    assert one.opening_hours == "Mo-Th 07:30-17:00; Fr 07:30-16:00"
    assert one.phones == ("(0771) 85070",)
    assert (one.id, one.categories, one.websites) == ("50860312", ("Antriebstechnik",), ("https://www.imsgear.com",))


def fragment(one: Mapping[str, Any]) -> str:
    """An address as the maps of caritas.de show it, of values that another reader took out of one."""
    web = f'<a class="ext-link" href="{one["Website"]}">Web</a>' if one.get("Website") else ""
    return (
        f'<h2 class="kicker">Beratung</h2><div class="venueGoogle"><span>{one["Street"]}</span>'
        f"<span>{one['Zipcode']}</span> <span>{one['City']}</span></div><div class='infoGoogle'><span>Fon: </span>"
        f"<span>{one.get('Phone', '')}</span><span>Fax: </span><span>1</span></div>"
        f'<a class="mail-link" href="mailto:{one.get("Email", "")}">Mail</a>{web}'
    )


@pytest.mark.shared
def test_every_real_address_of_caritas_survives_its_fragment(shared: Path) -> None:
    real = json.loads(
        (shared / "recordings" / "caritas" / "mapping_sozialberatungsstellen_2024.json").read_text("utf-8")
    )
    kept = ("ContentID", "Title", "Latitude", "Longitude")
    contents = [{**{key: one[key] for key in kept}, "Contents": fragment(one)} for one in real]
    answer = {"Contents": contents, "TotalCount": len(real), "PageCount": 1}
    found = list(CaritasMaps().read(page(answer, Visit("https://www.caritas.de/x", step="0"))))
    assert [one.name for one in found if isinstance(one, Listing)] == [" ".join(one["Title"].split()) for one in real]
    listings = [one for one in found if isinstance(one, Listing)]
    codes = [one["Zipcode"].strip() for one in real]  # one of them is a broken street
    assert [one.address.postcode for one in listings] == [code if code.isdigit() else "" for code in codes]
    assert counted(listings, "phones", "emails") == [518, 514]  # one of 515 lacks the dot before its ending
    assert sum(bool(one.websites) for one in listings) == sum(bool(one.get("Website")) for one in real)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("checker", "name"),
    [
        (DasOertliche(), "dasoertliche/search_it-service_villingen-schwenningen_2025-09-30.html"),
        (GoYellow(), "goyellow/search_it-service_villingen-schwenningen_2025-09-30.html"),
        (Directory11880(), "11880/search_it-service_stuttgart_2025-09-30.html"),
    ],
    ids=lambda value: getattr(value, "id", ""),
)
def test_the_known_entry_is_found_in_the_recording_and_a_made_up_one_is_not(
    shared: Path, checker: Checker, name: str
) -> None:
    known = checker.control.known
    assert known
    found = [one for one in recorded(shared, checker, name) if isinstance(one, Listing)]
    assert finds(subject_of(known), found)
    assert not finds(subject_of(made_up(known)), found)


def test_a_directory_is_asked_only_for_services_it_is_there_for() -> None:
    catalogue, addiction = load_catalogue(), Service(id="s", kind="addiction-counselling", name="Suchtberatung")
    for service, asked in ((addiction, True), (Service(id="k", kind="kindergarten", name="Kita"), False)):
        offered = ServiceAtLocation(service=service, location=Location(id="o"))
        whole = Organisation(id="m", name="Muster", services=(service,), offered=(offered,))
        subject = Subject(about=About.SERVICE_AT_LOCATION, organisation=whole, offered=offered)
        assert worth_asking(catalogue, Suchthilfeverzeichnis.platform, Query(subject=subject)) is asked
        named = replace(subject, organisation=replace(whole, platforms=(("suchthilfeverzeichnis", 5.0),)))
        assert worth_asking(catalogue, Suchthilfeverzeichnis.platform, Query(subject=named))


def test_the_first_page_of_a_map_leads_to_all_others_and_names_what_is_too_much() -> None:
    one = {"ContentID": "a", "Title": "Beratung", "Contents": ""}
    visit = Visit("https://www.caritas.de/x", params=(("page", "0"),), step="0")
    items = list(CaritasMaps().read(page({"Contents": [one], "TotalCount": 2100, "PageCount": 21}, visit)))
    assert [dict(item.params)["page"] for item in items if isinstance(item, Visit)] == [str(n) for n in range(1, 9)]
    assert items[-1] == More("21 pages of addresses, 9 looked at")


@pytest.mark.shared
def test_labelled_numbers_and_bare_addresses_of_diakonie_are_put_right(shared: Path) -> None:
    path = shared / "recordings" / "diakonie" / "hilfe-vor-ort_kategorie1_parsed_2020-10.json"
    real = json.loads(path.read_text("utf-8"))
    found = [entry(one["name"], phones=[one["phone"]], websites=[one["website"]]) for one in real]
    assert len(found) == 279
    assert not any("Telefon" in number for one in found for number in one.phones)
    assert sum(bool(one.phones) for one in found) == sum(any(map(str.isdigit, one["phone"])) for one in real)
    assert all(link.startswith("http") for one in found for link in one.websites)


@pytest.mark.shared
def test_of_all_real_contact_points_those_of_the_town_count(shared: Path) -> None:
    raw = (shared / "recordings" / "selbsthilfe-kontaktstellen" / "addresses_2025-12.json").read_bytes()
    known = SelbsthilfeWidget.control.known
    assert known
    found = list(SelbsthilfeWidget().read(page(raw, Visit("https://widget.selbsthilfe.io/x", note="Dresden"))))
    assert known.name in {one.name for one in found if isinstance(one, Listing)}
    (none,) = SelbsthilfeWidget().read(page(raw, Visit("https://widget.selbsthilfe.io/x", note="Zwystrup")))
    assert none == Nothing("none of 361 contact points is in Zwystrup")


def test_an_empty_file_of_contact_points_is_no_sign_of_absence() -> None:
    with pytest.raises(NotUnderstood):
        list(SelbsthilfeWidget().read(page([], Visit("https://widget.selbsthilfe.io/x", note="Dresden"))))


def test_a_full_page_of_contact_points_leads_to_the_next() -> None:
    point = {"id": "1", "attributes": {"name": "KISS", "city": "Dresden"}}
    visit = Visit("https://selbsthilfe-labor.de/x", step="1", note="Dresden")
    *_, last = SelbsthilfeInterface().read(page({"data": [point] * 100}, visit))
    assert isinstance(last, Visit)
    assert (dict(last.params)["page"], last.note) == ("2", "Dresden")


@pytest.mark.shared
def test_a_real_wordpress_is_searched_and_read(shared: Path) -> None:
    base, folder = "http://127.0.0.1:8346", shared / "recordings" / "wordpress-loopback"
    search = Visit(f"{base}/wp-json/wp/v2/search", step="search")
    total = {"x-wp-total": "1"}
    (found,) = WordpressPortal().read(page((folder / "search.json").read_bytes(), search, JSON, total))
    assert isinstance(found, Visit)
    assert found == Visit(f"{base}/wp-json/wp/v2/pages/4", step="page")
    (told,) = json.loads((folder / "pages.json").read_text("utf-8"))
    (one,) = WordpressPortal().read(page(told, found))
    assert isinstance(one, Listing)
    assert (one.name, one.emails) == ("Schuldnerberatung", ("beratung@caritas.test",))
    assert one.url == f"{base}/schuldnerberatung/"
    assert Action.CALL in one.actions


def test_a_portal_leads_only_to_pages_of_its_own() -> None:
    hit = {"_links": {"self": [{"href": "https://other.example/wp-json/wp/v2/pages/4"}]}}
    visit = Visit("https://portal.example/wp-json/wp/v2/search", step="search")
    with pytest.raises(NotUnderstood):
        list(WordpressPortal().read(page([hit], visit, JSON, {"x-wp-total": "1"})))


def test_a_town_without_a_guide_is_outside_the_data_and_not_missing() -> None:
    visit = Visit("https://cms.integreat-app.de/api/v3/regions/", step="regions", note="Erlenbrück")
    region = {"name": "Stadt Nebenstadt", "path": "nebenstadt", "live": True, "name_without_prefix": "Nebenstadt"}
    (only,) = Integreat().read(page([region], visit))
    assert only == More("Integreat has no guide for Erlenbrück", reason=Reason.OUTSIDE_DATA)


def test_offers_beyond_a_hundred_are_on_the_next_page() -> None:
    offer = {"offer_id": "a", "offer_title": "Schuldnerberatung", "office_title": "Beratung am Anger"}
    visit = Visit("https://sozialplattform.de/x", params=(("place", "12345"), ("page", "1")), step="1")
    answer = {"status": "success", "data": {"total": 101, "items": [offer] * 100}}
    *offers, last = Sozialplattform().read(page(answer, visit))
    assert len(offers) == 100
    assert last == replace(visit, params=(("place", "12345"), ("page", "2")), step="2")


def test_more_entries_of_addiction_help_than_are_looked_at_are_named() -> None:
    links = "".join(f'<a href="?x%5Baction%5D=show&amp;x%5Bentry%5D={n}">E</a>' for n in range(20))
    body = f'<div class="tx-ww-dhs-einrichtung2"><p>23 Einträge sind gefunden worden.</p>{links}</div>'
    items = list(Suchthilfeverzeichnis().read(page(body, Visit(Suchthilfeverzeichnis.home, step="list"), HTML)))
    assert len([item for item in items if isinstance(item, Visit)]) == 15
    assert items[-1] == More("15 of 23 entries are looked at")


def home(key: int, town: str, latitude: float | None) -> dict[str, Any]:
    at = {"geo_location_epsg_4326": {"lat": latitude, "lon": 7.0}} if latitude else {}
    return {"id": key, "einrichtung": {"name": f"Haus {key}"}, "adresse": {"ort": town}, **at}


def test_of_a_towns_many_homes_the_nearest_are_asked_and_the_others_are_still_named() -> None:
    homes = [home(99, "Nebenstadt", 51.0), home(50, "Musterstadt", None)]
    homes += [home(n, "Musterstadt", 51 + n / 100) for n in range(9, 0, -1)]
    items = list(
        HeimfinderNrw().read(page({"_items": homes}, Visit("https://x.example", step="homes", note="Musterstadt|51 7")))
    )
    asked = [item.url.rpartition("/")[2] for item in items if isinstance(item, Visit)]
    assert asked == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert [item.name for item in items if isinstance(item, Listing)] == ["Haus 50", "Haus 9"]


def test_a_town_without_homes_is_an_absence_only_where_the_place_is_known_to_lie_in_the_state() -> None:
    register = {"_items": [home(1, "Nebenstadt", 51.0)]}
    read = HeimfinderNrw().read
    assert list(read(page(register, Visit("https://x.example", step="homes", note="Musterstadt|")))) == [
        Nothing("none of 1 homes is in Musterstadt")
    ]
    [outside] = read(page(register, Visit("https://x.example", step="homes-anywhere", note="Musterstadt|")))
    assert isinstance(outside, More)
    assert outside.reason is Reason.OUTSIDE_DATA


def test_search_results_without_the_word_that_there_are_none_are_not_understood() -> None:
    visit = Visit("https://api.search.brave.com/res/v1/web/search")
    with pytest.raises(NotUnderstood):
        list(BraveSearch().read(page({"type": "search", "query": {"more_results_available": True}}, visit)))


def test_all_ways_of_one_platform_say_the_same_of_it(tmp_path: Path) -> None:
    told: dict[str, set[object]] = {}
    for checker in registry_for(platforms, tmp_path).checkers:
        told.setdefault(checker.platform.id, set()).add(checker.platform)
    assert {id_: same for id_, same in told.items() if len(same) > 1} == {}


def test_whatever_is_off_by_default_has_a_person_or_another_way_instead(tmp_path: Path) -> None:
    registry = registry_for(platforms, tmp_path)
    off = {checker.platform.id for checker in registry.checkers if not checker.default_on} - {"gelbe-seiten"}
    assert off
    assert [id_ for id_ in sorted(off) if all(not way.default_on for way in registry.ways(id_))] == []


READERS = (
    DasOertliche, GoYellow, Directory11880, CaritasMaps, SelbsthilfeWidget, SelbsthilfeInterface, WordpressPortal,
    Integreat, Sozialplattform, Suchthilfeverzeichnis, BraveSearch, KitaNavigatorBerlin, HeimfinderNrw,
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(
        ["data", "items", "total", "status", "Contents", "TotalCount", "PageCount", "web", "results", "query", "type",
         "_links", "self", "href", "title", "rendered", "einrichtungen", "metainformation", "anzahlErgebnisse",
         "geokoordinate", "entfernung", "_items", "_meta", "einrichtung", "adresse", "ort", "a",
         "id", "name", "path", "url", "attributes", "opening_hours", "location"]
    ), inner, max_size=4)),
    max_leaves=12,
)  # fmt: skip


@given(
    VALUES,
    st.sampled_from(READERS),
    st.sampled_from(["", "0", "1", "list", "entry", "page", "regions", "places", "homes", "home"]),
)
def test_any_json_is_read_or_not_understood(told: Any, kind: type[Checker], step: str) -> None:
    turn = "1" if kind in (Sozialplattform, SelbsthilfeInterface) else step  # theirs is the number of a page
    try:
        list(kind().read(page(told, Visit("https://x.example/a", step=turn, note="Ort"))))
    except NotUnderstood:
        return
