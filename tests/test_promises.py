"""Reply times that are promised or shown: read, kept apart from what is measured, and told; evenings are ranked."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from audit import Page, Visit
from audit.judging.offers import offer
from audit.judging.promising import promises
from audit.judging.rows import subjects_of
from audit.model import Cell, ContactPoint, Listing, Match, Offer, Promise, Result, Service, State, Swiftness
from audit.readers import entities, listings
from audit.readers.labels import label_in, label_of
from audit.readers.pages import listing_of
from audit.readers.promises import duration_hours, reply_hours_in
from reports.html import render
from reports.terminal import print_result
from tests.helpers import NOW, Tiny, judged, organisation, saw, tiny
from tests.result_factory import make_result


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Wir antworten innerhalb von zwei Werktagen.", 48),
        ("In der Regel erhalten Sie binnen 24 Stunden eine Antwort", 24),
        ("Wir melden uns spätestens nach drei Arbeitstagen bei Ihnen!", 72),
        ("Eine Rückmeldung bekommen Sie innerhalb von ein bis zwei Tagen.", 48),
        ("Innerhalb einer Woche hören Sie von uns.", 168),
        ("Wir rufen Sie innerhalb von 30 Minuten zurück. Rückruf möglich.", None),
        ("We reply within 2 working days.", 48),
        ("Chat: Antwort innerhalb von 5 Minuten; Mail: Antwort innerhalb von 2 Tagen", 48),
        ("Sie können den Vertrag innerhalb von 14 Tagen kündigen.", None),
        ("Bitte antworten Sie innerhalb von 14 Tagen auf unser Schreiben.", None),
        ("Widerruf: innerhalb von 14 Tagen, die Antwort kommt per Post.", None),
        ("Innerhalb von drei Tagen war alles fertig. Die Antwort lautet ja.", None),
        ("", None),
    ],
)
def test_a_promised_reply_time_is_read_from_running_text(text: str, hours: float | None) -> None:
    assert reply_hours_in(text) == hours


@given(st.text(max_size=400))
def test_no_text_makes_the_reading_raise(text: str) -> None:
    assert reply_hours_in(f"Antwort innerhalb von {text} Tagen") != 0


def test_durations_for_machines_are_hours() -> None:
    assert duration_hours(["P2D"]) == duration_hours(["PT48H"]) == 48
    assert duration_hours(["P1W", "PT30M"]) == 168
    assert duration_hours(["", "bald", "P1Y", "P", "PT"]) is None


def page(body: str) -> Page:
    return Page(
        visit=Visit("https://haus.example/"), at=NOW, url="https://haus.example/", status=200,
        headers=(("content-type", "text/html"),), body=body.encode(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "swiftness", "hours"),
    [
        ("Antwortet in der Regel innerhalb weniger Stunden", Swiftness.HOURS, None),
        ("Antwortet normalerweise innerhalb einer Stunde", Swiftness.HOURS, 1),
        ("Antwortet in der Regel innerhalb von 3 Stunden", Swiftness.HOURS, 3),
        ("Antwortet meist am selben Tag", Swiftness.DAY, 24),
        ("Antwortet in der Regel sofort", Swiftness.AT_ONCE, None),
        ("Antwortet in wenigen Minuten", Swiftness.MINUTES, None),
        ("Antwort in 1-2 Werktagen", Swiftness.DAYS, 48),
        ("Hohe Reaktionsfreudigkeit bei Nachrichten", Swiftness.MINUTES, 0.25),
        ("Sehr reaktionsfreudig", Swiftness.MINUTES, 0.25),
        ("Antwortzeit:\n  schnell", Swiftness.UNTIMED, None),
        ("mittel", Swiftness.UNTIMED, None),
        ("Typically replies instantly", Swiftness.AT_ONCE, None),
        ("Typically replies within minutes", Swiftness.MINUTES, None),
        ("Typically replies within an hour", Swiftness.HOURS, 1),
        ("Usually responds in a few hours", Swiftness.HOURS, None),
        ("Typically replies within a day", Swiftness.DAY, 24),
        ("Responds within 24h", Swiftness.DAY, 24),
        ("Usually responds within a few days", Swiftness.DAYS, None),
        ("Very responsive to messages", Swiftness.MINUTES, 0.25),
    ],
)
def test_a_label_is_understood_in_german_and_english(said: str, swiftness: Swiftness, hours: float | None) -> None:
    assert label_of(said) == (swiftness, hours)


@pytest.mark.parametrize(
    "said", ["", "Antwortet selten sofort", "Nicht immer schnell", "4,8 Sterne", "Ihre Minutenpreise"]
)
def test_what_is_no_promise_of_a_label_stays_in_its_own_words(said: str) -> None:
    assert label_of(said) is None


@given(st.text())
def test_no_label_breaks_the_reader_or_the_line(text: str) -> None:
    label_of(text)
    assert len(label_in(text)) <= 120
    assert "\n" not in label_in(text)


def test_a_website_promises_in_words_and_for_machines() -> None:
    told = page("<html><body><h1>Beratung</h1><p>Wir antworten innerhalb von zwei Werktagen.</p></body></html>")
    assert listing_of(told).reply_hours == 48
    stated = page(
        """<html><script type="application/ld+json">{"@type": "GovernmentService", "name": "Beratung",
        "telephone": "03611",
        "availableChannel": {"@type": "ServiceChannel", "processingTime": "P3D"}}</script></html>"""
    )
    assert [one.reply_hours for one in listings(stated, entities(stated))] == [72]


def test_promises_of_the_file_and_of_entries_are_listed_with_their_services_and_touch_no_figure() -> None:
    way: Tiny = tiny("tiny")
    plain = organisation()
    own = replace(plain, contact_points=(ContactPoint(channel="mail", value="a@b.example", reply_hours=24.0),))
    shown = Listing(name="Schuldnerberatung", address=plain.locations[0].address, phones=("+49 3600 111",),
                    operator="Hilfe e. V.", reply_badge="schnell", id="1", url="https://x.example/1")  # fmt: skip
    score = judged(saw(way, own, shown), [way], own).score
    assert score.promises == (
        Promise(source="promised", channel="mail", hours=24.0, badge="", services=("schulden",),
                swiftness=Swiftness.DAY),
        Promise(source="tiny", channel="", hours=None, badge="schnell", services=("schulden",),
                swiftness=Swiftness.UNTIMED, seen=NOW.date()),
    )  # fmt: skip
    without = judged(saw(way, plain, replace(shown, reply_badge="")), [way], plain).score
    assert (score.response, score.findability, score.accuracy) == (
        without.response, without.findability, without.accuracy,
    )  # fmt: skip


def test_a_promise_of_several_services_is_as_old_as_the_oldest_look() -> None:
    def cell(service: str) -> Cell:
        listing = Listing(name="x", reply_badge="Typically replies instantly")
        match = Match(subject=f"h/{service}@p", listing=listing, probability=1.0, state="match", grounds=(),
                      recognised="named")  # fmt: skip
        return Cell(subject=f"h/{service}@p", platform="facebook", way="facebook", state=State.COMPLETE, weight=1.0,
                    match=match)  # fmt: skip

    days = {"h/a@p": date(2026, 11, 20), "h/b@p": date(2026, 9, 1)}
    (one,) = promises([cell("a"), cell("b")], organisation(), lambda cell: days[cell.subject])
    assert (one.services, one.seen, one.swiftness) == (("a", "b"), date(2026, 9, 1), Swiftness.AT_ONCE)


@pytest.fixture
def result() -> Result:
    whole = make_result()
    first = whole.columns[0].id
    promised = (Promise(source="promised", channel="mail", hours=96.0, badge="", services=("a", "b")),
                Promise(source=first, channel="", hours=None, badge="schnell", services=("a",),
                        swiftness=Swiftness.UNTIMED, seen=whole.finished.date() - timedelta(days=12)),
                Promise(source=first, channel="", hours=1.0, badge="binnen 1 h", services=("a",),
                        swiftness=Swiftness.HOURS),
                Promise(source=first, channel="", hours=None, badge="flott", services=("a",)))  # fmt: skip
    return replace(whole, score=replace(whole.score, promises=promised))


def test_every_report_ranks_evenings_and_tells_promises_apart(result: Result) -> None:
    english, german = render(result, "en"), render(result, "de")
    console = Console(file=io.StringIO(), width=80)
    print_result(result, "en", console)
    text = " ".join(console.file.getvalue().split())  # type: ignore[attr-defined]
    for told in ("Your own promise, e-mail: an answer within 4 days",
                 "shows “schnell”, no time named (1 service, seen on 12 November 2026, 12 days ago)",
                 "shows “binnen 1 h”, so within 60 minutes (1 service)", "“flott”, words that findbar does not know",
                 "offer no evening. That is the normal case in Germany"):  # fmt: skip
        assert told in english.replace("\u202f", " ").replace("\xa0", " "), told
        assert told in text.replace("\u202f", " ").replace("\xa0", " "), told
    assert "1. " in english
    assert "Ohne Angebot am Abend" in german
    assert "zeigt „schnell“, ohne Zeitangabe (1 Dienst, gesehen am 12. November 2026, vor 12 Tagen)." in german.replace(
        "\xa0", " "
    )


def test_who_offers_more_of_the_evening_stands_first(result: Result) -> None:
    rows = result.rows[:3]
    offers = tuple(Offer(subject=row.subject, office=1, evening=share, weekend=0)
                   for row, share in zip(rows, (0.2, 0.0, 0.7), strict=True))  # fmt: skip
    page = render(replace(result, score=replace(result.score, offers=offers)), "en")
    assert page.index(f"1. {rows[2].service_name}: 70") < page.index(f"2. {rows[0].service_name}: 20")


def test_a_line_that_is_open_day_and_night_offers_every_window() -> None:
    line = Service(id="krise", kind="crisis", name="Krisentelefon", opening_hours="24/7")
    own = organisation(line)
    (subject,) = [one for one in subjects_of(own) if one.offered]
    found = offer(subject, (), own, (), datetime(2026, 11, 24, tzinfo=UTC))
    assert found is not None
    assert (found.office, found.evening, found.weekend) == (1, 1, 1)
