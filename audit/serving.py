"""Serves an archive of answers over loopback HTTP: ``http://127.0.0.1:PORT/<host>/<path>``.

For the demonstration, integration tests and benchmarks. It listens on this machine only.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

from audit.visiting.archive import FAULTS, NOT_FOUND, Answer, Archive, spoilt

_HEAD = 64 * 1024
_BODY = 1024 * 1024
_DRIP = 1.0


@dataclass
class _Server:
    archive: Archive
    latency: float
    fault: str
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers the requests of one connection, one after the other."""
        task = asyncio.current_task()
        if task:
            self.tasks.add(task)
        try:
            with contextlib.suppress(OSError, EOFError, ValueError, asyncio.LimitOverrunError):
                while await self._one(reader, writer):
                    pass
        finally:
            writer.close()
            if task:
                self.tasks.discard(task)

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        method, target, headers = await _request(reader)
        length = min(int(headers.get("content-length") or 0), _BODY)
        body = (await reader.readexactly(length)).decode("utf-8", "replace")
        if headers.get("transfer-encoding"):
            return False
        answer = self._answer(method, target, body)
        await asyncio.sleep(self.latency + answer.delay)
        return await _write(writer, answer, method)

    def _answer(self, method: str, target: str, body: str) -> Answer:
        host, _, rest = urlsplit(target).path.lstrip("/").partition("/")
        query = urlsplit(target).query
        answer = self.archive.answer(method, f"https://{host}/{rest}{'?' if query else ''}{query}", body)
        return spoilt(answer or NOT_FOUND, self.fault if answer is not NOT_FOUND else "")


async def _request(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines if line)
    return method, target, {key.strip().lower(): value.strip() for key, _, value in pairs}


async def _write(writer: asyncio.StreamWriter, answer: Answer, method: str) -> bool:
    """Sends the answer with its fault; says whether the connection goes on."""
    if answer.fault == "timeout":
        await asyncio.Event().wait()
    if answer.fault == "reset":
        writer.transport.abort()
        return False
    length = len(answer.body) + (answer.fault == "truncated")
    lines = [
        f"HTTP/1.1 {answer.status} {_phrase(answer.status)}",
        *(f"{key}: {value}" for key, value in answer.headers),
    ]
    head = "\r\n".join([*lines, f"content-length: {length}", "", ""]).encode("latin-1", "replace")
    body = b"" if method == "HEAD" else answer.body
    if answer.fault == "slow":
        return await _drip(writer, head + body)
    writer.write(head + (body[: len(body) // 2] if answer.fault == "truncated" else body))
    await writer.drain()
    return answer.fault != "truncated"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


async def _drip(writer: asyncio.StreamWriter, data: bytes) -> bool:
    for place in range(len(data)):
        writer.write(data[place : place + 1])
        await writer.drain()
        await asyncio.sleep(_DRIP)
    return True


@contextlib.asynccontextmanager
async def serve(archive: Archive, port: int = 0, latency: float = 0.0, fault: str = "") -> AsyncIterator[str]:
    """The base URL under which each host of the archive is found, while the context lasts.

    ``port`` 0 takes a free one; ``latency`` is in seconds, ``fault`` one of ``FAULTS`` for every
    answer but a missing robots.txt. Raises ValueError for another fault, OSError for a port in use.
    """
    if fault and fault not in FAULTS:
        raise ValueError(f"unknown fault {fault!r}; known: {', '.join(FAULTS)}")
    house = _Server(archive, latency, fault)
    server = await asyncio.start_server(house.serve, "127.0.0.1", port, limit=_HEAD)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in house.tasks:
            task.cancel()
        await asyncio.gather(*house.tasks, return_exceptions=True)
        await server.wait_closed()


def base_urls(archive: Archive, base_url: str) -> dict[str, str]:
    """The base URLs that lead a getter to the served archive: host -> address."""
    return {host: f"{base_url}/{host}" for host in archive.hosts()}
