"""Visits in a real browser: scripts run, and no page leads the browser to a forbidden address."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping

import pytest

from audit.model import Reason, Via, Visit
from audit.visiting.browser import BrowserGetter
from audit.visiting.chromium import find_browser
from audit.visiting.getting import Limits, Unreachable
from audit.visiting.guard import Guard
from audit.visiting.proxy import GuardedProxy
from tests.conftest import skip_or_fail
from tests.test_fetching import Site, said, site

pytestmark = pytest.mark.anyio

PATIENT = Limits(total=30.0)


@pytest.fixture
def chromium() -> str:
    path = find_browser()
    if not path:
        skip_or_fail("browser", "no Chromium on this machine")
    pytest.importorskip("playwright")
    return path


def html(body: str) -> bytes:
    return said(200, f"<!doctype html><title>t</title><body>{body}".encode(), Content_Type="text/html")


def getter(here: Site, chromium: str, bases: Mapping[str, str] | None = None) -> BrowserGetter:
    return BrowserGetter(
        Guard(frozenset({("127.0.0.1", here.port)})),
        "findbar/0.1",
        chromium=chromium,
        base_urls=bases,
    )


@pytest.mark.browser
async def test_a_page_is_read_as_its_scripts_left_it(chromium: str) -> None:
    async with site() as here:
        here.answers["/s/"] = html("<script>document.body.append('aus ' + 'Skript ' + navigator.userAgent)</script>")
        visiting = getter(here, chromium, bases={"haus.example": f"{here.url}/s"})
        page = await visiting.get(Visit("https://haus.example/", via=Via.BROWSER), PATIENT)
        await visiting.close()
        assert "aus Skript findbar/0.1" in page.readable
        assert (page.url, page.status) == ("https://haus.example/", 200)
        assert page.picture.startswith(b"\xff\xd8\xff")  # a JPEG


ATTACKS = """
<meta http-equiv="refresh" content="2;url={inside}/refresh">
<iframe src="{inside}/frame"></iframe><iframe src="/to-inside"></iframe><iframe src="http://localhost:{port}/name"></iframe>
<script src="{inside}/script"></script><link rel="stylesheet" href="{inside}/style"><img src="{inside}/image">
<link rel="preconnect" href="{inside}"><link rel="prefetch" href="{inside}/prefetch">
<object data="{inside}/object"></object>
<script>
fetch('{inside}/fetch', {{mode: 'no-cors'}}).catch(() => 0);
fetch('http://[::1]:{port}/six', {{mode: 'no-cors'}}).catch(() => 0);
fetch('http://2130706433:{port}/decimal', {{mode: 'no-cors'}}).catch(() => 0);
fetch('/to-inside', {{mode: 'no-cors'}}).catch(() => 0);
navigator.sendBeacon('{inside}/beacon', 'x');
try {{ new WebSocket('ws://127.0.0.1:{port}/socket') }} catch (e) {{}}
try {{ new EventSource('{inside}/events') }} catch (e) {{}}
document.body.dataset.rtc = typeof RTCPeerConnection;
</script>Inhalt
"""


@pytest.mark.browser
async def test_nothing_in_a_page_reaches_a_forbidden_port(chromium: str) -> None:
    async with site() as here, site() as inside:
        here.answers["/"] = html(ATTACKS.format(inside=inside.url, port=inside.port))
        here.answers["/to-inside"] = said(302, Location=f"{inside.url}/redirected")
        visiting = getter(here, chromium)
        try:
            page = await visiting.get(Visit(f"{here.url}/"), PATIENT)
            assert 'data-rtc="undefined"' in page.text
        except Unreachable as end:  # the refresh may come first: then there is no page, and that is right too
            assert end.reason is Reason.ADDRESS_REFUSED  # noqa: PT017 - one of two right ends
        await asyncio.sleep(0.3)
        await visiting.close()
        assert here.reached > 1
        assert inside.reached == 0


@pytest.mark.browser
async def test_a_main_document_that_is_forbidden_says_so(chromium: str) -> None:
    async with site() as here, site() as inside:
        here.answers["/"] = said(302, Location=f"{inside.url}/admin")
        visiting = getter(here, chromium)
        for address in (f"{here.url}/", inside.url, "http://169.254.169.254/"):
            with pytest.raises(Unreachable) as end:
                await visiting.get(Visit(address), PATIENT)
            assert end.value.reason is Reason.ADDRESS_REFUSED
        await visiting.close()
        assert inside.reached == 0


@pytest.mark.browser
async def test_a_page_that_loads_too_much_is_too_large_and_one_that_never_comes_a_timeout(chromium: str) -> None:
    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(10)

    async with site() as here:
        here.answers["/"] = html("x" * 300_000)
        here.answers["/never"] = silence
        here.answers["/file"] = said(200, b"PK", Content_Type="application/zip", Content_Disposition="attachment")
        visiting = getter(here, chromium)
        for path, limits, reason in (
            ("/", Limits(total=20.0, wire_bytes=100_000), Reason.TOO_LARGE),
            ("/never", Limits(total=1.5), Reason.TIMEOUT),
            ("/file", PATIENT, Reason.TRUNCATED),
        ):
            with pytest.raises(Unreachable) as end:
                await visiting.get(Visit(f"{here.url}{path}"), limits)
            assert end.value.reason is reason
        await visiting.close()


async def test_without_a_browser_the_cure_is_named() -> None:
    visiting = BrowserGetter(Guard(), "findbar", chromium="/nowhere/chromium")
    with pytest.raises(Unreachable) as end:
        await visiting.get(Visit("https://example.org/"), PATIENT)
    assert end.value.reason is Reason.NO_BROWSER
    assert "playwright install chromium" in end.value.detail


async def test_a_key_is_never_given_to_a_browser() -> None:
    with pytest.raises(Unreachable) as end:
        await BrowserGetter(Guard(), "findbar").get(Visit("https://example.org/?k={TEST_KEY}"), PATIENT)
    assert end.value.reason is Reason.ADDRESS_REFUSED


@pytest.fixture
async def proxy() -> AsyncIterator[GuardedProxy]:
    async with GuardedProxy(Guard(), Limits(wire_bytes=1000, connect=1.0)) as one:
        yield one


@pytest.mark.parametrize(
    "request_",
    ["CONNECT 127.0.0.1:{port} HTTP/1.1", "GET http://127.0.0.1:{port}/ HTTP/1.1", "CONNECT localhost:{port} HTTP/1.1",
     "GET / HTTP/1.1", "CONNECT [::1]:{port} HTTP/1.1", "GET http://a@127.0.0.1:{port}/ HTTP/1.1", "nonsense",
     "\x16\x03\x01", "CONNECT 127.0.0.1 HTTP/1.1", "CONNECT 2130706433:{port} HTTP/1.1",
     "GET ftp://127.0.0.1/ HTTP/1.1"],
)  # fmt: skip
async def test_the_proxy_reaches_nothing_forbidden_whatever_it_is_told(proxy: GuardedProxy, request_: str) -> None:
    async with site() as inside:
        port = int(proxy.address.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"{request_.format(port=inside.port)}\r\n\r\n".encode("latin-1"))
        with contextlib.suppress(ConnectionError):  # hung up on: as good as silence
            assert await asyncio.wait_for(reader.read(), 2) == b""
        writer.close()
        assert inside.reached == 0
