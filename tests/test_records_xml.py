"""Lists in XML and folders of lists as data sets."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.visiting.records import Source, Unreadable
from audit.visiting.records.files import read

CARE = """<?xml version="1.0" encoding="ISO-8859-1"?>
<export stand="2026-10-01"><land>Brandenburg</land>
 <Pflegedienst><Name>Sozialstation Süd</Name><Strasse>Lindenallee 7</Strasse><PLZ>12345</PLZ><Ort>Musterstadt</Ort>
  <Leistungen><Leistung>Grundpflege</Leistung><Leistung>Betreuung</Leistung></Leistungen></Pflegedienst>
 <Pflegedienst><Name>Pflege am Anger</Name><Strasse>Am Anger 3</Strasse><PLZ>12399</PLZ>
  <Ort>Nebenstadt</Ort></Pflegedienst>
</export>"""


def written(tmp_path: Path, text: str, name: str = "liste.xml") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode("iso-8859-1"))
    return path


def test_the_rows_are_the_elements_that_hold_texts(tmp_path: Path) -> None:
    one, other = read(written(tmp_path, CARE), Source())
    assert one["tags"]["name"] == "Sozialstation Süd"
    assert one["tags"]["addr:city"] == "Musterstadt"
    assert one["tags"]["Leistung"] == "Grundpflege; Betreuung"
    assert other["tags"]["addr:postcode"] == "12399"


NESTED = """<export><bundesland><kuerzel>BB</kuerzel>{rows}</bundesland><bundesland><kuerzel>BE</kuerzel></bundesland>
</export>"""
ROW = """<dienst><id>{0}</id><name>Dienst {0}</name><adresse><strasse>Am Anger</strasse><hausnummer>{0}</hausnummer>
<plz>12345</plz><ort>Musterstadt</ort></adresse><kontakt><telefon>030 12345{0}</telefon></kontakt>
<leistung><art>Grundpflege</art><nummer>1</nummer><preis>9,50</preis></leistung>
<leistung><art>Betreuung</art><nummer>2</nummer><preis>8,50</preis></leistung></dienst>"""


def test_groups_belong_to_their_row_and_lists_within_a_row_are_no_rows(tmp_path: Path) -> None:
    text = NESTED.format(rows="".join(ROW.format(number) for number in range(1, 6)))
    found = list(read(written(tmp_path, text), Source()))
    assert [record["id"] for record in found] == ["1", "2", "3", "4", "5"]
    assert found[2]["tags"]["addr:housenumber"] == "3"
    assert found[2]["tags"]["phone"] == "030 123453"
    assert "Betreuung" in found[2]["tags"]["leistung"]


def test_a_title_above_the_table_is_no_header(tmp_path: Path) -> None:
    lines = "Pflegedienste, Stand Oktober 2026\n\nName;Straße;PLZ;Ort\nDienst, Süd;Am Anger 3;12345;Musterstadt\n"
    (one,) = read(written(tmp_path, lines, "liste.csv"), Source())
    assert one["tags"] == {
        "name": "Dienst, Süd",
        "addr:street": "Am Anger 3",
        "addr:postcode": "12345",
        "addr:city": "Musterstadt",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<liste><name>nur eins</name></liste>", "no rows"),
        ("<liste><a>", "not valid XML"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "document type"),
        ("<a>" * 100, "nested too deeply"),
        ("", "not valid XML"),
    ],
)
def test_what_is_no_list_is_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        list(read(written(tmp_path, text), Source()))


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.mktemp("xml") / "x.xml"
    path.write_bytes(raw)
    try:
        list(read(path, Source()))
    except Unreadable:
        return


def test_a_folder_is_all_its_files_and_as_old_as_the_oldest(tmp_path: Path) -> None:
    written(tmp_path, CARE)
    (tmp_path / "berlin.csv").write_text("Name;Ort\nHaus am See;Berlin\n", "utf-8")
    (tmp_path / ".unsichtbar").write_text("x", "utf-8")
    os.utime(tmp_path / "berlin.csv", (1_790_000_000, 1_790_000_000))
    source = Source()
    ids = [record["id"] for record in read(tmp_path, source)]
    assert ids == ["berlin.csv/row/1", "liste.xml/row/1", "liste.xml/row/2"]
    assert str(source.as_of) == "2026-09-21"


def test_a_broken_file_of_a_folder_is_named(tmp_path: Path) -> None:
    written(tmp_path, "<a>")
    with pytest.raises(Unreadable, match=r"liste\.xml: not valid XML"):
        list(read(tmp_path, Source()))
