"""Records with the keys under which they are found, in one file that is mapped into memory. Built once, bounded.

The file holds the records as JSON text, then where each ends, its position, and all keys in order, then a
JSON footer. Every key of every record is one 64-bit integer: 40 bits of the key's hash and 24 of the
record's number. While building, keys are spread over buckets by their first bits, and a bucket is sorted
alone, so that memory stays small however many records there are.
"""

from __future__ import annotations

import json
import mmap
import tempfile
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from audit.visiting.records import Record, Unreadable
from audit.visiting.records.keys import Key, keys_of

VERSION = 3  # counts up when keys or the file's form change
_ROWS = 24
_BUCKETS = 128
_HELD = 4_000_000  # keys in memory before they are put down
_TEXT = 8_000_000  # bytes of text in memory before they are put down
_NOWHERE = 1000.0  # a latitude that is none
Box = tuple[float, float, float, float]


@dataclass
class Index:
    """Opened by `Index.open` or built by `Index.of`. ``told`` is what was kept beside the records."""

    told: dict[str, Any]
    _text: memoryview
    _ends: Sequence[int]
    _where: Sequence[float]
    _keys: Sequence[int]

    def __len__(self) -> int:
        return len(self._ends) - 1

    @property
    def box(self) -> Box | None:
        """South, west, north, east around all positions, or None."""
        box = self.told["box"]
        return (box[0], box[1], box[2], box[3]) if box else None

    @classmethod
    def of(cls, records: Iterable[Record]) -> Index:
        """The index over records, in a file without a name. Raises `Unreadable` beyond 16 million of them."""
        with tempfile.TemporaryFile() as file:
            build(records, file, dict)
            return cls.open(file)

    @classmethod
    def open(cls, file: BinaryIO) -> Index:
        """The index that a file holds. Raises ValueError for any other file."""
        try:
            whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            told = json.loads(bytes(whole[-int.from_bytes(whole[-8:], "little") - 8 : -8]))
            parts = [whole[a:b] for a, b in zip(told["at"], told["at"][1:], strict=False)]
            if told["version"] != VERSION:
                raise ValueError("another version")
            return cls(told, parts[0], parts[1].cast("Q"), parts[2].cast("f"), parts[3].cast("Q"))
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise ValueError("no index of records") from error

    def record(self, row: int) -> Record:
        """The record of that number."""
        found: Record = json.loads(bytes(self._text[self._ends[row] : self._ends[row + 1]]))
        return found

    def place(self, row: int) -> tuple[float, float] | None:
        """The position of a record, good to half a metre."""
        lat = self._where[2 * row]
        return (lat, self._where[2 * row + 1]) if lat < _NOWHERE else None

    def span(self, key: Key) -> tuple[int, int]:
        """Where the rows under a key begin and end."""
        low = _hashed(key)
        start = bisect_left(self._keys, low)
        return start, bisect_left(self._keys, low + (1 << _ROWS), start)

    def between(self, start: int, end: int) -> Iterator[int]:
        """The numbers of the records in a span."""
        mask = (1 << _ROWS) - 1
        return (value & mask for value in self._keys[start:end])

    def rows(self, key: Key) -> list[int]:
        """The numbers of all records under a key."""
        return list(self.between(*self.span(key)))


class _Spread:
    """Keys spread over buckets; put down into a temporary file when there are many."""

    def __init__(self) -> None:
        self._buckets = [array("Q") for _ in range(_BUCKETS)]
        self._down: list[list[tuple[int, int]]] = [[] for _ in range(_BUCKETS)]
        self._file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `sorted`
        self._held = 0

    def add(self, keys: Iterable[Key], row: int) -> None:
        for key in keys:
            value = _hashed(key) | row
            self._buckets[value >> 57].append(value)
            self._held += 1
        if self._held >= _HELD:
            self._put_down()

    def _put_down(self) -> None:
        for number, bucket in enumerate(self._buckets):
            self._down[number].append((self._file.tell(), len(bucket)))
            bucket.tofile(self._file)
        self._buckets = [array("Q") for _ in range(_BUCKETS)]
        self._held = 0

    def sorted(self) -> Iterator[array[int]]:
        """One bucket after the other, each in order, so that all together are."""
        with self._file:
            for number, bucket in enumerate(self._buckets):
                for start, count in self._down[number]:
                    self._file.seek(start)
                    bucket.fromfile(self._file, count)
                yield array("Q", sorted(bucket))
                self._buckets[number] = array("Q")


def build(records: Iterable[Record], file: BinaryIO, told: Callable[[], dict[str, Any]]) -> None:
    """Write the index over records into an open file. ``told()`` is kept beside them, asked for at the end.

    Raises `Unreadable` beyond 16 million records.
    """
    ends, where, spread, text = array("Q", [0]), array("f"), _Spread(), bytearray()
    for row, record in enumerate(records):
        if row >= 1 << _ROWS:
            raise Unreadable("more than 16 million records; cut the file to your area first")
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        text += line
        ends.append(ends[-1] + len(line))
        where.extend((record["lat"], record["lon"]) if record["lat"] is not None else (_NOWHERE, 0.0))
        spread.add(keys_of(record), row)
        if len(text) > _TEXT:
            file.write(text)
            text.clear()
    file.write(text + bytes(-ends[-1] % 8))
    at = [0, file.tell()]
    for part in (ends, where):
        part.tofile(file)
        at.append(file.tell())
    for bucket in spread.sorted():
        bucket.tofile(file)
    at.append(file.tell())
    footer = json.dumps(told() | {"version": VERSION, "at": at, "box": _box(where)}).encode()
    file.write(footer + len(footer).to_bytes(8, "little"))
    file.flush()


def _box(where: array[float]) -> Box | None:
    lats = [lat for lat in where[::2] if lat < _NOWHERE]
    lons = [lon for lat, lon in zip(where[::2], where[1::2], strict=True) if lat < _NOWHERE]
    return (min(lats), min(lons), max(lats), max(lons)) if lats else None


def _hashed(key: Key) -> int:
    """40 bits of two checksums, shifted to leave room for the row; the same in every process."""
    raw = f"{key[0]} {key[1]}".encode("utf-8", "replace")
    return ((zlib.crc32(raw) << 8) | (zlib.adler32(raw) & 0xFF)) << _ROWS
