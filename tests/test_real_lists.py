"""Two real lists of day nurseries: every row imported or named, and what is elsewhere is never called missing."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from audit.model import Organisation, Reason, State
from audit.organisation.catalogue import load_catalogue
from audit.organisation.file import read_all
from tests.sites import cells, configure, dataset, findbar

pytestmark = pytest.mark.shared

CHEMNITZ, FLENSBURG = "chemnitz_kindertageseinrichtungen.geojson", "flensburg_kitas.csv"
# list: files, then columns by field as they must be shown
SHOWN = {
    CHEMNITZ: (37, {"carrier": "TRAEGER", "name": "BEZEICHNUNG", "postcode": "PLZ", "phone": "TELEFON",
                    "kind after-school-care": "HORT", "kind child-day-care": "KITA"}),
    FLENSBURG: (21, {"carrier": "institution", "name": "facility", "street": "address", "postcode": "postal_code",
                     "phone": "phone_number", "opening_hours": "opening_hours"}),
}  # fmt: skip
CITY = "data/osm/muenchen_2025-11-22.overpass.json"


def rows(file: Path) -> int:
    """How many facilities the list holds."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as lines:
            return sum(1 for _ in csv.DictReader(lines))
    return len(json.loads(file.read_text("utf-8"))["features"])


def drafted(folder: Path, shared: Path, name: str, *further: str) -> tuple[str, tuple[Organisation, ...]]:
    """What ``findbar init`` says of a list, and the organisations whose files it wrote."""
    configure(folder, dataset(shared / CITY, "as_of = 2025-11-22", "max_age_days = 36500"))
    said = findbar(folder, "init", shared / "data/lists" / name, *further).output
    read = read_all(folder / "organisations", load_catalogue())
    assert read.warnings == ()
    return said, read.organisations


@pytest.mark.parametrize("name", SHOWN)
def test_a_list_becomes_files_with_its_columns_shown_and_no_row_lost(name: str, tmp_path: Path, shared: Path) -> None:
    said, bodies = drafted(tmp_path, shared, name)
    files, guessed = SHOWN[name]
    told = {" ".join(line.split()) for line in said.splitlines()}
    assert {f"{field} {column}" for field, column in guessed.items()} <= told
    held = rows(shared / "data/lists" / name)
    assert f"{held} rows imported, {files} files written." in told
    assert "Not imported" not in said
    assert (len(bodies), sum(len(body.locations) for body in bodies)) == (files, held)
    assert all(str(tmp_path / "organisations" / f"{body.id}.toml") in said for body in bodies)
    assert all(body.services and body.offered for body in bodies)


def test_a_row_that_cannot_be_imported_is_named(tmp_path: Path, shared: Path) -> None:
    lines = (shared / "data/lists" / FLENSBURG).read_text("utf-8").splitlines()
    (tmp_path / FLENSBURG).write_text("\n".join([*lines[:10], "Altstadt,,,,,,,,,,,,,,,,,", *lines[10:]]), "utf-8")
    configure(tmp_path)
    said = findbar(tmp_path, "init", tmp_path / FLENSBURG).output
    assert "70 rows imported" in said
    refused = said.partition("Not imported")[2].splitlines()[1]
    assert refused.startswith("11: ")


def test_files_that_are_there_already_are_left_alone(tmp_path: Path, shared: Path) -> None:
    drafted(tmp_path, shared, FLENSBURG)
    mine = tmp_path / "organisations" / "ads.toml"
    mine.write_text(mine.read_text("utf-8") + "# my own line\n", "utf-8")
    said = findbar(tmp_path, "init", shared / "data/lists" / FLENSBURG).output
    assert "0 files written" in said
    assert str(mine) in said.partition("There already")[2]
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
