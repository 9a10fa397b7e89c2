"""A forward proxy on loopback that a browser is started behind: whatever a page asks for passes the guard.

Interception inside the browser misses redirects, WebSockets and preconnections; a proxy sees them
all. It speaks CONNECT and plain HTTP, one target per connection, and counts every byte.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import urlsplit

from audit.model import Reason
from audit.visiting.bodies import too_large
from audit.visiting.getting import Limits, Unreachable
from audit.visiting.guard import Guard

_HEAD = 64 * 1024
_CHUNK = 64 * 1024
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_OWN = ("proxy-", "connection:", "keep-alive:", "upgrade-insecure-requests:")


@dataclass
class GuardedProxy:
    """The proxy of one visit, open while its context lasts.

    ``troubles`` says for each host why it was not reached, ``received`` counts bytes from outside,
    ``full`` and ``overflow`` are set when they were more than ``limits.wire_bytes``: then every
    connection ends.
    """

    guard: Guard
    limits: Limits
    troubles: dict[str, Unreachable] = field(default_factory=dict)
    received: int = 0
    full: Unreachable | None = None
    overflow: asyncio.Event = field(default_factory=asyncio.Event)
    address: str = ""
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> GuardedProxy:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_HEAD)
        self.address = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None  # noqa: S101 - entered before it is left
        self._server.close()
        self._end_all()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _end_all(self) -> None:
        for task in self._tasks - {asyncio.current_task()}:
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - asyncio runs connections as tasks
        self._tasks.add(task)
        try:
            await self._one(reader, writer)
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass  # the browser hung up, sent nonsense or is being closed: its connection simply ends
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip("\r\n").split("\r\n")
        method, target, _ = first.split(" ", 2)
        address = target if method != "CONNECT" else f"https://{target}"
        try:
            far_reader, far_writer = await self._connect(address)
        except Unreachable as trouble:
            self.troubles[urlsplit(address).hostname or address] = trouble
            return
        try:
            if method == "CONNECT":
                writer.write(_ESTABLISHED)
            else:
                far_writer.write(_forwarded(method, target, lines))
            await self._both(reader, writer, far_reader, far_writer)
        finally:
            far_writer.transport.abort()

    async def _connect(self, address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to an address that was just checked. Raises `Unreachable`."""
        if self.full:
            raise self.full
        host, port = self.guard.check_url(address)
        try:
            async with asyncio.timeout(self.limits.connect):
                found = await self.guard.resolve(host, port)
                return await asyncio.open_connection(str(found[0]), port, limit=_HEAD)
        except TimeoutError as error:
            raise Unreachable(Reason.TIMEOUT, f"no connection to {host} in time") from error
        except OSError as error:
            raise Unreachable(Reason.SERVER_ERROR, f"no connection to {host} ({error.strerror or 'failed'})") from error

    async def _both(
        self,
        near_reader: asyncio.StreamReader,
        near_writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        """Bytes in both directions until the far side ends."""
        up = asyncio.ensure_future(_pump(near_reader, far_writer))
        try:
            while data := await far_reader.read(_CHUNK):
                self.received += len(data)
                if self.received > self.limits.wire_bytes:
                    self.full = too_large(self.limits.wire_bytes, "the page with all it loads")
                    self.overflow.set()
                    self._end_all()
                    return
                near_writer.write(data)
                await near_writer.drain()
        finally:
            up.cancel()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await up


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()


def _forwarded(method: str, target: str, lines: list[str]) -> bytes:
    """The request in the form for the host itself, closing after one answer (RFC 9112 section 3.2)."""
    parts = urlsplit(target)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = [line for line in lines if not line.lower().startswith(_OWN) and not line.lower().startswith("host:")]
    head = [f"{method} {path} HTTP/1.1", f"Host: {parts.netloc}", *kept, "Connection: close", "", ""]
    return "\r\n".join(head).encode("latin-1", "replace")
