"""Redirects, hop by hop, for every getter that has them: the same rules wherever the answer comes from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from audit.model import Reason, Visit
from audit.visiting.getting import PLACEHOLDER, Limits, Permit, Unreachable, canonical_url, host_of

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_METHODS = frozenset({"GET", "HEAD", "POST"})
_ABOUT_THE_BODY = frozenset({"content-type", "content-length"})


@dataclass(frozen=True, slots=True)
class Hop:
    """One request: canonical ``url``, and ``first``, the canonical address the visit began with."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str
    first: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: lower-case header names, decoded body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of that lower-case name, or an empty text."""
        return next((value for key, value in self.headers if key == name), "")


def first_hop(visit: Visit) -> Hop:
    """The request a visit begins with. Raises `Unreachable` for a method that changes things elsewhere."""
    if visit.method.upper() not in _METHODS:
        raise Unreachable(Reason.ADDRESS_REFUSED, f"the method {visit.method[:20]!r} is not used")
    url = canonical_url(visit)
    return Hop(visit.method.upper(), url, visit.headers, visit.body, url)


async def follow(
    hop: Hop, limits: Limits, send: Callable[[Hop], Awaitable[Reply]], permit: Permit
) -> tuple[Reply, str]:
    """The reply at the end of the chain, and its canonical address.

    Each further hop is put to ``permit`` (robots, lane) before it is sent. Raises `Unreachable`
    (server-error) for a loop or more than ``limits.redirects`` hops.
    """
    seen = {(hop.method, hop.url)}
    for _ in range(limits.redirects + 1):
        reply = await send(hop)
        target = _target(hop, reply)
        if not target:
            return reply, hop.url
        hop = _next(hop, reply.status, target)
        if (hop.method, hop.url) in seen:
            raise Unreachable(Reason.SERVER_ERROR, f"redirects go round in circles at {hop.url}", status=reply.status)
        seen.add((hop.method, hop.url))
        await permit(hop.url)
    raise Unreachable(Reason.SERVER_ERROR, f"more than {limits.redirects} redirects", status=reply.status)


def _target(hop: Hop, reply: Reply) -> str:
    location = reply.header("location").strip()
    if reply.status not in _REDIRECTS or not location:
        return ""
    try:
        return _without_new_keys(hop, urljoin(hop.url, location).partition("#")[0])
    except ValueError as error:
        raise Unreachable(Reason.SERVER_ERROR, "redirect to something that is no address") from error


def _without_new_keys(hop: Hop, target: str) -> str:
    """A server may send back a mark that the request had, but not ask for another key by its mark."""
    known = {mark for text in (hop.url, hop.body) for mark in PLACEHOLDER.findall(text)}
    return PLACEHOLDER.sub(lambda mark: mark[0] if mark[1] in known else f"%7B{mark[1]}%7D", target)


def _next(hop: Hop, status: int, target: str) -> Hop:
    """The next request by RFC 9110 section 15.4: 303, and 301 or 302 after POST, become GET."""
    keeps = status in {307, 308} or hop.method in {"GET", "HEAD"}
    headers = hop.headers if keeps else _without(hop.headers, lambda key, _: key in _ABOUT_THE_BODY)
    if _leaves(hop.url, target):
        if keeps and PLACEHOLDER.search(hop.body):
            raise Unreachable(Reason.ADDRESS_REFUSED, f"a key would follow a redirect to {host_of(target)}")
        headers = _without(headers, lambda _, value: PLACEHOLDER.search(value) is not None)
    return replace(
        hop, url=target, headers=headers, method=hop.method if keeps else "GET", body=hop.body if keeps else ""
    )


def _leaves(here: str, there: str) -> bool:
    """Another host, or no longer encrypted: no key goes along."""
    return host_of(here) != host_of(there) or (urlsplit(here).scheme == "https" != urlsplit(there).scheme)


def _without(headers: tuple[tuple[str, str], ...], unwanted: Callable[[str, str], bool]) -> tuple[tuple[str, str], ...]:
    return tuple((key, value) for key, value in headers if not unwanted(key.lower(), value))
