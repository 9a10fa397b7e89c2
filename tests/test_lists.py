"""Lists of every usual sort: encodings, titles, sheets, nested JSON, XML, HSDS packages, hours in columns."""

from __future__ import annotations

import datetime as dt
import io
import json
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.model import Address, Location, Organisation
from audit.organisation import mending, times
from audit.organisation.carriers import bare
from audit.organisation.catalogue import load_catalogue
from audit.organisation.decoding import decoded
from audit.organisation.folding import clean
from audit.organisation.importing import Draft, ImportProblem, Stated, draft_from_list
from audit.organisation.writing import to_toml
from tests.test_drafting import read

CATALOGUE = load_catalogue()
NOTHING = Stated()
GERMAN = "Träger;Einrichtung;Straße;PLZ / Ort;Tel.\nAWO Köln;Kita Süd „Größe“;Übergang 5;50667 Köln;0221/20 10-1\n"


def drafted(folder: Path, body: str | bytes, name: str = "kitas.csv", stated: Stated = NOTHING) -> Draft:
    path = folder / name
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return draft_from_list(path, CATALOGUE, stated)


def organisations(draft: Draft) -> dict[str, Organisation]:
    """The files of a draft as the product reads them; each must be valid."""
    return {name: read(text) for name, text in draft.files.items()}


def only(draft: Draft) -> Organisation:
    (organisation,) = organisations(draft).values()
    return organisation


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
def test_umlauts_survive_every_encoding(tmp_path: Path, encoding: str) -> None:
    place = only(drafted(tmp_path, GERMAN.encode(encoding))).locations[0]
    assert (place.name, place.address.street) == ("Kita Süd „Größe“", "Übergang")


def test_what_dos_wrote_and_what_was_encoded_twice_is_put_right(tmp_path: Path) -> None:
    plain = GERMAN.replace("„", '"').replace("“", '"')
    for body in (plain.encode("cp850"), GERMAN.encode().decode("cp1252").encode()):
        assert only(drafted(tmp_path, body)).locations[0].address.street == "Übergang"


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_every_delimiter_is_found_below_titles(tmp_path: Path, mark: str) -> None:
    titles = f"Kindertagesstätten in Köln{mark * 3}\nStand:{mark}01.01.2026{mark * 2}\n\n"
    rows = [["Träger", "Einrichtung", "PLZ", "Ort"], ["AWO", "Kita Süd", "50667", "Köln"]]
    draft = drafted(tmp_path, titles + "".join(mark.join(row) + "\n" for row in rows), "liste_kita.csv")
    assert only(draft).locations[0].address.city == "Köln"
    assert "above the header: rows 1 to 2, passed over" in draft.warnings


def test_excels_own_line_about_the_delimiter_is_no_header(tmp_path: Path) -> None:
    assert drafted(tmp_path, "sep=|\n" + GERMAN.replace(";", "|")).rows_imported == 1


def test_repeated_rows_headers_and_totals_are_named_not_imported(tmp_path: Path) -> None:
    header, row = GERMAN.splitlines()
    draft = drafted(tmp_path, f"{header}\n{row}\n{header}\n{row}\nSumme;2;;;\n")
    assert draft.rows_imported == 1
    assert [number for number, _ in draft.rows_refused] == [3, 4, 5]
    assert [why.split(":")[0] for _, why in draft.rows_refused] == [
        "repeats the header", "repeats row 2", "is no entry but a note",
    ]  # fmt: skip


def test_a_whole_address_in_one_column_is_parted(tmp_path: Path) -> None:
    rows = (
        'Einrichtung,Anschrift\nSchuldnerberatung,"Lindenstr. 4, 42103 Auental"\nSuchtberatung,Weg 1 | 42105 Auental\n'
    )
    draft = drafted(tmp_path, rows, "liste.csv")
    assert [str(p.address) for p in only(draft).locations] == ["Lindenstr. 4, 42103 Auental", "Weg 1, 42105 Auental"]
    assert [s.kind for s in only(draft).services] == ["debt-counselling", "addiction-counselling"]


def test_columns_that_were_not_taken_are_named(tmp_path: Path) -> None:
    draft = drafted(tmp_path, "Einrichtung;Leitung;Plätze\nKita A;Frau B;30\nKita C;Frau D;40\n")
    assert draft.unused == ("Leitung", "Plätze")


def test_markup_and_references_in_values_become_text(tmp_path: Path) -> None:
    draft = drafted(tmp_path, 'Einrichtung;Ort\n"Haus H&ouml;rn <b>Kita</b>";k. A.\nKita B;Auental\n')
    assert [(p.name, p.address.city) for p in only(draft).locations] == [("Haus Hörn Kita", ""), ("Kita B", "Auental")]


def test_a_list_says_what_it_leaves_open_and_is_told(tmp_path: Path) -> None:
    rows = "a,b\nRegenbogen,0555 12345\nSonne,0555 54321\n"
    with pytest.raises(ImportProblem, match="--kind"):
        drafted(tmp_path, rows, "liste.csv")
    stated = Stated(kind="kindergarten", organisation="AWO", city="Auental", columns={"name": "a", "phone": ""})
    body = only(drafted(tmp_path, rows, "liste.csv", stated))
    assert (body.name, {p.address.city for p in body.locations}) == ("AWO", {"Auental"})
    assert {p.phone for p in body.locations} == {""}


@pytest.mark.parametrize(
    ("columns", "said"), [({"telefon": "a"}, "is no field"), ({"phone": "x"}, "there is no column")]
)
def test_a_wrong_column_is_one_clear_message(tmp_path: Path, columns: Mapping[str, str], said: str) -> None:
    with pytest.raises(ImportProblem, match=said):
        drafted(tmp_path, "a,b\nKita A,1\n", stated=Stated(columns=columns))


# --- carriers


@pytest.mark.parametrize(
    ("names", "files"),
    [
        (["AWO Nord e.V. (FL)", "AWO Nord e. V. (KI)", "AWO Nord"], ["awo-nord-e-v.toml"]),
        (["AWO Nord e.V.", "AWO Nord gGmbH"], ["awo-nord-e-v.toml", "awo-nord-ggmbh.toml"]),
        (["DRK-Kreisverband Au", "DRK Kreisverband Au"], ["drk-kreisverband-au.toml"]),
        (["Köln e.V.", "Koeln e.V."], ["koeln-e-v.toml"]),
    ],
)
def test_one_carrier_in_several_spellings_is_one_organisation(
    tmp_path: Path, names: list[str], files: list[str]
) -> None:
    rows = "".join(f"{name};Kita {at}\n" for at, name in enumerate(names))
    assert sorted(drafted(tmp_path, f"Träger;Einrichtung\n{rows}").files) == files


@given(st.text(max_size=40))
def test_a_carrier_laid_bare_stays_bare(name: str) -> None:
    assert bare(bare(name)) == bare(name) or "(" in bare(name)


def test_ten_thousand_rows_of_one_body_become_several_files_that_can_be_read(tmp_path: Path) -> None:
    rows = "".join(f"Kita {at};{10000 + at % 5000}\n" for at in range(6000))
    draft = drafted(tmp_path, f"Einrichtung;PLZ\n{rows}", stated=Stated(organisation="AWO"))
    assert draft.rows_imported == 6000
    assert sorted(draft.files) == ["awo-1.toml", "awo-2.toml", "awo-3.toml"]
    assert sum(text.count("[[location]]") for text in draft.files.values()) == 6000


def test_rows_with_much_to_say_are_parted_until_each_file_can_be_read(tmp_path: Path) -> None:
    rows = "".join(f"Kita {at};https://haus.example/{'seite' * 100}/{at}\n" for at in range(2400))
    draft = drafted(tmp_path, f"Einrichtung;Website\n{rows}", stated=Stated(organisation="AWO"))
    assert len(draft.files) == 2
    assert all(len(text.encode()) <= 1_048_576 for text in draft.files.values())
    assert any("2 were written" in warning for warning in draft.warnings)


# --- opening hours in columns


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["27000000", "25200000"], 450),
        (["450", "1065"], 450),
        (["730", "1600"], 450),
        (["7:30", "16:00"], 450),
        (["07.30 Uhr"], 450),
        (["07:30:00"], 450),
        (["0.3125"], 450),
        (["27000", "57600"], 450),
        (["7", "16"], 420),
        (["nach Absprache"], None),
        (["25:00"], None),
    ],
)
def test_a_time_is_read_in_whatever_unit_its_column_counts(values: list[str], found: int | None) -> None:
    assert times.minutes(values[0], times.unit_of(values)) == found


def test_one_column_for_each_day_becomes_a_week(tmp_path: Path) -> None:
    rows = "Einrichtung;Montag;Dienstag;Mittwoch\nKita A;7.30-16 Uhr;7.30-16 Uhr;geschlossen\nKita B;8-12 Uhr;;\n"
    assert [p.opening_hours for p in only(drafted(tmp_path, rows)).locations] == [
        "Mo,Tu 07:30-16:00; We off", "Mo 08:00-12:00",
    ]  # fmt: skip
    parts = "Einrichtung;Mo von;Mo bis;Di von;Di bis;Mi von;Mi bis\nKita A;07:30;16:00;07:30;16:00;08:00;12:00\n"
    assert only(drafted(tmp_path, parts)).locations[0].opening_hours == "Mo,Tu 07:30-16:00; We 08:00-12:00"


def test_a_week_with_a_day_whose_header_is_not_known_is_not_taken_for_one_with_a_closed_day(tmp_path: Path) -> None:
    rows = "Einrichtung;Mo von;Mo bis;Di von;Di bis;Mi v;Mi b;Do von;Do bis\nKita A;8;16;8;16;8;16;8;16\n"
    draft = drafted(tmp_path, rows)
    assert only(draft).locations[0].opening_hours == ""
    assert "Do von" in draft.unused


def test_a_position_is_recognised_by_its_values(tmp_path: Path) -> None:
    rows = "Einrichtung;a;b\nKita A;52.50581;13.55291\nKita B;52.49741;13.51190\n"
    (one, _) = only(drafted(tmp_path, rows)).locations
    assert (one.latitude, one.longitude) == (52.50581, 13.55291)


def test_a_doubled_scheme_is_taken_off_an_address() -> None:
    assert mending.url("https://https://www.haus.example/a").value == "https://www.haus.example/a"


@given(st.text(max_size=30))
def test_mending_a_mended_value_changes_nothing(text: str) -> None:
    for mend in (mending.phone, mending.url, mending.email, mending.postcode, mending.hours):
        once = mend(text).value  # type: ignore[operator]
        assert mend(once).value == once  # type: ignore[operator]


# --- sheets


def test_every_sheet_with_a_table_is_read_and_others_are_named(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Hinweise"
    book.active.append(["Bitte lesen"])
    kitas, homes = book.create_sheet("Kitas"), book.create_sheet("Pflegeheime")
    for row in (
        ["Kitas in Auental"],
        [],
        ["Träger", "Einrichtung", "PLZ", "von", "bis"],
        ["AWO", "Kita A", 9111, dt.time(7, 30), dt.time(16, 0)],
        ["AWO", "Kita B", 9112, 0.3125, 0.6875],
    ):
        kitas.append(row)  # fmt: skip
    for row in (["Träger", "Heim", "Ort"], ["AWO", "Haus Abend", "Auental"]):
        homes.append(row)
    stream = io.BytesIO()
    book.save(stream)
    draft = drafted(tmp_path, stream.getvalue(), "liste.xlsx")
    body = only(draft)
    assert [(s.kind, len([o for o in body.offered if o.service == s])) for s in body.services] == [
        ("child-day-care", 2), ("nursing-home", 1),
    ]  # fmt: skip
    assert [p.opening_hours for p in body.locations] == ["Mo-Fr 07:30-16:00", "Mo-Fr 07:30-16:30", ""]
    assert draft.warnings[0].startswith("sheet 'Hinweise' was passed over")
    assert draft.columns["sheet 'Pflegeheime': name"] == "Heim"


# --- JSON and XML


@pytest.mark.parametrize(
    "data",
    [
        [{"name": "Kita A", "plz": "42103", "ort": "Au"}],
        {"data": {"items": [{"name": "Kita A", "adresse": {"plz": "42103", "ort": "Au"}}]}},
        {"elements": [{"tags": {"name": "Kita A", "addr:postcode": "42103", "addr:city": "Au"}, "center": {}}]},
        [{"traeger": {"name": "AWO"}, "einrichtungen": [{"name": "Kita A", "plz": "42103", "ort": "Au"}]}],
    ],
)  # fmt: skip
def test_json_is_read_however_it_is_wrapped_or_nested(tmp_path: Path, data: Any) -> None:
    place = only(drafted(tmp_path, json.dumps(data), "kitas.json")).locations[0]
    assert (place.name, str(place.address)) == ("Kita A", "42103 Au")


def test_json_lines_and_areas_of_geojson_are_read(tmp_path: Path) -> None:
    lines = '{"name": "Kita A"}\n{"name": "Kita B"}\nkein JSON\n'
    with pytest.raises(ImportProblem, match="no valid JSON"):
        drafted(tmp_path, lines, "kitas.jsonl")
    assert drafted(tmp_path, lines.replace("kein JSON\n", ""), "kitas.jsonl").rows_imported == 2
    area = {"type": "Polygon", "coordinates": [[[7.0, 51.0], [7.2, 51.0], [7.2, 51.4], [7.0, 51.0]]]}
    features = [{"type": "Feature", "properties": {"name": "Kita A"}, "geometry": area}]
    place = only(drafted(tmp_path, json.dumps({"type": "FeatureCollection", "features": features}))).locations[0]
    assert (place.latitude, place.longitude) == pytest.approx((51.2, 7.1))


def test_coordinates_of_another_system_are_named_and_left_out(tmp_path: Path) -> None:
    draft = drafted(tmp_path, "Einrichtung;lat;lon\nKita A;51,5;7,5\nKita B;5671234,5;371234,5\n")
    assert [p.latitude for p in only(draft).locations] == [51.5, None]
    assert any("no degrees of latitude and longitude" in warning for warning in draft.warnings)


XML = """<?xml version="1.0" encoding="ISO-8859-1"?><liste><stand><tag>1</tag></stand><eintraege>
<eintrag nr="1"><titel>Kita Süd</titel><anschrift><strasse>Weg 3</strasse>
<plz>42103</plz><ort>Au</ort></anschrift></eintrag>
<eintrag nr="2"><titel>Kita Nord</titel><anschrift><strasse>Weg 5</strasse>
<plz>42103</plz><ort>Au</ort></anschrift></eintrag>
</eintraege></liste>"""


def test_xml_with_repeated_elements_is_a_list(tmp_path: Path) -> None:
    body = only(drafted(tmp_path, XML.encode("latin-1"), "kitas.xml"))
    assert [(p.name, str(p.address)) for p in body.locations] == [
        ("Kita Süd", "Weg 3, 42103 Au"), ("Kita Nord", "Weg 5, 42103 Au"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "source",
    ["<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<?xml version='1.0'?><a>", "<a><b/></a>"],
)
def test_xml_that_is_no_list_or_hostile_is_one_clear_message(tmp_path: Path, source: str) -> None:
    with pytest.raises(ImportProblem, match="XML"):
        drafted(tmp_path, source, "kitas.xml")


# --- HSDS

TABLES = {
    "organizations.csv": "id,name,website\no1,Lindenhaus,https://lindenhaus.example\n",
    "services.csv": "id,organization_id,name,status\ns1,o1,Schuldnerberatung,active\ns2,o1,Astrologie,active\n",
    "locations.csv": "id,name,latitude,longitude\nl1,Haus Mitte,51.2,7.1\n",
    "service_at_location.csv": "id,service_id,location_id\nx1,s1,l1\n",
    "addresses.csv": "id,location_id,address_1,city,postal_code\na1,l1,Lindenstraße 4,Auental,42103\n",
    "phones.csv": "id,service_id,location_id,number\np1,s1,,0202 245921\n",
    "schedules.csv": 'id,service_id,byday,opens_at,closes_at,freq\nt1,s1,"MO,TU",09:00:00,12:00:00,WEEKLY\n',
    "languages.csv": "id,service_id,code\ng1,s1,tr\n",
}


@pytest.mark.parametrize("packed", [True, False])
def test_an_hsds_package_is_put_together(tmp_path: Path, packed: bool) -> None:
    folder = tmp_path / "hsds"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / name).write_text(text, "utf-8")
    path = folder
    if packed:
        path = tmp_path / "hsds.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in TABLES.items():
                archive.writestr(f"data/{name}", text)
    draft = draft_from_list(path, CATALOGUE)
    body = only(draft)
    (offered,) = body.offered
    assert (body.name, str(offered.location.address)) == ("Lindenhaus", "Lindenstraße 4, 42103 Auental")
    service = offered.service
    assert (service.phone, service.opening_hours, service.languages) == ("0202 245921", "Mo,Tu 09:00-12:00", ("tr",))
    assert [why for _, why in draft.rows_refused] == [
        "service 'Astrologie': the catalogue knows no such kind of service (--kind)"
    ]


def test_services_of_one_body_in_several_objects_are_one_organisation(tmp_path: Path) -> None:
    body = {"id": "o1", "name": "Lindenhaus"}
    services = [
        {"id": str(at), "name": name, "organization": body, "service_at_locations": []}
        for at, name in enumerate(["Schuldnerberatung", "Suchtberatung"])
    ]
    organisation = only(drafted(tmp_path, json.dumps({"contents": services}), "hsds.json"))
    assert [service.kind for service in organisation.services] == ["debt-counselling", "addiction-counselling"]


@pytest.mark.shared
def test_every_full_example_of_the_standard_gives_the_same_service(shared: Path) -> None:
    for name in ("organization", "service", "service_at_location"):
        draft = draft_from_list(
            shared / f"recordings/hsds/example_{name}_full.json", CATALOGUE, kind="social-counselling"
        )
        (service,) = only(draft).services
        assert (service.name, service.opening_hours, service.languages) == (
            "Community Counselling", "Th,Fr 10:00-18:00", ("ur",),
        )  # fmt: skip


@pytest.mark.shared
def test_the_federal_exchange_format_is_read(shared: Path) -> None:
    path = shared / "recordings/bzga-beratungsstellen/synthetic_import_v2.1_iso-8859-1.xml"
    draft = draft_from_list(path, CATALOGUE, kind="pregnancy-counselling")
    body = only(draft)
    assert (body.name, body.locations[0].address.street) == ("Träger der Beratungsstelle", "Musterstraße")
    assert "ansprechpartner" in draft.unused


# --- whatever comes


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded(body: bytes) -> None:
    assert isinstance(decoded(body), str)


FIELDS = st.sampled_from(
    ["Träger", "Name", "PLZ", "von", "bis", "Mo", "Di", "Mi", "lat", "adresse", "services", "phones"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS | st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


@given(JSON, st.sampled_from(["kita.json", "kita.geojson"]))
def test_any_json_is_imported_or_refused_with_a_reason(
    tmp_path_factory: pytest.TempPathFactory, data: object, name: str
) -> None:
    folder = tmp_path_factory.mktemp("json")
    try:
        draft = drafted(folder, json.dumps(data), name)
    except ImportProblem:
        return
    organisations(draft)


@given(st.lists(st.sampled_from(["<a>", "</a>", "<b c='d'>", "</b>", "x", "&amp;", "<!--", "-->", "<![CDATA[", "]]>"])))
def test_any_xml_is_imported_or_refused_with_a_reason(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("xml")
    try:
        drafted(folder, "<?xml version='1.0'?><kita>" + "".join(parts) + "</kita>", "kita.xml")
    except ImportProblem:
        return


@given(st.dictionaries(st.sampled_from(sorted(TABLES)), st.binary(max_size=80)), st.binary(max_size=20))
def test_any_package_is_imported_or_refused_with_a_reason(
    tmp_path_factory: pytest.TempPathFactory, tables: dict[str, bytes], tail: bytes
) -> None:
    path = tmp_path_factory.mktemp("zip") / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in tables.items():
            archive.writestr(name, body)
    path.write_bytes(path.read_bytes()[: -len(tail) or None] + tail)
    try:
        draft_from_list(path, CATALOGUE)
    except ImportProblem:
        return


@given(st.text(), st.text(), st.text())
def test_any_text_written_into_a_file_comes_out_again(name: str, street: str, phone: str) -> None:
    body = Organisation(id="a", name=name, locations=(Location(id="b", address=Address(street=street), phone=phone),))
    written = tomllib.loads(to_toml(body, head=[name], notes={"website": street}))
    assert written.get("name", "") == clean(name)
    assert written["location"][0].get("street", "") == clean(street)
