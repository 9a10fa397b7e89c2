"""Finds records again by place, name word, phone or web address. In memory, compact, built once.

A record is kept as JSON text in one long buffer. Every key of every record (a grid cell, a word, a
number) is one 64-bit integer: 40 bits of the key's hash and 24 bits of the record's number, in one
sorted array. A million records with eight keys each need 64 MB for keys besides their text.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
import unicodedata
import zlib
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from audit.visiting.records import Record, Unreadable

_ROWS = 24
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_WORD = re.compile(r"[a-z0-9]{3,}")
_EXTENSION = re.compile(r"[-/ ]+\d{1,3}$")
_METRES = 111_195.0  # one degree of latitude on the mean sphere
Box = tuple[float, float, float, float]


@cache
def table() -> dict[str, Any]:
    """The numbers and tag names of datasets.toml."""
    return tomllib.loads(files("audit.visiting").joinpath("datasets.toml").read_text("utf-8"))


def words(name: str) -> list[str]:
    """The words of a name in plain letters, each once."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_UMLAUTS))
    return list(dict.fromkeys(_WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))))


def phones(text: str) -> set[str]:
    """National digits of each number in a text, with and without an extension after a dash."""
    found = set()
    for number in re.split(r"[;,]|\bund\b|\boder\b", text):
        for part in (number, _EXTENSION.sub("", number.strip())):
            digits = re.sub(r"\D", "", re.sub(r"\(0\)|^\s*(\+|00)\s*49", "", part)).lstrip("0")
            if len(digits) >= 5:
                found.add(digits)
    return found


def webs(text: str) -> set[str]:
    """The domain of an address, and the domain with the last part of its path."""
    try:
        parts = urlsplit(text.strip() if "//" in text else f"//{text.strip()}")
        domain = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return set()
    steps = [step for step in parts.path.lower().split("/") if step]
    if "." not in domain:
        return set()
    return {domain, f"{domain}/{steps[-1].rsplit('.', 1)[0]}"} if steps else {domain}


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The distance of two positions (degrees), good to 0.5 % up to some kilometres."""
    east = (a[1] - b[1]) * math.cos(math.radians((a[0] + b[0]) / 2))
    return math.hypot(a[0] - b[0], east) * _METRES


def _cells(lat: float, lon: float, radius: float) -> Iterator[str]:
    """The grid cells that a circle (metres) touches."""
    cell = table()["cell"]
    high = radius / _METRES
    wide = high / max(math.cos(math.radians(lat)), 0.01)
    for row in range(math.floor((lat - high) / cell), math.floor((lat + high) / cell) + 1):
        for column in range(math.floor((lon - wide) / cell), math.floor((lon + wide) / cell) + 1):
            yield f"cell {row} {column}"


def keys_of(record: Record) -> set[str]:
    """Every key under which a record is found."""
    tags, numbers = record["tags"], table()
    keys = {f"word {word}" for tag in numbers["names"] if tag in tags for word in words(tags[tag])}
    keys |= {f"phone {phone}" for tag in numbers["phones"] if tag in tags for phone in phones(tags[tag])}
    keys |= {f"web {web}" for tag in numbers["webs"] if tag in tags for web in webs(tags[tag])}
    if postcode := tags.get("addr:postcode"):
        keys.add(f"postcode {postcode}")
    if record["lat"] is not None:
        keys |= set(_cells(record["lat"], record["lon"], 0.0))
    return keys


@dataclass
class Index:
    """Records with their keys. ``box`` is south, west, north, east around all positions, or None."""

    box: Box | None = None
    _text: bytearray = field(default_factory=bytearray, repr=False)
    _ends: array[int] = field(default_factory=lambda: array("Q", [0]), repr=False)
    _keys: array[int] = field(default_factory=lambda: array("Q"), repr=False)

    def __len__(self) -> int:
        return len(self._ends) - 1

    @classmethod
    def of(cls, records: Iterable[Record]) -> Index:
        """The index over records. Raises `Unreadable` beyond 16 million of them."""
        index = cls()
        box = [math.inf, math.inf, -math.inf, -math.inf]
        for record in records:
            index._add(record)
            if record["lat"] is not None:
                lat, lon = record["lat"], record["lon"]
                box = [min(box[0], lat), min(box[1], lon), max(box[2], lat), max(box[3], lon)]
        index._keys = array("Q", sorted(index._keys))
        index.box = (box[0], box[1], box[2], box[3]) if box[0] <= box[2] else None
        return index

    def _add(self, record: Record) -> None:
        row = len(self)
        if row >= 1 << _ROWS:
            raise Unreadable("more than 16 million records; cut the file to your area first")
        self._text += json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        self._ends.append(len(self._text))
        self._keys.extend(_hashed(key) | row for key in keys_of(record))

    def record(self, row: int) -> Record:
        """The record of that number."""
        found: Record = json.loads(self._text[self._ends[row] : self._ends[row + 1]])
        return found

    def rows(self, key: str) -> Sequence[int]:
        """The numbers of all records under a key."""
        start, end = self._span(key)
        return [value & ((1 << _ROWS) - 1) for value in self._keys[start:end]]

    def count(self, key: str) -> int:
        """How many records are under a key."""
        start, end = self._span(key)
        return end - start

    def _span(self, key: str) -> tuple[int, int]:
        low = _hashed(key)
        start = bisect_left(self._keys, low)
        return start, bisect_left(self._keys, low + (1 << _ROWS), start)

    def near(self, lat: float, lon: float) -> dict[int, float]:
        """Number and distance (metres) of each record within the radius."""
        radius = table()["radius"]
        found = {}
        for cell in _cells(lat, lon, radius):
            for row in self.rows(cell):
                record = self.record(row)
                away = metres((lat, lon), (record["lat"], record["lon"])) if record["lat"] is not None else math.inf
                if away <= radius:
                    found[row] = away
        return found

    def named(self, name: str) -> set[int]:
        """Records that share a rare word of the name, or the two rarest words where none is rare."""
        numbers = table()
        rare = max(numbers["rare_least"], int(len(self) * numbers["rare_share"]))
        rare = min(rare, numbers["most"])
        counted = sorted((self.count(f"word {word}"), word) for word in words(name))
        known = [(count, word) for count, word in counted if count]
        found = {row for count, word in known if count <= rare for row in self.rows(f"word {word}")}
        if found or len(known) < 2:
            return found
        return set(self.rows(f"word {known[0][1]}")) & set(self.rows(f"word {known[1][1]}"))

    def best(self, hits: Counter[int], away: dict[int, float]) -> list[Record]:
        """The records with the most hits, the nearest first among equals, up to the most there may be."""
        order = sorted(hits, key=lambda row: (-hits[row], away.get(row, math.inf), row))
        return [self.record(row) for row in order[: table()["most"]]]


def _hashed(key: str) -> int:
    """40 bits of two checksums, shifted to leave room for the row; the same in every process."""
    raw = key.encode("utf-8", "replace")
    return ((zlib.crc32(raw) << 8) | (zlib.adler32(raw) & 0xFF)) << _ROWS
