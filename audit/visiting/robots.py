"""robots.txt by RFC 9309 (2022-09): what a site allows, and how slowly.

The parser is protego; this module decides what an answer other than a good one means.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from urllib.parse import urldefrag

from protego import Protego

from audit.model import Reason
from audit.page import Page

LIMIT = 500 * 1024
_AGENT_LINE = re.compile(r"^[ \t]*user-?agent[ \t]*:[ \t]*([^#\r\n]*)", re.IGNORECASE | re.MULTILINE)
_TOKEN = re.compile(r"[a-z_-]+", re.IGNORECASE)


@dataclass(frozen=True)
class Rules:
    """The rules of one host. ``note`` says what was odd about them, for the report.

    ``agent`` is a full user agent ("findbar/1.0 (+mail)") or its product token alone.
    """

    everything: bool | None = None  # True: all allowed, False: nothing; None: ask the file
    note: str = ""
    sitemaps: tuple[str, ...] = ()
    agents: frozenset[str] = frozenset()
    _file: Protego = field(default_factory=Protego, repr=False, compare=False)

    def allows(self, url: str, agent: str) -> bool:
        """Whether the address may be visited."""
        if self.everything is not None:
            return self.everything
        return self._file.can_fetch(urldefrag(url).url, _token(agent))

    def delay(self, agent: str) -> float | None:
        """Seconds between two visits that the host asks for (Crawl-delay, Request-rate), or None."""
        token = _token(agent)
        delays = [self._file.crawl_delay(token)]
        if rate := self._file.request_rate(token):
            delays.append(rate.seconds / rate.requests if rate.requests else None)
        usable = [float(delay) for delay in delays if delay and math.isfinite(delay) and delay > 0]
        return max(usable, default=None)

    def names(self, agent: str) -> bool:
        """Whether a group of the file is about this agent by name."""
        return _token(agent) in self.agents


def rules_from(page: Page | None, reason: Reason | None = None) -> Rules:
    """The rules that an answer to ``/robots.txt`` stands for.

    2xx: the file, its first 500 KiB. 3xx and 4xx: no file, everything allowed. 429, 5xx or no
    answer (``page`` is None, for that ``reason``): nothing allowed (RFC 9309 2.3.1; 429 as a
    request to stay away, beyond the RFC). HTML instead of text: allowed, and noted.
    """
    if page is None:
        return Rules(everything=False, note=f"robots.txt could not be read ({reason or 'no answer'})")
    if page.status >= 500 or page.status == 429:
        return Rules(everything=False, note=f"robots.txt answered {page.status}")
    if page.status >= 300:
        return Rules(everything=True, note=f"no robots.txt ({page.status})")
    text = _text(page.body)
    if "html" in page.header("content-type").lower() or text.lstrip()[:1] == "<":
        return Rules(everything=True, note="a web page in place of robots.txt")
    return _parsed(text)


def _parsed(text: str) -> Rules:
    file = Protego.parse(text)
    agents = frozenset(_token(name) for name in _AGENT_LINE.findall(text)) - {""}
    sitemaps = tuple(dict.fromkeys(url for url in file.sitemaps if url.lower().startswith(("http://", "https://"))))
    return Rules(sitemaps=sitemaps, agents=agents, _file=file)


def _text(body: bytes) -> str:
    """UTF-8 without its mark; the rest of a line that begins within the limit and ends beyond is dropped."""
    if len(body) > LIMIT:
        body = body[:LIMIT].rpartition(b"\n")[0]
    return body.decode("utf-8-sig", errors="replace")


def _token(agent: str) -> str:
    """The product token: the part of a user agent that robots.txt speaks about."""
    token = _TOKEN.match(agent.strip())
    return token[0].lower() if token else ""
