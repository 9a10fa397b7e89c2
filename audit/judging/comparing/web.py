"""Web addresses: registrable domain and path, without what does not name the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from publicsuffixlist import PSLFILE, PublicSuffixList

from audit.judging.comparing.comparison import Comparison, absent
from audit.judging.comparing.folding import visible
from audit.judging.comparing.tables import read_table
from audit.model import Level
from audit.saying import say

_RANK = {"same": 5, "home": 4, "domain": 3, "mail_domain": 2, "shared_host": 1, "other": 0}


@dataclass(frozen=True, slots=True)
class WebAddress:
    """``domain`` is registrable (public suffix list, offline); ``path`` begins with "/" and keeps a real query."""

    host: str
    domain: str
    path: str

    @property
    def key(self) -> str:
        """Domain and path in one: equal for spellings of one page."""
        return self.domain + self.path


@cache
def _hosts() -> dict[str, frozenset[str]]:
    table: dict[str, Any] = read_table("hosts.toml")
    return {name: frozenset(values) for name, values in table.items()}


@cache
def _suffixes() -> PublicSuffixList:
    """The list as DNS writes names: only rules with umlauts need to be turned into that, not all ten thousand."""
    lines = (line.split()[0] for line in Path(PSLFILE).read_text("utf-8").splitlines() if line.strip())
    return PublicSuffixList([_ascii(line) for line in lines if line[:2] != "//"], accept_encoded_idn=False)


@lru_cache(maxsize=50_000)
def registrable(host: str) -> str:
    """The domain that somebody registered: "www.awo-muenchen.de" gives "awo-muenchen.de"."""
    host = _ascii(host.strip(". ").lower())
    try:
        return str(_suffixes().privatesuffix(host) or host)
    except (UnicodeError, ValueError):
        return host


def _ascii(host: str) -> str:
    """ "awo-münchen.de" as DNS writes it (IDNA); what it cannot write stays."""
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def is_shared(domain: str) -> bool:
    """Whether many organisations live under this domain or use it for mail."""
    return domain in _hosts()["shared"] or domain in _hosts()["freemail"]


@lru_cache(maxsize=100_000)
def web_address(url: str) -> WebAddress | None:
    """Read a web address, with or without scheme; None where there is no host. Never raises."""
    text = visible(url).replace("\\", "/")
    if not text or " " in text.split("?")[0] or "@" in text.split("/")[0]:
        return None
    try:
        parts = urlsplit(text if "//" in text.split("?")[0] else f"//{text}")
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if "." not in host:
        return None
    host = _ascii(host.removeprefix("www.").removeprefix("m."))
    return WebAddress(host, registrable(host), _path(parts.path) + _query(parts.query))


def _path(path: str) -> str:
    steps = [step for step in unquote(path).lower().split("/") if step]
    if steps and steps[-1] in _hosts()["index_pages"]:
        steps = steps[:-1]
    return "/" + "/".join(steps)


def _query(query: str) -> str:
    kept = sorted((name, value) for name, value in parse_qsl(query) if not _is_tracking(name.lower()))
    return "?" + "&".join(f"{name}={value}" for name, value in kept) if kept else ""


def _is_tracking(name: str) -> bool:
    hosts = _hosts()
    return name in hosts["tracking_parameters"] or name.startswith(tuple(hosts["tracking_prefixes"]))


def compare(
    stated: str | Iterable[str], shown: str | Iterable[str], *, mail_domains: frozenset[str] = frozenset()
) -> Comparison:
    """The best agreement of any stated with any shown address. Symmetric without ``mail_domains``.

    ``mail_domains`` are the stated mail addresses' own domains: an entry whose web address lies
    under one of them is partly confirmed where no web address is stated.
    """
    ours, theirs = _all(stated), _all(shown)
    if theirs and not ours and mail_domains:
        return _beside_mail(theirs, mail_domains)
    if not ours or not theirs:
        return absent(ours, theirs)
    return max((_pair(one, other) for one in ours for other in theirs), key=lambda found: _RANK[found.weight_key])


def _beside_mail(shown: Iterable[WebAddress], mail_domains: frozenset[str]) -> Comparison:
    """An entry's web addresses beside the stated mail addresses' domains: most bodies have one domain for both."""
    if any(address.domain in mail_domains for address in shown):
        return Comparison(Level.PARTIAL, "mail_domain", say("link-mail-domain"))
    return Comparison(Level.ABSENT, "mail_other", say("absent-stated") + say("link-mail-other"))


def _all(urls: str | Iterable[str]) -> tuple[WebAddress, ...]:
    fields = (urls,) if isinstance(urls, str) else tuple(urls)
    return tuple(address for url in fields if (address := web_address(url)))


def _pair(one: WebAddress, other: WebAddress) -> Comparison:
    if one.domain != other.domain:
        return Comparison(Level.CONFLICT, "other", say("link-other", other.domain, one.domain))
    if one.key == other.key:
        key = "home" if one.path == "/" else "same"
        return Comparison(Level.SAME, key, say(f"link-{key}"))
    if is_shared(one.domain):
        return Comparison(Level.CONFLICT, "shared_host", say("link-host", one.domain))
    return Comparison(Level.PARTIAL, "domain", say("link-domain", one.domain) + say("link-page"))
