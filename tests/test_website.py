"""The own website: a bounded number of pages, chosen by the words of the services."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import About, Action, Item, Link, Listing, More, Nothing, NotUnderstood, Page, Query, Visit
from audit.model import Organisation, Service, Subject
from audit.readers import note_of, words_of
from platforms.website import Website

HERE = Path(__file__).parent / "recordings/website"
HOME = "https://www.lindenhaus.example/"
NOTE = "Schuldnerberatung|Kita"


def page(source: str | bytes, url: str = HOME, step: str = "page", note: str = NOTE, kind: str = "text/html") -> Page:
    """An answer of the website."""
    body = source.encode() if isinstance(source, str) else source
    visit = Visit(url, step=step, note=note)
    return Page(
        visit=visit, at=datetime(2026, 11, 23, tzinfo=UTC), url=url, body=body, headers=(("content-type", kind),)
    )


def read(answer: Page) -> list[Item]:
    return list(Website().read(answer))


def of(items: list[Item], kind: type[Item]) -> list[Item]:
    return [item for item in items if isinstance(item, kind)]


def body(inner: str, head: str = "") -> str:
    return f"<!doctype html><html lang='de'><head>{head}</head><body>{inner}</body></html>"


def visits(answer: Page) -> list[str]:
    return [item.url for item in read(answer) if isinstance(item, Visit)]


def query(website: str, *services: Service, words: tuple[str, ...] = ()) -> Query:
    organisation = Organisation(id="lindenhaus", name="Lindenhaus", website=website, services=services)
    return Query(subject=Subject(about=About.ORGANISATION, organisation=organisation), words=words)


def test_the_home_page_and_the_sitemap_carry_the_words_to_look_for() -> None:
    service = Service(id="s", kind="debt-advice", name="Schuldnerberatung", alternate_names=("Geldsorgen",))
    home, sitemap = Website().search(query("https://www.lindenhaus.example", service, words=("Hilfe | Rat",)))
    assert (home.url, home.step) == (HOME, "home")
    assert (sitemap.url, sitemap.step) == (HOME + "sitemap.xml", "sitemap")
    assert words_of(home.note) == ("Schuldnerberatung", "Geldsorgen", "Hilfe Rat")
    assert home.note == sitemap.note


@pytest.mark.parametrize("website", ["", "javascript:alert(1)", "mailto:a@b.de", "http://[kaputt"])
def test_without_a_web_address_nothing_is_asked(website: str) -> None:
    assert list(Website().search(query(website))) == []


def test_the_note_is_bounded_whatever_the_organisation_offers() -> None:
    note = note_of(f"Angebot Nummer {number}" * 3 for number in range(500))
    assert len(note) <= 1500
    assert len(words_of(note)) <= 60


def test_a_service_page_tells_its_facts() -> None:
    found = read(page((HERE / "listed/03-schuldnerberatung.html").read_bytes()))[0]
    assert isinstance(found, Listing)
    assert found.name == "Schuldner- und Insolvenzberatung"
    assert found.categories == ("Schuldnerberatung",)
    assert (found.phones, found.emails) == (("0202 / 24 59-21",), ("schulden@lindenhaus.example",))
    assert str(found.address) == "Alte Gasse 3-5, 42105 Auental"
    assert found.opening_hours == 'Mo-Th 09:00-12:00,14:00-16:00; Fr unknown "nach Vereinbarung"'
    assert Action.BOOK in found.actions


def test_a_page_that_names_no_service_has_no_category() -> None:
    found = read(page(body("<h1>Kontakt</h1><p>Unsere Schuldnerberatung hilft gern weiter.</p>")))[0]
    assert isinstance(found, Listing)
    assert found.categories == ()


def test_a_title_loses_the_name_of_the_site() -> None:
    found = read(page(body("<p>Text</p>", "<title>Kita Sonnenhang | Lindenhaus e. V.</title>")))[0]
    assert isinstance(found, Listing)
    assert found.name == "Kita Sonnenhang"


def test_share_buttons_of_the_home_page_are_no_profiles() -> None:
    items = read(page((HERE / "listed/01-home.html").read_bytes()))
    targets = [item.target for item in items if isinstance(item, Link) and item.kind == "profile"]
    assert targets == [
        "https://social.auental.example/@lindenhaus",
        "https://www.facebook.com/lindenhaus.auental",
        "https://www.instagram.com/lindenhaus_auental/",
    ]


def test_service_pages_come_before_contact_pages_and_others_not_at_all() -> None:
    links = [
        "/kontakt",
        "/spenden",
        "/angebote.pdf",
        "/datenschutz",
        "https://anderswo.example/kita",
        "/schuldnerberatung",
    ]
    anchors = "".join(f"<a href='{link}'>{link}</a>" for link in links)
    assert visits(page(body(f"<h1>Lindenhaus</h1>{anchors}"))) == [HOME + "schuldnerberatung", HOME + "kontakt"]


def test_follow_ups_are_bounded_and_keep_the_words() -> None:
    anchors = "".join(f"<a href='/kita/{number}'>Kita {number}</a>" for number in range(500))
    found = [item for item in read(page(body(f"<h1>Kitas</h1>{anchors}"))) if isinstance(item, Visit)]
    assert len(found) == Website.follow_ups
    assert {(visit.step, visit.note) for visit in found} == {("page", NOTE)}


def test_a_shell_that_says_nothing_without_scripts_needs_a_browser() -> None:
    with pytest.raises(NotUnderstood, match=r"^shell: needs a browser"):
        read(page(body("<div id='root'></div><script src='/app.js'></script><noscript>Bitte JavaScript</noscript>")))


def test_a_short_page_with_a_telephone_link_is_no_shell() -> None:
    assert read(page(body("<a href='tel:+4920224590'>0202 2459-0</a><script>1</script>")))


@pytest.mark.parametrize("kind", ["application/pdf", "application/json"])
def test_what_is_no_web_page_is_not_understood(kind: str) -> None:
    with pytest.raises(NotUnderstood, match="no web page"):
        read(page(body("<h1>x</h1>"), kind=kind))


@pytest.mark.parametrize("source", ["", "{}", "<html><body> </body></html>", "nur Text"])
def test_an_empty_answer_is_not_understood(source: str) -> None:
    with pytest.raises(NotUnderstood):
        read(page(source))


def test_a_page_that_breaks_off_says_that_more_is_missing() -> None:
    whole = body("<h1>Lindenhaus</h1>")
    assert of(read(page(whole)), More) == []
    assert len(of(read(page(whole[:-14])), More)) == 1


def test_a_sitemap_leads_to_pages_that_name_a_word() -> None:
    answer = page(
        (HERE / "listed/02-sitemap.xml").read_bytes(), HOME + "sitemap.xml", "sitemap", kind="application/xml"
    )
    assert visits(answer) == [HOME + "angebote/schuldnerberatung/"]


def test_a_sitemap_without_a_word_says_so_and_a_broken_one_does_not() -> None:
    source = b"<urlset><url><loc>https://www.lindenhaus.example/fest</loc></url></urlset>"
    assert len(of(read(page(source, step="sitemap")), Nothing)) == 1
    broken = read(page(source[:-4], step="sitemap"))
    assert of(broken, Nothing) == []
    assert len(of(broken, More)) == 1


def test_hostile_markup_is_read_without_an_exception() -> None:
    items = read(page((HERE / "hostile.html").read_bytes()))
    assert isinstance(items[0], Listing)
    assert visits(page((HERE / "hostile.html").read_bytes())) == []


@given(
    st.lists(
        st.sampled_from(["<a href=", "<h1>", "</h1>", "'", ">", "<script>", "tel:", "&#0;", "Kontakt", "<base href="])
        | st.text(max_size=8),
        max_size=30,
    )
)
def test_any_markup_is_read_or_not_understood(parts: list[str]) -> None:
    with suppress(NotUnderstood):
        assert read(page("<p>Lindenhaus</p>" + "".join(parts)))


@pytest.mark.shared
def test_every_real_page_yields_a_listing(shared: Path) -> None:
    pages = [*(shared / "data/pages").glob("*.html"), *(shared / "recordings/wordpress-loopback").glob("*.html")]
    assert len(pages) == 18
    for path in pages:
        assert of(read(page(path.read_bytes(), "http://127.0.0.1:8346/x", kind="text/html")), Listing), path.name


@pytest.mark.shared
def test_the_page_of_a_real_wordpress_tells_how_to_get_in_touch(shared: Path) -> None:
    source = (shared / "recordings/wordpress-loopback/page.html").read_bytes()
    items = read(page(source, "http://127.0.0.1:8346/schuldnerberatung/"))
    found = items[0]
    assert isinstance(found, Listing)
    assert (found.phones, found.emails) == (("+49123456",), ("beratung@caritas.test",))
    assert "whatsapp" in [item.platform for item in items if isinstance(item, Link)]
