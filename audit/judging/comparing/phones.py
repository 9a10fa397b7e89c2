"""Phone numbers: one form (E.164) for all spellings, several in a field, extensions of a switchboard."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from audit.judging.comparing.comparison import Comparison, absent
from audit.judging.comparing.folding import visible
from audit.model import Level
from audit.saying import say

_SPLIT = re.compile(
    r"\s*(?:;|,|\||\n|\boder\b|\bund\b|\bor\b|\bTel\.?:?|\bFax\b.*)\s*|\s+/\s+(?=\+|0\d{2,})|\s*/\s*(?=-)",
    re.IGNORECASE,
)
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
_EXTENSION = re.compile(r"[-–‐](\d{1,4})\s*$")
_FIXED_LENGTH = frozenset({1, 33, 34, 45, 47, 48})  # countries whose numbers have no dialled-through extensions
_DIGITS = re.compile(r"\d")
_AREA_CODES = 4  # longest German area code, without the leading zero
REGIONS: frozenset[str] = frozenset(phonenumbers.SUPPORTED_REGIONS)
"""Regions whose numbers can be read (ISO 3166)."""

_RANK = {"same": 3, "switchboard": 2, "area_missing": 1, "other": 0}


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164; ``trunk`` is what all extensions of its switchboard begin with, where written."""

    e164: str
    trunk: str = ""

    @property
    def national(self) -> str:
        """The digits without country code (Germany) and plus."""
        return self.e164.removeprefix("+49").lstrip("+")


@lru_cache(maxsize=100_000)
def numbers(text: str, region: str = "DE") -> tuple[Phone, ...]:
    """All numbers of a field, in order and once; what is none is left out. Never raises.

    "(0)" after the country code is left out, letters are no digits, a short number (116123) stays
    as it is, and the part after a last hyphen counts as an extension.
    """
    parts = _SPLIT.split(" ".join(_TRUNK_ZERO.sub(" ", visible(text)).split()))
    found = [phone for part in parts if part[:1].strip("-") and (phone := _number(part, region))]
    return tuple(dict.fromkeys(found))


def _number(text: str, region: str) -> Phone | None:
    cleaned = re.sub(r"[^\d+\-–‐/ ().]", "", text).strip()
    if len(_DIGITS.findall(cleaned)) < 3:
        return None
    try:
        parsed = phonenumbers.parse(cleaned.replace("–", "-").replace("‐", "-"), region)
    except phonenumbers.NumberParseException:
        return None
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    fixed = parsed.country_code in _FIXED_LENGTH
    return Phone(e164, "" if fixed else _trunk(e164, _EXTENSION.search(cleaned)))


def _trunk(e164: str, extension: re.Match[str] | None) -> str:
    if extension and len(e164) - len(extension[1]) >= 8:
        return e164[: -len(extension[1])]
    return ""


def compare(stated: str | Iterable[str], shown: str | Iterable[str], *, region: str = "DE") -> Comparison:
    """The best agreement of any stated with any shown number. Symmetric."""
    ours, theirs = _all(stated, region), _all(shown, region)
    if not ours or not theirs:
        return absent(ours, theirs)
    found = [_pair(one, other) for one in ours for other in theirs]
    return max(found, key=lambda comparison: _RANK[comparison.weight_key])


def _all(texts: str | Iterable[str], region: str) -> tuple[Phone, ...]:
    fields = (texts,) if isinstance(texts, str) else tuple(texts)
    return tuple(dict.fromkeys(phone for text in fields for phone in numbers(text, region)))


def _pair(one: Phone, other: Phone) -> Comparison:
    if one.e164 == other.e164:
        return Comparison(Level.SAME, "same", say("phone-same"))
    if _one_switchboard(one, other) or _one_switchboard(other, one):
        return Comparison(Level.PARTIAL, "switchboard", say("phone-switchboard") + say("phone-extension"))
    longer, shorter = sorted((one.national, other.national), key=len, reverse=True)
    if len(shorter) >= 5 and longer.endswith(shorter) and len(longer) - len(shorter) <= _AREA_CODES:
        return Comparison(Level.PARTIAL, "area_missing", say("phone-same") + say("phone-area-code"))
    return Comparison(Level.CONFLICT, "other", say("phone-other"))


def _one_switchboard(one: Phone, other: Phone) -> bool:
    """Whether the other number lies behind the switchboard that the first was written with."""
    if one.trunk:
        return other.e164.startswith(one.trunk) and abs(len(one.e164) - len(other.e164)) <= 3
    is_main = one.e164.endswith("0") and other.e164.startswith(one.e164[:-1])
    return is_main and 0 < len(other.e164) - len(one.e164) <= 3 and len(one.national) >= 6
