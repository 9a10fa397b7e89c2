"""Platforms of which only the link is visited: rows of a table, read by one reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import platforms
from audit import About, Access, Action, Listing, More, Nothing, NotUnderstood, Page, Query, Visit
from audit.assisted import AssistedChecker, load_assisted
from audit.linked import LinkChecker
from audit.model import Organisation, Subject
from audit.registry import Registry
from audit.testing.hostile import absent_elsewhere, instead
from audit.visiting.understanding import read
from audit.working import registry_for

TABLE = Path(__file__).parent.parent / "platforms" / "links.toml"
ROWS = [checker for checker in load_assisted(TABLE) if isinstance(checker, LinkChecker)]
DOCTOLIB = next(checker for checker in ROWS if checker.platform.id == "doctolib")
AT = datetime(2026, 11, 24, tzinfo=UTC)
TEXT = "Wir beraten kostenlos und vertraulich bei Schulden und Insolvenz, auch am Telefon. " * 4
ROW = """
[[platform]]
id = "stadttermin"
name = "Stadttermin"
kind = "booking"
how = "visit"
hosts = ["termin.example"]
marks = ["Stadttermin"]
gone = ["Dieser Kalender wurde gelöscht"]
link = "https://termin.example"
ask_de = "Führt der Link zum Angebot?"
ask_en = "Does the link lead to the service?"
edited_by = "owner"
policy_url = "https://termin.example/agb"
read_on = 2026-11-24
why = "no interface"
actions = ["book", "visit-website"]
"""


def page(checker: LinkChecker, body: str = TEXT, title: str = "Schuldnerberatung", **other: object) -> Page:
    url = f"https://www.{checker.domains[0]}/beratung/schulden"
    html = (
        f"<!doctype html><html lang=de><head><title>{title} | {checker.marks[0]}</title></head>"
        f"<body><h1>{title}</h1><p>{body}</p></body></html>"
    )
    usual = {"url": url, "body": html.encode(), "headers": (("content-type", "text/html; charset=utf-8"),)}
    return Page(visit=Visit(url, step="link"), at=AT, **{**usual, **other})  # type: ignore[arg-type]


def query(*profiles: str) -> Query:
    subject = Subject(about=About.PROFILE, organisation=Organisation(id="m", name="Muster"))
    return Query(subject=subject, profiles=profiles)


def own_row(tmp_path: Path, text: str = ROW) -> LinkChecker:
    (tmp_path / "eigene.toml").write_text(text, "utf-8")
    linked, assisted = load_assisted(tmp_path / "eigene.toml")
    assert isinstance(linked, LinkChecker)
    assert isinstance(assisted, AssistedChecker)
    return linked


@pytest.mark.parametrize("checker", ROWS, ids=lambda checker: checker.id)
def test_a_living_page_is_an_entry_and_says_that_it_is_not_all(checker: LinkChecker) -> None:
    listing, more = read(checker, page(checker))
    assert isinstance(listing, Listing)
    assert (listing.name, listing.url) == ("Schuldnerberatung", page(checker).url)
    assert "Insolvenz" in listing.text
    assert frozenset(listing.actions) == checker.platform.actions
    assert isinstance(more, More)


@pytest.mark.parametrize("checker", ROWS, ids=lambda checker: checker.id)
@pytest.mark.parametrize("status", [404, 410])
def test_the_platform_s_own_page_for_what_is_not_there_is_a_dead_link(checker: LinkChecker, status: int) -> None:
    (nothing,) = read(checker, page(checker, "Seite nicht gefunden", status=status))
    assert nothing == Nothing(f"status {status}")


@pytest.mark.parametrize("checker", ROWS, ids=lambda checker: checker.id)
def test_whatever_comes_instead_of_a_page_is_no_dead_link(checker: LinkChecker) -> None:
    told = [page(checker), page(checker, "weg", status=404)]
    pages = [other for one in told for _, other in instead(one)]
    pages += [other for status in checker.absent_status for _, other in absent_elsewhere(told[0], status)]
    for other in pages:
        try:
            items = read(checker, other)
        except NotUnderstood:
            continue
        assert not any(isinstance(item, Nothing) for item in items)


@pytest.mark.parametrize("checker", ROWS, ids=lambda checker: checker.id)
def test_only_the_linked_address_on_the_platform_s_hosts_is_visited(checker: LinkChecker) -> None:
    url = f"https://{checker.domains[-1]}/x?lang=de#top"
    visits = list(checker.search(query(url, "https://anderswo.example/x", "mailto:a@b.example", "https://[", "")))
    assert visits == [Visit(f"https://{checker.domains[-1]}/x?lang=de", step="link")]
    assert (checker.governed_by_robots, checker.follow_ups) == (True, 0)
    assert list(checker.search_again(query(url))) == []


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"url": "https://evil.example/beratung"}, "another site"),
        ({"url": "https://notdoctolib.de/beratung"}, "another site"),
        ({"url": "https://www.doctolib.de/"}, "start page"),
        ({"body": b"<html><title>Domain</title><h1>Parkplatz</h1>" + TEXT.encode()}, "no page of Doctolib"),
        ({"body": b"<html><title>Doctolib</title><h1>Doctolib</h1><script src=app.js></script>"}, "scripts"),
        (
            {"body": b"<html><title>Doctolib</title><h1>Mein Konto</h1><form><input type=password></form>"},
            "a login",
        ),
    ],
)
def test_a_page_that_is_not_the_linked_one_is_not_understood(changed: dict[str, object], why: str) -> None:
    with pytest.raises(NotUnderstood, match=why):
        read(DOCTOLIB, replace(page(DOCTOLIB), **changed))  # type: ignore[arg-type]


def test_a_page_drawn_by_scripts_is_known_by_what_it_calls_itself_in_its_head() -> None:
    head = '<title>Doctolib</title><meta property="og:title" content="Schuldnerberatung Musterstadt">'
    body = f"<!doctype html><html><head>{head}</head><body><div id=app></div></body></html>".encode()
    listing, _ = read(DOCTOLIB, replace(page(DOCTOLIB), body=body))
    assert isinstance(listing, Listing)
    assert listing.name == "Schuldnerberatung Musterstadt"


def test_a_very_long_page_is_read_as_far_as_needed() -> None:
    listing, _ = read(DOCTOLIB, page(DOCTOLIB, TEXT * 3000))
    assert isinstance(listing, Listing)
    assert len(listing.text) <= 4000


def test_a_row_of_one_s_own_becomes_a_visit_and_a_look(tmp_path: Path) -> None:
    linked = own_row(tmp_path)
    assert (linked.id, linked.platform.id, linked.access) == ("stadttermin-link", "stadttermin", Access.PAGE)
    assert read(linked, page(linked, "Dieser Kalender wurde gelöscht. Stadttermin")) == [
        Nothing("Dieser Kalender wurde gelöscht")
    ]
    (listing, _) = read(linked, page(linked))
    assert isinstance(listing, Listing)
    assert listing.actions == (Action.BOOK,)  # a link to the website is no first step


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('hosts = ["termin.example"]', "", "hosts is None"),
        ('marks = ["Stadttermin"]', "marks = []", "marks is []"),
        ('marks = ["Stadttermin"]', "marks = [3]", "marks is [3]"),
        ('gone = ["Dieser Kalender wurde gelöscht"]', 'gone = "x"', "gone is 'x'"),
        ('how = "visit"', 'how = "guess"', "unknown keys: gone, hosts, marks"),
        ('how = "visit"', 'how = "visit"\npace = 0.1', "pace is 0.1"),
        ('how = "visit"', 'how = "visit"\nasks_about = "location"', "always a profile"),
        ('how = "visit"', 'how = "visit"\nshows = ["colour"]', "shows is ['colour']"),
    ],
)
def test_a_wrong_row_is_refused_with_its_reason(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"eigene\.toml: row 1") as refused:
        own_row(tmp_path, ROW.replace(old, new))
    assert said in str(refused.value)


def test_every_way_to_a_booking_platform_declares_the_same_platform() -> None:
    found: Registry = registry_for(platforms, Path())
    for id_ in {checker.platform.id for checker in ROWS}:
        ways = found.ways(id_)
        assert {way.platform for way in ways} == {ways[0].platform}, id_
        assert ways[-1].access is Access.ASSISTED
