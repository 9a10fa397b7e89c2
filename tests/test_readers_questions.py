from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import NotUnderstood
from audit.readers import Said, day, exchange, exchanges, is_question, moment

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
LATER = AT + timedelta(hours=3)


@pytest.mark.parametrize(
    "text",
    [
        "Wo finde ich die Schuldnerberatung?",
        "ich suche eine Tagesmutter in Musterstadt",
        "Brauche dringend Hilfe bei einem Antrag",
        "@verein Kann mir jemand sagen, wann Ihr offen habt",
        "Bitte um Rückruf, danke",
        "Wüsste gern, ob es noch Plätze gibt",
        "Does anyone know the opening hours",
        "I am looking for a place in a day-care centre",
        "はい、質問です、いつですか？",
        "Gute Frage! Wann macht Ihr wieder auf?",
    ],
)
def test_texts_that_ask_for_help_or_information_are_questions(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "Danke für alles!",
        "Toll, dass es Euch gibt.",
        "Das ist keine Frage, Ihr seid super",
        "Ohne Frage ein schönes Fest",
        "Ganz toller Beitrag: https://example.org/seite?id=3&x=1",
        "???",
        "😍😍😍 ?",
        "@verein #frage",
        "Wie schön ist das denn!?",
        "",
    ],
)
def test_thanks_praise_links_and_bare_marks_are_none(text: str) -> None:
    assert not is_question(text)


def test_a_question_far_behind_in_a_long_text_does_not_slow_anything_down() -> None:
    assert not is_question("wort " * 100_000 + "?")


def test_the_first_answer_counts_and_what_nobody_can_know_is_left_out() -> None:
    comments = [
        Said(key="1", at=AT, text="Wann habt Ihr offen?", answers=(LATER + timedelta(hours=5), LATER)),
        Said(key="2", at=AT, text="Gibt es noch Plätze?"),
        Said(key="3", at=AT, text="Und wo genau ist das?", whole=False),
        Said(key="4", at=AT, text="Habt Ihr Fragen?", own=True),
        Said(key="5", at=AT, text="Schönes Bild"),
    ]
    assert [(e.kind, e.answered_at) for e in exchanges(comments)] == [
        ("question", LATER), ("question", None), ("comment", None),
    ]  # fmt: skip


def test_neither_an_id_nor_an_answer_before_the_question_is_kept() -> None:
    found = exchange("did:plc:jemand/post/1", LATER, AT)
    assert found.answered_at is None
    assert "jemand" not in repr(found)
    assert exchange("did:plc:jemand/post/1", LATER, AT).id == found.id


def test_times_need_a_zone() -> None:
    assert moment("2026-11-20T11:00:00+0100") == moment("2026-11-20T10:00:00.000Z") == AT
    for text in ("2026-11-20T10:00:00", "yesterday", None, 5, "0001-01-01T00:00:00+14:00"):
        with pytest.raises(NotUnderstood):
            moment(text)


def test_a_day_is_read_as_it_stands_or_not_at_all() -> None:
    assert str(day("2026-11-20T23:59:00-08:00")) == "2026-11-20"
    assert day("soon") is day(None) is None


@given(st.text(max_size=300))
def test_any_text_is_a_question_or_not(text: str) -> None:
    assert is_question(text) in (True, False)
