"""The guard: no visit ends at a machine that is not meant."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.model import Reason
from audit.visiting.connecting import GuardedBackend
from audit.visiting.getting import Unreachable
from audit.visiting.guard import Guard, forbidden

pytestmark = pytest.mark.anyio

FORBIDDEN = """127.0.0.1 127.255.255.254 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 100.100.100.200
0.0.0.0 0.1.2.3 255.255.255.255 224.0.0.1 239.1.1.1 240.0.0.1 192.0.0.192 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1
192.88.99.1 168.63.129.16 ::1 :: ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808
64:ff9b:1::1 2002:7f00:1:: 2002:808:808:: 2001::1 2001:0:53aa:64c:: 2001:db8::1 fe80::1 fec0::1 fc00::1 fd00:ec2::254
ff02::1 100::1 3fff::1 5f00::1""".split()  # noqa: SIM905 - a table of 43 quoted addresses is harder to read
PUBLIC = "8.8.8.8 93.184.216.34 2a00:1450:4001:80b::200e 2606:2800:220:1::1 ::ffff:8.8.8.8".split()  # noqa: SIM905 - as above


def answering(*addresses: str) -> Callable[[str, int], Awaitable[list[str]]]:
    async def lookup(host: str, port: int) -> list[str]:
        return list(addresses)

    return lookup


@pytest.mark.parametrize("address", FORBIDDEN)
def test_addresses_that_are_not_public_are_forbidden(address: str) -> None:
    assert forbidden(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    assert forbidden(ip_address(address)) == ""


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "javascript:alert(1)", "//example.org/",
        "",        "http://user@example.org/", "http://user:secret@example.org/", "http://:@example.org/", "http://@example.org/",
        "http://example.org:22/", "http://example.org:8080/", "http://example.org:99999/", "http://example.org:x/",
        "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://017700000001/", "http://0177.0.0.1/",
        "http://127.1/", "http://127.0.0.1.:8080/", "http://1.2.3.4.5/", "http://256.1.1.1/", "http:///path",
        "http://１２７.1/", "http://exa mple.org/", "http://example.org\\@evil.example/", "http://[::1/", "http://exam\nple.org/",
    ],
)  # fmt: skip
def test_addresses_with_tricks_are_refused(url: str) -> None:
    with pytest.raises(Unreachable) as refusal:
        Guard().check_url(url)
    assert refusal.value.reason is Reason.ADDRESS_REFUSED


def test_usual_addresses_pass_in_plain_form() -> None:
    assert Guard().check_url("https://Caritas-Musterstadt.DE/x?y=1#z") == ("caritas-musterstadt.de", 443)
    assert Guard().check_url("http://example.org.:80") == ("example.org", 80)


def test_a_permission_is_for_one_host_and_one_port() -> None:
    guard = Guard(frozenset({("127.0.0.1", 8765)}))
    assert guard.check_url("http://127.0.0.1:8765/x") == ("127.0.0.1", 8765)
    with pytest.raises(Unreachable):
        guard.check_url("http://127.0.0.1:8766/x")
    assert guard.only("example.org", 443).allowed == frozenset()


async def test_one_forbidden_address_among_public_ones_refuses_the_name() -> None:
    guard = Guard(lookup=answering("93.184.216.34", "127.0.0.1"))
    with pytest.raises(Unreachable) as refusal:
        await guard.resolve("mixed.example", 443)
    assert refusal.value.reason is Reason.ADDRESS_REFUSED


@pytest.mark.parametrize("address", FORBIDDEN)
async def test_a_name_that_leads_to_a_forbidden_address_is_refused(address: str) -> None:
    with pytest.raises(Unreachable) as refusal:
        await Guard(lookup=answering(address)).resolve("inside.example", 80)
    assert refusal.value.reason is Reason.ADDRESS_REFUSED


async def test_an_unknown_name_is_network_down() -> None:
    async def lookup(host: str, port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    for guard in (
        Guard(lookup=lookup),
        Guard(lookup=answering()),
        Guard(lookup=answering("fe80::1%eth0x", "nonsense")),
    ):
        with pytest.raises(Unreachable) as end:
            await guard.resolve("gone.example", 443)
        assert end.value.reason is Reason.NETWORK_DOWN


async def test_a_name_that_changes_its_address_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    asked: list[str] = []

    async def lookup(host: str, port: int) -> list[str]:
        return next(answers)

    async def recording(protocol: object, host: str, port: int) -> None:
        asked.append(host)
        raise ConnectionRefusedError("not really")

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", recording)
    backend = GuardedBackend(Guard(lookup=lookup))
    with pytest.raises(httpcore.ConnectError):
        await backend.connect_tcp("rebinding.example", 80)
    with pytest.raises(Unreachable):
        await backend.connect_tcp("rebinding.example", 80)
    assert asked == ["93.184.216.34"]


async def test_the_backend_opens_no_connection_to_loopback_without_permission() -> None:
    reached = 0

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal reached
        reached += 1
        writer.close()

    async with await asyncio.start_server(count, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        for host in ("127.0.0.1", "localhost", "::ffff:127.0.0.1", "127.1", "0x7f000001", "2130706433"):
            with pytest.raises(Unreachable):
                await GuardedBackend(Guard(frozenset({("other.example", port)}))).connect_tcp(host, port)
        stream = await GuardedBackend(Guard(frozenset({("127.0.0.1", port)}))).connect_tcp("127.0.0.1", port)
        await stream.aclose()
        await asyncio.sleep(0.01)
    assert reached == 1


async def test_socket_files_are_never_opened() -> None:
    with pytest.raises(Unreachable):
        await GuardedBackend(Guard()).connect_unix_socket("/run/service.sock")


@given(st.text(max_size=60) | st.builds("http://{}/".format, st.text(max_size=40)))
def test_any_text_is_an_address_or_refused(url: str) -> None:
    try:
        host, port = Guard().check_url(url)
    except Unreachable as refusal:
        host, port, url = "refused", 80, refusal.reason.value
    assert host
    assert port in (80, 443)
    assert url == "address-refused" or host != "refused"
