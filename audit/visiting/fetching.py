"""Visits over HTTP, with httpx.

One transport per host (`connecting`; a pool shared by many hosts costs several times the CPU), one TLS context of
the system's certificate store for all. Neither proxies nor cookies nor credentials of the
surroundings are used. Which failure has which reason stands in `reason_for`.
"""

from __future__ import annotations

import asyncio
import errno
import ssl
from collections.abc import Iterator, Mapping
from functools import cache
from urllib.parse import urlsplit

import httpcore
import httpx

from audit.model import Reason, Visit
from audit.page import Page
from audit.visiting import bodies
from audit.visiting.connecting import GuardedTransport
from audit.visiting.getting import Limits, Now, Permit, Unreachable, off_base, on_base, permit_all, utc_now
from audit.visiting.guard import Guard
from audit.visiting.keys import Keys, fill, scrub, scrub_bytes
from audit.visiting.redirects import Hop, Reply, first_hop, follow

_FAILED = (
    httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol,
    httpx.InvalidURL,
)  # fmt: skip
_NO_WAY = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}
_ABOUT_TRANSPORT = {
    "connection", "content-encoding", "content-length", "keep-alive", "trailer", "transfer-encoding", "upgrade",
}  # fmt: skip
_IDLE_TRANSPORTS = 400
_AT_ONCE = 400  # visits under way: an association has more websites than a process may have sockets


@cache
def tls() -> ssl.SSLContext:
    """The TLS context of all transports: certificates are checked against the system's store."""
    import truststore  # noqa: PLC0415 - a run that meets no https does without

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class HttpGetter:
    """Visits over HTTP(S), with redirects followed hop by hop.

    ``base_urls`` maps a host to the address that stands in for ``scheme://host``. ``keys`` puts in
    secrets while sending. Pages carry canonical addresses, whatever stood in for them.
    """

    def __init__(
        self,
        guard: Guard,
        user_agent: str,
        *,
        base_urls: Mapping[str, str] | None = None,
        keys: Keys | None = None,
        now: Now = utc_now,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._guard = guard
        self._agent = user_agent
        self._bases = dict(base_urls or {})
        self._keys = keys or Keys()
        self._now = now
        self._context = context
        self._transports: dict[tuple[str, str, frozenset[tuple[str, int]]], GuardedTransport] = {}
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def get(self, visit: Visit, limits: Limits, permit: Permit = permit_all) -> Page:
        """The page at the end of the redirects, whatever its status; raises `Unreachable` only.

        ``permit`` is asked before each further hop with its canonical address.
        """
        try:
            async with self._free, asyncio.timeout(limits.total):
                reply, url = await follow(first_hop(visit), limits, lambda hop: self._send(hop, limits), permit)
        except TimeoutError as error:
            raise Unreachable(Reason.TIMEOUT, f"no whole answer within {limits.total:g} s") from error
        return Page(visit=visit, at=self._now(), url=url, status=reply.status, headers=reply.headers, body=reply.body)

    async def close(self) -> None:
        """Closes all connections."""
        while self._transports:
            await self._transports.popitem()[1].aclose()

    async def _send(self, hop: Hop, limits: Limits) -> Reply:
        used, keys = self._keys.used(hop), self._keys.known_to(hop)
        try:
            reply = await self._exchange(fill(hop, used), limits)
        except (*_FAILED, OSError, UnicodeError) as error:
            reason = reason_for(error)
            raise Unreachable(reason, _said(error, keys)) from None
        except Unreachable as error:
            error.detail = scrub(error.detail, keys)
            raise
        location = (off_base(value, self._bases) if key == "location" else value for key, value in reply.headers)
        names = (key for key, _ in reply.headers)
        if not keys:
            return Reply(reply.status, tuple(zip(names, location, strict=True)), reply.body)
        headers = tuple((key, scrub(value, keys)) for key, value in zip(names, location, strict=True))
        return Reply(reply.status, headers, scrub_bytes(reply.body, keys))

    async def _exchange(self, hop: Hop, limits: Limits) -> Reply:
        address = on_base(hop.url, self._bases)
        transport = self._transport(address, hop)
        request = self._request(hop, address, limits)
        transport.busy += 1  # before anything is waited for: nobody else may close it
        try:
            await self._close_idle()
            response = await transport.handle_async_request(request)
            try:
                return await _reply(response, limits)
            finally:
                await response.aclose()
        finally:
            transport.busy -= 1

    def _request(self, hop: Hop, address: str, limits: Limits) -> httpx.Request:
        headers = {"user-agent": self._agent, "accept": "*/*", "accept-language": "de,en;q=0.5"}
        headers |= {key.lower(): value for key, value in hop.headers}
        headers["accept-encoding"] = bodies.ACCEPT_ENCODING
        seconds = {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": limits.total}
        return httpx.Request(
            hop.method, address, headers=headers, content=hop.body.encode() if hop.body else None,
            extensions={"timeout": seconds},
        )  # fmt: skip

    def _transport(self, address: str, hop: Hop) -> GuardedTransport:
        """The transport of a host. A redirect takes permissions only where the visit began or by a base URL."""
        host, port = self._guard.check_url(address)
        guard = self._guard.only(host, port)
        first = urlsplit(on_base(hop.first, self._bases))
        if address == hop.url and (first.hostname, first.port) != (urlsplit(address).hostname, urlsplit(address).port):
            guard = self._guard.only("", 0)
            guard.check_url(address)
        key = (urlsplit(address).scheme, f"{host}:{port}", guard.allowed)
        transport = self._transports.pop(key, None) or GuardedTransport(guard, self._tls_for(key[0]))
        self._transports[key] = transport
        return transport

    def _tls_for(self, scheme: str) -> ssl.SSLContext | None:
        return (self._context or tls()) if scheme == "https" else None

    async def _close_idle(self) -> None:
        """Closes the longest unused transports beyond a number, so that many hosts cost few sockets."""
        spare = len(self._transports) - _IDLE_TRANSPORTS
        if spare > 0:
            idle = [key for key, transport in self._transports.items() if not transport.busy]
            for transport in [self._transports.pop(key) for key in idle[:spare]]:
                await transport.aclose()


async def _reply(response: httpx.Response, limits: Limits) -> Reply:
    raw = response.headers.raw
    if sum(len(key) + len(value) + 4 for key, value in raw) > limits.header_bytes:
        raise bodies.too_large(limits.header_bytes, "the header")
    headers = tuple((_text(key).lower(), _text(value)) for key, value in raw)
    encodings = ",".join(value for key, value in headers if key == "content-encoding")
    length = response.headers.get("content-length", "")
    body = await bodies.read_body(response.aiter_raw(), encodings, length, limits)
    return Reply(response.status_code, tuple(h for h in headers if h[0] not in _ABOUT_TRANSPORT), body)


def _text(raw: bytes) -> str:
    """A header as text: servers that send umlauts in it mostly mean UTF-8."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def reason_for(error: BaseException) -> Reason:
    """The reason of a failed request.

    timeout: any wait that took too long. network-down: no route to the host (an unknown name is
    network-down too, raised by the guard). truncated: the answer stopped before its end. too-large:
    endless headers. address-refused: no valid address or request. server-error: all else the other side did
    (refused, reset, TLS failure, no HTTP).
    """
    text = str(error)
    if isinstance(error, httpcore.TimeoutException):
        return Reason.TIMEOUT
    if isinstance(error, httpx.InvalidURL | httpcore.UnsupportedProtocol | httpcore.LocalProtocolError | UnicodeError):
        return Reason.ADDRESS_REFUSED
    if any(isinstance(cause, OSError) and cause.errno in _NO_WAY for cause in _causes(error)):
        return Reason.NETWORK_DOWN
    if isinstance(error, httpcore.RemoteProtocolError) and "without sending complete" in text:
        return Reason.TRUNCATED
    if isinstance(error, httpcore.RemoteProtocolError) and "buffer too long" in text:
        return Reason.TOO_LARGE
    return Reason.SERVER_ERROR


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and everything that led to it, groups included."""
    for _ in range(10):
        if error is None:
            return
        yield error
        if isinstance(error, BaseExceptionGroup):
            yield from error.exceptions
        error = error.__cause__ or error.__context__


def _said(error: Exception, keys: Mapping[str, str]) -> str:
    """What went wrong, for a person: the innermost message without keys (before it is cut), or the kind of error."""
    words = [scrub(str(cause).strip(), keys) for cause in _causes(error)]
    text = next((word for word in reversed(words) if word), "")
    kind = type(error).__name__
    return f"{kind}: {text[:200]}" if text else kind
