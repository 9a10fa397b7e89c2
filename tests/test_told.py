"""What the engine says beyond its codes reaches a German reader in German: errors, warnings, notes about lists."""

from __future__ import annotations

import re
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner

import cli
from audit.organisation.problems import Problem
from reports.told import told
from tests.conftest import ROOT
from tests.test_report_texts import entries
from tests.told_sentences import sentences

NOBODY_READS = {  # caught where they are raised, or part of a longer sentence
    "column {0}", "https://{0}", "a day alone says nothing about a wait", "a message without a time is left out before",
    "no year of an enquiry", "the clocks left this time out",
    "row {0}: {1}: {2}", "object {0}: {1}: {2}",  # told piece by piece
}  # fmt: skip
VALUE = re.compile(r"{\d}")


def german() -> dict[str, str]:
    return {key.removeprefix("told."): str(one.string) for key, one in entries("de").items() if key.startswith("told.")}


def test_every_sentence_of_the_engine_has_a_german_one() -> None:
    said = sentences()
    assert len(said) > 200, "the sentences are not found any more"
    assert {text: where for text, where in said.items() if text not in german()}.keys() <= NOBODY_READS


def test_every_german_sentence_belongs_to_one_that_is_said_and_puts_in_the_same_values() -> None:
    files = [*(ROOT / "audit").rglob("*.py"), *(ROOT / "commands").rglob("*.py"), ROOT / "cli.py"]
    source = re.sub(r"[\"']\n\s*f?[\"']", "", "\n".join(file.read_text("utf-8") for file in files))
    for english, text in german().items():
        pieces = [piece.strip("\n .") for piece in re.split(r"{\d}|\n", english)]
        assert [piece for piece in pieces if len(piece) > 2 and piece not in source] == [], english
        assert sorted(VALUE.findall(english)) == sorted(VALUE.findall(text)), english


@pytest.mark.parametrize(
    ("english", "in_german"),
    [
        ("No unit is called 'presse'. Did you mean pr?", "„presse“ ist nicht bekannt (Stelle). Meinten Sie pr?"),
        ("row 12: phone: only the first number of '030 1 / 2' was taken",
         "Zeile 12: phone: nur die erste Nummer aus „030 1 / 2“ wurde genommen"),
        ("sheet 'A': row 3: url: 'x y' is no web address", "Blatt „A“: Zeile 3: url: „x y“ ist keine Webadresse"),
        ("findbar: x.db does not exist yet. Run an audit first: findbar audit FILE",
         "findbar: x.db gibt es noch nicht. Prüfen Sie zuerst: findbar audit DATEI"),
        ("The worksheet was not read:\nrow 3: 'x' lies in the future",
         "Das Arbeitsblatt wurde nicht gelesen:\nZeile 3: „x“ liegt in der Zukunft"),
        (str(Problem("a.toml", 3, "service 2 (Kita)", "phone", "'1' is no phone number with area code", "take it out")),
         "a.toml:3: service 2 (Kita), phone „1“ ist keine Telefonnummer mit Vorwahl (nehmen Sie es heraus)"),
        ("something of a plugin: boom", "something of a plugin: boom"),
    ],
)  # fmt: skip
def test_a_sentence_is_told_with_its_values_wherever_it_stands(english: str, in_german: str) -> None:
    assert told(english, "de") == in_german
    assert told(english, "en") == english


def test_hostile_text_is_given_back_and_costs_little() -> None:
    for hostile in (": " * 50_000, "' is no " * 50_000, "row 1: " * 500, "(" * 3_000, "\n" * 3_000):
        assert set(told(hostile, "de")) - set("Zeile") <= set(hostile)


def test_an_error_and_the_problems_of_a_file_are_german_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "findbar.toml").write_text('contact = "digital@verband.example"\n', encoding="utf-8")
    (tmp_path / "organisations").mkdir()
    (tmp_path / "organisations/a.toml").write_text('name = "A"\nnaem = "B"\nphone = 5\n', encoding="utf-8")
    with chdir(tmp_path):
        report, plan = (CliRunner().invoke(cli.main, ["--lang", "de", word]) for word in ("report", "plan"))
    assert "gibt es noch nicht. Prüfen Sie zuerst" in report.output
    assert "naem ist kein Schlüssel dieser Tabelle (meinten Sie name?)" in plan.output
    assert "phone muss ein Text in Anführungszeichen sein" in plan.output
