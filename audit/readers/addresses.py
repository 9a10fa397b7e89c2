"""Web addresses: made absolute, compared by registrable domain."""

from __future__ import annotations

import ipaddress
from functools import cache, lru_cache
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from publicsuffixlist import PublicSuffixList
from w3lib.url import url_query_cleaner

from audit.page import Page

_LONGEST = 2048
_TRACKING = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "fbclid", "igshid", "igsh", "gclid",
             "ref_src", "hl", "lang"]  # fmt: skip


def base(page: Page) -> str:
    """What relative links of the page are relative to: its base element, else its own address."""
    return absolute(page.url or page.visit.url, page.attribute("base[href]", "href")) or page.url or page.visit.url


def absolute(on: str, link: str) -> str:
    """The link as an http(s) address without fragment, or "" where it is none."""
    try:
        parts = urlsplit(urljoin(on, link.strip()[:_LONGEST]))
        bad = parts.scheme not in ("http", "https") or not parts.hostname or (parts.port == 0)
    except ValueError:
        return ""
    return "" if bad else urlunsplit((parts.scheme, parts.netloc, parts.path or "/", parts.query, ""))


def joined(on: str, link: str) -> str:
    """The link made absolute, whatever its scheme; as it stands where it is no address."""
    try:
        return urljoin(on, link)
    except ValueError:
        return link


def untracked(url: str) -> str:
    """The address without parameters that only count visitors or choose a language."""
    return str(url_query_cleaner(url, _TRACKING, remove=True))


def split(url: str) -> SplitResult | None:
    """The parts of an address, or None where it is none."""
    try:
        parts = urlsplit(url)
        return parts if parts.hostname else None
    except ValueError:
        return None


def same_site(one: str, other: str) -> bool:
    """True for addresses of one registrable domain; IP addresses and single names must agree with their port."""
    a, b = split(one), split(other)
    if a is None or b is None:
        return False
    try:
        return a.netloc == b.netloc or _site(a.hostname or "", a.port) == _site(b.hostname or "", b.port)
    except ValueError:
        return False


def host_in(host: str, hosts: list[str]) -> bool:
    """True where the host is one of those, or below one."""
    return any(host == one or host.endswith(f".{one}") for one in hosts)


def is_domain(host: str) -> bool:
    """True for a name below a suffix that the public suffix list knows: "verein.de", not "z.b" or "haus.intern"."""
    return bool(_known_suffixes().privatesuffix(host.lower()))


@cache
def _known_suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=4096)
def _site(host: str, port: int | None) -> str:
    host = host.lower().rstrip(".")
    domain = None if _is_ip(host) else _suffixes().privatesuffix(host)
    return domain or f"{host}:{port}"


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
