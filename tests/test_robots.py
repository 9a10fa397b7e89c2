"""robots.txt: what an answer allows, on real files and hostile ones."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.model import Reason, Visit
from audit.page import Page
from audit.visiting.robots import LIMIT, Rules, rules_from

AGENT = "findbar/0.1 (+mailto:audit@example.org)"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def answer(body: bytes | str, status: int = 200, kind: str = "text/plain") -> Page:
    body = body.encode() if isinstance(body, str) else body
    return Page(
        visit=Visit("https://example.org/robots.txt"),
        at=NOW,
        status=status,
        headers=(("content-type", kind),),
        body=body,
    )


def rules(text: str | bytes) -> Rules:
    return rules_from(answer(text))


@pytest.mark.parametrize("status", [300, 301, 400, 401, 403, 404, 410, 451])
def test_no_file_allows_everything(status: int) -> None:
    found = rules_from(answer("User-agent: *\nDisallow: /", status))
    assert found.allows("https://example.org/x", AGENT)
    assert str(status) in found.note


@pytest.mark.parametrize("status", [429, 500, 503, 599])
def test_a_failing_server_allows_nothing(status: int) -> None:
    assert not rules_from(answer("", status)).allows("https://example.org/", AGENT)


def test_no_answer_allows_nothing() -> None:
    assert not rules_from(None, Reason.TIMEOUT).allows("https://example.org/", AGENT)
    assert "timeout" in rules_from(None, Reason.TIMEOUT).note


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/plain"])
def test_a_web_page_in_its_place_allows_everything_and_is_noted(kind: str) -> None:
    found = rules_from(answer("  <!doctype html><p>User-agent: *\nDisallow: /", kind=kind))
    assert found.allows("https://example.org/x", AGENT)
    assert "web page" in found.note


def test_the_longest_rule_wins_and_our_own_group_beats_the_star() -> None:
    found = rules("User-agent: *\nDisallow: /\n\nUser-agent: findbar\nDisallow: /intern\nAllow: /intern/offen\n")
    assert found.allows("https://example.org/beratung", AGENT)
    assert not found.allows("https://example.org/intern/x", AGENT)
    assert found.allows("https://example.org/intern/offen/x", AGENT)
    assert found.names(AGENT)
    assert not rules("User-agent: *\nDisallow: /").names(AGENT)


def test_patterns_and_umlauts_match_as_written_or_encoded() -> None:
    found = rules("User-agent: *\nDisallow: /*.pdf$\nDisallow: /übersicht\n")
    assert not found.allows("https://example.org/a/b.pdf", AGENT)
    assert found.allows("https://example.org/a/b.pdf?x", AGENT)
    assert not found.allows("https://example.org/%C3%BCbersicht/1", AGENT)


def test_delays_are_the_slower_of_crawl_delay_and_request_rate() -> None:
    assert rules("User-agent: *\nCrawl-delay: 5\nRequest-rate: 1/20").delay(AGENT) == 20
    assert rules("User-agent: *\nCrawl-delay: 2.5").delay(AGENT) == 2.5
    assert rules("User-agent: *\nDisallow: /x").delay(AGENT) is None
    for odd in ("nan", "inf", "-3", "viel"):
        assert rules(f"User-agent: *\nCrawl-delay: {odd}").delay(AGENT) is None


def test_sitemaps_are_kept_once_and_only_web_addresses() -> None:
    text = "Sitemap: https://example.org/a.xml\nSitemap: https://example.org/a.xml\nSitemap: file:///etc/passwd\n"
    assert rules(text).sitemaps == ("https://example.org/a.xml",)


def test_rules_beyond_500_kib_do_not_count() -> None:
    filler = "# " + "x" * 98 + "\n"
    text = "User-agent: *\nDisallow: /a\n" + filler * (LIMIT // 100) + "Disallow: /b\n"
    assert not rules(text).allows("https://example.org/a", AGENT)
    assert rules(text).allows("https://example.org/b", AGENT)


@pytest.mark.shared
def test_real_files_are_read_as_a_person_reads_them(shared: Path) -> None:
    folder = shared / "data" / "robots"
    read = {
        path.name.removesuffix(".robots.txt"): rules_from(answer(path.read_bytes())) for path in folder.glob("*.txt")
    }
    assert len(read) == 38
    odd = [host for host, found in read.items() if found.everything is not None]
    assert odd == ["www.bund.de"]  # an error page, sent as robots.txt
    assert "web page" in read["www.bund.de"].note
    for host, found in read.items():
        lines = (folder / f"{host}.robots.txt").read_text("utf-8", "replace").lower().splitlines()
        assert len(found.sitemaps) <= sum(line.strip().startswith("sitemap") for line in lines)
        assert found.allows(f"https://{host}/robots.txt", AGENT)


def test_many_wildcards_take_no_time() -> None:
    found = rules("User-agent: *\n" + f"Disallow: /{'*a' * 200}b$\n" * 50)
    assert found.allows("https://example.org/" + "a" * 2000, AGENT)


@given(st.binary(max_size=200) | st.lists(st.sampled_from(
    ["User-agent: *", "Disallow: ", "Disallow: /%", "Allow: /*$*", "Crawl-delay: 1e999", "Request-rate: 1/0",
     "Request-rate: 0/5", "Visit-time: 9999-1", "Sitemap:", "user-agent", ":", "Disallow: //[",
     "\ufeff"]), max_size=12).map(
        lambda lines: "\n".join(lines).encode()), st.text(max_size=30))  # fmt: skip
def test_any_file_gives_rules_that_answer(body: bytes, path: str) -> None:
    found = rules_from(answer(body))
    assert found.allows(f"https://example.org/{path}", AGENT) in {True, False}
    assert found.allows(path, path) in {True, False}
    delay = found.delay(AGENT)
    assert delay is None or delay > 0
    assert found.names(AGENT) in {True, False}
