"""No text holds a reader up: every loop gets on, and no pattern reads the same characters in many ways."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import cache
from types import FrameType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import audit.judging
import audit.organisation
import audit.readers
import platforms
from audit.judging.comparing import addresses, housenumbers, nameparts, phones
from audit.organisation import protecting, sheets, values
from audit.readers import (
    addresses_in,
    emails_in,
    fees_in,
    from_german,
    hours_in,
    phones_in,
    repaired,
    sitemaps_of_robots,
    split_street,
)
from tests.patterns import ambiguous, patterns

CALLS = 400  # of functions, for each character
HOURS = (
    "Mo", "Di-Fr", "werktags", "PH", "Feiertag", "SH", "Schulferien", "1.", "letzter", "im Monat", "9-12 Uhr", "9",
    "14:00-16:00", "-", ",", ";", "und", "nach Vereinbarung", "nur nach Vereinbarung", "geschlossen", "off", "außer",
    "ab", "nachmittags", "durchgehend", "24/7", "week", "2-4", "Dez", "31", "[1]", "(", ")", "+", "||", '"', "pm",
)  # fmt: skip
READERS: tuple[Callable[[str], object], ...] = (
    addresses_in, emails_in, fees_in, from_german, hours_in, phones_in, repaired, split_street, sitemaps_of_robots,
    addresses.street_and_number, housenumbers.house_numbers, nameparts.dissect, phones.numbers,
    protecting.shows_address, values.split_street, sheets.cell,
)  # fmt: skip
UNITS = ("a", "0", " ", "\n", "-", ".", "@", "(", '"', "1 -", "1-", "a.", "a-", "Mo ", "(0)", "12345 A", "+49 ", "und ")


class TooLongError(Exception):
    """More steps than the text is worth."""


def steps(read: Callable[[str], object], text: str, most: int) -> int:
    """How many functions are called while a text is read. Raises `TooLongError` after ``most``."""
    count = 0

    def counted(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")
        if count > most:
            raise TooLongError(text)

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        read(text)
    finally:
        sys.setprofile(before)
    return count


def test_a_reader_that_never_ends_is_noticed() -> None:
    def endless(text: str) -> None:
        while text:
            text.strip()

    with pytest.raises(TooLongError):
        steps(endless, "x", 1000)


@cache
def _warm() -> None:
    """The tables are read once, whatever a text says."""
    for read in READERS:
        read("Mo 9-12 Uhr nach Vereinbarung, Tel. 0221 2010")


@given(st.lists(st.sampled_from(HOURS), max_size=12))
@example(["geschlossen", "1.", "PH"])
@example(["geschlossen", "1.", "im Monat"])
def test_opening_hours_of_any_words_are_read_in_as_many_steps_as_they_have(words: list[str]) -> None:
    text = " ".join(words)
    _warm()
    for read in (from_german, repaired, hours_in):
        steps(read, text, CALLS * (len(text) + 20))


@pytest.mark.parametrize("read", READERS, ids=lambda read: f"{read.__module__}.{read.__name__}")
def test_no_unit_repeated_takes_a_reader_more_than_its_share_of_steps(read: Callable[[str], object]) -> None:
    _warm()
    for unit in UNITS:
        text = unit * (200 // len(unit)) + "!"
        steps(read, text, CALLS * len(text))


@pytest.mark.parametrize("package", [audit.readers, audit.judging, audit.organisation, platforms])
def test_no_pattern_can_read_the_same_characters_in_many_ways(package: object) -> None:
    found = {name: told for name, pattern in patterns(package) if (told := ambiguous(pattern))}  # type: ignore[arg-type]  # modules
    assert found == {}


@pytest.mark.parametrize(
    "pattern", [r"(?:\d+)*x", r"\d\s*[a-z]?\s*-", r"^\d(?:\s?-\s?\d\s?)*$", r"(?:-\d{1,4}\s*(?:[a-z])?\s*)*$"]
)
def test_a_pattern_that_reads_blanks_or_digits_in_many_ways_is_noticed(pattern: str) -> None:
    assert ambiguous(re.compile(pattern))


def test_house_numbers_in_a_row_are_read_however_many_they_are() -> None:
    """Each blank between two of them could once be read in two ways: sixty of them would never have ended."""
    row = "1 -" * 60
    assert addresses.street_and_number(row + "x")[1] == ""
    assert values.split_street(f"Weg {row}x") == (f"Weg {row}x", "")
    assert values.split_street("Am Weg 12a -14 b") == ("Am Weg", "12a -14 b")
    assert addresses.street_and_number("Am Weg 12 a - 14 b") == ("amweg", "12 a - 14 b")


def test_a_robots_file_of_blank_lines_and_a_field_of_trunk_zeros_are_read() -> None:
    """The pattern of a line reads no line breaks, and what is left of "(0)(0)" is one blank."""
    assert sitemaps_of_robots("\n" * 300 + "  Sitemap: https://a.example/s.xml\n") == ("https://a.example/s.xml",)
    assert [one.e164 for one in phones.numbers("(0)" * 300 + " 0221 2010")] == ["+492212010"]
