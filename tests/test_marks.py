"""The marks of answers that are not the page asked for, and of pages that only look like one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.model import Reason, Visit
from audit.page import Page
from audit.visiting.marks import classify, retry_after

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ASKED = "https://platform.example/suche?q=kita"


def page(body: str | bytes = "", status: int = 200, url: str = ASKED, kind: str = "text/html", **headers: str) -> Page:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    raw = body.encode() if isinstance(body, str) else body
    return Page(
        visit=Visit(ASKED), at=NOW, url=url, status=status, headers=(("content-type", kind), *named), body=raw
    )  # fmt: skip


def titled(title: str, text: str = "") -> str:
    return f"<html><head><title>{title}</title></head><body>{text}</body></html>"


ARTICLE = "<p>Die Beratungsstelle hilft Menschen in Musterstadt bei Schulden und Sorgen um Geld.</p>" * 60


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (page(status=429), Reason.RATE_LIMITED),
        (page(titled("Just a moment..."), 429), Reason.RATE_LIMITED),
        (page(status=403), Reason.BLOCKED),
        (page("{}", 403, kind="application/json"), Reason.BLOCKED),
        (page(status=406), Reason.BLOCKED),
        (page(status=451), Reason.BLOCKED),
        (page(status=401), Reason.LOGIN_WALL),
        (page(titled("Mitglieder", "Bitte anmelden, um weiterzulesen."), 403), Reason.LOGIN_WALL),
        (page(titled("Just a moment..."), 403, cf_mitigated="challenge"), Reason.BLOCKED),
        (page(titled("Just a moment...")), Reason.BLOCKED),
        (page(titled("Attention Required! | Cloudflare")), Reason.BLOCKED),
        (page(titled("Nur einen Moment…"), 503), Reason.BLOCKED),
        (page("", 202, x_amzn_waf_action="challenge"), Reason.BLOCKED),
        (page("", 403, x_datadome="protected"), Reason.BLOCKED),
        (page('<html><body><script src="https://geo.captcha-delivery.com/c.js"></script>', 200), Reason.BLOCKED),
        (page(titled("Making sure you're not a bot!")), Reason.BLOCKED),
        (page(titled("Pardon Our Interruption")), Reason.BLOCKED),
        (page(titled("", "Request unsuccessful. Incapsula incident ID: 12-34")), Reason.BLOCKED),
        (page(status=500), Reason.SERVER_ERROR),
        (page(status=502), Reason.SERVER_ERROR),
        (page("{}", 503, kind="application/json"), Reason.SERVER_ERROR),
        (page(titled("503", "Wegen Wartungsarbeiten nicht erreichbar."), 503), Reason.MAINTENANCE),
        (page(titled("Wartungsarbeiten", "Wir sind bald zurück.")), Reason.MAINTENANCE),
        (page(titled("AWO Musterstadt", "Unsere Seite wird gerade gewartet.")), Reason.MAINTENANCE),
        (page(titled("Site maintenance")), Reason.MAINTENANCE),
        (page(titled("x"), url="https://consent.google.com/ml?continue=x"), Reason.CONSENT_WALL),
        (page(titled("Bevor Sie zu Google weitergehen", ARTICLE)), Reason.CONSENT_WALL),
        (page(titled("Portal", "Wir verwenden Cookies. Mit Ihrer Einwilligung verarbeiten unsere Partner Daten. "
                     "Alle akzeptieren. Ablehnen. Einstellungen. Datenschutz.")), Reason.CONSENT_WALL),
        (page(titled("Facebook"), url="https://www.facebook.com/login/?next=x"), Reason.LOGIN_WALL),
        (page(titled("Log in to Facebook")), Reason.LOGIN_WALL),
    ],
)  # fmt: skip
def test_every_kind_of_bad_answer_has_its_word(answer: Page, reason: Reason) -> None:
    verdict = classify(answer)
    assert verdict is not None
    assert verdict[0] is reason
    assert verdict[1]


@pytest.mark.parametrize(
    "answer",
    [
        page(titled("AWO Musterstadt", ARTICLE)),
        page(titled("Kontakt", '<form><div class="g-recaptcha" data-sitekey="x"></div><input name="captcha"></form>')),
        page(titled("Beratung", ARTICLE + '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>')),
        page(
            titled("Beratung", ARTICLE + "<div>Wir verwenden Cookies. Alle akzeptieren. Ablehnen. Datenschutz.</div>")
        ),
        page(titled("Captcha: wie wir Formulare schützen", ARTICLE)),
        page(titled("Wartungsarbeiten an der Heizung im Haus Sonnenschein", ARTICLE)),
        page(titled("Kita Regenbogen", "<p>Wegen Wartungsarbeiten bleibt das Telefon am 3. Mai stumm.</p>" + ARTICLE)),
        page(titled("Nichts gefunden", "Keine Treffer für kita."), 404),
        page(titled("x"), url=ASKED, x_datadome="protected"),
        page("[]", kind="application/json"),
        page('{"text": "just a moment... captcha wartungsarbeiten"}', kind="application/json"),
        page("", 200),
        page("", 400),
        page(titled("Login-Hilfe"), url="https://platform.example/suche/login-hilfe"),
    ],
)
def test_ordinary_pages_are_left_to_their_reader(answer: Page) -> None:
    assert classify(answer) is None


def test_a_checker_adds_marks_of_its_own_platform() -> None:
    verdict = classify(page("<p>Ihre IP ist gesperrt: ABC"), ("Ihre IP ist gesperrt",))
    assert verdict is not None
    assert verdict[0] is Reason.BLOCKED


@pytest.mark.shared
def test_no_real_page_is_taken_for_a_block_but_the_one_that_is(shared: Path) -> None:
    files = sorted([*shared.glob("data/pages/*.html"), *shared.glob("recordings/*/*.htm*")])
    found = {file.name: verdict[0] for file in files if (verdict := classify(page(file.read_bytes())))}
    assert len(files) > 20
    assert found == {"alexreisner-nominatim-over-limit.html": Reason.RATE_LIMITED}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "120"}, 120),
        ({"retry_after": " 2.5 "}, 2.5),
        ({"retry_after": format_datetime(NOW + timedelta(minutes=5), usegmt=True)}, 300),
        ({"retry_after": format_datetime(NOW - timedelta(minutes=5), usegmt=True)}, 0),
        ({"x_ratelimit_reset": "2026-11-24T12:03:00.000Z"}, 180),
        ({"x_ratelimit_reset": str(int(NOW.timestamp()) + 60)}, 60),
        ({"ratelimit_reset": "45"}, 45),
        ({"retry_after": "30", "x_ratelimit_reset": "2026-11-24T12:03:00Z"}, 30),
        ({"retry_after": "bald"}, None),
        ({"retry_after": "nan"}, None),
        ({"retry_after": "-5"}, None),
        ({"retry_after": "9" * 400}, None),
        ({}, None),
    ],
)
def test_waiting_times_are_read_in_all_their_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(page(status=429, **headers), NOW) == seconds


def test_a_reset_time_is_no_waiting_time_while_requests_remain() -> None:
    assert retry_after(page(x_ratelimit_reset="2026-11-24T12:03:00Z", x_ratelimit_remaining="17"), NOW) is None
    assert retry_after(page(x_ratelimit_reset="2026-11-24T12:03:00Z", x_ratelimit_remaining="0"), NOW) == 180


@given(st.binary(max_size=200), st.integers(100, 599), st.text(max_size=30), st.text(max_size=40))
def test_any_answer_is_classified_without_an_error(body: bytes, status: int, kind: str, value: str) -> None:
    answer = page(b"<title>" + body, status, kind=kind, url=value, retry_after=value, x_ratelimit_reset=value)
    verdict = classify(answer, expects_json=True)
    assert verdict is None or isinstance(verdict[0], Reason)
    seconds = retry_after(answer, NOW)
    assert seconds is None or 0 <= seconds < 10**9
