"""Both languages say everything, and say it as their readers write it."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import pytest
import time_machine
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

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
    Swiftness,
    Turn,
    Via,
    Window,
)
from reports.texts import LANGUAGES, Texts
from reports.texts.catalogue import LOCALE, catalogue
from reports.texts.compiling import compile_all, compiled
from reports.texts.lookup import GLOSSARY
from reports.wording import HOURS_WORDS, cure, german_differences, german_hours, house_rule
from tests.conftest import ROOT
from tests.result_factory import CRITERIA, GAP_KINDS, make_result

WORDS = {
    "outcome": Outcome, "state": State, "access": Access, "kind": Kind, "about": About, "action": Action,
    "edited-by": EditedBy, "retention": Retention, "standing": Standing, "via": Via, "window": Window, "level": Level,
    "turn": Turn, "mover": Mover, "swiftness": Swiftness,
}  # fmt: skip


# what the engine says: its English stands beside the engine
SAID = ("told", "said", "said_key", "said_kind", "said_note", "said_reason", "hours_word", "osm_word")
VALUE = re.compile(r"{(\w+)[^}]*}")


def source(lang: str) -> Path:
    return LOCALE / lang / "LC_MESSAGES" / "findbar.po"


def forms(message: Message) -> tuple[str, ...]:
    """The texts of an entry: one, or one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


@cache
def entries(lang: str) -> Mapping[str, Message]:
    """Every entry of a catalogue's source by its key."""
    with source(lang).open("rb") as file:
        return {
            "".join(message.id[:1] if message.pluralizable else message.id): message
            for message in read_po(file)
            if message.id
        }


def below(lang: str, group: str) -> set[str]:
    """What stands directly below a group of keys."""
    return {key.removeprefix(f"{group}.").split(".")[0] for key in entries(lang) if key.startswith(f"{group}.")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_the_closed_vocabularies_has_a_text(lang: str) -> None:
    for group, words in WORDS.items():
        assert below(lang, group) == {word.value for word in words}, group
    assert below(lang, "reason") == {reason.value for reason in Reason}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_criterion_and_gap_kind_has_all_its_texts(lang: str) -> None:
    parts = {"criterion": {"name", "question"}, "gap": {"title", "why", "fix", "trap"}, "reason": {"label", "cure"}}
    assert below(lang, "criterion") == set(CRITERIA)
    assert below(lang, "gap") == set(GAP_KINDS)
    for group, wanted in parts.items():
        assert all(below(lang, f"{group}.{name}") == wanted for name in below(lang, group)), group


def test_every_kind_of_gap_that_judging_can_find_has_its_texts() -> None:
    rules = tomllib.loads((ROOT / "audit" / "judging" / "gaps.toml").read_text(encoding="utf-8"))
    assert set(rules["minutes"]) | set(rules["criterion"].values()) <= set(GAP_KINDS)
    assert set(rules["criterion"]) <= set(CRITERIA)


def test_both_languages_have_the_same_keys_and_every_form_the_same_values_to_put_in() -> None:
    german = {key: one for key, one in entries("de").items() if key.split(".")[0] not in SAID}
    assert german.keys() == entries("en").keys()
    for key, message in german.items():
        texts = forms(message) + forms(entries("en")[key])
        assert len({frozenset(VALUE.findall(text)) for text in texts}) == 1, key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_is_empty_unsure_or_left_over(lang: str) -> None:
    with source(lang).open("rb") as file:
        catalogue = read_po(file)
    assert not catalogue.obsolete
    for key, message in entries(lang).items():
        assert all(text.strip() for text in forms(message)), key
        assert not message.fuzzy, key
        assert len(forms(message)) == (2 if key.startswith("count.") else 1), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_catalogue_is_compiled_to_the_same_bytes_wherever_and_whenever(
    lang: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = compiled(source(lang))
    monkeypatch.setenv("TZ", "Pacific/Apia")
    with time_machine.travel(datetime(2031, 1, 1, tzinfo=UTC)):
        assert compiled(source(lang)) == first
    shutil.copy(source(lang), tmp_path)
    [binary] = compile_all(tmp_path)
    assert binary.read_bytes() == first
    assert {path.name for path in tmp_path.iterdir()} == {"findbar.po", "findbar.mo"}


def test_a_text_edited_in_a_source_tree_is_the_one_that_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    shutil.copy(source("de"), folder)
    [binary] = compile_all(tmp_path)
    text = (folder / "findbar.po").read_text("utf-8")
    (folder / "findbar.po").write_text(text.replace('"gleicher Name"', '"derselbe Name"'), "utf-8")
    os.utime(binary, (0, 0))
    monkeypatch.setattr("reports.texts.catalogue.LOCALE", tmp_path)
    assert catalogue.__wrapped__("de").text("said.name-same") == "derselbe Name"


def test_texts_that_cannot_be_compiled_are_an_error_for_people(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("reports.texts.catalogue.LOCALE", tmp_path)
    monkeypatch.setitem(sys.modules, "reports.texts.compiling", None)
    with pytest.raises(OSError, match="not compiled"):
        catalogue.__wrapped__("de")


def test_a_key_without_a_text_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"ui\.no-such-text"):
        Texts("de").say("no-such-text")
    with pytest.raises(KeyError, match=r"count\.no-such-noun"):
        Texts("de").count("no-such-noun", 2)


def test_every_phrase_is_said_somewhere() -> None:
    shown = [path for path in (ROOT / "reports").rglob("*") if path.suffix in {".py", ".j2"}]
    code = "\n".join(path.read_text("utf-8") for path in shown)
    parts = re.findall(r"""f["'](?:([a-z_]+){[^{}"']+}|{[^{}"']+}([a-z_]+))["']|"([a-z_]+)" ~""", code)
    made = [f".+{end}" if end else f"{start or joined}.+" for start, end, joined in parts]
    said = re.compile("|".join([*made, *re.findall(r"""["']([a-z0-9_]+)(?=["'])""", code)]))
    phrases = [key for key in entries("en") if key.startswith(("ui.", "headline."))]
    assert not [key for key in phrases if not said.fullmatch(key.partition(".")[2])]


def test_german_and_english_texts_are_not_the_same_text() -> None:
    german, english = ({key: forms(one)[0] for key, one in entries(lang).items()} for lang in LANGUAGES)
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
def test_the_glossary_has_all_its_terms_and_every_month_its_name(lang: str) -> None:
    assert below(lang, "glossary") == set(GLOSSARY)
    assert below(lang, "month") == {str(month) for month in range(1, 13)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_that_is_compared_has_a_name(lang: str) -> None:
    weights = tomllib.loads((ROOT / "audit" / "judging" / "weights.toml").read_text("utf-8"))
    compared = {name for name in weights if isinstance(weights[name], dict)} - {"prior", "thresholds", "groups"}
    assert compared | {"identity"} <= below(lang, "ground")


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
    assert below("de", "hours_word") == set(HOURS_WORDS)
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
    wrong = next(gap for gap in make_result().gaps if gap.kind == "wrong-phone")
    assert all(cure(replace(wrong, platform=id_), texts).endswith(rule) for id_, rule in rules.items())
    assert cure(replace(wrong, platform="google-maps"), texts) == texts.gap("wrong-phone").fix
    assert {"de": "Nur aus eigener Kenntnis", "en": "only what you know"}[lang] in rules["openstreetmap"]
