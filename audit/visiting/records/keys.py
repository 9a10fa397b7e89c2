"""The keys under which records are found: words, numbers, addresses and places in plain form. Pure."""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise, product
from typing import Any
from urllib.parse import urlsplit

from audit.visiting.records import Record

_E_OF_UMLAUT = re.compile(r"([aou])e+")
_WORD = re.compile(r"[a-z0-9]{3,}")
_SIGN = re.compile(r"[a-z0-9]+")
_NUMBER = re.compile(r"\d{1,5}")
_AT_END = re.compile(r"(?P<street>\D.*?)[\s,]+(?P<number>\d.*)")
_STREET = re.compile(r"str(?:asse)?\b|strasse\b")
_EXTENSION = re.compile(r"[-/ ]+\d{1,3}$")
_SEVERAL = re.compile(r"[;,]|\bund\b|\boder\b")
_COUNTRY = re.compile(r"\(0\)|^\s*(\+|00)\s*49")
_MAIL = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_NO_DIGIT = re.compile(r"\D")
METRES = 111_195.0  # one degree of latitude on the mean sphere
_LONGEST = 300  # characters of one value; no name or number is longer
_MOST = 30  # values of one tag

Key = tuple[str, str]  # kind (of the weights in datasets.toml) and value
Asked = Mapping[str, Iterable[str]]


@cache
def table() -> dict[str, Any]:
    """The numbers and tag names of datasets.toml."""
    return tomllib.loads(files("audit.visiting").joinpath("datasets.toml").read_text("utf-8"))


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """A text without case, accents, and the e that stands for an umlaut: "Müller" and "Mueller" are "muller"."""
    folded = text.casefold()
    if not folded.isascii():
        folded = "".join(s for s in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(s))
    return _E_OF_UMLAUT.sub(r"\1", folded)


def words(name: str) -> list[str]:
    """The words of a name in plain letters, each once; "strasse" is always "str"."""
    found = (_STREET.sub("str", word) for word in _WORD.findall(plain(name[:_LONGEST])))
    return list(dict.fromkeys(found))


def phones(text: str) -> set[str]:
    """National digits of each number in a text, with and without an extension after a dash."""
    found = set()
    for number in _SEVERAL.split(text[:_LONGEST]):
        for part in (number, _EXTENSION.sub("", number.strip())):
            digits = _NO_DIGIT.sub("", _COUNTRY.sub("", part)).lstrip("0")
            if len(digits) >= 5:
                found.add(digits)
    return found


def webs(text: str) -> set[str]:
    """The domain of an address, and the domain with the last part of its path."""
    text = text[:_LONGEST].strip()
    try:
        parts = urlsplit(text if "//" in text else f"//{text}")
        domain = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return set()
    steps = [step for step in parts.path.lower().split("/") if step]
    if "." not in domain:
        return set()
    return {domain, f"{domain}/{steps[-1].rsplit('.', 1)[0]}"} if steps else {domain}


def mails(text: str) -> set[str]:
    """All e-mail addresses of a text in lower case."""
    return {found.lower() for found in _MAIL.findall(text[:_LONGEST])}


def street_and_number(street: str, number: str = "") -> tuple[str, str]:
    """Street in plain letters without blanks, and the first number: ("Haupt-Str. 5 a") is ("hauptstr", "5")."""
    street = street[:_LONGEST].strip()
    if not number and (parts := _AT_END.fullmatch(street)):
        street, number = parts["street"], parts["number"]
    found = _NUMBER.search(number[:_LONGEST])
    return "".join(_SIGN.findall(_STREET.sub("str", plain(street)))), found[0].lstrip("0") if found else ""


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The distance of two positions (degrees), good to 0.5 % up to some kilometres."""
    east = (a[1] - b[1]) * math.cos(math.radians((a[0] + b[0]) / 2))
    return math.hypot(a[0] - b[0], east) * METRES


def cells(lat: float, lon: float, radius: float) -> Iterator[Key]:
    """The grid cells that a circle (metres) touches."""
    cell, high = table()["cell"], radius / METRES
    wide = high / max(math.cos(math.radians(lat)), 0.01)
    for row in range(math.floor((lat - high) / cell), math.floor((lat + high) / cell) + 1):
        for column in range(math.floor((lon - wide) / cell), math.floor((lon + wide) / cell) + 1):
            yield "cell", f"{row} {column}"


def keys_of(record: Record) -> set[Key]:
    """Every key under which a record is found."""
    tags, numbers = record["tags"], table()
    keys = _contact_keys(*(_values(tags, numbers[field]) for field in ("phones", "webs", "mails")))
    keys |= _address_keys(
        tags.get("addr:street", "") or tags.get("addr:place", ""),
        tags.get("addr:housenumber", ""),
        postcode := tags.get("addr:postcode", ""),
        town := _town(tags.get("addr:city", "")),
    )
    where: tuple[float, float] | None = None
    if record["lat"] is not None:
        where = record["lat"], record["lon"]
        keys |= set(cells(*where, 0.0))
    if postcode:
        keys.add(("postcode", postcode))
    quarters = list(_quarters(where, 0.0)) if where else []
    for name in dict.fromkeys(_values(tags, numbers["names"])):
        keys.update(_name_keys(name, quarters, filter(None, (postcode, town))))
    return keys


def asked_keys(asked: Asked) -> set[Key]:
    """The keys of a question: name, phone, web, mail, street, postcode, city (several each) and near ("lat,lon")."""
    postcodes = [code for code in asked.get("postcode", ()) if code]
    towns = [town for town in map(_town, asked.get("city", ())) if town]
    keys = _contact_keys(*(asked.get(field, ()) for field in ("phone", "web", "mail")))
    keys |= {("postcode", code) for code in postcodes if "near" not in asked}
    for street in asked.get("street", ()):
        for postcode, town in product(postcodes or [""], towns or [""]):
            keys |= _address_keys(street, "", postcode, town)
    places = [place for place in map(position, asked.get("near", ())) if place]
    quarters = [quarter for place in places for quarter in _quarters(place, table()["quarter"] / 2)]
    for name in dict.fromkeys(asked.get("name", ())):
        keys.update(_name_keys(name, quarters, [*postcodes, *towns]))
    return keys


def keys_asked(asked: Asked, kinds: Iterable[str]) -> set[Key]:
    """The keys of a question that are of certain kinds."""
    wanted = frozenset(kinds)
    return {key for key in asked_keys(asked) if key[0] in wanted}


def position(text: str) -> tuple[float, float] | None:
    """``lat,lon`` as numbers, or None."""
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (lat, lon) if math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 else None


def _values(tags: Mapping[str, str], names: Iterable[str]) -> list[str]:
    return [part for name in names if name in tags for part in tags[name].split(";")[:_MOST] if part.strip()]


def _contact_keys(numbers: Iterable[str], addresses: Iterable[str], letters: Iterable[str]) -> set[Key]:
    keys: set[Key] = set()
    for digits in (digits for text in numbers for digits in phones(text)):
        keys.add(("phone", digits))
        if len(digits) > 6:
            keys.add(("line", digits[-6:]))
    for web in (web for text in addresses for web in webs(text)):
        keys |= {("web", web), ("site", _site(web.partition("/")[0]))}
    for mail in (mail for text in letters for mail in mails(text)):
        keys |= {("mail", mail), ("site", _site(mail.rpartition("@")[2]))}
    return keys


def _site(host: str) -> str:
    return ".".join(host.split(".")[-2:])


def _town(city: str) -> str:
    """The first word of a town's name: "Frankfurt am Main" is also written "Frankfurt (Main)"."""
    return next(iter(words(city)), "")


def _address_keys(street: str, number: str, postcode: str, town: str) -> set[Key]:
    way, house = street_and_number(street, number)
    keys: set[Key] = set()
    if way and town:
        keys.add(("street", f"{town} {way}"))
    if way and postcode:
        keys.add(("street", f"{postcode} {way}"))
    if house and postcode:
        keys.add(("door", f"{postcode} {house}"))
    if way and house:
        keys.add(("house", f"{way} {house}"))
    return keys


def _name_keys(name: str, quarters: Iterable[str], areas: Iterable[str]) -> Iterator[Key]:
    """``areas`` are postcodes and towns."""
    found, known = words(name), list(areas)
    if found:
        yield "whole", "".join(found)
    yield from (("pair", f"{one} {other}") for one, other in pairwise(found[: table()["words"]]))
    for word in found[: table()["words"]]:
        yield from _word_keys(word)
        yield from (("in", f"{word} {quarter}") for quarter in quarters)
        yield from (("area", f"{word} {area}") for area in known)


@lru_cache(maxsize=50_000)
def _word_keys(word: str) -> tuple[Key, ...]:
    """A word, and what one slip leaves as it was: its letters, its beginning or its end."""
    keys: list[Key] = [("word", word)]
    if len(word) >= table()["typed"]:
        keys.append(("letters", "".join(sorted(word))))
    if len(word) >= table()["long"]:
        keys += [("head", word[:5]), ("tail", word[-5:])]
    return tuple(keys)


def _quarters(where: tuple[float, float], reach: float) -> Iterator[str]:
    """The quarter of a place; with half a quarter's reach, the four nearest."""
    edge = table()["quarter"]
    rows = sorted({math.floor((where[0] + step) / edge) for step in (-reach, reach)})
    columns = sorted({math.floor((where[1] + step) / edge) for step in (-reach, reach)})
    return (f"{row} {column}" for row in rows for column in columns)
