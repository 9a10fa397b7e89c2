"""Rows of address lists as listings: columns guessed, people left out, and no odd row breaks anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import Action, Listing
from audit.readers.entries import address, address_line, entry, same_town, web
from audit.readers.lists import row_listing
from audit.visiting.records import Source
from audit.visiting.records.files import read

LISTS = ("data", "lists")


def row(**cells: str) -> dict[str, Any]:
    return {"id": "row/1", "lat": None, "lon": None, "tags": cells}


def listed(shared: Path, *names: str) -> list[Listing]:
    found = [row_listing(record) for record in read(shared.joinpath(*names), Source())]
    assert None not in found
    return [one for one in found if one]


def test_what_is_offered_is_the_name_where_only_the_provider_has_one() -> None:
    one = row_listing(row(operator="Hilfe e. V.", LEISTUNGEN="Schulsozialarbeit"))
    assert one
    assert (one.name, one.operator, one.categories) == ("Schulsozialarbeit", "Hilfe e. V.", ("Schulsozialarbeit",))


def test_a_row_that_names_nobody_is_none() -> None:
    assert row_listing(row(Preis="12,50", plz="12345")) is None


def test_columns_that_name_people_are_not_taken_over() -> None:
    one = row_listing(row(name="Pflegedienst", Ansprechpartner="Erika Musterfrau", Pflegedienstleitung="Max Muster"))
    assert one
    assert "Muster" not in repr(one)


def test_hours_without_days_are_shown_but_make_no_week() -> None:
    one, other = (row_listing(row(name="Kita", opening_hours=told)) for told in ("07:30-16:30", "Mo-Fr 7.30-16.30 Uhr"))
    assert one
    assert other
    assert (one.hours_text, one.opening_hours) == ("07:30-16:30", "")
    assert other.opening_hours == "Mo-Fr 07:30-16:30"


def test_several_numbers_in_a_cell_stay_several() -> None:
    one = row_listing(row(name="Treff", phone="0371 369230\n0371 533450"))
    assert one
    assert one.phones == ("0371 369230", "0371 533450")


def test_an_address_in_one_cell_is_taken_apart() -> None:
    one = row_listing(row(name="Treff", Adresse="Lindenallee 7 a, 12345 Musterstadt"))
    assert one
    assert str(one.address) == "Lindenallee 7 a, 12345 Musterstadt"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "rows", "phones", "streets", "providers", "kinds"),
    [
        ("chemnitz_jugendberufshilfen.geojson", 10, 10, 10, 10, 10),
        ("chemnitz_kindertageseinrichtungen.geojson", 177, 177, 177, 177, 176),
        ("chemnitz_schulsozialarbeit.geojson", 51, 50, 51, 51, 51),
        ("flensburg_kitas.csv", 70, 70, 70, 70, 0),
        ("schleswig-holstein_kitaportal.json", 1870, 0, 1870, 1870, 0),
    ],
)
def test_real_lists_are_read_in_full(
    shared: Path, name: str, rows: int, phones: int, streets: int, providers: int, kinds: int
) -> None:
    found = listed(shared, *LISTS, name)
    assert len(found) == rows
    assert sum(bool(one.phones) for one in found) == phones
    assert sum(bool(one.address.street) for one in found) == streets
    assert sum(bool(one.operator) for one in found) == providers
    assert sum(bool(one.categories) for one in found) == kinds


@pytest.mark.shared
def test_care_homes_of_a_real_list_say_what_they_offer(shared: Path) -> None:
    found = listed(shared, *LISTS, "nrw_pflegeheime.json")
    assert len(found) == 2366
    assert sum("Pflegeheim" in one.categories for one in found) > 2000
    assert sum(bool(one.phones) for one in found) == 2332


@pytest.mark.shared
def test_the_exchange_file_of_counselling_centres_is_read(shared: Path) -> None:
    name = "synthetic_import_v2.1_iso-8859-1.xml"
    (one,) = listed(shared, "recordings", "bzga-beratungsstellen", name)
    assert (one.name, str(one.address)) == ("Titel der Beratungsstelle", "Musterstraße 1, 33333 Musterstadt")
    assert one.operator == "Träger der Beratungsstelle; Verband der Beratungsstelle"
    assert (one.latitude, one.longitude) == (48.77265, 8.58175)
    assert one.hours_text == "Di.15.00h 16.00h"
    assert "Max Mustermann" not in repr(one)


@pytest.mark.parametrize(
    ("told", "made"),
    [
        ("www.example.org", "https://www.example.org"),
        ("https://https://example.org/a", "https://example.org/a"),
        ("http:/https://example.org", "https://example.org"),
        ("https://example.org; www.example.com", "https://example.org"),
        ("info@example.org", ""),
        ("keine", ""),
        ("", ""),
    ],
)
def test_web_addresses_are_put_right(told: str, made: str) -> None:
    assert web(told) == made


def test_an_entry_says_which_first_steps_it_allows() -> None:
    one = entry(
        " Haus  am See ", phones=["Tel.: 030 123456", ""], emails=["a(at)example.org b@example.org"], websites=[""]
    )
    assert one.name == "Haus am See"
    assert one.phones == ("030 123456",)
    assert one.emails == ("a@example.org", "b@example.org")
    assert one.actions == (Action.CALL, Action.WRITE)


def test_addresses_come_in_lines_or_in_one() -> None:
    assert str(address("Markt 3", "D-12345 Bad Muster")) == "Markt 3, 12345 Bad Muster"
    assert str(address("Markt 3", "Bad Muster", "12345")) == "Markt 3, 12345 Bad Muster"
    assert str(address_line("Str. 5 - 11 - 12345 Musterstadt", " - ")) == "Str. 5 - 11, 12345 Musterstadt"
    assert str(address_line("irgendwo")) == ""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Berlin", "Berlin-Mitte", True),
        ("Frankfurt", "Frankfurt am Main", True),
        ("Halle", "Hallein", False),
        ("", "", False),
    ],
)
def test_towns_are_the_same_with_a_part_or_a_river_behind_them(one: str, other: str, same: bool) -> None:
    assert same_town(one, other) is same_town(other, one) is same


@given(st.dictionaries(st.text(max_size=20), st.one_of(st.none(), st.integers(), st.text(max_size=60)), max_size=8))
def test_any_row_is_a_listing_or_none(cells: dict[str, Any]) -> None:
    for known in ("name", "phone", "opening_hours", "Adresse"):
        row_listing({"tags": {**cells, known: next(iter(cells.values()), "x")}})
    row_listing({"tags": list(cells)})
