"""Names: legal forms, associations, umlauts, typos, generic words, kinds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.judging.comparing import fold, names, organisations, sorts
from audit.judging.comparing.nameparts import complete_hyphens, dissect
from audit.model import Level


def level(stated: str, shown: str, *places: str) -> tuple[Level, str]:
    found = names.compare([stated], [shown], places=frozenset(places))
    return found.level, found.weight_key


@pytest.mark.parametrize("spelling", ["Müller-Straße", "Mueller-Strasse", "MULLER-STRASSE", "Mu\u0308ller-Straße"])
def test_spellings_of_umlauts_fold_to_one_form(spelling: str) -> None:
    assert fold(spelling) == "muller-strasse"


def test_invisible_characters_do_not_make_another_name() -> None:
    assert fold("Kita\u200b Son\u00adne") == fold("Kita Sonne")


def test_legal_forms_and_quotation_marks_say_nothing() -> None:
    assert dissect("Kinderhaus „Regenbogen“ e. V.").words == dissect('"Regenbogen" gGmbH').words == ("regenbogen",)


@pytest.mark.parametrize(
    ("name", "association"),
    [
        ("Arbeiterwohlfahrt Kreisverband Köln e.V.", "awo"),
        ("Bayerisches Rotes Kreuz", "drk"),
        ("BRK-Kindergarten", "drk"),
        ("Diakonisches Werk Rosenheim", "diakonie"),
        ("Der Paritätische", "paritaet"),
        ("Johaniter-Unfall-Hilfe", "johanniter"),
        ("Arbeiter-Samariter-Bund", "asb"),
    ],
)
def test_associations_are_known_by_name_abbreviation_and_misspelling(name: str, association: str) -> None:
    assert association in dissect(name).associations


def test_a_hanging_hyphen_is_completed() -> None:
    assert "Schuldnerberatung" in complete_hyphens("Schuldner- und Insolvenzberatung")
    assert dissect("Schuldner- und Insolvenzberatung").kinds == {"advice/debt"}


def test_a_typo_is_close_and_another_name_is_a_conflict() -> None:
    assert level("Kita Abenteuerland", "Kita Abentuerland")[0] in (Level.SAME, Level.PARTIAL)
    assert level("Kita Abenteuerland", "Kita Regenbogen") == (Level.CONFLICT, "other")


def test_generic_words_alone_never_prove_identity() -> None:
    assert level("AWO Kindergarten", "AWO Kindergarten Sonnenschein") == (Level.PARTIAL, "generic")
    assert level("Kindertagesstätte", "Kindertagesstätte") == (Level.SAME, "generic_same")


def test_the_town_inside_a_name_tells_nothing_apart() -> None:
    assert level("Kita Spatzennest München", "Kita Spatzennest", "munchen") == (Level.SAME, "same")


def test_two_numbers_or_letters_are_two_houses() -> None:
    assert level("Haus Giesing 1", "Haus Giesing 2")[1] != "same"
    assert level("Wohngruppe Linde A", "Wohngruppe Linde B")[1] != "same"


def test_a_generic_name_beside_it_does_not_excuse_another_name() -> None:
    found = names.compare(["Kinderbetreuung", "Kita Sonne"], ["Kita Mondschein"])
    assert found.level is Level.CONFLICT


def test_a_creche_is_no_kindergarten_but_a_day_care_centre_may_be_either() -> None:
    creche, kindergarten, centre = (sorts.sorts([name]) for name in ("Krippe X", "Kindergarten X", "Kita X"))
    assert sorts.compare(creche, kindergarten).level is Level.CONFLICT
    assert sorts.compare(creche, centre).level is Level.PARTIAL
    assert sorts.compare(sorts.sorts(["Schuldnerberatung"]), centre).level is Level.CONFLICT


def test_a_special_word_outweighs_a_general_one_in_the_same_name() -> None:
    both = sorts.sorts(["Haus für Kinder Giesing | Hort"])
    assert sorts.compare(both, sorts.sorts(["Haus für Kinder Giesing | Kinderkrippe"])).level is Level.CONFLICT


def test_another_association_is_a_conflict_and_a_brand_id_counts() -> None:
    assert organisations.compare(["AWO Köln"], "Caritas", []).weight_key == "other_association"
    assert organisations.compare(["Caritasverband Köln"], "", ["Kita"], ["Q29508174"]).weight_key == "association"
    assert organisations.compare(["AWO Köln"], "Stadt Köln", ["Kita"]).level is Level.CONFLICT


def test_the_same_body_is_more_than_the_same_association() -> None:
    assert organisations.compare(["Diakonie Hasenbergl e.V."], "Diakonie Hasenbergl", []).weight_key == "same"
    assert organisations.compare(["Diakonie Hasenbergl"], "Diakonie Rosenheim", []).level is Level.PARTIAL


@settings(max_examples=150)
@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(max_examples=100)
@given(st.text(max_size=40), st.text(max_size=40))
def test_comparing_names_is_symmetric_and_never_raises(one: str, other: str) -> None:
    there, back = names.compare([one], [other]), names.compare([other], [one])
    assert (there.level is Level.ABSENT) == (back.level is Level.ABSENT)
    if there.level is not Level.ABSENT:
        assert there == back
    organisations.compare([one], other, [one, other])
