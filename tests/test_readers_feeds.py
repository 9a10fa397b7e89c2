from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import NotUnderstood
from audit.readers import feed

RSS = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Neues vom Musterverein</title><link>https://www.musterverein.example/</link>
<description>Aktuelles</description>
<item><title>Alt</title><link>https://www.musterverein.example/1</link>
<pubDate>Fri, 20 Feb 2026 10:00:00 +0100</pubDate>
<media:title>nicht dies</media:title><description>Ein &amp; alles</description></item>
<item><title>Neu</title><dc:date>2026-11-03T08:00:00Z</dc:date></item>
<item><title>Ohne Tag</title><pubDate>bald</pubDate></item>
</channel></rss>"""


def test_rss_is_read_with_title_link_and_last_entry() -> None:
    found = feed(RSS)
    assert (found.title, found.link, found.text) == (
        "Neues vom Musterverein",
        "https://www.musterverein.example/",
        "Aktuelles",
    )
    assert [(e.title, e.link, e.text) for e in found.entries] == [
        ("Alt", "https://www.musterverein.example/1", "Ein & alles"),
        ("Neu", "", ""),
        ("Ohne Tag", "", ""),
    ]
    assert str(found.last) == "2026-11-03 08:00:00+00:00"
    assert found.complete


@pytest.mark.shared
def test_a_real_feed_of_a_channel_is_read(shared: Path) -> None:
    found = feed((shared / "recordings" / "youtube" / "feed_videos.xml").read_bytes())
    assert (found.title, found.link) == (
        "Digital Foundry",
        "https://www.youtube.com/channel/UC9PBzalIcEQCsiIkq36PyUA",
    )
    assert len(found.entries) == 15
    assert str(found.last) == "2025-01-01 16:07:24+00:00"
    assert all(entry.link.startswith("https://www.youtube.com/watch?v=") for entry in found.entries)
    assert "store.digitalfoundry.net" in found.entries[0].text


def test_a_feed_that_breaks_off_is_read_that_far() -> None:
    found = feed(RSS[: RSS.index(b"<dc:date>")])
    assert [entry.title for entry in found.entries] == ["Alt", "Neu"]
    assert not found.complete


@pytest.mark.parametrize(
    "body",
    [b"", b"<html><body>Neues</body></html>", b"{}", b'<!DOCTYPE x [<!ENTITY a "b">]><rss>&a;</rss>', b"\xff\xfe\x00"],
)
def test_what_is_no_feed_or_could_declare_entities_is_not_understood(body: bytes) -> None:
    with pytest.raises(NotUnderstood):
        feed(body)


def test_a_feed_of_many_entries_is_read_up_to_its_limit() -> None:
    found = feed(b"<rss><channel>" + b"<item><title>x</title></item>" * 3000)
    assert (len(found.entries), found.complete) == (500, False)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda said: f"<rss><item>{said}</item></rss>".encode()))
def test_any_bytes_are_a_feed_or_not_understood(body: bytes) -> None:
    try:
        feed(body)
    except NotUnderstood:
        return
