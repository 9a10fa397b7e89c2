"""Keeps visits away from machines that are not meant: checked where the socket is opened.

A name is looked up once, every address it has must be allowed, and the connection goes to the very
address that was checked; a name that changes its address between check and connection ("DNS
rebinding") gains nothing. Ranges: IANA special-purpose address registries, read 2026-11-23.
"""

from __future__ import annotations

import asyncio
import re
import socket
import unicodedata
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache, partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from audit.model import Reason
from audit.visiting.getting import Unreachable

Address = IPv4Address | IPv6Address
Lookup = Callable[[str, int], Awaitable[list[str]]]
P = TypeVar("P", bound=asyncio.Protocol)

# Forbidden besides everything that is not globally routable: ranges that Python calls global
# (differently from version to version) though they lead to other machines than they name.
_FORBIDDEN = {
    ip_network(network): why
    for network, why in {
        "::/96": "IPv4-compatible",
        "64:ff9b::/96": "NAT64",
        "64:ff9b:1::/48": "NAT64",
        "2001::/23": "Teredo or protocol assignment",
        "2002::/16": "6to4",
        "3fff::/20": "documentation",
        "5f00::/16": "segment routing",
        "fec0::/10": "site-local",
        "192.0.0.0/24": "protocol assignment",
        "192.88.99.0/24": "6to4 relay",
        "168.63.129.16/32": "cloud host service",
    }.items()
}
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.ASCII)
_SPLITTING = re.compile(r"[\x00- \\]")
_PORTS = {"http": 80, "https": 443}
_ATTEMPTS = 3
_resolving = ThreadPoolExecutor(max_workers=32, thread_name_prefix="resolve")


def _refused(detail: str) -> Unreachable:
    return Unreachable(Reason.ADDRESS_REFUSED, detail)


def forbidden(address: Address) -> str:
    """Why an address must not be visited, or an empty text. IPv4-mapped ones are unwrapped first."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return forbidden(address.ipv4_mapped)
    for network, why in _FORBIDDEN.items():
        if address in network:
            return why
    if address.is_multicast:
        return "multicast"
    return "" if address.is_global else "not publicly routable"


@lru_cache(maxsize=10_000)
def plain_host(host: str) -> str:
    """The host in lower case without a last dot or brackets, compatibility characters folded.

    Raises `Unreachable` for a number in disguise (decimal, hexadecimal, octal, shortened).
    """
    folded = unicodedata.normalize("NFKC", host).lower().rstrip(".").strip("[]")
    last = folded.rpartition(".")[2]
    if not folded or (_NUMBER.fullmatch(last) and not _is_ipv4(folded)):
        raise _refused(f"{host!r} is no usual host name")
    return folded


_parsed = lru_cache(maxsize=10_000)(ip_address)


def _is_address(host: str) -> bool:
    try:
        return bool(_parsed(host))
    except ValueError:
        return False


def _is_ipv4(host: str) -> bool:
    try:
        return bool(IPv4Address(host))
    except ValueError:
        return False


async def look_up(host: str, port: int) -> list[str]:
    """All addresses of a name, by the operating system; an address is its own. Raises OSError."""
    if _is_address(host):
        return [host]
    loop = asyncio.get_running_loop()
    ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in await loop.run_in_executor(_resolving, ask)]


@dataclass(frozen=True)
class Guard:
    """Says which addresses may be visited.

    ``allowed`` are (host, port) pairs of the configuration: for them neither port nor address is
    checked. ``lookup`` gives all addresses of a name.
    """

    allowed: frozenset[tuple[str, int]] = frozenset()
    lookup: Lookup = field(default=look_up, compare=False)

    def only(self, host: str, port: int) -> Guard:
        """This guard with at most the permission for one host and port: a permission ends there."""
        return Guard(self.allowed & {(host, port)}, self.lookup)

    def check_url(self, url: str) -> tuple[str, int]:
        """Host and port of an address that may be tried. Raises `Unreachable` (address-refused)."""
        parts = _split(url)
        if parts.scheme not in _PORTS:
            raise _refused(f"{parts.scheme or 'no scheme'}: only http and https are visited")
        if parts.username is not None or parts.password is not None:
            raise _refused("an address with a user name in it")
        return self.check(parts.hostname or "", parts.port or _PORTS[parts.scheme])

    def check(self, host: str, port: int) -> tuple[str, int]:
        """Host and port in plain form. Raises `Unreachable` (address-refused) for unusual ports."""
        host = plain_host(host)
        if port not in _PORTS.values() and (host, port) not in self.allowed:
            raise _refused(f"port {port} of {host} is not configured")
        return host, port

    async def resolve(self, host: str, port: int) -> list[Address]:
        """The addresses of a host, all of them allowed.

        Raises `Unreachable`: address-refused when any is forbidden, network-down when there is none.
        """
        host, port = self.check(host, port)
        try:
            found = _addresses(await self.lookup(host, port))
        except (OSError, UnicodeError) as error:
            raise Unreachable(Reason.NETWORK_DOWN, f"the name {host} has no address") from error
        if not found:
            raise Unreachable(Reason.NETWORK_DOWN, f"the name {host} has no address")
        if (host, port) not in self.allowed:
            for address in found:
                if why := forbidden(address):
                    raise _refused(f"{host} leads to {address} ({why})")
        return found

    async def connect(self, protocol: Callable[[], P], host: str, port: int, seconds: float | None) -> P:
        """A connection to the first address that answers, each tried for so many seconds.

        Only the socket sees the address, and it is one that was just checked. Raises `Unreachable`, TimeoutError or
        OSError.
        """
        try:
            async with asyncio.timeout(seconds):
                addresses = await self.resolve(host, port)
        except TimeoutError as error:
            raise TimeoutError(f"looking up {host} took too long") from error
        failure: OSError | None = None
        for address in addresses[:_ATTEMPTS]:
            try:
                async with asyncio.timeout(seconds):
                    opened = asyncio.get_running_loop().create_connection(protocol, str(address), port)
                    return (await opened)[1]
            except OSError as error:  # a timeout is one of them
                failure = error
        assert failure is not None  # noqa: S101 - resolve never returns an empty list
        raise failure


def _split(url: str) -> SplitResult:
    # Browsers and libraries disagree about these characters, so an address with them is no address.
    if _SPLITTING.search(url):
        raise _refused("an address with blanks, control characters or backslashes")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise _refused("no valid address") from error
    return parts


def _addresses(texts: Iterable[str]) -> list[Address]:
    """Distinct addresses in the order given; one that cannot be read counts as an unknown name."""
    try:
        return list(dict.fromkeys(_parsed(text) for text in texts))
    except ValueError as error:
        raise OSError("the answer is no address") from error
