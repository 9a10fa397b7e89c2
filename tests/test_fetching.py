"""HTTP visits: redirects, limits, keys and reasons, against servers on loopback; and the marks of bad answers."""

from __future__ import annotations

import asyncio
import base64
import gzip
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.model import Reason, Visit
from audit.visiting.connecting import GuardedTransport
from audit.visiting.fetching import HttpGetter, reason_for
from audit.visiting.getting import Limits, Unreachable, actual_url, canonical_url, off_base, on_base
from audit.visiting.guard import Guard
from audit.visiting.keys import Keys, scrub

pytestmark = pytest.mark.anyio

QUICK = Limits(connect=1.0, read=0.4, total=1.0)
CONTEXT = ssl.create_default_context()
CANARY = "cnry/+ 1Qx7=="


@dataclass
class Site:
    """A raw server: ``answers`` by path, ``requests`` as they came, ``reached`` counts connections."""

    answers: dict[str, bytes | Callable[..., Any]] = field(default_factory=dict)
    requests: list[bytes] = field(default_factory=list)
    reached: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reached += 1
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            self.requests.append(request)
            answer = self.answers.get(request.split(b" ")[1].decode().partition("?")[0], said(404))
            if callable(answer):
                await answer(reader, writer)
            else:
                writer.write(answer)
                await writer.drain()
        except (OSError, EOFError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def said(status: int, body: bytes = b"", **headers: str) -> bytes:
    head = "".join(f"{key.replace('_', '-')}: {value}\r\n" for key, value in headers.items())
    return f"HTTP/1.1 {status} X\r\n{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


@asynccontextmanager
async def site(**context: Any) -> AsyncIterator[Site]:
    here = Site()
    server = await asyncio.start_server(here.serve, "127.0.0.1", 0, **context)
    here.port = server.sockets[0].getsockname()[1]
    try:
        yield here
    finally:
        server.close()


def getter(*sites: Site, keys: Keys | None = None, bases: Mapping[str, str] | None = None) -> HttpGetter:
    allowed = frozenset(("127.0.0.1", one.port) for one in sites)
    return HttpGetter(Guard(allowed), "findbar/0.1 (+mailto:audit@example.org)", keys=keys, base_urls=bases or {})


async def failure(visiting: HttpGetter, visit: Visit, limits: Limits = QUICK, **more: Any) -> Unreachable:
    with pytest.raises(Unreachable) as end:
        await visiting.get(visit, limits, **more)
    await visiting.close()
    return end.value


async def test_a_page_carries_status_headers_and_the_decoded_body() -> None:
    async with site() as here:
        here.answers["/x"] = said(404, gzip.compress(b"<p>Hallo"), Content_Encoding="gzip", X_Thing="1")
        page = await getter(here).get(Visit(f"{here.url}/x#part", params=(("q", "a b&c"),)), QUICK)
        assert (page.status, page.body, page.header("x-thing")) == (404, b"<p>Hallo", "1")
        assert page.header("content-encoding") == ""
        assert page.url == f"{here.url}/x?q=a%20b%26c"
        assert b"user-agent: findbar/0.1" in here.requests[0].lower()
        assert b"GET /x?q=a%20b%26c HTTP/1.1" in here.requests[0]


async def test_a_page_behind_a_base_url_is_known_by_its_canonical_address() -> None:
    async with site() as here:
        here.answers["/stand-in/go"] = said(302, Location="/there?x=1")
        here.answers["/stand-in/there"] = said(200, b"ok")
        bases = {"platform.example": f"{here.url}/stand-in"}
        page = await getter(here, bases=bases).get(Visit("https://platform.example/go"), QUICK)
        assert (page.url, page.body) == ("https://platform.example/there?x=1", b"ok")
        assert off_base(on_base(page.url, bases), bases) == page.url
        assert actual_url(page.visit, bases) == f"{here.url}/stand-in/go"


async def test_every_hop_is_put_to_the_permit_before_it_is_sent() -> None:
    asked: list[str] = []

    async def permit(url: str) -> None:
        asked.append(url)
        raise Unreachable(Reason.ROBOTS_FORBIDDEN, "not there")

    async with site() as here:
        here.answers["/a"] = said(301, Location="/b")
        end = await failure(getter(here), Visit(f"{here.url}/a"), permit=permit)
        assert end.reason is Reason.ROBOTS_FORBIDDEN
        assert asked == [f"{here.url}/b"]
        assert here.reached == 1


@pytest.mark.parametrize("target", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "//127.0.0.1:{port}/x",
                                    "http://169.254.169.254/latest/", "http://[::ffff:7f00:1]:{port}/",
                                    "file:///etc/passwd", "http://127.0.0.1/", "http://2130706433:{port}/",
                                    "http://a@127.0.0.1:{port}/"])  # fmt: skip
async def test_a_redirect_to_a_forbidden_address_makes_no_connection(target: str) -> None:
    async with site() as here, site() as inside:
        here.answers["/"] = said(302, Location=target.format(port=inside.port))
        end = await failure(getter(here), Visit(f"{here.url}/"))
        assert end.reason is Reason.ADDRESS_REFUSED
        assert inside.reached == 0


async def test_a_permission_does_not_survive_a_redirect_from_elsewhere() -> None:
    async with site() as outside, site() as permitted:
        outside.answers["/"] = said(302, Location=f"{permitted.url}/admin")
        end = await failure(getter(outside, permitted), Visit(f"{outside.url}/"))
        assert end.reason is Reason.ADDRESS_REFUSED
        assert permitted.reached == 0
        permitted.answers["/"] = said(302, Location="/home")
        permitted.answers["/home"] = said(200, b"home")
        assert (await getter(outside, permitted).get(Visit(f"{permitted.url}/"), QUICK)).body == b"home"


async def test_a_permission_lends_nothing_to_a_connection_kept_from_before() -> None:
    async with site() as outside, site() as permitted:
        outside.answers["/"] = said(302, Location=f"{permitted.url}/admin")
        permitted.answers["/"] = b"HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n"
        visiting = getter(outside, permitted)
        await visiting.get(Visit(f"{permitted.url}/"), QUICK)
        assert (await failure(visiting, Visit(f"{outside.url}/"))).reason is Reason.ADDRESS_REFUSED
        assert permitted.reached == 1


async def test_circles_and_long_chains_of_redirects_end() -> None:
    async with site() as here:
        here.answers["/a"], here.answers["/b"] = said(302, Location="/b"), said(302, Location="/a")
        here.answers |= {f"/{n}": said(302, Location=f"/{n + 1}") for n in range(20)}
        assert "circles" in (await failure(getter(here), Visit(f"{here.url}/a"))).detail
        reached = here.reached
        assert (await failure(getter(here), Visit(f"{here.url}/0"))).reason is Reason.SERVER_ERROR
        assert here.reached - reached == QUICK.redirects + 1


async def test_a_post_becomes_a_get_where_the_status_says_so() -> None:
    async with site() as here:
        here.answers["/a"], here.answers["/b"] = said(303, Location="/c"), said(307, Location="/c")
        here.answers["/c"] = said(200)
        for path in ("/a", "/b"):
            await getter(here).get(Visit(f"{here.url}{path}", method="POST", body="x=1"), QUICK)
        assert [request.split(b" ")[0] for request in here.requests] == [b"POST", b"GET", b"POST", b"POST"]


def key(*hosts: str, value: str | None = CANARY) -> Keys:
    return Keys(lambda name: value, {"TEST_KEY": frozenset(hosts)})


async def test_a_key_is_sent_to_its_host_and_found_nowhere_afterwards() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        coded = base64.b64encode(f"user:{CANARY}".encode()).decode()
        writer.write(said(200, f"bad key {CANARY} {coded}".encode(), X_Echo=f"k={CANARY}"))

    async with site() as here:
        here.answers["/"] = echo
        visit = Visit(
            f"{here.url}/", params=(("key", "{TEST_KEY}"),), headers=(("X-Key", "{TEST_KEY}"),), body="{TEST_KEY}"
        )
        page = await getter(here, keys=key("127.0.0.1")).get(visit, QUICK)
        assert CANARY.encode() in here.requests[0]
        assert b"GET /?key=cnry%2F%2B%201Qx7%3D%3D HTTP/1.1" in here.requests[0]
        assert CANARY not in repr(page)
        assert base64.b64encode(f"user:{CANARY}".encode()).decode()[8:-4] not in repr(page)
        assert page.url.endswith("key={TEST_KEY}")


async def test_a_key_goes_to_no_other_host_and_needs_a_value() -> None:
    async with site() as here:
        visit = Visit(f"{here.url}/?key={{TEST_KEY}}")
        assert (await failure(getter(here, keys=key("api.example")), visit)).reason is Reason.ADDRESS_REFUSED
        assert (await failure(getter(here, keys=key("127.0.0.1", value=None)), visit)).reason is Reason.NEEDS_KEY
        assert (await failure(getter(here, keys=key("127.0.0.1", value="a\r\nb: c")), visit)).reason is Reason.NEEDS_KEY
        assert here.reached == 0


async def test_a_redirect_to_another_host_takes_no_key_along() -> None:
    async def back(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        query = here.requests[-1].split(b" ")[1].decode().partition("?")[2]
        writer.write(said(302, Location=f"https://evil.example/?{query}"))

    async with site() as here, site() as other:
        bases = {"api.example": here.url, "evil.example": other.url}
        visiting = getter(here, other, keys=key("api.example"), bases=bases)
        here.answers["/plain"] = said(302, Location="https://evil.example/")
        here.answers["/echo"] = back
        here.answers["/trick"] = said(302, Location="https://api.example/plain?k={TEST_KEY}")
        await visiting.get(Visit("https://api.example/plain", headers=(("X-Key", "{TEST_KEY}"),)), QUICK)
        assert CANARY.encode() in here.requests[0]
        assert b"x-key" not in other.requests[0].lower()
        end = await failure(visiting, Visit("https://api.example/echo?k={TEST_KEY}"))
        assert end.reason is Reason.ADDRESS_REFUSED
        assert CANARY not in str(end)
        await visiting.get(Visit("https://api.example/trick"), QUICK)
        assert all(
            CANARY.encode() not in request for request in here.requests[2:] + other.requests if b"/echo" not in request
        )


def test_every_form_of_a_key_is_scrubbed() -> None:
    value = "Ab+/ c1%ü§"
    for text in (value, "Ab%2B%2F%20c1%25%C3%BC%C2%A7", "Ab%2b%2f%20c1%25%c3%bc%c2%a7", "Ab%2B%2F+c1%25%C3%BC%C2%A7"):
        assert scrub(f"x{text}y", {"K": value}) == "x{K}y"
    for before in ("", "a", "ab", "abc:"):
        coded = base64.b64encode((before + value * 1).encode()).decode()
        assert "{K}" in scrub(coded, {"K": value})
        safe = base64.urlsafe_b64encode((before + value).encode()).decode()
        assert "{K}" in scrub(safe, {"K": value})


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 X\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(100):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.1)


async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(5)


async def endless_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 X\r\n")
    while True:
        writer.write(b"X-Filler: " + b"x" * 1000 + b"\r\n")
        await writer.drain()


async def endless_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"2000\r\n" + b"x" * 0x2000 + b"\r\n")
        await writer.drain()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (drip, Reason.TIMEOUT),
        (silence, Reason.TIMEOUT),
        (endless_headers, Reason.TOO_LARGE),
        (said(200, X_Big="x" * 70_000), Reason.TOO_LARGE),
        (endless_body, Reason.TOO_LARGE),
        (b"HTTP/1.1 200 X\r\nContent-Length: 99999999\r\n\r\n", Reason.TOO_LARGE),
        (b"HTTP/1.1 200 X\r\nContent-Length: 50\r\n\r\nshort", Reason.TRUNCATED),
        (b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", Reason.TRUNCATED),
        (said(200, gzip.compress(b"x" * 1000)[:20], Content_Encoding="gzip"), Reason.TRUNCATED),
        (said(200, gzip.compress(bytes(30_000_000)), Content_Encoding="gzip"), Reason.TOO_LARGE),
        (said(200, b"x", Content_Encoding="gzip, gzip"), Reason.SERVER_ERROR),
        (b"", Reason.SERVER_ERROR),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Reason.SERVER_ERROR),
        (said(302, Location="http://[::1"), Reason.SERVER_ERROR),
    ],
)
async def test_every_bad_server_has_its_reason_and_ends_in_time(
    answer: bytes | Callable[..., Any], reason: Reason
) -> None:
    async with site() as here:
        here.answers["/"] = answer
        assert (await failure(getter(here), Visit(f"{here.url}/"))).reason is reason


async def test_a_refused_connection_is_a_server_error_and_an_unknown_name_network_down() -> None:
    async with site() as here:
        pass
    assert (await failure(getter(here), Visit(f"{here.url}/"))).reason is Reason.SERVER_ERROR

    async def lookup(host: str, port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    visiting = HttpGetter(Guard(lookup=lookup), "findbar")
    assert (await failure(visiting, Visit("https://gone.example/"))).reason is Reason.NETWORK_DOWN
    no_route = httpx.ConnectError("All connection attempts failed")
    no_route.__cause__ = OSError(101, "Network is unreachable")
    assert reason_for(no_route) is Reason.NETWORK_DOWN


async def test_a_certificate_nobody_vouches_for_is_a_server_error(tmp_path: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
               "2", "-subj", "/CN=127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"]  # fmt: skip
    try:
        made = await asyncio.create_subprocess_exec(*command, cwd=tmp_path, stderr=asyncio.subprocess.DEVNULL)
        await made.wait()
    except OSError:
        pytest.skip("no openssl to make a certificate with")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    async with site(ssl=context) as here:
        end = await failure(getter(here), Visit(f"https://127.0.0.1:{here.port}/"))
        assert end.reason is Reason.SERVER_ERROR
        assert "certificate" in end.detail.lower()


async def test_the_transport_of_httpx_cannot_bypass_the_guard() -> None:
    async with site() as here:
        transport = GuardedTransport(Guard(), ssl.create_default_context())
        with pytest.raises(Unreachable):
            await transport.handle_async_request(httpx.Request("GET", f"{here.url}/"))
        with pytest.raises(Unreachable):
            await transport.handle_async_request(httpx.Request("GET", "http://127.0.0.1/"))
        assert here.reached == 0


async def test_connections_are_reused_and_closed() -> None:
    async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = b"HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\nok"
        writer.write(answer)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    async with site() as here:
        here.answers["/"] = twice
        visiting = getter(here)
        for _ in range(2):
            assert (await visiting.get(Visit(f"{here.url}/"), QUICK)).body == b"ok"
        assert here.reached == 1
        await visiting.close()


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (b"HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 X\r\nContent-Length: 3\r\n\r\nbad", b"ok"),
        (b"HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\nok", b"ok"),  # and the server closes
        (b"HTTP/1.0 200 X\r\n\r\nto the end", b"to the end"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\nok", b"ok"),
    ],
)
async def test_no_answer_is_mixed_up_with_another(answer: bytes, body: bytes) -> None:
    async with site() as here:
        here.answers["/"] = answer
        visiting = getter(here)
        for _ in range(2):
            assert (await visiting.get(Visit(f"{here.url}/"), QUICK)).body == body
            await asyncio.sleep(0.01)
        assert here.reached == 2
        await visiting.close()


async def test_a_large_body_comes_whole_however_fast_it_is_sent() -> None:
    async with site() as here:
        here.answers["/"] = said(200, b"x" * 3_000_000)
        assert len((await getter(here).get(Visit(f"{here.url}/"), QUICK)).body) == 3_000_000


async def test_a_server_that_changes_the_protocol_unasked_is_a_server_error() -> None:
    async with site() as here:
        here.answers["/"] = b"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"
        assert (await failure(getter(here), Visit(f"{here.url}/"))).reason is Reason.SERVER_ERROR


async def test_addresses_are_sent_as_http_writes_them() -> None:
    async with site() as here:
        here.answers["/a%20b/%C3%A4%7Bx%7D"] = said(200, b"da")
        await getter(here).get(Visit(f"{here.url}/a%20b/ä{{x}}?q=ä[1]|2&z=%C3%A4#teil"), QUICK)
        assert here.requests[0].startswith(b"GET /a%20b/%C3%A4%7Bx%7D?q=%C3%A4[1]|2&z=%C3%A4 HTTP/1.1\r\n")


async def test_umlauts_in_a_redirect_are_followed() -> None:
    async with site() as here:
        here.answers["/"] = said(302, Location="/übersicht")
        here.answers["/%C3%BCbersicht"] = said(200, b"da")
        page = await getter(here).get(Visit(f"{here.url}/"), QUICK)
        assert (page.body, page.url) == (b"da", f"{here.url}/übersicht")


@given(
    st.text(max_size=30)
    | st.builds("https://a.example/{}".format, st.text(max_size=20))
    | st.builds("http://{}/".format, st.text(max_size=9)),
    st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=2),
    st.text(max_size=5),
    st.sampled_from(["GET", "POST", "", "Ä", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"]),
)
def test_any_visit_ends_with_a_page_or_a_reason(url: str, pairs: list[tuple[str, str]], body: str, method: str) -> None:
    async def lookup(host: str, port: int) -> list[str]:
        return ["127.0.0.1"] if "\x00" in host else []

    visit = Visit(url, params=tuple(pairs), headers=tuple(pairs), body=body, method=method)
    visiting = HttpGetter(Guard(lookup=lookup), "findbar", context=CONTEXT)
    with pytest.raises(Unreachable):
        asyncio.run(visiting.get(visit, QUICK))


def test_marks_of_keys_stay_readable_in_addresses() -> None:
    visit = Visit("https://api.example/s?a=1", params=(("key", "{TEST_KEY}"), ("q", "{x} Ä")))
    assert canonical_url(visit) == "https://api.example/s?a=1&key={TEST_KEY}&q=%7Bx%7D%20%C3%84"
