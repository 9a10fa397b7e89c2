"""Both languages say everything, and say it as their readers write it."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from audit.judging.comparing.hours import compare
from audit.model import (
    About,
    Access,
    Action,
    EditedBy,
    Kind,
    Level,
    Mover,
    Outcome,
    Reason,
    Retention,
    Standing,
    State,
    Turn,
    Via,
    Window,
)
from reports.texts import LANGUAGES, Texts
from reports.texts.lookup import table
from reports.wording import cure, german_differences, german_hours, house_rule
from tests.conftest import ROOT
from tests.result_factory import CRITERIA, GAP_KINDS

WORDS = {
    "outcome": Outcome, "state": State, "access": Access, "kind": Kind, "about": About, "action": Action,
    "edited-by": EditedBy, "retention": Retention, "standing": Standing, "via": Via, "window": Window, "level": Level,
    "turn": Turn, "mover": Mover,
}  # fmt: skip


def flat(data: Any, path: str = "") -> dict[str, str]:
    """Every text of a table by its path."""
    if isinstance(data, str):
        return {path: data}
    return {k: v for key, part in data.items() for k, v in flat(part, f"{path}/{key}").items()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_the_closed_vocabularies_has_a_text(lang: str) -> None:
    for group, words in WORDS.items():
        assert set(table(lang)[group]) == {word.value for word in words}, group
    assert set(table(lang)["reason"]) == {reason.value for reason in Reason}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_criterion_and_gap_kind_has_all_its_texts(lang: str) -> None:
    assert set(table(lang)["criterion"]) == set(CRITERIA)
    assert set(table(lang)["gap"]) == set(GAP_KINDS)
    assert all(set(texts) == {"title", "why", "fix", "trap"} for texts in table(lang)["gap"].values())
    assert all(set(texts) == {"label", "cure"} for texts in table(lang)["reason"].values())


def test_every_kind_of_gap_that_judging_can_find_has_its_texts() -> None:
    rules = tomllib.loads((ROOT / "audit" / "judging" / "gaps.toml").read_text(encoding="utf-8"))
    assert set(rules["minutes"]) | set(rules["criterion"].values()) <= set(GAP_KINDS)
    assert set(rules["criterion"]) <= set(CRITERIA)


def test_both_languages_have_the_same_keys_and_the_same_values_to_put_in() -> None:
    german, english = ({k: v for k, v in flat(table(lang)).items() if _is_in_both(k)} for lang in LANGUAGES)
    assert german.keys() == english.keys()
    for key, text in german.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", english[key])), key
    assert len(table("de")["glossary"]) == len(table("en")["glossary"])


def _is_in_both(path: str) -> bool:
    """What the engine says has its English beside the code (tests/test_said.py); a glossary has its own terms."""
    return path.split("/")[1] not in ("glossary", "said", "said_key", "said_kind", "said_reason")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_is_empty(lang: str) -> None:
    assert all(text.strip() for text in flat(table(lang)).values())


def test_german_and_english_texts_are_not_the_same_text() -> None:
    german, english = flat(table("de")), flat(table("en"))
    same = {key for key in german.keys() & english.keys() if german[key] == english[key] and len(german[key]) > 20}
    assert not same


def test_numbers_dates_and_shares_are_written_as_each_language_does() -> None:
    de, en = Texts("de"), Texts("en")
    when = datetime(2026, 11, 24, 11, 5, tzinfo=timezone(timedelta(hours=1)))
    assert de.moment(when) == "24.\u00a0November 2026, 11:05\u00a0Uhr"
    assert en.moment(when) == "24\u00a0November 2026, 11:05"
    assert de.number(1234.5, 1) == "1.234,5"
    assert en.number(1234.5, 1) == "1,234.5"
    assert de.number(3.0, 1) == "3"
    assert de.number(-0.01, 1) == "0"
    assert de.date(date(2026, 3, 1)) == "1.\u00a0März 2026"


def test_a_moment_in_utc_says_so_and_moves_with_the_zone() -> None:
    when = datetime(2026, 11, 24, 11, 5, tzinfo=UTC)
    assert Texts("de", None).moment(when).endswith("Uhr (UTC)")
    assert "12:05" in Texts("de", zone=timezone(timedelta(hours=1))).moment(when)


def test_almost_all_is_not_shown_as_all_and_almost_nothing_not_as_nothing() -> None:
    assert Texts("en").percent(0.999) == "99%"
    assert Texts("en").percent(0.001) == "1%"
    assert Texts("de").percent(1.0) == "100\u00a0%"


@pytest.mark.parametrize(("n", "text"), [(1, "1 Lücke"), (0, "0 Lücken"), (31, "31 Lücken"), (1000, "1.000 Lücken")])
def test_plurals_are_right(n: int, text: str) -> None:
    assert Texts("de").count("gap", n) == text


def test_effort_and_waits_are_told_in_fitting_units() -> None:
    texts = Texts("en")
    assert texts.effort(10) == "10 minutes"
    assert texts.effort(0.2) == "1 minute"
    assert texts.effort(150) == "2.5 hours"
    assert texts.wait(0.5) == "30 minutes"
    assert texts.wait(61) == "61 hours"
    assert texts.wait(96) == "4 days"


def test_an_unknown_gap_kind_is_shown_by_its_name_and_an_unknown_language_is_refused() -> None:
    assert Texts("de").gap("something-new").title == "something-new"
    with pytest.raises(ValueError, match="no texts in 'fr'"):
        Texts("fr")


@pytest.mark.parametrize(
    ("osm", "german"),
    [
        ("Mo-We,Fr 09:00-12:00; Th 14:00-18:00", "Mo-Mi,Fr 09:00-12:00; Do 14:00-18:00"),
        ("+49 30 1\nTu 10:00-12:00; PH off", "+49 30 1\nDi 10:00-12:00; Feiertag geschlossen"),
        ('Su 10:00-12:00 "We come, too"', 'So 10:00-12:00 "We come, too"'),
        ("We love Su", "We love Su"),
        ("Haus Th 12:00", "Haus Th 12:00"),
    ],
)
def test_opening_hours_have_german_days_in_german_and_other_texts_stay(osm: str, german: str) -> None:
    assert german_hours(osm) == german


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_that_is_compared_has_a_name(lang: str) -> None:
    weights = tomllib.loads((ROOT / "audit" / "judging" / "weights.toml").read_text("utf-8"))
    compared = {name for name in weights if isinstance(weights[name], dict)} - {"prior", "thresholds", "groups"}
    assert compared | {"identity"} <= set(table(lang)["ground"])


@pytest.mark.parametrize(
    ("english", "german"),
    [
        (
            "Tuesday: shown 09:00-12:00, stated 09:00-13:00 (1 h less). Evening (Monday to Friday 18-22): none",
            (
                "Dienstag: gezeigt 09:00-12:00, angegeben 09:00-13:00 (1 Std. weniger). "
                "Abend (Montag bis Freitag 18-22): keine Zeit"
            ),
        ),
        ("Stated only by appointment, shown with hours", "Angegeben nur nach Vereinbarung, gezeigt mit Zeiten"),
        ("in any other words Monday stays", "in any other words Monday stays"),
    ],
)
def test_how_hours_differ_is_said_in_german_too(english: str, german: str) -> None:
    assert german_differences(english) == german


def test_every_word_of_the_engine_about_hours_has_a_german_one() -> None:
    pairs = [("Mo-Fr 08:00-18:00; PH off", "Tu 09:00-12:30; PH 10:00-11:00"), ("Mo[1] 09:00-10:00", "Mo 09:00-10:00")]
    pairs += [("Mo 09:00-10:00", 'Mo "x"'), ("Mo 9-10", ""), ("", "Mo 9-10"), ("?", "Mo 9-10"), ("Mo 9-10", "?")]
    pairs += [("Mo-Su 18:00-22:00", "Mo,We 18:00-22:00; Sa,Su 9-13"), ("Mo 9-10; Tu off", 'Mo 9-11; Tu unknown "x"')]
    pairs += [
        ("Mo 9-10; SH off", "Mo 9-10; SH 10-11"),
        ('"x"', "Mo 9-10"),
        ("Mo 9-10", "Mo 9-10"),
        ("Mo 9-10", "Mo 10-11"),
    ]
    for stated, shown in pairs:
        note = compare(stated, shown, state="NW").why
        assert german_differences(note) != note


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_a_crowd_looks_after_the_entries_its_rule_is_told_with_the_cure(lang: str) -> None:
    texts = Texts(lang)
    rules = {id_: house_rule(id_, texts) for id_ in ("openstreetmap", "wikidata", "wikipedia", "google-maps")}
    assert not rules.pop("google-maps")
    assert len(set(rules.values())) == 3
    assert all(cure("wrong-phone", id_, texts).endswith(rule) for id_, rule in rules.items())
    assert cure("wrong-phone", "google-maps", texts) == texts.gap("wrong-phone").fix
    assert {"de": "Nur aus eigener Kenntnis", "en": "only what you know"}[lang] in rules["openstreetmap"]
