from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import Action, Listing, Nothing
from audit.model import BY_NAME
from audit.readers import account, addresses, bearers, is_own, latest, name_in, namesakes, parameter


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mehr auf caritas-musterstadt.de/beratung!", ("https://caritas-musterstadt.de/beratung",)),
        ("www.verein.example, http://b.example/x?y=1.", ("https://www.verein.example", "http://b.example/x?y=1")),
        ("Mail: rat.hilfe@verein.de, z.B. Mo-Fr, e.V., Nr.5", ()),
        ("(https://verein.de)", ("https://verein.de",)),
        ("", ()),
    ],
)
def test_addresses_are_found_in_plain_text_and_mail_is_none(text: str, found: tuple[str, ...]) -> None:
    assert addresses(text) == found


def test_at_most_ten_addresses_are_taken() -> None:
    assert len(addresses(" ".join(f"a{n}.de" for n in range(50)))) == 10


@pytest.mark.parametrize(
    ("url", "after", "name"),
    [
        ("https://bsky.app/profile/awo.de", ("profile",), "awo.de"),
        ("https://bsky.app/", ("profile",), ""),
        ("https://www.youtube.com/@Awo", ("",), "Awo"),
        ("https://t.me/s/awo", ("s", ""), "awo"),
        ("https://t.me/awo", ("s", ""), "awo"),
        ("https://x.example/%C3%A4rzte/", ("",), "ärzte"),
        ("ftp://x.example/awo", ("",), ""),
        ("http://[::1/awo", ("",), ""),
        ("", ("",), ""),
    ],
)
def test_the_name_stands_in_the_path(url: str, after: tuple[str, ...], name: str) -> None:
    assert name_in(url, after) == name


def test_a_parameter_is_read_or_empty() -> None:
    assert parameter("https://facebook.com/profile.php?id=12&x=1", "id") == "12"
    assert parameter("https://facebook.com/awo", "id") == parameter("http://[", "id") == ""
    assert parameter("https://a.example/?" + "&".join(f"a{n}=1" for n in range(300)), "id") == ""


def test_an_account_shows_its_links_and_those_in_its_words_once_and_the_steps_that_follow() -> None:
    said = "Fragen? www.hilfe.example oder https://t.co/x1"
    links = ["", "https://a.example", "https://a.example"]
    shown = account("", key="", url="https://x.example/hilfe", handle="hilfe", said=said, websites=links)
    assert (shown.name, shown.id, shown.alternate_names, shown.text) == ("hilfe", "hilfe", ("hilfe",), said)
    assert shown.websites == ("https://a.example", "https://www.hilfe.example")
    assert shown.actions == (Action.WRITE, Action.VISIT_WEBSITE)
    assert account("Hilfe", key="1", url="https://x.example/1", text="other").actions == (Action.WRITE,)


def test_a_search_in_which_nobody_bears_the_name_says_so() -> None:
    assert [type(item) for item in bearers([Listing(name="Sportverein")], "Hilfe")] == [Nothing]
    assert [item.tags for item in bearers([Listing(name="Hilfe")], "Hilfe") if isinstance(item, Listing)] == [
        (BY_NAME,)
    ]


def test_the_last_of_several_days_is_told_and_what_is_no_day_does_not_count() -> None:
    assert latest(["2026-01-02T03:04:05Z", None, "soon", "2026-03-01"]) == date(2026, 3, 1)
    assert latest([]) is None


def test_namesakes_hold_every_word_that_says_something() -> None:
    names = ["AWO Kreisverband Musterstadt", "Kreisverband der AWO in Musterstadt e.V.", "AWO Bund", "Musterstadt", ""]
    found = namesakes([Listing(name=name) for name in names], "AWO Kreisverband Musterstadt e. V.")
    assert [listing.name for listing in found] == names[:2]
    assert all(listing.tags == (BY_NAME,) for listing in found)
    assert namesakes([Listing(name="e. V.")], "e. V.") == []


def test_a_name_is_own_in_any_case_and_nothing_else_is() -> None:
    assert is_own("Verein", None, 7, "VEREIN")
    assert not is_own("verein", "vereine")


@given(st.text(max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    addresses(text)
    name_in(text, ("p", ""))
    parameter(text, "id")
    namesakes([Listing(name=text)], text)


def test_a_long_text_without_an_end_is_read_quickly() -> None:
    assert addresses("a." * 200_000) == ()
    assert addresses("a-" * 200_000) == ()
