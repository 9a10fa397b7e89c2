"""E-mail addresses: the same, another one of the same domain, or somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from audit.judging.comparing.comparison import Comparison, absent
from audit.judging.comparing.folding import visible
from audit.judging.comparing.web import is_shared, registrable
from audit.model import Level
from audit.saying import say

_ADDRESS = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_AT = re.compile(r"\s{0,3}[\[({]\s?(?:at|ät|@)\s?[\])}]\s{0,3}", re.IGNORECASE)
_DOT = re.compile(r"\s{0,3}[\[({]\s?(?:dot|punkt|\.)\s?[\])}]\s{0,3}", re.IGNORECASE)
_RANK = {"same": 3, "domain": 2, "other": 0}


@lru_cache(maxsize=50_000)
def addresses(text: str) -> tuple[str, ...]:
    """All addresses in a text, lower case, in order and once: "mailto:Info@awo.de?subject=x" gives one.

    "info (at) awo [dot] de" is read as people mean it.
    """
    plain = _DOT.sub(".", _AT.sub("@", visible(text))).removeprefix("mailto:")
    return tuple(dict.fromkeys(found.lower().strip(".'") for found in _ADDRESS.findall(plain)))


def own_domain(address: str) -> str:
    """The registrable domain of an address; empty for mail providers of everybody."""
    domain = registrable(address.rpartition("@")[2])
    return "" if is_shared(domain) else domain


def compare(stated: str | Iterable[str], shown: str | Iterable[str]) -> Comparison:
    """The best agreement of any stated with any shown address. Symmetric."""
    ours, theirs = _all(stated), _all(shown)
    if not ours or not theirs:
        return absent(ours, theirs)
    return max((_pair(one, other) for one in ours for other in theirs), key=lambda found: _RANK[found.weight_key])


def _all(texts: str | Iterable[str]) -> tuple[str, ...]:
    fields = (texts,) if isinstance(texts, str) else tuple(texts)
    return tuple(dict.fromkeys(address for text in fields for address in addresses(text)))


def _pair(one: str, other: str) -> Comparison:
    if one == other:
        return Comparison(Level.SAME, "same", say("email-same"))
    domain = own_domain(one)
    if domain and domain == own_domain(other):
        return Comparison(Level.PARTIAL, "domain", say("email-domain", domain))
    return Comparison(Level.CONFLICT, "other", say("email-other"))
