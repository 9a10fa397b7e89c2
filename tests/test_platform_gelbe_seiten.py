from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import Action, Listing, More, NotUnderstood, Page, Visit
from audit.readers.entries import address_line
from platforms.gelbe_seiten import GelbeSeiten

AT = datetime(2026, 11, 23, tzinfo=UTC)
FORM = "umkreis=-1&WAS=Hort&WO=Musterstadt&position={}&anzahl=10"
CARD = '<article class="mod-Treffer"><h2 class="mod-Treffer__name">Hort</h2></article>'


def page(body: bytes | str, step: str = "search", request: str = "") -> Page:
    raw = body.encode() if isinstance(body, str) else body
    visit = Visit("https://www.gelbeseiten.de/suche/x/y", step=step, body=request)
    return Page(visit=visit, at=AT, body=raw, headers=(("content-type", "text/html; charset=utf-8"),))


@pytest.mark.shared
def test_the_real_page_of_fifty_entries_is_read_in_full(shared: Path) -> None:
    path = shared / "recordings" / "gelbeseiten" / "search_it-service_stuttgart_2025-09-30.html"
    items = list(GelbeSeiten().read(page(path.read_bytes())))
    listings = [item for item in items if isinstance(item, Listing)]
    assert len(listings) == 50
    assert sum(bool(listing.address.postcode) for listing in listings) == 49
    assert sum(bool(listing.phones) for listing in listings) == 47
    assert sum(bool(listing.websites) for listing in listings) == 15
    assert sum(bool(listing.hours_text) for listing in listings) == 10
    assert all(listing.id and "/gsbiz/" in listing.url and listing.categories for listing in listings)


@pytest.mark.shared
def test_the_real_page_leads_to_the_next_ten_of_its_72_entries(shared: Path) -> None:
    path = shared / "recordings" / "gelbeseiten" / "search_it-service_stuttgart_2025-09-30.html"
    (visit,) = [item for item in GelbeSeiten().read(page(path.read_bytes())) if isinstance(item, Visit)]
    assert visit.method == "POST"
    assert parse_qs(visit.body)["position"] == ["51"]


def test_after_three_times_more_the_rest_is_named_and_not_asked_for() -> None:
    answer = json.dumps({"html": CARD, "anzahlMehrTreffer": 12})
    first, again = (list(GelbeSeiten().read(page(answer, f"more-{n}", FORM.format(51)))) for n in (2, 3))
    assert isinstance(first[-1], Visit)
    assert parse_qs(first[-1].body)["position"] == ["61"]
    assert again[-1] == More("12 entries are not shown")


def test_more_entries_without_a_form_are_only_a_part() -> None:
    items = list(GelbeSeiten().read(page(f'<span id="mod-TrefferlisteInfo">7</span>{CARD}')))
    assert items[-1] == More("1 of 7 entries shown")


def test_announced_entries_that_are_not_shown_are_not_understood() -> None:
    with pytest.raises(NotUnderstood):
        list(GelbeSeiten().read(page('<span id="mod-TrefferlisteInfo">7</span>')))


@pytest.mark.parametrize(
    ("line", "street", "number", "town"),
    [
        ("Straße des 17. Juni 135, 10623 Berlin", "Straße des 17. Juni", "135", "Berlin"),
        ("Markt 12 a, 12345 Musterstadt", "Markt", "12 a", "Musterstadt"),
        ("Dorfstraße, 01234 Bad Muster", "Dorfstraße", "", "Bad Muster"),
        ("irgendwo", "", "", ""),
    ],
)
def test_an_address_on_one_line_is_taken_apart(line: str, street: str, number: str, town: str) -> None:
    address = address_line(line)
    assert (address.street, address.house_number, address.city) == (street, number, town)


def test_a_hidden_link_that_is_no_web_address_is_dropped() -> None:
    card = CARD.replace("</article>", '<span data-webseitelink="amF2YXNjcmlwdDphbGVydCgxKQ=="></span></article>')
    (listing,) = GelbeSeiten().read(page(f'<span id="mod-TrefferlisteInfo">1</span>{card}'))
    assert isinstance(listing, Listing)
    assert listing.websites == ()
    assert Action.VISIT_WEBSITE not in listing.actions


@given(st.binary(max_size=400), st.sampled_from(["search", "more-1", "entry"]))
def test_any_bytes_are_read_or_not_understood(body: bytes, step: str) -> None:
    try:
        list(GelbeSeiten().read(page(body, step, FORM)))
    except NotUnderstood:
        return
