"""One connection to a host: h11 says what the bytes mean, asyncio carries them.

A client with pools and layers for every kind of use costs three times the CPU where many hosts are asked once or twice
each (`benchmarks/peers.py`, 2026-11-24); what is needed here is one request at a time, read within limits.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import h11

_HEAD = 100 * 1024  # bytes of an answer's head that may be incomplete
_AHEAD = 256 * 1024  # bytes that may come before they are asked for
_IDLE = 30.0  # seconds for which a connection is kept for another request


class Connection(asyncio.Protocol):
    """Asks one request after the other. Raises OSError (TimeoutError for too long a wait) and h11's errors."""

    def __init__(self) -> None:
        self._talk = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD)
        self._loop = asyncio.get_running_loop()
        self._come = bytearray()
        self._ended = False
        self._failure: Exception | None = None
        self._news: asyncio.Future[None] | None = None
        self._idle_since = self._loop.time()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open; TLS, if any, was shaken hands on."""
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

    @property
    def usable(self) -> bool:
        """Whether a kept connection may be asked again: nothing came meanwhile, and not for too long."""
        return not self._ended and not self._come and self._loop.time() - self._idle_since < _IDLE

    async def ask(
        self, method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes, seconds: float
    ) -> h11.Response:
        """The head of the answer; ``seconds`` is the longest wait for anything of it."""
        coded = [(name.encode("ascii"), value.encode("ascii")) for name, value in headers]
        events = [h11.Request(method=method, target=target, headers=coded), h11.Data(body), h11.EndOfMessage()]
        self._transport.write(b"".join(self._talk.send(event) or b"" for event in events if event != h11.Data(b"")))
        while not isinstance(event := await self._next(seconds), h11.Response):
            if not isinstance(event, h11.InformationalResponse):
                raise h11.RemoteProtocolError("Server answers something else than was asked for.")
        return event

    async def body(self, seconds: float) -> AsyncIterator[bytes]:
        """The body as it comes, encoded as the head says."""
        while not isinstance(event := await self._next(seconds), h11.EndOfMessage):
            if not isinstance(event, h11.Data):
                raise h11.RemoteProtocolError("Server answers something else than was asked for.")
            yield bytes(event.data)

    async def _next(self, seconds: float) -> object:
        while (event := self._talk.next_event()) is h11.NEED_DATA:
            data = await self._more(seconds)
            if not data and self._talk.their_state is h11.SEND_RESPONSE:
                raise h11.RemoteProtocolError("Server disconnected without sending a response.")
            self._talk.receive_data(data)
        return event

    async def _more(self, seconds: float) -> bytes:
        if not self._come and not self._ended:
            self._news = self._loop.create_future()
            async with asyncio.timeout(seconds):
                await self._news
        data = bytes(self._come)
        self._come.clear()
        if self._failure and not data:
            raise self._failure
        if not self._ended:
            self._transport.resume_reading()
        return data

    def free(self) -> bool:
        """After an answer: whether another request may follow. Where not, the connection is closed."""
        done = self._talk.our_state is h11.DONE and self._talk.their_state is h11.DONE
        if not done or self._talk.trailing_data[0] or self._ended:
            self.close()
            return False
        self._talk.start_next_cycle()
        self._idle_since = self._loop.time()
        return True

    def close(self) -> None:
        """At once: nobody waits for what may still come."""
        self._transport.abort()
