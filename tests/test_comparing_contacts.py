"""Phones, web addresses, e-mail addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.judging.comparing import emails, phones, web
from audit.model import Level


@pytest.mark.parametrize(
    "spelling",
    ["+49 89 4891846", "089/489 18 46", "(089) 4891846", "+49 (0)89 4891846", "0049-89-4891846", "089\u200b4891846"],
)
def test_spellings_of_one_number_are_the_same(spelling: str) -> None:
    assert phones.compare("089 4891846", spelling).level is Level.SAME


def test_several_numbers_in_a_field_are_all_read() -> None:
    found = phones.numbers("Tel. 089/313559 oder 0176 16720901, Fax 089 999999")
    assert [phone.e164 for phone in found] == ["+4989313559", "+4917616720901"]


def test_an_extension_of_the_same_switchboard_is_partly_right() -> None:
    assert phones.compare("089 5519679-0", "089 5519679-41").weight_key == "switchboard"
    assert phones.compare("089 55196790", "089 551967941").weight_key == "switchboard"
    assert phones.compare("089 452235420", "089 452235465").level is Level.CONFLICT


def test_a_missing_area_code_is_partly_right_and_a_wrong_digit_a_conflict() -> None:
    assert phones.compare("089 313559", "313559").level is Level.PARTIAL
    assert phones.compare("089 4891846", "089 4891847").level is Level.CONFLICT


def test_two_extensions_written_as_one_number_are_the_first() -> None:
    assert phones.compare("089/12 34 56 -78 /-79", "089 12345678").level is Level.SAME


def test_abroad_the_last_four_digits_are_no_extension() -> None:
    assert phones.compare("213-857-0034", "213-857-0099", region="US").weight_key == "other"
    assert phones.compare("213/857 -0034", "(213) 857-0034", region="US").weight_key == "same"


def test_short_numbers_of_help_lines_are_numbers() -> None:
    assert phones.compare("116 123", "116123").level is Level.SAME


def test_scheme_www_slash_and_tracking_do_not_make_another_page() -> None:
    assert web.compare("https://www.awo.de/kita/?utm_source=x&fbclid=1", "http://awo.de/kita").level is Level.SAME


def test_an_umlaut_in_a_domain_is_what_dns_makes_of_it() -> None:
    assert web.compare("awo-münchen.de/kita", "https://xn--awo-mnchen-eeb.de/kita").level is Level.SAME


def test_another_page_of_the_domain_is_partly_right_but_not_on_a_shared_host() -> None:
    assert web.compare("https://awo.de/kita-a", "https://koeln.awo.de/kita-b").weight_key == "domain"
    assert web.compare("facebook.com/kita.a", "facebook.com/kita.b").level is Level.CONFLICT
    assert web.compare("https://awo-a.de", "https://awo-b.de").level is Level.CONFLICT


def test_the_domain_of_the_mail_address_confirms_a_web_address() -> None:
    found = web.compare((), "https://awo-muenchen.de", mail_domains=frozenset({"awo-muenchen.de"}))
    assert found.level is Level.PARTIAL


def test_a_domain_is_what_somebody_registered() -> None:
    assert web.registrable("www.kita.awo.de") == "awo.de"
    assert web.registrable("a.b.co.uk") == "b.co.uk"


def test_mail_addresses() -> None:
    assert emails.compare("Info@AWO.de", "mailto:info@awo.de?subject=x").level is Level.SAME
    assert emails.compare("kita@awo.de", "info@awo.de").level is Level.PARTIAL
    assert emails.compare("kita@gmx.de", "other@gmx.de").level is Level.CONFLICT


@pytest.mark.parametrize("written", ["info(at)awo.de", "info [at] awo [punkt] de", "INFO {at} awo (dot) de"])
def test_a_mail_address_written_out_against_robots_is_read(written: str) -> None:
    assert emails.addresses(written) == ("info@awo.de",)


@given(st.text(max_size=50), st.text(max_size=50))
def test_no_text_makes_a_contact_raise_and_comparing_is_symmetric(one: str, other: str) -> None:
    for field in (phones, web, emails):
        assert field.compare(one, other).level is field.compare(other, one).level
    web.web_address(f"https://{one}/{other}?{one}")
    phones.numbers(f"+49 {one}")


@given(st.from_regex(r"0[1-9][0-9]{4,10}", fullmatch=True))
def test_a_number_in_its_normal_form_reads_as_itself(text: str) -> None:
    for phone in phones.numbers(text):
        assert phones.numbers(phone.e164)[0].e164 == phone.e164
