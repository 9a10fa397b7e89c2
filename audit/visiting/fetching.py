"""Visits over HTTP: requests, redirects and keys over connections that the guard opens.

A connection is kept for each host, one TLS context of the system's certificate store for all. Neither
proxies nor cookies nor credentials of the surroundings are used. Which failure has which reason stands
in `reason_for`.
"""

from __future__ import annotations

import asyncio
import errno
import ssl
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from urllib.parse import SplitResult, quote, urlsplit

import h11

from audit.model import Reason, Visit
from audit.page import Page
from audit.visiting import bodies
from audit.visiting.connecting import Connection
from audit.visiting.getting import Limits, Now, Permit, Unreachable, off_base, on_base, permit_all, utc_now
from audit.visiting.guard import Guard
from audit.visiting.keys import Keys, fill, scrub, scrub_bytes
from audit.visiting.redirects import Hop, Reply, first_hop, follow

_NO_WAY = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}
_ABOUT_TRANSPORT = {
    "connection", "content-encoding", "content-length", "keep-alive", "trailer", "transfer-encoding", "upgrade",
}  # fmt: skip
_IN_PATH, _IN_QUERY = "!$%&'()*+,-./:;=@[]^_|~", "!$%&()*+,-./:;=?@[]^_`{|}~"  # stay as they are (RFC 3986, URL)
_IDLE = 400  # connections kept
_Key = tuple[str, str, frozenset[tuple[str, int]]]
_AT_ONCE = 400  # visits under way: an association has more websites than a process may have sockets


@cache
def tls() -> ssl.SSLContext:
    """The TLS context of all connections: certificates are checked against the system's store."""
    import truststore  # noqa: PLC0415 - a run that meets no https does without

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_alpn_protocols(["http/1.1"])
    return context


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
        self._kept: dict[_Key, Connection] = {}
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
        while self._kept:
            self._kept.popitem()[1].close()
        await asyncio.sleep(0)  # a socket is let go of by the loop

    async def _send(self, hop: Hop, limits: Limits) -> Reply:
        used, keys = self._keys.used(hop), self._keys.known_to(hop)
        try:
            reply = await self._exchange(fill(hop, used), limits)
        except (h11.ProtocolError, OSError, UnicodeError) as error:
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
        parts, guard = urlsplit(address), self._guard_for(address, hop)
        host, target = named(parts)
        headers = {"host": host, "user-agent": self._agent, "accept": "*/*", "accept-language": "de,en;q=0.5"}
        headers |= {key.lower(): value for key, value in hop.headers}
        headers["accept-encoding"] = bodies.ACCEPT_ENCODING
        body = hop.body.encode()
        if body or hop.method == "POST":
            headers["content-length"] = str(len(body))
        key = (parts.scheme, host, guard.allowed)
        connection = self._take(key) or await self._open(parts, guard, limits)
        try:
            head = await connection.ask(hop.method, target, tuple(headers.items()), body, limits.read)
            return await _reply(head, connection, limits)
        finally:
            self._keep(key, connection)

    def _guard_for(self, address: str, hop: Hop) -> Guard:
        """A redirect takes permissions only where the visit began or by a base URL."""
        host, port = self._guard.check_url(address)
        first, here = urlsplit(on_base(hop.first, self._bases)), urlsplit(address)
        if address == hop.url and (first.hostname, first.port) != (here.hostname, here.port):
            guard = self._guard.only("", 0)
            guard.check_url(address)
            return guard
        return self._guard.only(host, port)

    async def _open(self, parts: SplitResult, guard: Guard, limits: Limits) -> Connection:
        host = _written(parts.hostname or "")
        if parts.scheme == "http":
            return await guard.connect(Connection, host, parts.port or 80, limits.connect)
        secure = {"ssl": self._context or tls(), "server_hostname": host}
        return await guard.connect(Connection, host, parts.port or 443, limits.connect, **secure)

    def _take(self, key: _Key) -> Connection | None:
        """The connection kept for a host, if it still serves."""
        connection = self._kept.pop(key, None)
        if connection and not connection.usable:
            connection.close()
            return None
        return connection

    def _keep(self, key: _Key, connection: Connection) -> None:
        """For the next request to that host; beyond a number the one unused for longest is closed."""
        if not connection.free():
            return
        if before := self._kept.pop(key, None):
            before.close()
        self._kept[key] = connection
        if len(self._kept) > _IDLE:
            self._kept.pop(next(iter(self._kept))).close()


def named(parts: SplitResult) -> tuple[str, str]:
    """The Host header and the target of an address's request, as HTTP writes them. Raises UnicodeError."""
    host = _written(parts.hostname or "")
    host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port not in (None, 80 if parts.scheme == "http" else 443) else ""
    query = f"?{quote(parts.query, safe=_IN_QUERY)}" if parts.query else ""
    return host + port, (quote(parts.path, safe=_IN_PATH) or "/") + query


@lru_cache(maxsize=10_000)
def _written(host: str) -> str:
    """A host as DNS and HTTP write it (IDNA 2008). Raises UnicodeError."""
    if host.isascii():
        return host
    import idna  # noqa: PLC0415 - few hosts have umlauts, and its tables are large

    return idna.encode(host).decode()


async def _reply(head: h11.Response, connection: Connection, limits: Limits) -> Reply:
    raw = head.headers
    if sum(len(key) + len(value) + 4 for key, value in raw) > limits.header_bytes:
        raise bodies.too_large(limits.header_bytes, "the header")
    headers = tuple((_text(key), _text(value)) for key, value in raw)
    encodings = ",".join(value for key, value in headers if key == "content-encoding")
    length = next((value for key, value in headers if key == "content-length"), "")
    body = await bodies.read_body(connection.body(limits.read), encodings, length, limits)
    return Reply(head.status_code, tuple(h for h in headers if h[0] not in _ABOUT_TRANSPORT), body)


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
    if isinstance(error, TimeoutError):
        return Reason.TIMEOUT
    if isinstance(error, h11.LocalProtocolError | UnicodeError):
        return Reason.ADDRESS_REFUSED
    if any(isinstance(cause, OSError) and cause.errno in _NO_WAY for cause in _causes(error)):
        return Reason.NETWORK_DOWN
    if isinstance(error, h11.RemoteProtocolError) and "without sending complete" in text:
        return Reason.TRUNCATED
    if isinstance(error, h11.RemoteProtocolError) and "buffer too long" in text:
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
