"""Times of slots and addresses in sitemaps."""

from __future__ import annotations

import gzip
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import NotUnderstood
from audit.readers import sitemap, sitemaps_of_robots, slot_start, slot_times


@pytest.mark.parametrize(
    ("shown", "start", "end"),
    [
        ("Di, 1. Dezember 2026 10:00 – 10:45", "2026-12-01T09:00", "2026-12-01T09:45"),
        ("Do, 10. Dezember 2026 19:00", "2026-12-10T18:00", None),
        ("Tue, Dec. 1st, 2026 10:00 – 10:45", "2026-12-01T09:00", "2026-12-01T09:45"),
        ("Dec. 1, 2026 10 a.m. – 1:45 p.m.", "2026-12-01T09:00", "2026-12-01T12:45"),
        ("Freitag, 4. Dezember 2026, 18 Uhr", "2026-12-04T17:00", None),
        ("01.07.2026 19:30 Uhr", "2026-07-01T17:30", None),
        ("1. Dezember 2026 22:00 – 2. Dezember 2026 01:00", "2026-12-01T21:00", "2026-12-02T00:00"),
        ("2026-12-01T10:00:00+01:00", "2026-12-01T09:00", None),
        ("2026-12-01T10:00:00Z", "2026-12-01T10:00", None),
        ("2026-12-01 18:30", "2026-12-01T17:30", None),
        (1796119200, "2026-12-01T10:00", None),
        ("1796119200", "2026-12-01T10:00", None),
    ],
)
def test_a_slot_is_read_in_its_zone(shown: str | int, start: str, end: str | None) -> None:
    times = slot_times(shown)
    assert times
    assert times[0].astimezone(UTC).replace(tzinfo=None).isoformat(timespec="minutes") == start
    assert (times[1].astimezone(UTC).replace(tzinfo=None).isoformat(timespec="minutes") if times[1] else None) == end


def test_a_slot_that_ends_after_midnight_ends_the_next_day() -> None:
    times = slot_times("1. Dezember 2026 22:00 – 01:00")
    assert times
    assert times[1]
    assert times[1] - times[0] == timedelta(hours=3)


@pytest.mark.parametrize(
    "shown",
    [
        "1. Dezember 2026",
        "Mo, 23.11.",
        "31. Februar 2026 10:00",
        "1.–3. Dezember 2026 10:00",
        "bald",
        "",
        "9" * 40,
        1e30,
    ],
)
def test_a_time_that_is_not_understood_is_none(shown: str | float) -> None:
    assert slot_start(shown) is None


@given(st.text(alphabet="0123456789.:-–TZ+ DezMaipmUhr,/", max_size=40) | st.floats() | st.integers())
def test_any_time_is_aware_or_none(shown: str | float) -> None:
    start = slot_start(shown)
    assert start is None or start.tzinfo is not None
    assert start is None or isinstance(start, datetime)


def xml(inner: str, root: str = "urlset") -> bytes:
    """A sitemap with this inside."""
    return f"<?xml version='1.0'?><{root} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{inner}</{root}>".encode()


def test_a_sitemap_names_pages_and_an_index_names_sitemaps() -> None:
    assert sitemap(xml("<url><loc> https://a.example/x </loc></url>")).urls == ("https://a.example/x",)
    assert sitemap(xml("<sitemap><loc>https://a.example/s.xml</loc></sitemap>", "sitemapindex")).maps == (
        "https://a.example/s.xml",
    )
    assert sitemap(gzip.compress(xml("<url><loc>https://a.example/x</loc></url>"))).urls == ("https://a.example/x",)


def test_pictures_and_other_schemes_in_a_sitemap_are_no_pages() -> None:
    inner = "<url><loc>ftp://a/</loc><i:image xmlns:i='i'><i:loc>https://a.example/b.png</i:loc></i:image></url>"
    assert sitemap(xml(inner)).urls == ()


def test_a_doctype_is_refused_before_any_entity_can_grow() -> None:
    bomb = b"<?xml version='1.0'?><!DOCTYPE urlset [<!ENTITY a 'aaaa'>]><urlset><url><loc>&a;</loc></url></urlset>"
    with pytest.raises(NotUnderstood, match="DOCTYPE"):
        sitemap(bomb)


def test_a_broken_or_long_sitemap_is_read_as_far_as_it_goes() -> None:
    body = xml("<url><loc>https://a.example/1</loc></url><url><loc>https://a.example/2</loc></url>")
    assert sitemap(body[:140]).urls == ("https://a.example/1",)
    assert not sitemap(body[:140]).complete
    assert len(sitemap(body, most=1).urls) == 1
    assert not sitemap(body, most=1).complete


@pytest.mark.parametrize("body", [b"", b"[]", b"<html></html>", b"\x1f\x8bnothing", b"\xff\xfe\x00"])
def test_what_is_no_sitemap_is_not_understood(body: bytes) -> None:
    with pytest.raises(NotUnderstood):
        sitemap(body)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_sitemap_or_not_understood(body: bytes) -> None:
    for whole in (body, b"<urlset><url><loc>" + body):
        with suppress(NotUnderstood):
            assert sitemap(whole).maps == ()


def test_robots_lines_name_sitemaps() -> None:
    text = "User-agent: *\nDisallow: /x\nsitemap: https://a.example/s.xml\nSitemap: javascript:1\n"
    assert sitemaps_of_robots(text) == ("https://a.example/s.xml",)


@pytest.mark.shared
def test_the_sitemap_of_a_real_wordpress_is_an_index(shared: Path) -> None:
    assert len(sitemap((shared / "recordings/wordpress-loopback/sitemap.xml").read_bytes()).maps) == 4
