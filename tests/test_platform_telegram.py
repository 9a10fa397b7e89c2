from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import Nothing, NotUnderstood
from platforms.telegram import Telegram
from tests.social import asked, page, reads_or_refuses

TELEGRAM = Telegram()
URL = "https://t.me/s/muster"
NOBODY = (
    '<meta name="robots" content="noindex, nofollow"><p>If you have <strong>Telegram</strong>, you can contact '
    '<a href="tg://resolve?domain=muster">@muster</a> right away.</p>'
)


def read(html: str) -> list[Any]:
    return list(TELEGRAM.read(page(html.encode(), url=URL, headers=(("content-type", "text/html; charset=utf-8"),))))


def test_names_are_asked_for_once_and_invitations_or_numbers_not_at_all() -> None:
    urls = (
        "https://t.me/muster",
        "https://t.me/s/muster",
        "https://t.me/+49123456",
        "https://t.me/joinchat/AAAA",
        "https://t.me/",
    )
    assert [visit.url for visit in asked(TELEGRAM, *urls)] == [URL]


@pytest.mark.shared
def test_the_signs_observed_on_a_real_channel_are_read(shared: Path) -> None:
    told = json.loads((shared / "recordings" / "telegram" / "observed_signals.json").read_text("utf-8"))["json"]
    fragments = "".join(told["present"]["fragments"])
    (listing,) = read(f'<div class="tgme_channel_info_header_title">Durov</div>{fragments}')
    assert str(listing.last_active) == "2026-05-14"


def test_a_page_of_a_person_or_group_is_a_listing_without_a_day() -> None:
    (listing,) = read('<div class="tgme_page_title"><span>Muster e. V.</span></div>')
    assert (listing.name, listing.url, listing.last_active) == ("Muster e. V.", "https://t.me/muster", None)


def test_only_both_signs_together_say_that_nobody_bears_the_name() -> None:
    (nothing,) = read(NOBODY)
    assert isinstance(nothing, Nothing)
    for html in (
        NOBODY.replace("noindex, nofollow", "index"),
        NOBODY.replace("you can contact", "see"),
        NOBODY.replace("@muster", "@anders"),
        "<title>Telegram Messenger</title>",
        "",
    ):
        with pytest.raises(NotUnderstood):
            read(html)


@given(st.text(max_size=200))
def test_any_page_is_read_or_not_understood(html: str) -> None:
    reads_or_refuses(TELEGRAM, page(html.encode("utf-8", "replace"), url=URL))
