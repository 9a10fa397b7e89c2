"""Telephone numbers, e-mail addresses, postal addresses, fees and access words in text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import Page, Visit
from audit.readers import access_in, addresses_in, emails, emails_in, fees_in, parts_of, phones, phones_in, split_street


def page(body: str) -> Page:
    """A German page with this body."""
    source = f"<html><body>{body}</body></html>".encode()
    html = (("content-type", "text/html; charset=utf-8"),)
    return Page(visit=Visit("https://a.example/"), at=datetime(2026, 11, 23, tzinfo=UTC), body=source, headers=html)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Tel. 0221 / 20 10-123, Fax 0221 / 20 10-124", ("0221 / 20 10-123",)),
        ("0221/2010-12 oder -13", ("0221/2010-12",)),
        ("Tel.: +49 (09 31) 3 08 63-0", ("+49 (09 31) 3 08 63-0",)),
        ("Telefax: 030 810160-31", ()),
        ("IBAN DE89 3704 0044 0532 0130 00", ()),
        ("am 01.02.2026 um 09:30 Uhr", ()),
        ("0171 1234567 und nochmals +49 171 1234567", ("0171 1234567",)),
        ("0800 1110111 (rund um die Uhr)", ("0800 1110111",)),
        ("0221 GELD-WEG", ()),
    ],
)
def test_numbers_to_call_are_found_and_others_are_not(text: str, numbers: tuple[str, ...]) -> None:
    assert phones_in(text) == numbers


def test_a_tel_link_comes_first_and_its_number_only_once() -> None:
    body = "<p>0202 11 22-0</p><p>0202 998877</p><a href='tel:+4920211220'>anrufen</a>"
    assert phones(page(body)) == ("+4920211220", "0202 998877")


def test_mail_addresses_are_found_in_every_spelling_but_not_in_image_names() -> None:
    text = "a.b@haus.example info(at)haus.example rat [at] haus [punkt] example bild@2x.png"
    assert emails_in(text) == ("a.b@haus.example", "info@haus.example", "rat@haus.example")


def test_a_mailto_link_loses_its_subject() -> None:
    assert emails(page("<a href='mailto:info%40haus.example?subject=x'>Mail</a>")) == ("info@haus.example",)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Lindenhaus Auental Lindenstraße 12 a, 12345 Auental Telefon", "Lindenstraße 12 a, 12345 Auental"),
        ("An der alten Mühle 5\nD-12345 Bad Homburg\nTel", "An der alten Mühle 5, 12345 Bad Homburg"),
        ("Berliner Str. 7-9 · 60311 Frankfurt am Main", "Berliner Str. 7-9, 60311 Frankfurt am Main"),
        ("Wien\nAm Markt 1\n55116 Mainz", "Am Markt 1, 55116 Mainz"),
        ("Marientreppe 10, 24939 Flensburg", "Marientreppe 10, 24939 Flensburg"),
        ("in der Lindenstraße 4 in 50674 Köln.", "Lindenstraße 4, 50674 Köln"),
        ("Konrad-Adenauer-Platz 3, 02923 Horka", "Konrad-Adenauer-Platz 3, 02923 Horka"),
    ],
)
def test_postal_addresses_are_found(text: str, address: str) -> None:
    assert [str(one) for one in addresses_in(text)] == [address]


@pytest.mark.parametrize(
    "text", ["Postfach 10 20, 12345 Auental", "seit 1990 haben 12345 Menschen", "Straße des 17. Juni 135, 10623 Berlin"]
)
def test_what_is_no_plain_address_is_not_guessed(text: str) -> None:
    assert addresses_in(text) == ()


def test_street_and_number_come_apart() -> None:
    assert split_street("Lindenstraße 12 a") == ("Lindenstraße", "12 a")
    assert split_street("Hauptstr.5-7") == ("Hauptstr.", "5-7")
    assert split_street("Am Markt") == ("Am Markt", "")


def test_fees_and_access_are_quoted_as_they_stand() -> None:
    text = "Wir beraten. Die Beratung ist nicht kostenlos! Das Haus ist barrierefrei."
    assert fees_in(text) == "Die Beratung ist nicht kostenlos"
    assert access_in(text) == "Das Haus ist barrierefrei"


@given(st.text(alphabet="0123456789+-/() .@aAßtrSmbDe\n,§€\x00", max_size=200))
def test_no_text_makes_the_readers_raise(text: str) -> None:
    assert len(phones_in(text)) <= 30
    assert len(emails_in(text)) <= 30
    assert all(one.postcode for one in addresses_in(text))
    fees_in(text)
    split_street(text)


# --- e-mail addresses hidden from robots


@pytest.mark.parametrize(
    "text",
    [
        "info (at) haus-xy.example", "info[ät]haus-xy.example", "info [ A T ] haus-xy [punkt] example",
        "info(at)haus-xy(dot)example", "info {at} haus-xy.example", "info<at>haus-xy.example", "info(a)haus-xy.example",
        "info @ haus-xy.example", "info\n@\nhaus-xy.example", "E-Mail: info at haus-xy.example",
        "info at haus-xy dot example", "info (Klammeraffe) haus-xy.example",
    ],
)  # fmt: skip
def test_an_address_written_for_people_only_is_read(text: str) -> None:
    assert emails_in(f"Schreiben Sie uns: {text}, wir antworten.") == ("info@haus-xy.example",)


@pytest.mark.parametrize(
    "text", ["Folgen Sie uns\n@haus.social", "Look at example.com", "Absatz (a) Haus.Eins", "Kontakt (a) haus.example"]
)
def test_what_only_looks_like_a_disguised_address_is_none(text: str) -> None:
    assert emails_in(text) == ()


def moved(text: str, distance: int) -> str:
    """Letters moved as TYPO3 does."""
    ranges = ((0x2B, 0x3A), (0x40, 0x5A), (0x61, 0x7A))
    found = ""
    for one in text:
        first, last = next(((a, b) for a, b in ranges if a <= ord(one) <= b), (0, 0))
        found += chr(first + (ord(one) - first + distance) % (last - first + 1)) if last else one
    return found


def covered(text: str, key: int) -> str:
    """An address as Cloudflare covers it."""
    return bytes([key, *(one ^ key for one in text.encode())]).hex()


@pytest.mark.parametrize(
    "markup",
    [
        f"<span class='__cf_email__' data-cfemail='{covered('rat@haus.example', 0x5A)}'>[email&#160;protected]</span>",
        f"<a href='/cdn-cgi/l/email-protection#{covered('rat@haus.example?subject=Frage', 7)}'>schreiben</a>",
        f"""<a href="javascript:linkTo_UnCryptMailto('{moved("mailto:rat@haus.example", 1)}');">schreiben</a>""",
        f"""<a href="javascript:linkTo_UnCryptMailto(%27{moved("mailto:rat@haus.example", -3)}%27);">schreiben</a>""",
        f"<a href='#' data-mailto-token='{moved('mailto:rat@haus.example', 5)}' data-mailto-vector='5'>schreiben</a>",
        "<span data-user='rat' data-domain='haus.example'></span>",
        "<span data-name='rat' data-domain='haus' data-tld='example'></span>",
        "<span style='unicode-bidi: bidi-override; direction: rtl'>elpmaxe.suah@tar</span>",
        "rat<span>@</span>haus.example",
    ],
)
def test_an_address_that_needs_no_script_to_be_read_is_read(markup: str) -> None:
    assert emails(page(f"<p>{markup}</p>")) == ("rat@haus.example",)


@given(st.lists(st.sampled_from(["(", "at", ")", "@", " ", "a", ".de", "dot", "[", "Mail:", "\n"]), max_size=40))
def test_reading_addresses_again_finds_the_same(parts: list[str]) -> None:
    once = emails_in("".join(parts))
    assert emails_in(" ; ".join(once)) == once


# --- several places on one page


PLACES = """<h1>Unsere Standorte</h1>
<div><h3>Schuldnerberatung Mitte</h3><p>Lindenstraße 4<br>42103 Auental<br>Tel. 0202 245921<br>Mo-Fr 9-12 Uhr</p></div>
<div><b>Kita Sonnenhang</b><br>Lindenhaus e. V.<br>Am Hang 3 a<br>42109 Auental<br>Telefon: 0202 998877<br>
kita (at) lindenhaus.example</div>"""


def test_each_place_of_a_page_keeps_its_own_facts() -> None:
    first, second = parts_of(page(PLACES))
    assert (first.name, str(first.address)) == ("Schuldnerberatung Mitte", "Lindenstraße 4, 42103 Auental")
    assert (first.phones, first.opening_hours, first.emails) == (("0202 245921",), "Mo-Fr 09:00-12:00", ())
    assert (second.name, str(second.address)) == ("Kita Sonnenhang", "Am Hang 3 a, 42109 Auental")
    assert (second.phones, second.emails) == (("0202 998877",), ("kita@lindenhaus.example",))


def test_a_page_with_one_address_has_no_parts() -> None:
    assert parts_of(page("<h1>Kita</h1><p>Am Hang 3, 42109 Auental, Tel. 0202 998877</p>")) == []
