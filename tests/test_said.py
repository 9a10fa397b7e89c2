"""What the engine says to people is a code with values, and has a text in both languages."""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import replace
from string import Formatter

import pytest

import platforms
from audit.assisted import AssistedChecker, load_shipped
from audit.checker import Checker
from audit.judging.comparing import addresses, geo, phones, web
from audit.judging.matching import compare_pair, facts
from audit.left_out import load_left_out
from audit.linked import LinkChecker
from audit.model import Access, Address, Ground, Level, Reason, Said
from audit.overview import keys_of
from audit.registry import find
from audit.saying import Remarks, english, say, sayings, without_values
from audit.settings import Settings
from audit.visiting.planning import Means, unavailable
from reports.shield import shield
from reports.wording import german, key_note, reason_in, terms_note, worded
from tests.conftest import ROOT
from tests.helpers import tiny
from tests.result_factory import make_result
from tests.test_matching import ADDRESS, DEBT_KEY, SUBJECTS, listing
from tests.test_report_texts import below, entries

SAYING = [p for p in (ROOT / "audit").rglob("*.py") if "audit.saying import" in p.read_text("utf-8")]


def values(text: str) -> set[str]:
    """The numbers of the values that a text puts in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def calls() -> list[ast.Call]:
    """Every ``say(…)`` of the engine."""
    nodes = (node for path in SAYING for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    return [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say"]


def pattern(code: ast.expr) -> str:
    """The codes that a call may say: one, or all that an f-string may become."""
    if isinstance(code, ast.JoinedStr):
        return "".join(pattern(part) if isinstance(part, ast.Constant) else "[a-z-]+" for part in code.values)
    return re.escape(str(ast.literal_eval(code)))


def test_every_code_has_an_english_and_a_german_text_with_the_same_values() -> None:
    texts = {code: str(entries("de")[f"said.{code}"].string) for code in below("de", "said")}
    assert texts.keys() == sayings().keys()
    for code, text in sayings().items():
        assert values(text) == values(texts[code]) == {str(at) for at in range(len(values(text)))}, code


def test_everything_that_is_said_has_a_code_and_every_code_is_said_somewhere() -> None:
    said = [pattern(call.args[0]) for call in calls()]
    assert [one for one in said if not any(re.fullmatch(one, code) for code in sayings())] == []
    assert [code for code in sayings() if not any(re.fullmatch(one, code) for one in said)] == []


def test_as_many_values_are_said_as_the_text_puts_in() -> None:
    for call in calls():
        code, *parts = call.args
        if not any(isinstance(part, ast.Starred) for part in parts):
            fitting = [text for one, text in sayings().items() if re.fullmatch(pattern(code), one)]
            assert len(parts) in {len(values(text)) for text in fitting}, ast.unparse(call)


def test_every_kind_of_service_that_a_name_tells_has_a_german_word() -> None:
    fields = tomllib.loads((ROOT / "audit/judging/comparing/kinds.toml").read_text("utf-8"))
    kinds = {f"{field} {group}".replace("_", " ") for field, groups in fields.items() for group in groups}
    assert kinds == below("de", "said_kind")


def test_every_reason_why_a_way_has_no_control_is_german_too() -> None:
    ways: list[Checker | type[Checker]] = [*find(platforms).checkers, AssistedChecker, LinkChecker]
    reasons = {way.control.none_because for way in ways if way.control.none_because}
    assert {f"said_reason.{reason}" for reason in reasons} == {
        key for key in entries("de") if key.startswith("said_reason.")
    }


def test_every_key_says_where_it_is_given_out_and_what_it_needs_in_both_languages() -> None:
    keys = {key for way in find(platforms).checkers for key in keys_of(way)}
    assert [key for key in keys if not key.get_url.startswith("https://") or not key.note] == []
    assert {key.note for key in keys} == {
        key.removeprefix("said_key.") for key in entries("de") if key.startswith("said_key.")
    }
    assert (key_note("An account.", "de"), key_note("An account.", "en")) == ("„An account.“", "An account.")


def test_the_terms_of_every_way_and_why_a_platform_is_left_out_are_told_in_both_languages() -> None:
    folder = ROOT / "platforms"
    ways = (way for way in (*find(platforms).checkers, *load_shipped(folder)) if way.access is not Access.ASSISTED)
    notes = {way.terms.note for way in ways if way.terms.note} | {row.because for row in load_left_out(folder)}
    assert {f"said_note.{note}" for note in notes} == {key for key in entries("de") if key.startswith("said_note.")}
    assert (terms_note("Ask first.", "de"), terms_note("Ask first.", "en")) == ("„Ask first.“", "Ask first.")


FAR = Address(street="Lindenstr.", house_number="12", postcode="50674", city="Köln")


@pytest.mark.parametrize(
    ("said", "in_english", "in_german"),
    [
        (say("phone-same") + say("shared"), "same phone, which others share",
         "gleiche Telefonnummer, die auch andere Dienste angeben"),
        (addresses.compare(ADDRESS, FAR).said, "same street, other house number (12, not 5)",
         "gleiche Straße, andere Hausnummer (12 statt 5)"),
        (say("name-alike", "92"), "name 92 % alike", "Name zu 92 % gleich"),
        (web.compare("x.de/a", "x.de/b").said, "same domain (x.de), other page", "gleiche Domain (x.de), andere Seite"),
        (geo.compare((50.0, 7.0), (50.1, 7.0)).said, "11.1 km apart", "11,1 km entfernt"),
        (say("kind-other", "daycare creche, advice debt", "advice general"),
         "another kind of service (daycare creche, advice debt, not advice general)",
         "andere Art von Dienst (Krippe, Schuldnerberatung statt Beratung)"),
        (phones.compare("", "").said, "on neither side", "auf keiner Seite"),
        (say("hours", "The hours agree"), "The hours agree", "Die Zeiten stimmen überein"),
    ],
)  # fmt: skip
def test_remarks_become_a_sentence_in_both_languages(said: Remarks, in_english: str, in_german: str) -> None:
    assert (english(said), german(said, "")) == (in_english, in_german)


def test_every_ground_of_a_pair_is_said_in_german() -> None:
    subject = next(subject for subject in SUBJECTS if subject.key == DEBT_KEY)
    for shown in (listing("Caritas Suchtberatung"), listing("Kita Regenbogen", address=FAR, phones=("030 1",))):
        for ground in compare_pair(subject, facts(subject), shown):
            assert english(ground.said) == ground.why == reason_in(ground, "en")
            assert reason_in(ground, "de") not in (ground.why, ""), ground


def test_what_an_earlier_or_later_version_said_stays_as_it_was_stored() -> None:
    earlier = Ground(field="phone", level=Level.SAME, weight=1.0, why="same phone")
    later = replace(earlier, said=(Said("never-heard-of"),), why="something new")
    broken = replace(earlier, said=(Said("name-alike"),))
    assert [reason_in(one, "de") for one in (earlier, later, broken)] == ["same phone", "something new", "same phone"]
    assert english(later.said) == "never-heard-of"


def test_what_hinders_a_way_is_told_in_german_with_its_cure() -> None:
    reason, said = unavailable(tiny(keys=("TINY_KEY",)), Settings(), Means()) or (None, ())
    way = replace(make_result().columns[0].ways[0], reason=reason, detail=english(said), detail_said=said)
    result = make_result()
    shown = worded(replace(result, columns=(replace(result.columns[0], ways=(way,)),)), "de").columns[0].ways[0]
    assert (way.detail, shown.detail) == (
        "set TINY_KEY in the environment", "die Umgebungsvariable TINY_KEY setzen"
    )  # fmt: skip


def test_words_that_are_none_of_ours_are_quoted_between_german_ones() -> None:
    way = replace(
        make_result().columns[0].ways[0], reason=Reason.CHECKER_BROKEN, detail="TypeError: no", detail_said=()
    )
    result = make_result()
    shown = worded(replace(result, columns=(replace(result.columns[0], ways=(way,)),)), "de").columns[0].ways[0]
    assert shown.detail == "„TypeError: no“"
    assert german(say("control-none", "we know nobody there"), "") == "„we know nobody there“"
    assert german(say("plugin-broken", "ours", "boom"), "") == "ours ließ sich nicht laden („boom“)"


def test_only_remarks_without_values_are_kept_where_nothing_may_be_quoted() -> None:
    assert without_values(say("link-domain", "x.de") + say("link-page")) == say("link-page")


def test_of_a_protected_service_no_remark_is_shown() -> None:
    result = make_result()
    cells = tuple(
        replace(cell, findings=tuple(replace(one, said=say("hours", "secret")) for one in cell.findings))
        for cell in result.cells
    )
    hidden = {row.subject for row in result.rows if row.protected}
    shown = [
        one for cell in shield(replace(result, cells=cells)).cells if cell.subject in hidden for one in cell.findings
    ]
    assert shown
    assert not any(one.said for one in shown)
