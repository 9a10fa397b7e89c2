"""A whole list linked to a data set: one entry a row, one row an entry, and every difference told."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from audit.judging.assigning import exclusive, settled
from audit.judging.pairing import Pair
from audit.judging.weights import as_toml, shipped
from audit.linking import NotLinkableError, link_list, stated_columns
from audit.model import LinkedList
from audit.organisation.catalogue import load_catalogue
from audit.organisation.importing import ImportProblem
from cli import WRONG, main

HEAD = "Träger;Einrichtung;Straße;PLZ;Ort;Telefon;E-Mail;Öffnungszeiten"
ROWS = (
    (
        "Hilfe Quellstadt e. V.;Kindergarten Sausewind;Lindenstraße 5;00930;Quellstadt;03600 111-10;"
        "sause@hilfe.example;Mo-Fr 07:00-16:00"
    ),
    "Hilfe Quellstadt e. V.;Kindergarten Pusteblume;Marktplatz 4;00930;Quellstadt;03600 222-0;;",
    "Hilfe Quellstadt e. V.;Kindergarten Wolkenschiff;Hafenweg 1;00931;Quellstadt;03600 333;;",
)
SAUSE: dict[str, Any] = {
    "type": "node", "id": 1, "lat": 50.9, "lon": 11.05,
    "tags": {"name": "Kita Sausewind", "amenity": "kindergarten", "addr:street": "Lindenstr.", "addr:housenumber": "5",
             "addr:postcode": "00930", "addr:city": "Quellstadt", "phone": "+49 3600 11110",
             "opening_hours": "Mo-Fr 08:00-16:00", "operator": "Hilfe Quellstadt e.V."},
}  # fmt: skip
PUSTE: dict[str, Any] = {
    "type": "way", "id": 2, "center": {"lat": 50.91, "lon": 11.06},
    "tags": {"name": "Kindergarten Pusteblume", "amenity": "kindergarten", "phone": "+49 3600 99999",
             "addr:street": "Marktplatz", "addr:housenumber": "4", "addr:postcode": "00930"},
}  # fmt: skip
CLOSED: dict[str, Any] = {
    "type": "node", "id": 3, "lat": 50.95, "lon": 11.2,
    "tags": {"name": "Kleiderladen Fundgrube", "shop": "charity", "operator": "Hilfe Quellstadt e.V."},
}  # fmt: skip
STRANGER: dict[str, Any] = {
    "type": "node", "id": 4, "lat": 50.9, "lon": 11.05, "tags": {"name": "Bäckerei Korn", "shop": "bakery"},
}  # fmt: skip


def written(place: Path, rows: tuple[str, ...] = ROWS, *elements: dict[str, Any]) -> tuple[Path, Path]:
    (place / "kitas.csv").write_text("\n".join([HEAD, *rows]), "utf-8")
    (place / "map.json").write_text(json.dumps({"elements": elements or (SAUSE, PUSTE, CLOSED, STRANGER)}), "utf-8")
    return place / "kitas.csv", place / "map.json"


def linked(place: Path, rows: tuple[str, ...] = ROWS, *elements: dict[str, Any], **more: Any) -> LinkedList:
    return link_list(*written(place, rows, *elements), load_catalogue(), **more)


def run(place: Path, *words: object) -> Result:
    return CliRunner().invoke(
        main, ["--config", str(place / "findbar.toml"), "--lang", "en", "data", "match", *map(str, words)]
    )


def test_each_row_gets_its_entry_with_probability_and_differences(tmp_path: Path) -> None:
    sause, puste, wolke = linked(tmp_path).rows
    assert [(row.row, row.state, row.id) for row in (sause, puste, wolke)] == [
        (2, "match", "node/1"), (3, "match", "way/2"), (4, "none", ""),
    ]  # fmt: skip
    assert min(sause.probability, puste.probability) >= 0.9
    assert [(one.field, one.shown) for one in sause.differences] == [("hours", "Mo-Fr 08:00-16:00")]
    assert [(one.field, one.stated, one.shown) for one in puste.differences] == [
        ("phone", "03600 222-0", "+49 3600 99999")
    ]
    assert sause.lacking == ("email",)


def test_what_is_the_organisations_and_no_rows_is_told_and_strangers_are_not(tmp_path: Path) -> None:
    assert [(one.id, one.sign) for one in linked(tmp_path).nobodys] == [("node/3", "name")]


def test_a_row_whose_position_the_data_do_not_cover_was_not_checked_rather_than_not_found(tmp_path: Path) -> None:
    source, data = written(tmp_path)
    source.write_text("Einrichtung;lat;lon\nKita Nordlicht;54.3233;10.1228\nKita Mittendrin;50.9301;11.1002\n", "utf-8")
    assert [row.state for row in link_list(source, data, load_catalogue()).rows] == ["outside", "none"]
    said = run(tmp_path, source, data, "--output", tmp_path / "linked.csv").output
    assert "Could not be checked, outside of the area of the data: 1" in said


def test_an_entry_goes_to_one_row_only_and_the_second_best_is_told(tmp_path: Path) -> None:
    twin = {**SAUSE, "id": 9, "tags": {**SAUSE["tags"], "phone": "+49 3600 4711"}}
    found = linked(tmp_path, (ROWS[0], ROWS[0], ROWS[0]), SAUSE, twin)
    assert sorted(row.id for row in found.rows) == ["", "node/1", "node/9"]
    assert [row.second for row in found.rows if row.id == "node/1"] == ["node/9"]
    assert all(0 < row.second_probability <= 1 for row in found.rows)


def test_an_entry_that_fits_alone_under_another_name_is_looked_at_by_a_person(tmp_path: Path) -> None:
    tags = {"name": "Xylofon", "amenity": "kindergarten", "operator": "Hilfe Quellstadt e.V."}
    tags |= {"addr:street": "Marktplatz", "addr:housenumber": "4", "addr:postcode": "00930"}
    source, data = written(tmp_path, ROWS, {**PUSTE, "tags": tags})
    place = "Marktplatz 4;00930;Quellstadt;50,91;11,06"
    head = "Träger;Einrichtung;Straße;PLZ;Ort;Breite;Länge"
    source.write_text(f"{head}\nHilfe Quellstadt e. V.;Kindergarten Pusteblume;{place}\n", "utf-8")
    (row,) = link_list(source, data, load_catalogue()).rows
    assert (row.state, [one.field for one in row.differences]) == ("unclear", ["name"])


def test_the_weights_of_the_working_folder_are_matched_with(tmp_path: Path) -> None:
    source, data = written(tmp_path)
    (tmp_path / "own.toml").write_text(as_toml(replace(shipped(), prior=-60.0)), "utf-8")
    (tmp_path / "findbar.toml").write_text('[matching]\nweights = "own.toml"\n', "utf-8")
    output = tmp_path / "found.jsonl"
    assert run(tmp_path, source, data, "--output", output).exit_code == 0
    assert '"match"' not in output.read_text("utf-8")
    (tmp_path / "own.toml").write_text("damping = 1", "utf-8")
    broken = run(tmp_path, source, data, "--output", output)
    assert (broken.exit_code, "own.toml: not a table of weights" in broken.output) == (WRONG, True)
    (tmp_path / "own.toml").unlink()
    gone = run(tmp_path, source, data, "--output", output)
    assert (gone.exit_code, "own.toml: cannot be read" in gone.output) == (WRONG, True)


def test_columns_can_be_stated_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    rows = tuple(row.replace("Kindergarten Sausewind", "K 17") + ";Kindergarten Sausewind" for row in ROWS[:1])
    head = f"{HEAD};Rufname"
    source, data = written(tmp_path, rows)
    source.write_text("\n".join([head, *rows]), "utf-8")
    found = link_list(source, data, load_catalogue(), columns=stated_columns(["name=Rufname"]))
    assert dict(found.columns)["name"] == "Rufname"
    assert found.rows[0].name == "Kindergarten Sausewind"
    with pytest.raises(ImportProblem, match=r"no column 'Spitzname'.*Rufname"):
        link_list(source, data, load_catalogue(), columns={"name": "Spitzname"})
    with pytest.raises(ImportProblem, match="'nick' is no field"):
        link_list(source, data, load_catalogue(), columns={"nick": "Rufname"})
    with pytest.raises(NotLinkableError, match="FIELD=COLUMN"):
        stated_columns(["name"])


def test_a_list_without_carrier_and_kind_is_linked_by_its_names_and_places(tmp_path: Path) -> None:
    source, data = written(tmp_path)
    source.write_text("Name,Straße,PLZ,Ort,Tel\nSausewind,Lindenstraße 5,00930,Quellstadt,03600 11110\n", "utf-8")
    assert [(row.state, row.id) for row in link_list(source, data, load_catalogue()).rows] == [("match", "node/1")]


def test_hsds_is_a_list_too(tmp_path: Path) -> None:
    place = {"id": "l", "name": "Kindergarten Sausewind", "latitude": 50.9, "longitude": 11.05,
             "addresses": [{"address_1": "Lindenstraße 5", "postal_code": "00930", "city": "Quellstadt"}]}  # fmt: skip
    service = {"id": "s", "name": "Kindergarten", "service_at_locations": [{"location": place, "location_id": "l"}]}
    _, data = written(tmp_path)
    source = tmp_path / "hsds.json"
    source.write_text(json.dumps([{"name": "Hilfe Quellstadt e. V.", "services": [service], "locations": [place]}]))
    assert [row.id for row in link_list(source, data, load_catalogue()).rows] == ["node/1"]


def test_of_a_protected_service_no_address_is_told(tmp_path: Path) -> None:
    source, data = written(tmp_path)
    source.write_text(
        "Träger;Name;Straße;PLZ;Ort;Telefon;Art\n"
        "Hilfe Quellstadt e. V.;Frauenhaus Quellstadt;Geheimweg 7;00930;Quellstadt;03600 777;Frauenhaus\n",
        "utf-8",
    )
    shelter = {**STRANGER, "tags": {"name": "Frauenhaus Quellstadt", "phone": "03600 777", "addr:street": "Anderweg"}}
    data.write_text(json.dumps({"elements": [shelter]}), "utf-8")
    found = link_list(source, data, load_catalogue())
    assert "Geheimweg" not in repr(found)
    assert "Anderweg" not in repr(found)


def test_the_command_writes_csv_that_no_spreadsheet_takes_for_a_formula(tmp_path: Path) -> None:
    bad = {**SAUSE, "tags": {**SAUSE["tags"], "name": '=HYPERLINK("http://x.example")', "phone": "+49 3600 11110"}}
    source, data = written(tmp_path, ROWS, bad, PUSTE, CLOSED)
    done = run(tmp_path, source, data, "--output", tmp_path / "out" / "links.csv")
    assert done.exit_code == 0, done.output
    assert "3 rows" in done.output
    text = (tmp_path / "out" / "links.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["row"] for row in rows] == ["2", "3", "4", ""]
    assert rows[-1]["state"] == "nobody"
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@"))]


def test_the_form_of_the_output_follows_its_ending(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    source, data = written(tmp_path)
    for name in ("links.jsonl", "links.xlsx"):
        assert run(tmp_path, source, data, "--output", tmp_path / name).exit_code == 0
    lines = [json.loads(line) for line in (tmp_path / "links.jsonl").read_text("utf-8").splitlines()]
    assert [(line["row"], line["state"]) for line in lines] == [
        (2, "match"),
        (3, "match"),
        (4, "none"),
        (None, "nobody"),
    ]
    assert lines[1]["differences"] == [{"field": "phone", "stated": "03600 222-0", "shown": "+49 3600 99999"}]
    sheet = openpyxl.load_workbook(tmp_path / "links.xlsx").active
    assert [sheet.cell(row, 3).value for row in range(1, 6)] == ["state", "match", "match", "none", "nobody"]


@pytest.mark.parametrize(
    ("source", "data", "word"),
    [
        ("nothing.csv", "map.json", "nothing.csv"),
        ("kitas.csv", "nothing.osm.pbf", "no such file"),
        ("kitas.csv", "junk.json", "junk.json"),
        ("junk.json", "map.json", "JSON"),
        ("empty.csv", "map.json", "empty"),
        ("kitas.csv", "cut.json", "cut off"),
        ("headless.csv", "map.json", "columns"),
    ],
)
def test_bad_input_ends_in_a_sentence_that_names_it(tmp_path: Path, source: str, data: str, word: str) -> None:
    written(tmp_path)
    (tmp_path / "junk.json").write_bytes(b"\x00\xff{[")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "headless.csv").write_text("a,b\n1,2\n")
    (tmp_path / "cut.json").write_text((tmp_path / "map.json").read_text()[:-30])
    done = run(tmp_path, tmp_path / source, tmp_path / data)
    assert done.exit_code == WRONG
    assert word in done.output
    assert "Traceback" not in done.output


def test_what_is_read_is_never_written_over(tmp_path: Path) -> None:
    source, data = written(tmp_path)
    for file in (source, data):
        before = file.read_bytes()
        done = run(tmp_path, source, data, "--output", file)
        assert done.exit_code == WRONG
        assert file.name in done.output
        assert file.read_bytes() == before


def pair(subject: str, at: int, bits: float, *, undisputed: bool = True) -> Pair:
    return Pair(subject, at, bits, 1 / (1 + 2**-bits), (), "named", True, True, undisputed)


def test_a_pair_that_fits_alone_is_raised_by_its_lead_and_no_more() -> None:
    most = exclusive()["bits"]
    (alone,) = settled([pair("a", 1, 1.0)])
    assert alone.bits == 1.0 + most
    assert alone.probability > 0.9
    first, second = settled([pair("a", 1, 1.0), pair("a", 2, 0.0)])
    assert (first.bits, second.bits) == (2.0, 0.0)
    assert [p.bits for p in settled([pair("a", 1, 1.0), pair("b", 1, 1.0)])] == [1.0, 1.0]


def test_a_field_against_it_or_an_entry_of_somebody_elses_raises_nothing() -> None:
    assert settled([pair("a", 1, 1.0, undisputed=False)])[0].bits == 1.0
    taken, wanting = settled([pair("a", 1, 9.0), pair("b", 1, 1.0)])
    assert wanting.bits == 1.0
    assert taken.bits >= 9.0


def test_what_is_surely_anothers_is_nobodys_next_best() -> None:
    found = settled([pair("a", 1, 9.0), pair("b", 1, 0.5), pair("b", 2, 1.0)])
    assert found[2].bits == 1.0 + exclusive()["bits"]
