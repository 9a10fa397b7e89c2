"""Addresses and distances."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.judging.comparing import addresses, geo
from audit.judging.comparing.housenumbers import compare_numbers
from audit.model import Address, Level


def key(stated: Address, shown: Address) -> str:
    there, back = addresses.compare(stated, shown), addresses.compare(shown, stated)
    assert there.weight_key == back.weight_key
    return there.weight_key


HOME = Address(street="Sankt-Martin-Straße", house_number="12", postcode="81541", city="München")


@pytest.mark.parametrize("street", ["St.-Martin-Str.", "Sankt Martin Strasse", "ST. MARTIN STRASSE"])
def test_spellings_of_a_street_are_one_street(street: str) -> None:
    assert key(HOME, Address(street=street, house_number="12", postcode="D-81541", city="Muenchen")) == "same"


def test_the_number_may_stand_in_the_street() -> None:
    assert addresses.street_and_number("Hauptstr. 12 a") == ("hauptstr", "12 a")
    assert addresses.street_and_number("Straße des 17. Juni 135") == ("strdes17juni", "135")
    assert addresses.street_and_number("c/o AWO, Am Markt 020") == ("ammarkt", "020")
    assert addresses.street_and_number("Am Markt 5, Haus B") == ("ammarkt", "5")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1910 E Carson St", ("ecarsonstr", "1910")),
        ("4400 5th Ave, Bellefield Ave", ("5thave", "4400")),
        ("747 Ninth Ave. between 50th and 51st Sts.", ("9thave", "747")),
        ("Penn Avenue, 427", ("pennave", "427")),
        ("Penn Avenue, 1314, 1316", ("pennave", "1314+1316")),
        ("650 Penn Rd Ste 101", ("pennrd", "650")),
        ("Haus der Jugend, Lindenstr. 5", ("lindenstr", "5")),
        ("3. Stock, Hauptstr. 81-82", ("hauptstr", "81-82")),
        ("Lindenstr. Nr. 5", ("lindenstr", "5")),
        ("Straße 12 Nr. 5", ("str12", "5")),
        ("Am Bahnhof, 80331 München", ("ambahnhof", "")),
        ("1945", ("", "1945")),
        ("Haus der Diakonie Lindenstraße 5", ("lindenstr", "5")),
        ("Haus Knipp Straße 5", ("hausknippstr", "5")),
        ("C 4, 6", ("c4", "6")),
    ],
)
def test_a_line_is_taken_apart_as_people_write_it(line: str, expected: tuple[str, str]) -> None:
    assert addresses.street_and_number(line) == expected


@pytest.mark.parametrize(
    ("stated", "shown", "expected"),
    [
        ("20", "020", "same"),
        ("3-5", "003-5", "same"),
        ("81-82", "81", "range"),
        ("4", "3-5", "range"),
        ("12", "12 a", "letter"),
        ("54+54a", "54", "letter"),
        ("12", "14", "other"),
        ("12", "", "absent"),
    ],
)
def test_house_numbers(stated: str, shown: str, expected: str) -> None:
    assert compare_numbers(stated, shown) == compare_numbers(shown, stated) == expected


def test_another_number_another_street_and_another_town_are_conflicts() -> None:
    for other in (
        Address(street="Sankt-Martin-Straße", house_number="99", postcode="81541"),
        Address(street="Rosenheimer Straße", house_number="12", postcode="81541"),
        Address(street="Sankt-Martin-Straße", house_number="12", postcode="50667", city="Köln"),
    ):
        assert addresses.compare(HOME, other).level is Level.CONFLICT


def test_a_wrong_town_beside_the_right_postcode_is_partly_right() -> None:
    shown = Address(street="Sankt-Martin-Straße", house_number="12", postcode="81541", city="Giesing")
    assert addresses.compare(HOME, shown).level is Level.PARTIAL


def test_a_district_may_stand_for_the_town() -> None:
    stated = Address(street="Am Markt", house_number="1", city="Köln", district="Porz")
    assert key(stated, Address(street="Am Markt", house_number="1", city="Porz")) == "same"


def test_a_district_behind_the_town_is_the_town_still() -> None:
    stated = Address(street="Am Markt", house_number="1", city="Köln")
    assert key(stated, Address(street="Am Markt", house_number="1", city="Köln-Porz")) == "same"
    assert key(stated, Address(street="Am Markt", house_number="1", city="Bonn-Porz")) == "other_town"


def test_distance_is_told_in_metres() -> None:
    found = geo.compare((48.1, 11.5), (48.1 + 40 / 111_195, 11.5))
    assert found.why == "40 m apart"
    assert found.level is Level.SAME
    assert geo.compare((48.1, 11.5), (48.2, 11.5)).level is Level.CONFLICT


def test_nowhere_is_no_place() -> None:
    assert geo.compare((0.0, 0.0), (48.1, 11.5)).level is Level.ABSENT
    assert geo.compare((float("nan"), 1.0), (48.1, 11.5)).level is Level.ABSENT


@given(*[st.text(max_size=20)] * 4)
def test_no_text_makes_an_address_raise(street: str, number: str, postcode: str, city: str) -> None:
    one = Address(street=street, house_number=number, postcode=postcode, city=city)
    assert addresses.compare(one, HOME).weight_key == addresses.compare(HOME, one).weight_key
    assert addresses.compare(one, one).level is not Level.CONFLICT
