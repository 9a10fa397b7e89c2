"""Names: legal forms, associations, umlauts, typos, generic words, kinds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.judging.comparing import fold, names, organisations, sorts, wording
from audit.judging.comparing.nameparts import complete_hyphens, dissect
from audit.judging.comparing.tables import words
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
        ("Caritaszentrum Dachau", "caritas"),
        ("Malteserstift", "malteser"),
        ("Arbeiter-Samariter-Bund", "asb"),
    ],
)
def test_associations_are_known_by_name_abbreviation_and_misspelling(name: str, association: str) -> None:
    assert association in dissect(name).associations


def test_a_street_that_bears_an_associations_name_is_a_street() -> None:
    assert not dissect("Kita Johanniterstraße").associations
    assert not dissect("Haus am Malteserplatz").associations


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("Johaniter-Unfall-Hilfe Kita Zwerge", "Johanniter Kita Zwerge"),
        ("Kinderhaus Omi’s Garten", "Kinderhaus Omis Garten"),
        ("Caritas-Zentrum Dachau", "Caritaszentrum Dachau"),
        ("Haus für Kinder Floh Zirkus", "HfK Flohzirkus"),
        ("Landeshauptstadt Köln, Kita Sonne", "Landeshaupstadt Köln Kita Sonne"),
        ("Co Gos", "Cogo's"),
        ("United States Mint Denver", "US Mint Denver"),
        ("Mount Olive Theatre", "Mt. Olive Theater"),
    ],
)
def test_two_spellings_are_one_name(stated: str, shown: str) -> None:
    assert level(stated, shown)[1] == "same"


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("Kita Sonne", "Förderverein Kita Sonne"),
        ("Haus Abendrot", "Parkplatz Haus Abendrot"),
        ("Riverside Hall", "Riverside Hall Gym"),
    ],
)
def test_a_part_of_a_place_or_what_stands_beside_it_is_not_the_place(stated: str, shown: str) -> None:
    assert level(stated, shown) == (Level.PARTIAL, "annex")


def test_a_last_letter_tells_groups_apart_even_if_it_is_a_stop_word() -> None:
    assert dissect("Wohngruppe Linde E").words == ("linde", "e")
    assert dissect("Linde e. V.").words == ("linde",)


def counted(one: str, other: str, *places: str, streets: frozenset[str] = frozenset()) -> tuple[str, str]:
    alike = wording.most_alike([one], [other], frozenset(places), streets)
    return wording.compare(alike).weight_key, wording.compare_ends(alike).weight_key


def test_words_in_common_and_left_over_are_counted() -> None:
    assert counted("Blaue Wiese Nord", "Blaue Wiese Nord") == ("three_all", "both")
    assert counted("Blaue Wiese", "Blaue Wiese Nord") == ("two_one", "first")
    assert counted("Blaue Wiese", "Grüne Wiese") == ("one_both", "last")
    assert counted("Blaue Wiese", "Roter Stern") == ("none", "neither")
    assert counted("Wiese Köln", "Wiese", "koln") == ("one_all", "both")
    assert counted("Ahornweg", "Ahornweg", streets=frozenset({"ahornweg"})) == ("absent", "absent")


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
    assert level("Wohngruppe Linde A", "Wohngruppe Linde B") == (Level.CONFLICT, "other_number")
    assert level("Kita Linde I", "Kita Linde II")[0] is Level.CONFLICT
    assert level("Kita Linde 1", "Kita Linde")[0] is not Level.CONFLICT


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


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=40), st.text(max_size=40))
def test_comparing_names_is_symmetric_and_never_raises(one: str, other: str) -> None:
    there, back = names.compare([one], [other]), names.compare([other], [one])
    assert (there.level is Level.ABSENT) == (back.level is Level.ABSENT)
    if there.level is not Level.ABSENT:
        assert there == back
    organisations.compare([one], other, [one, other])


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=6))
def test_counting_words_is_symmetric_and_never_raises(one: str, other: str, place: str) -> None:
    there = wording.most_alike([one, place], [other], frozenset({place}))
    back = wording.most_alike([other], [one, place], frozenset({place}))
    assert wording.compare(there).weight_key == wording.compare(back).weight_key
    assert wording.compare_ends(there).weight_key == wording.compare_ends(back).weight_key


@given(st.text(alphabet="abcdeo' ’.-äöß", max_size=30))
def test_taking_a_name_apart_again_changes_nothing(name: str) -> None:
    assert dissect(" ".join(dissect(name).whole)).whole == dissect(name).whole


@pytest.mark.shared
def test_every_name_that_editors_of_the_map_are_offered_is_its_association_s(shared: Path) -> None:
    told = json.loads((shared / "recordings" / "name-suggestion-index" / "welfare-entries.json").read_text("utf-8"))
    known = words().wikidata
    met = set()
    for item in (entry["item"] for entry in told["entries"]):
        ids = {value for key, value in item["tags"].items() if key.endswith(":wikidata") and value in known}
        found = dissect(item["displayName"]).associations
        assert {known[qid] for qid in ids} <= found, item["displayName"]
        met |= ids
    assert set(known) <= met  # no id that the index does not hold
