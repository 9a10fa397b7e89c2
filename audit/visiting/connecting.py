"""Connections for httpx and httpcore: opened by the guard, carried by asyncio, kept for the next request to their host.

A pool for every kind of use takes twice the CPU where many hosts are asked once or twice each (`benchmarks/peers.py`,
2026-11-24): a host has one visit in flight, so that the few connections of its transport need none.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable
from typing import Any

import httpcore
import httpx

from audit.model import Reason
from audit.visiting.getting import Unreachable
from audit.visiting.guard import Guard

_AHEAD = 256 * 1024  # bytes that may come before they are asked for
_IDLE = 30.0  # seconds for which a connection is kept for another request


class Stream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """The bytes of one connection. Raises httpcore's errors."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._come = bytearray()
        self._ended = False
        self._failure: Exception | None = None
        self._news: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Kept until they are asked for; beyond a number of bytes the other side has to wait."""
        self._come += data
        if len(self._come) > _AHEAD:
            self._transport.pause_reading()
        self._tell()

    def eof_received(self) -> None:
        """The other side is done; the transport closes itself."""
        self._ended = True
        self._tell()

    def connection_lost(self, exc: Exception | None) -> None:
        """Over, and why where it was not in order."""
        self._ended, self._failure = True, exc
        self._tell()

    def _tell(self) -> None:
        if self._news and not self._news.done():
            self._news.set_result(None)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's interface
        """What has come, at most so much; nothing at the end."""
        if not self._come and not self._ended:
            self._news = self._loop.create_future()
            try:
                async with asyncio.timeout(timeout):
                    await self._news
            except TimeoutError as error:
                raise httpcore.ReadTimeout(f"nothing came for {timeout} s") from error
        if self._failure and not self._come:
            raise httpcore.ReadError(str(self._failure)) from self._failure
        data = bytes(self._come[:max_bytes])
        del self._come[:max_bytes]
        if not self._ended:
            self._transport.resume_reading()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 - the same
        """Requests are short: what the socket does not take at once is sent by the loop."""
        if self._ended:
            raise httpcore.WriteError("the other side has closed the connection")
        if buffer:
            self._transport.write(buffer)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
    ) -> httpcore.AsyncNetworkStream:
        """The same stream, from here on over TLS."""
        try:
            async with asyncio.timeout(timeout):
                over = await self._loop.start_tls(self._transport, self, ssl_context, server_hostname=server_hostname)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout("the TLS handshake took too long") from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        if over is None:
            raise httpcore.ConnectError("the connection was closed during the TLS handshake")
        self._transport = over
        return self

    def get_extra_info(self, info: str) -> Any:
        """Whether something is there to be read, which between requests means: closed or out of step."""
        return bool(self._come) or self._ended if info == "is_readable" else None

    async def aclose(self) -> None:
        """At once: nobody waits for what may still come."""
        self._transport.abort()


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections only to addresses that the guard has just checked.

    TLS and the Host header keep the name: only the socket sees the address.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface is httpcore's
        local_address: str | None = None,  # noqa: ARG002 - the same
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - the same
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address that answers. Raises `Unreachable` or httpcore's errors."""
        try:
            return await self._guard.connect(Stream, host, port, timeout)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - the interface is httpcore's
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - the same
    ) -> httpcore.AsyncNetworkStream:
        """Refused: nothing that is visited lives in a file. Raises `Unreachable`."""
        raise Unreachable(Reason.ADDRESS_REFUSED, f"{path}: a socket file is never visited")

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        await asyncio.sleep(seconds)


class _Body(httpx.AsyncByteStream):
    """What httpcore calls a body, as httpx does."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        """The connection may be asked again where all was read, else it is closed."""
        await self._stream.aclose()


class GuardedTransport(httpx.AsyncBaseTransport):
    """An httpx transport for one host whose every connection is opened by the guard. ``busy`` counts requests.

    Raises `Unreachable` and httpcore's errors.
    """

    def __init__(self, guard: Guard, context: ssl.SSLContext | None) -> None:
        self.busy = 0
        self._context, self._backend = context, GuardedBackend(guard)
        self._kept: list[httpcore.AsyncHTTPConnection] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer's head; its body is read from the stream, which is closed by whoever reads it."""
        url = request.url
        address = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        asked = httpcore.Request(
            request.method, address, headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        answer = await (await self._connection(address.origin)).handle_async_request(asked)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream))

    async def _connection(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection:
        for one in [one for one in self._kept if one.is_closed() or one.has_expired()]:
            self._kept.remove(one)
            await one.aclose()
        for one in self._kept:
            if one.can_handle_request(origin) and one.is_available():
                return one
        new = httpcore.AsyncHTTPConnection(
            origin, ssl_context=self._context, keepalive_expiry=_IDLE, network_backend=self._backend
        )
        self._kept.append(new)
        return new

    async def aclose(self) -> None:
        """Closes all connections."""
        while self._kept:
            await self._kept.pop().aclose()
