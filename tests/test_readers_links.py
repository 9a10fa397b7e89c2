"""Where the links of a page lead."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import Link, Page, Visit
from audit.readers import absolute, links, named, profile, same_site, tool

URL = "https://www.haus.example/kontakt"


def found(source: str | bytes) -> list[Link]:
    """The links of a page."""
    body = source.encode() if isinstance(source, str) else source
    return links(Page(visit=Visit(URL), at=datetime(2026, 11, 23, tzinfo=UTC), url=URL, body=body))


@pytest.mark.parametrize(
    ("url", "platform"),
    [
        ("https://www.facebook.com/lindenhaus", "facebook"),
        ("https://de-de.facebook.com/profile.php?id=1000", "facebook"),
        ("https://www.facebook.com/pages/Lindenhaus/102928776499835", "facebook"),
        ("https://www.instagram.com/lindenhaus/?hl=de", "instagram"),
        ("https://social.verein.example/@lindenhaus", "mastodon"),
        ("https://bsky.app/profile/lindenhaus.example", "bluesky"),
        ("https://www.youtube.com/@lindenhaus", "youtube"),
        ("https://www.youtube.com/channel/UCabc/videos", "youtube"),
        ("https://www.linkedin.com/company/lindenhaus/", "linkedin"),
        ("https://www.xing.com/pages/lindenhaus", "xing"),
        ("https://t.me/lindenhaus", "telegram"),
        ("https://wa.me/492022459", "whatsapp"),
        ("https://api.whatsapp.com/send?phone=492022459", "whatsapp"),
        ("https://www.tiktok.com/@lindenhaus", "tiktok"),
        ("https://x.com/lindenhaus", "x"),
        ("https://twitter.com/lindenhaus", "x"),
        ("https://www.threads.net/@lindenhaus", "threads"),
        ("https://nebenan.de/organisations/lindenhaus", "nebenan"),
    ],
)
def test_a_profile_is_known_by_its_address(url: str, platform: str) -> None:
    link = profile(url, URL)
    assert link
    assert (link.kind, link.platform) == ("profile", platform)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.facebook.com/sharer/sharer.php?u=x",
        "https://www.facebook.com/tr?id=1",
        "https://www.facebook.com/lindenhaus/posts/123",
        "https://www.facebook.com/facebook",
        "https://www.facebook.com/yourpage",
        "https://twitter.com/intent/tweet?text=x",
        "https://twitter.com/lindenhaus/status/1",
        "https://www.instagram.com/p/abc/",
        "https://www.youtube.com/watch?v=abc",
        "https://www.youtube.com/embed/abc",
        "https://www.youtube.com/channel/",
        "https://www.linkedin.com/shareArticle?url=x",
        "https://www.linkedin.com/in/eine-person",
        "https://social.verein.example/@lindenhaus/109",
        "https://api.whatsapp.com/send?text=x",
        "https://t.me/share/url?url=x",
        "https://bsky.app/profile/lindenhaus.example/post/3k",
        "https://medium.com/@jemand",
        "https://www.haus.example/team",
        "http://[kaputt",
        "javascript:alert(1)",
    ],
)
def test_share_buttons_posts_embeds_people_and_placeholders_are_no_profiles(url: str) -> None:
    assert profile(url, URL) is None


@pytest.mark.parametrize(
    ("url", "kind", "platform"),
    [
        ("https://pretix.eu/lindenhaus/kurs/", "booking", "pretix"),
        ("https://cal.com/lindenhaus/30min", "booking", "calcom"),
        ("https://calendly.com/lindenhaus/x", "booking", "calendly"),
        ("https://www.doctolib.de/praxis/au/x", "booking", "doctolib"),
        ("https://outlook.office365.com/owa/calendar/x@haus.example/bookings/", "booking", "microsoft-bookings"),
        ("https://calendar.app.google/abc", "booking", "google-appointments"),
        ("https://portal.little-bird.de/Suche/Au", "booking", "little-bird"),
        ("https://stadt.saas.smartcjm.com/m/x/extern/calendar/", "booking", "smart-cjm"),
        ("https://beratung.caritas.de/schuldnerberatung", "counselling", "caritas-onlineberatung"),
        ("https://www.suchtberatung.digital/", "counselling", "digisucht"),
        ("https://docs.google.com/forms/d/e/x/viewform", "form", ""),
    ],
)
def test_booking_counselling_and_form_pages_are_known_by_their_address(url: str, kind: str, platform: str) -> None:
    link = tool(url, URL)
    assert link
    assert (link.kind, link.platform) == (kind, platform)


def test_ordinary_pages_of_a_booking_host_are_no_booking_page() -> None:
    assert tool("https://outlook.office365.com/mail/", URL) is None
    assert tool("https://cal.com/pricing", URL) is None


def test_rel_me_and_same_as_say_which_profile_is_the_own_one() -> None:
    source = """<link rel="me" href="https://anderswo.example/wir"><script type="application/ld+json">
      [{"@type": "NGO", "sameAs": ["https://x.com/lindenhaus"]}, {"@type": "Person", "sameAs": "https://x.com/jemand"}]
      </script>"""
    assert [(link.platform, link.target) for link in found(source)] == [
        ("", "https://anderswo.example/wir"),
        ("x", "https://x.com/lindenhaus"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "<script src='https://embed.tawk.to/a/b'></script>",
        "<script type='text/plain' data-src='https://embed.tawk.to/a/b'></script>",
        "<script>(function(){s.src='https://embed.tawk.to/a/b';})()</script>",
    ],
)
def test_a_chat_widget_is_seen_loaded_held_back_and_inline(source: str) -> None:
    assert [(link.kind, link.platform) for link in found(source)] == [("chat", "tawk")]


def test_a_chat_named_in_the_text_is_no_widget() -> None:
    assert found("<p>Wir nutzten früher embed.tawk.to</p>") == []


def test_a_contact_form_names_its_captcha_and_comment_or_search_forms_are_none() -> None:
    fields = "<input type=email><textarea></textarea>"
    source = f"""<form action="/senden">{fields}<div class="h-captcha"></div></form>
      <form id="commentform">{fields}</form><form><input name=s></form>"""
    assert [(link.kind, link.target, link.label) for link in found(source)] == [
        ("form", "https://www.haus.example/senden", "captcha: hcaptcha")
    ]


def test_the_widget_of_a_self_hosted_pretix_is_a_booking_link() -> None:
    source = '<pretix-widget event="https://karten.haus.example/verein/kurs/"></pretix-widget>'
    assert [(link.platform, link.target) for link in found(source)] == [
        ("pretix", "https://karten.haus.example/verein/kurs/")
    ]


def test_mail_and_phone_links_are_told_with_their_words() -> None:
    source = "<a href='mailto:a@haus.example?subject=x'>Mail</a><a href='tel:+49%202022459'>Ruf an</a>"
    told = [(link.kind, link.target, link.label) for link in found(source)]
    assert told == [("mail", "a@haus.example", "Mail"), ("phone", "+49 2022459", "Ruf an")]


@pytest.mark.shared
def test_on_real_pages_no_share_button_is_taken_for_a_profile(shared: Path) -> None:
    folder = shared / "data/pages"
    for expected in json.loads((folder / "expected.json").read_text("utf-8")):
        targets = {
            link.target.rstrip("/")
            for link in found((folder / expected["file"]).read_bytes())
            if link.kind == "profile"
        }
        shares = ("/sharer", "/intent/", "/shareArticle", "/embed/", "/p/", "/tr", "/home", "/privacy", "/2008/")
        assert not [target for target in targets if any(mark in target for mark in shares)], expected["file"]
        own = {one.rstrip("/") for one in expected["social"] if not any(mark in one for mark in shares)}
        bare = {target.split("://")[1].removeprefix("www.") for target in targets}
        assert {one.split("://")[1].removeprefix("www.") for one in own} <= bare, expected["file"]


def test_addresses_of_one_registrable_domain_are_one_site() -> None:
    assert same_site("https://www.haus.de/a", "http://haus.de/")
    assert not same_site("https://a.co.uk/", "https://b.co.uk/")
    assert not same_site("http://127.0.0.1:8001/", "http://127.0.0.1:8002/")
    assert not same_site("http://10.0.0.1/", "http://11.0.0.1/")


def test_only_web_addresses_are_made_absolute() -> None:
    assert absolute(URL, "/a#b") == "https://www.haus.example/a"
    assert [absolute(URL, bad) for bad in ("javascript:1", "http://[::1", "http://a:99999/", "mailto:a@b.de")] == [
        ""
    ] * 4


def test_words_are_found_whatever_their_spelling() -> None:
    assert named(["Schuldnerberatung", "Kita", "Öffnung"], "SCHULDNER-BERATUNG / oeffnungszeiten der Kitas") == (
        "Schuldnerberatung",
        "Öffnung",
    )


@given(st.text(alphabet="htps:/[]@.?#%=&aZ9 -_ü", max_size=60))
def test_no_address_makes_the_readers_raise(href: str) -> None:
    absolute(URL, href)
    same_site(href, URL)
    profile(href, URL, me=True)
    tool(href, URL)


def test_a_page_of_links_is_bounded() -> None:
    many = "".join(f"<a href='https://www.facebook.com/haus{n}'>x</a>" for n in range(5000))
    assert len(found(many)) == 200
