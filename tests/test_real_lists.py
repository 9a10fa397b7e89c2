"""Real lists of welfare services: every row imported or named, and what is elsewhere is never called missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.model import Organisation, Reason, State
from audit.organisation.catalogue import load_catalogue
from audit.organisation.file import read_all
from tests.sites import cells, configure, dataset, findbar

pytestmark = pytest.mark.shared

CHEMNITZ, FLENSBURG = "lists/chemnitz_kindertageseinrichtungen.geojson", "lists/flensburg_kitas.csv"
PORTAL, HOMES = "lists/schleswig-holstein_kitaportal.json", "lists/nrw_pflegeheime.json"
# list: rows, imported, files, then columns by field as they must be shown
SHOWN = {
    CHEMNITZ: (177, 177, 37, {"carrier": "TRAEGER", "name": "BEZEICHNUNG", "postcode": "PLZ", "phone": "TELEFON",
                              "kind after-school-care": "HORT", "kind child-day-care": "KITA"}),
    FLENSBURG: (70, 70, 21, {"carrier": "institution", "name": "facility", "street": "address",
                             "postcode": "postal_code", "phone": "phone_number", "opening_hours": "opening_hours"}),
    "lists/chemnitz_schulsozialarbeit.geojson": (51, 51, 13, {"carrier": "TRAEGER", "service": "LEISTUNGEN"}),
    "lists/chemnitz_jugendberufshilfen.geojson": (10, 9, 4, {"carrier": "TRAEGER", "street": "STRASSE"}),
    HOMES: (2366, 2366, 1, {"name": "name", "phone": "phone", "kind short-term-care": "has_kurzzeitpflege"}),
    PORTAL: (1870, 1857, 706, {"carrier": "institution", "opens": "open_from", "closes": "open_to"}),
    "osm/muenchen_welfare_orgs.csv": (100, 100, 5, {"carrier": "organisation", "opening_hours": "opening_hours"}),
    "osm/muenchen_welfare_orgs.json": (100, 100, 5, {"carrier": "organisation", "house_number": "housenumber"}),
    "../recordings/caritas/mapping_sozialberatungsstellen_2024.json": (521, 520, 1, {"name": "Title", "city": "City"}),
    "../recordings/selbsthilfe-kontaktstellen/addresses_2025-12.json": (361, 361, 1, {"state": "state"}),
}  # fmt: skip
CITY = "data/osm/muenchen_2025-11-22.overpass.json"


def drafted(folder: Path, shared: Path, name: str, *further: str) -> tuple[str, tuple[Organisation, ...]]:
    """What ``findbar init`` says of a list, and the organisations whose files it wrote."""
    configure(folder, dataset(shared / CITY, "as_of = 2025-11-22", "max_age_days = 36500"))
    said = findbar(folder, "init", shared / "data" / name, *further).output
    read = read_all(folder / "organisations", load_catalogue())
    assert read.warnings == ()
    return said, read.organisations


@pytest.mark.parametrize("name", SHOWN)
def test_a_list_becomes_files_with_its_columns_shown_and_no_row_lost(name: str, tmp_path: Path, shared: Path) -> None:
    said, bodies = drafted(tmp_path, shared, name)
    rows, imported, files, guessed = SHOWN[name]
    told = {" ".join(line.split()) for line in said.splitlines()}
    assert {f"{field} {column}" for field, column in guessed.items()} <= told
    assert f"{imported} rows imported, {files} files written." in told
    assert imported + refused(said) == rows
    assert (len(bodies), sum(len(body.locations) for body in bodies)) == (files, imported)
    named = [body for body in bodies if str(tmp_path / "organisations" / f"{body.id}.toml") in said]
    assert len(named) == files if files <= 30 else f"and {files - len(named)} more" in said
    assert all(body.services and body.offered for body in bodies)


def refused(said: str) -> int:
    """How many rows are named as not imported: "11: why", or "327-339: why"."""
    lines = said.partition("Not imported\n")[2].partition("\n\n")[0].splitlines()
    spans = [line.partition(":")[0].strip().split("-") for line in lines]
    return sum(int(span[-1]) - int(span[0]) + 1 for span in spans)


def test_one_carrier_under_many_names_is_one_and_milliseconds_become_hours(tmp_path: Path, shared: Path) -> None:
    said, bodies = drafted(tmp_path, shared, PORTAL)
    awo = next(body for body in bodies if body.name == "AWO Landesverband S-H e.V.")
    assert len(awo.locations) == 61
    assert "taken as one organisation: 'AWO Landesverband S-H e.V. (PI)'" in said
    assert not any(body.name.endswith(("(FL)", "(KI)", "(PLÖ)")) for body in bodies)
    hours = [place.opening_hours for body in bodies for place in body.locations]
    assert all(hours)
    assert hours.count("Mo-Fr 07:00-16:00") > 50


def test_one_body_takes_its_own_rows_out_of_the_list_of_all(tmp_path: Path, shared: Path) -> None:
    name = "Caritas in Nordrhein-Westfalen"
    said, (body,) = drafted(tmp_path, shared, HOMES, "--only", "caritas", "--organisation", name)
    assert (body.name, len(body.locations)) == (name, 168)
    assert all("caritas" in f"{place.name} {place.url}".lower() for place in body.locations)
    assert "2198 rows do not hold 'caritas' and were left out" in said


def test_a_guess_is_overruled_by_what_is_stated(tmp_path: Path, shared: Path) -> None:
    _, bodies = drafted(tmp_path, shared, FLENSBURG, "--column", "phone=", "--kind", "kindergarten")
    assert {service.kind for body in bodies for service in body.services} == {"kindergarten"}
    assert {place.phone for body in bodies for place in body.locations} == {""}


def test_a_row_that_cannot_be_imported_is_named(tmp_path: Path, shared: Path) -> None:
    lines = (shared / "data" / FLENSBURG).read_text("utf-8").splitlines()
    mine = tmp_path / "flensburg_kitas.csv"
    mine.write_text("\n".join([*lines[:10], "Altstadt,,,,,,,,,,,,,,,,,", *lines[10:]]), "utf-8")
    configure(tmp_path)
    said = findbar(tmp_path, "init", mine).output
    assert "70 rows imported" in said
    assert said.partition("Not imported")[2].splitlines()[1].startswith("11: ")


def test_files_that_are_there_already_are_left_alone(tmp_path: Path, shared: Path) -> None:
    drafted(tmp_path, shared, FLENSBURG)
    mine = tmp_path / "organisations" / "ads.toml"
    mine.write_text(mine.read_text("utf-8") + "# my own line\n", "utf-8")
    said = findbar(tmp_path, "init", shared / "data" / FLENSBURG).output
    assert "0 files written" in said
    assert str(mine) in said.partition("Already there")[2]
    assert mine.read_text("utf-8").endswith("# my own line\n")


@pytest.mark.parametrize(("name", "body"), [(CHEMNITZ, "stadt-chemnitz"), (FLENSBURG, "ads"), (FLENSBURG, "stadt")])
def test_what_lies_outside_the_data_set_is_unknown_never_missing(
    name: str, body: str, tmp_path: Path, shared: Path
) -> None:
    _, bodies = drafted(tmp_path, shared, name)
    findbar(tmp_path, "audit", f"organisations/{body}.toml", "--platform", "openstreetmap", "--offline")
    judged = cells(tmp_path)
    assert len(judged) == len(next(one for one in bodies if one.id == body).offered) > 5
    assert {cell.state for cell in judged} == {State.UNKNOWN}
    outside = [cell for cell in judged if cell.reason is Reason.OUTSIDE_DATA]
    # a carrier called "Stadt" fits any "Städtische Kita": where a name is all there is, a person must look
    unclear = {cell.subject for cell in judged if cell.reason is Reason.UNCLEAR_MATCH}
    assert unclear == ({"stadt/kindertagesstaette@alter-kupfermuehlenweg"} if body == "stadt" else set())
    assert len(outside) == len(judged) - len(unclear)


def test_the_plan_of_a_whole_list_counts_visits_and_makes_none(tmp_path: Path, shared: Path) -> None:
    _, bodies = drafted(tmp_path, shared, CHEMNITZ)
    said = findbar(tmp_path, "plan", "--platform", "openstreetmap").output
    rows_ = [line.split() for line in said.splitlines()]
    assert ["OpenStreetMap", "openstreetmap-data", str(sum(len(body.offered) for body in bodies))] in [
        row[:3] for row in rows_
    ], said
    assert not (tmp_path / "findbar.db").exists()
