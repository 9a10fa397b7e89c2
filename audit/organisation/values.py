"""Single values of the organisation file: what counts as a phone number, a postcode, opening hours ...

Every check takes the text as written, returns it trimmed, and raises `PydanticCustomError` with a
sentence a person can act on (its context may hold a ``hint``).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from opening_hours import validate as hours_parse
from pydantic_core import PydanticCustomError

from audit.organisation.folding import SLUG, fold, nearest, slug

_RULES = Path(__file__).with_name("rules.toml")
_EMAIL = re.compile(r"[^\s@<>()\",;:\\]{1,64}@(?:[^\s@<>()\",;:\\.]+\.)+[^\W\d_][^\s@<>()\",;:\\.]+")
_PHONE = re.compile(r"[+(]?[\d\s()/.\-\u2010-\u2013\u00a0+]+(?:\s*(?:ext\.?|Durchwahl|-)\s*\d+)?")
_NUMBER_AT_END = re.compile(
    r"(?P<street>.*\D)\s+(?P<number>\d{1,4}(?:\s?[a-zA-Z])?(?:\s{0,2}[-–/+]\s?\d{1,4}(?:\s?[a-zA-Z])?)*)"
)
_MONTH_AT_END = re.compile(r"\d\.\s*\w+$")


@cache
def rules() -> dict[str, Any]:
    """Closed sets and limits: the table ``rules.toml``, read once."""
    return tomllib.loads(_RULES.read_text(encoding="utf-8"))


def wrong(message: str, hint: str = "") -> PydanticCustomError:
    """The error that a value is not as expected."""
    return PydanticCustomError("findbar_value", "{message}", {"message": message, "hint": hint})


def text(value: str) -> str:
    """A text without invisible control or direction characters, at most 2,000 characters."""
    longest = rules()["limits"]["text"]
    if len(value) > longest:
        raise wrong(f"is {len(value)} characters long; at most {longest} are kept")
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c not in "\n\r\t\u00ad" for c in value):
        raise wrong("contains invisible control characters")
    return " ".join(value.split())


def filled(value: str) -> str:
    """A text that says something."""
    if not (trimmed := text(value)):
        raise wrong("is empty")
    return trimmed


def slug_shape(value: str) -> str:
    """A slug: small letters, digits and single hyphens."""
    if value and (not SLUG.fullmatch(value) or len(value) > 80):
        raise wrong(f"{value[:60]!r} is no id: small letters, digits and hyphens only", slug(value))
    return value


def phone(value: str) -> str:
    """A phone number with area code, as dialled in Germany (libphonenumber's rules)."""
    if not (trimmed := text(value)):
        return ""
    if not is_phone(trimmed):
        raise wrong(f"{trimmed[:60]!r} is no phone number with area code", "write it like 0221 2010-0")
    return trimmed


def is_phone(value: str) -> bool:
    """Whether a text is one German number with area code, an international or a short number."""
    if len(value) > 40 or not _PHONE.fullmatch(value):
        return False
    try:
        number = phonenumbers.parse(value, "DE")
    except phonenumbers.NumberParseException:
        return False
    if phonenumbers.is_valid_short_number_for_region(number, "DE"):
        return True
    dialled = value.lstrip("( ").startswith(("0", "+"))
    possible = phonenumbers.is_possible_number_with_reason(number)
    return dialled and bool(possible == phonenumbers.ValidationResult.IS_POSSIBLE)


def email(value: str) -> str:
    """An e-mail address by its shape."""
    trimmed = text(value)
    if trimmed and (len(trimmed) > 254 or not _EMAIL.fullmatch(trimmed)):
        raise wrong(f"{trimmed[:60]!r} is no e-mail address", "write it like name@example.org")
    return trimmed


def url(value: str) -> str:
    """A web address with http or https, without user name or password in it."""
    trimmed = text(value)
    if trimmed and (reason := _url_problem(trimmed)):
        bare = "://" not in trimmed and "." in trimmed.split("/")[0] and " " not in trimmed
        raise wrong(f"{trimmed[:80]!r} is no web address: {reason}", f"https://{trimmed}" if bare else "")
    return trimmed


def _url_problem(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        return str(error)
    if parts.scheme not in {"http", "https"}:
        return "it must begin with https:// or http://"
    if "@" in parts.netloc:
        return "it must not hold a user name or password"
    if not host or "\\" in value or any(c.isspace() for c in value):
        return "the host is missing or has characters that do not belong there"
    return ""


def hours(value: str) -> str:
    """Opening hours in OSM syntax (opening_hours specification 0.7.2), for example "Mo-Fr 09:00-12:00"."""
    trimmed = text(value)
    if trimmed and not is_hours(trimmed):
        raise wrong(f"{trimmed[:80]!r} are no OSM opening hours", 'write them like "Mo-Th 09:00-16:00; Fr 09:00-12:00"')
    return trimmed


def is_hours(value: str) -> bool:
    """Whether a text parses as OSM opening hours."""
    return len(value) <= rules()["limits"]["hours"] and bool(hours_parse(value))


def postcode(value: str) -> str:
    """A German postcode: five digits."""
    if value and not re.fullmatch(r"[0-9]{5}", value):
        raise wrong(f"{value[:20]!r} is no postcode: five digits", "keep a leading zero: 09111")
    return value


def state(value: str) -> str:
    """A federal state by its two letters."""
    if value and value not in rules()["states"]:
        meant = state_of(value) or next(iter(nearest(value, rules()["states"])), "")
        raise wrong(f"{value[:40]!r} is no federal state: two letters, such as NW", meant)
    return value


def state_of(stated: str) -> str:
    """The two letters of a federal state that a text states ("Bayern", "DE-BY", "by"), else nothing.

    A postcode or a town states no federal state, and none is guessed from it.
    """
    code = stated.strip().upper().removeprefix("DE-")
    if code in rules()["states"]:
        return code
    names = {fold(name): letters for letters, name in rules()["states"].items()}
    return str(names.get(fold(stated), ""))


def language(value: str) -> str:
    """A language as a BCP 47 code of two or three letters, with an optional region or script."""
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", value):
        raise wrong(f"{value[:20]!r} is no language code", 'two letters, such as "de" or "tr"')
    return value


def one_of(table: str) -> Callable[[Any], Any]:
    """A check that a value belongs to a closed set of the rules."""

    def check(value: Any) -> Any:
        known: Iterable[Any] = rules()[table]
        if value in known:
            return value
        close = nearest(str(value), map(str, known))
        raise wrong(f"{str(value)[:40]!r} is none of {', '.join(map(str, known))}", close[0] if close else "")

    return check


def split_street(street: str) -> tuple[str, str]:
    """Street and house number of one line: ("Hauptstr. 5 a") gives ("Hauptstr.", "5 a")."""
    match = _NUMBER_AT_END.fullmatch(street.strip())
    if not match or _MONTH_AT_END.search(street):
        return street.strip(), ""
    return match["street"].rstrip(" ,"), match["number"]
