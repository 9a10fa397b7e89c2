"""Measuring the match model on labelled pairs, and fitting it: figures by hand, files as people have them."""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from audit import calibration
from audit.calibration import CalibrationProblemError
from audit.judging import calibrating, fitting, labelled, weights
from audit.judging.comparing import folding as fold
from audit.judging.labelled import LabelledProblemError
from audit.judging.matching import compare_fields
from cli import WRONG, main
from tests.conftest import ROOT

STREETS = ("Lindenstraße", "Ahornweg", "Marktplatz", "Kirchgasse", "Seeufer", "Bergallee")
NAMES = ("Sonnenschein", "Pusteblume", "Regenbogen", "Spatzennest", "Wirbelwind", "Kastanie", "Purzelbaum", "Löwenzahn")


def side(number: int, **changes: object) -> dict[str, Any]:
    """An invented entry; equal numbers are the same place."""
    return {
        "name": f"Kita {NAMES[number % len(NAMES)]}",
        "street": STREETS[number % len(STREETS)],
        "house_number": str(number % 40 + 1),
        "lat": 50.9 + number % 50 / 500,
        "lon": 6.9,
        "phone": f"0221 55{number:04d}",
    } | changes


def rows(count: int = 120) -> list[dict[str, Any]]:
    """A third are matches with small faults, the others neighbours in the list."""
    seeded = random.Random(7)  # noqa: S311 - invented data, no secret
    made = []
    for number in range(count):
        match = number % 3 == 0
        other = side(number if match else number + 1 + seeded.randrange(5))
        if match and seeded.random() < 0.3:
            other |= {"phone": "", "name": other["name"].replace("e", "", 1)}
        made.append({"a": side(number), "b": other, "match": int(match)})
    return made


def written(path: Path, made: list[dict[str, Any]]) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in made), encoding="utf-8")
    return path


# --- reading


@pytest.mark.parametrize(
    "row",
    [
        {"a": {"name": "Kita Sonne", "postalCode": 50674}, "b": {"name": "Sonne", "zip": "50674"}, "match": 1},
        {"left_name": "Kita Sonne", "right_name": "Sonne", "left_plz": "50674", "right_plz": "50674", "label": "true"},
        {"name_1": "Kita Sonne", "name_2": "Sonne", "PLZ_1": "50674", "PLZ_2": "50674", "Match": "ja"},
        {
            "a": {"name": "Kita Sonne", "address": {"postalCode": "50674"}},
            "b": {"name": "Sonne", "address": {"postalCode": "50674"}},
            "match": True,
        },
        {"ltable_name": "Kita Sonne", "rtable_name": "Sonne", "ltable_zip": 50674, "rtable_zip": 50674, "gold": 1.0},
    ],
)
def test_the_two_sides_are_found_however_the_columns_are_named(row: Mapping[str, Any]) -> None:
    (pair,) = labelled.pairs([row])
    assert (pair.stated.names[0], pair.listing.name, pair.match) == ("Kita Sonne", "Sonne", True)
    assert pair.stated.address.postcode == pair.listing.address.postcode == "50674"


def test_a_column_with_an_unusual_name_can_be_named() -> None:
    row = {"a.who": "Sonne", "b.who": "Mond", "a.durchwahl": "0221 1234", "b.durchwahl": "", "verdict": "no"}
    (pair,) = labelled.pairs([row], {"name": "who", "phone": "durchwahl", "label": "verdict"})
    assert (pair.stated.names, pair.stated.phones[0].value, pair.match) == (("Sonne",), "0221 1234", False)
    with pytest.raises(LabelledProblemError, match="No field is called 'fon'"):
        labelled.pairs([row], {"fon": "durchwahl"})


def test_a_region_that_does_not_exist_is_named() -> None:
    with pytest.raises(LabelledProblemError, match="No region is called 'XX'"):
        labelled.pairs([], region="xx")


def test_phones_of_another_country_are_no_switchboards() -> None:
    row = {"a": {"name": "X", "phone": "213/857 -0034"}, "b": {"name": "Y", "phone": "213-857-0099"}, "match": 0}
    (pair,) = labelled.pairs([row], region="US")
    assert compare_fields(pair.stated, pair.listing)["phone"].weight_key == "other"
    assert pair.listing.phones == ("+12138570099",)


def test_marks_of_other_programs_are_no_values() -> None:
    row = {
        "a": {"name": "Joe \\ 's", "address": "COL postalCode VAL", "phone": None},
        "b": {"name": "Joe's", "address": "nan", "latitude": "nothing"},
        "match": "0",
    }
    (pair,) = labelled.pairs([row])
    assert pair.stated.names == ("Joe's",)
    assert not pair.stated.address.street
    assert not pair.listing.address.street
    assert pair.listing.latitude is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"a": {"name": "X"}, "match": 1}, "Row 1: two names"),
        ({"a": {"name": "X"}, "b": {"name": "Y"}}, "Row 1: no label"),
        ({"a": {"name": "X"}, "b": {"name": "Y"}, "match": "perhaps"}, "Row 1: match is 'perhaps'"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(row: Mapping[str, Any], said: str) -> None:
    with pytest.raises(LabelledProblemError, match=said):
        labelled.pairs([row])


VALUES = st.none() | st.text(max_size=12) | st.floats() | st.integers() | st.lists(st.text(max_size=5), max_size=2)
SIDE = st.dictionaries(st.sampled_from(["street", "lat", "lon", "phone", "url", "city", "number"]), VALUES, max_size=4)


@given(SIDE, SIDE)
def test_no_value_makes_reading_or_comparing_raise(one: dict[str, Any], other: dict[str, Any]) -> None:
    (pair,) = labelled.pairs([{"a": one | {"name": "X y"}, "b": other | {"name": "X"}, "match": 0}])
    calibrating.judge([pair], weights.shipped())


# --- figures


def test_figures_are_those_counted_by_hand() -> None:
    said = [(0.95, True), (0.92, True), (0.91, False), (0.5, True), (0.1, False)]
    found = calibrating.figures(said, 0.9)
    assert (found.right, found.wrong, found.missed) == (2, 1, 1)
    assert found.precision.value == found.recall.value == found.f1.value == pytest.approx(2 / 3)
    assert calibrating.best(said).threshold == pytest.approx(0.3)
    assert calibrating.best(said).f1.value == pytest.approx(6 / 7)


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.5, 0.9, 0.95, 1.0]), st.booleans()), min_size=1, max_size=40))
def test_no_threshold_is_better_than_the_best_and_intervals_hold_their_value(said: list[tuple[float, bool]]) -> None:
    best = calibrating.best(said)
    for threshold in (0.1, 0.3, 0.6, 0.92, 0.97):
        found = calibrating.figures(said, threshold)
        assert found.f1.value <= best.f1.value + 1e-12
        for share in (found.precision, found.recall, found.f1):
            assert share.low - 1e-12 <= share.value <= share.high + 1e-12
    assert sum(one.count for one in calibrating.reliability(said)) == len(said)


# --- fitting


def fitted(made: list[tuple[dict[str, str], bool]], agreeing: frozenset[fitting.At] = frozenset()) -> weights.Weights:
    return fitting.fit([(tuple(levels.items()), match) for levels, match in made], weights.shipped(), agreeing)


def test_fitted_probabilities_are_shares_of_matches() -> None:
    """One field, three levels: the most likely probability of each is its share, held back a little."""
    made = [({"name": "same"}, at < 90) for at in range(100)] + [({"name": "other"}, at < 10) for at in range(100)]
    made += [({"name": "absent"}, at < 50) for at in range(100)]
    table = fitted(made)
    for key, share in (("same", 0.9), ("other", 0.1), ("absent", 0.5)):
        odds = table.prior + table.of("name", key)
        assert 1 / (1 + 2**-odds) == pytest.approx(share, abs=0.03), key
    assert table.of("phone", "same") == weights.shipped().of("phone", "same")


def test_two_fields_that_always_agree_together_are_not_counted_twice() -> None:
    once = [({"address": "same"}, at < 80) for at in range(100)] + [
        ({"address": "other_street"}, at < 5) for at in range(100)
    ]
    twice = [({**levels, "coordinates": "to_30" if levels["address"] == "same" else "far"}, y) for levels, y in once]
    one, both = fitted(once), fitted(twice)
    together = both.prior + both.of("address", "same") + both.of("coordinates", "to_30")
    assert together == pytest.approx(one.prior + one.of("address", "same"), abs=0.3)


def test_agreement_is_never_fitted_to_speak_against() -> None:
    odd = [({"phone": "same"}, at < 20) for at in range(100)] + [({"phone": "other"}, at < 60) for at in range(100)]
    agreeing = frozenset({("phone", "same")})
    assert fitted(odd).of("phone", "same") < 0
    assert fitted(odd, agreeing).of("phone", "same") >= 0


def test_neighbouring_distances_are_fitted_together_and_none_agrees_less_than_the_next() -> None:
    """Of 45 m there are no pairs, of 60 m two odd ones: both lie between their neighbours."""
    made = [({"coordinates": "to_30"}, at < 90) for at in range(100)] + [({"coordinates": "to_60"}, True)] * 2
    made += [({"coordinates": "to_100"}, at < 50) for at in range(100)]
    made += [({"coordinates": "far"}, at < 5) for at in range(100)]
    table = fitted(made)
    levels = [table.of("coordinates", key) for key in weights.shipped().fields["coordinates"] if key != "absent"]
    assert levels == sorted(levels, reverse=True)
    assert table.of("coordinates", "to_30") > table.of("coordinates", "to_100") > table.of("coordinates", "far")


def test_the_threshold_of_a_fitted_table_is_half_the_best_f1_of_pairs_left_out() -> None:
    table = fitting.with_threshold(weights.shipped(), 0.9)
    assert (table.match, table.unclear) == (0.45, 0.225)


def test_a_table_with_levels_of_another_version_or_without_numbers_is_refused() -> None:
    text = weights.as_toml(weights.shipped())
    with pytest.raises(weights.WeightsProblemError, match="spot is no level"):
        weights.parse(text.replace("to_5 =", "spot ="))
    with pytest.raises(weights.WeightsProblemError, match="nan"):
        weights.parse(text.replace("same = 9.000", "same = nan", 1))


def test_a_table_is_told_from_another_by_what_it_was_fitted_to_and_a_checksum() -> None:
    shipped = weights.shipped()
    own = replace(shipped, match=0.5, fitted={"data": "kitas.jsonl", "date": "2026-11-24"})
    assert weights.identity(shipped).startswith("shipped ")
    assert weights.identity(own).startswith("kitas.jsonl 2026-11-24 ")
    assert weights.identity(own)[-8:] != weights.identity(replace(own, match=0.4))[-8:]


def test_pairs_left_out_have_no_part_in_their_weights() -> None:
    """Every pair has a level of its own: learnt by heart it tells all, left out it tells nothing."""
    made = [({"name": f"own {at}"}, at % 2 == 0) for at in range(60)]
    rows = [(tuple(levels.items()), match) for levels, match in made]
    assert all(abs(chance - 0.5) < 0.1 for chance in fitting.cross_validated(rows, weights.shipped()))
    learnt = fitted(made)
    assert all((learnt.of("name", levels["name"]) > 0) == match for levels, match in made)


def neighbours(ours: str, theirs: str, *, match: bool, count: int) -> list[dict[str, Any]]:
    """Invented pairs that agree by one word of their names and nothing else."""
    return [
        {"a": {"name": f"{name} {ours}".strip()}, "b": {"name": f"{name} {theirs}".strip()}, "match": int(match)}
        for name in (NAMES * count)[:count]
    ]


def test_a_word_that_pairs_show_to_tell_is_weighed_by_itself_and_explained() -> None:
    """A place and its "Terrasse" are one here, a place and its "Bühne" two; no level of the name tells that."""
    made = neighbours("", "Terrasse", match=True, count=20) + neighbours("", "Bühne", match=False, count=20)
    pairs = labelled.pairs(made)
    compared = [(compare_fields(pair.stated, pair.listing), pair.match) for pair in pairs]
    rows, agreeing = fitting.compared(compared)
    table = weights.parse(weights.as_toml(fitting.fit(rows, weights.shipped(), agreeing)))
    assert table.of("words_left", "terrasse") > 1
    assert table.of("words_left", "buhne") < -1
    judged = calibrating.judge(pairs, table)
    assert all((one.probability > 0.5) == one.pair.match for one in judged)
    assert "terrasse +" in next(ground.why for ground in judged[0].grounds if ground.field == "words")


def test_a_word_of_two_pairs_is_not_weighed_and_words_of_other_pairs_are_forgotten() -> None:
    made = [({"name": "same", "words_left": "bühne"}, True)] * 2 + [
        ({"name": "other", "words_left": "saal"}, False)
    ] * 9
    table = fitted(made)
    assert table.fields["words_left"].keys() == {"saal"}
    again = fitting.fit([((("name", "same"),), True)] * 3, table)
    assert "words_left" not in again.fields


@given(st.sets(st.text(min_size=1, max_size=6), max_size=4))
def test_any_word_of_a_table_is_the_same_after_writing_and_reading(words: set[str]) -> None:
    known = {word for name in words for word in fold.tokens(name)}
    table = replace(weights.shipped(), fields={**weights.shipped().fields, "words_left": dict.fromkeys(known, -1.0)})
    assert weights.parse(weights.as_toml(table)).fields["words_left"].keys() == known


def test_a_table_is_the_same_after_writing_and_reading() -> None:
    table = weights.shipped()
    read = weights.parse(weights.as_toml(table))
    assert read.groups == table.groups
    assert {name: {key: round(bits, 3) for key, bits in levels.items()} for name, levels in table.fields.items()} == {
        name: dict(levels) for name, levels in read.fields.items()
    }


def test_every_level_of_a_comparison_stands_in_the_table_shipped() -> None:
    pairs = labelled.pairs(rows(60))
    for pair in pairs:
        for field, found in compare_fields(pair.stated, pair.listing).items():
            assert found.weight_key in weights.shipped().fields[field], (field, found.weight_key)


def test_every_field_and_level_of_the_table_is_documented_in_its_order() -> None:
    page = (ROOT / "docs" / "matching.md").read_text("utf-8")
    said = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", page, flags=re.MULTILINE))
    assert said.keys() == weights.shipped().fields.keys()
    for field, levels in weights.shipped().fields.items():
        if field == "words":
            continue
        at = [re.search(rf"\b{key}\b", said[field]) for key in levels if key != "absent"]
        assert all(at), field
        assert field == "ends" or [one.start() for one in at if one] == sorted(one.start() for one in at if one), field


# --- the command


def told(*words: str) -> str:
    found = CliRunner().invoke(main, ["--lang", "en", "data", "calibrate", *words])
    assert found.exit_code == 0, found.output
    return found.output


def test_the_command_prints_figures_reliability_and_errors(tmp_path: Path) -> None:
    file = written(tmp_path / "pairs.jsonl", rows())
    output = told(str(file))
    assert "120 labelled pairs, 40 of them matches" in output
    assert "F1" in output
    assert "Do the probabilities hold?" in output


def test_a_fitted_table_is_written_with_where_it_comes_from_and_can_be_used(tmp_path: Path) -> None:
    file, table = written(tmp_path / "pairs.jsonl", rows()), tmp_path / "own.toml"
    output = told(str(file), "--fit", "--into", str(table), "--errors", "1")
    assert "had no part in their weights" in " ".join(output.split())
    fitted = weights.parse(table.read_text("utf-8")).fitted
    assert fitted["data"] == "pairs.jsonl"
    assert (fitted["pairs"], fitted["matches"]) == (120, 40)
    assert 0 < float(fitted["f1_low"]) <= float(fitted["f1"]) <= float(fitted["f1_high"]) <= 1
    assert "120 labelled pairs" in told(str(file), "--weights", str(table))


def test_there_is_no_table_to_write_without_fitting(tmp_path: Path) -> None:
    file = written(tmp_path / "pairs.jsonl", rows(6))
    found = CliRunner().invoke(
        main, ["--lang", "en", "data", "calibrate", str(file), "--into", str(tmp_path / "own.toml")]
    )
    assert found.exit_code == WRONG
    assert "--into needs --fit" in found.output


def test_a_csv_file_gives_the_same_figures_as_json_lines(tmp_path: Path) -> None:
    made = rows(30)
    lines = ["a_name;a_phone;b_name;b_phone;match"]
    lines += [
        ";".join(map(str, (r["a"]["name"], r["a"]["phone"], r["b"]["name"], r["b"]["phone"], r["match"]))) for r in made
    ]
    (tmp_path / "pairs.csv").write_text("\n".join(lines), encoding="utf-8")
    lean = [
        {key: row[key] if key == "match" else {n: row[key][n] for n in ("name", "phone")} for key in row}
        for row in made
    ]
    both = [calibration.calibrate(f) for f in (tmp_path / "pairs.csv", written(tmp_path / "pairs.jsonl", lean))]
    assert both[0].at == both[1].at
    assert both[0].bins == both[1].bins


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no pairs"),
        ("{broken", "line 1: not valid JSON"),
        ("[1, 2]", "not an object"),
        ("a;b\n1;2", "Row 1: two names"),
        ('{"a": {"lat": ' + "9" * 5000 + "}}", "line 1: not valid JSON"),
    ],
)
def test_a_file_that_cannot_be_used_ends_in_a_sentence(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "pairs"
    file.write_text(text, encoding="utf-8")
    found = CliRunner().invoke(main, ["--lang", "en", "data", "calibrate", str(file)])
    assert found.exit_code == WRONG
    assert said in found.output


def test_too_few_matches_are_not_fitted_and_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path / "pairs.jsonl", rows(12))
    with pytest.raises(CalibrationProblemError, match="at least 10 matches"):
        calibration.fit(file, date(2026, 11, 24))
    (tmp_path / "none.toml").write_text("damping = 7", encoding="utf-8")
    with pytest.raises(CalibrationProblemError, match="not a table of weights"):
        calibration.calibrate(file, weights=tmp_path / "none.toml")


# --- real pairs


def joined(folder: Path, into: Path, *splits: str) -> Path:
    into.write_text("".join((folder / f"{split}.jsonl").read_text("utf-8") for split in splits), encoding="utf-8")
    return into


@pytest.mark.shared
def test_f1_on_all_restaurants_in_five_folds(shared: Path, tmp_path: Path) -> None:
    file = joined(shared / "data/matching/fodors_zagats", tmp_path / "all.jsonl", "train", "valid", "test")
    assert calibration.fit(file, date(2026, 11, 24), region="US").at.f1.value >= 0.98
    assert calibration.calibrate(file, region="US").at.f1.value >= 0.975


@pytest.mark.shared
def test_f1_and_calibration_on_places_by_weights_fitted_to_others_of_that_city(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data/matching/osm_fsq_pittsburgh"
    fitted = calibration.fit(folder / "train.jsonl", date(2026, 11, 24), region="US").fitted
    assert fitted
    calibration.write_weights(fitted, tmp_path / "own.toml")
    found = calibration.calibrate(folder / "test.jsonl", region="US", weights=tmp_path / "own.toml")
    assert found.at.f1.value >= 0.93
    off = [abs(one.expected - one.observed.value) * one.count for one in found.bins]
    assert math.fsum(off) / found.pairs < 0.03
