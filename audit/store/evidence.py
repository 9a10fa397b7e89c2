"""The folder of evidence: one WARC file (ISO 28500:2017) per run, appended to, cut back after a kill."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from audit.model import Retention
from audit.page import Page

_NOT_OURS = {"content-encoding", "transfer-encoding", "content-length", "set-cookie", "connection"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: file name, offset and length in bytes, SHA-256 of the body."""

    file: str
    offset: int
    length: int
    sha256: str


class Evidence:
    """Appends answers that may be kept in full to ``<folder>/<run>-full.warc.gz`` and reads single records back."""

    def __init__(self, folder: Path, run: str) -> None:
        self._path = folder / f"{run}-{Retention.FULL}.warc.gz"

    def append(self, page: Page) -> Place:
        """The answer as a WARC response record, flushed to the disk. Raises OSError when the disk is full."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            offset = file.tell()
            writer = WARCWriter(file, gzip=True)
            writer.write_record(
                writer.create_warc_record(
                    page.url or page.visit.url,
                    "response",
                    payload=BytesIO(page.body),
                    http_headers=StatusAndHeaders(f"{page.status} -", _headers(page), protocol="HTTP/1.1"),
                    warc_headers_dict={"WARC-Date": page.at.strftime("%Y-%m-%dT%H:%M:%SZ")},
                )
            )
            file.flush()
            length = file.tell() - offset
        return Place(self._path.name, offset, length, hashlib.sha256(page.body).hexdigest())

    def cut_back(self, end: int) -> None:
        """After a kill: drop what was written behind the last committed record."""
        if self._path.exists() and self._path.stat().st_size > end:
            with self._path.open("r+b") as file:
                file.truncate(end)


def read_body(folder: Path, place: Place) -> bytes:
    """The body of one record. Raises OSError or ValueError when it is not there or not the same."""
    with (folder / place.file).open("rb") as file:
        file.seek(place.offset)
        body = body_of(file.read(place.length))
    if hashlib.sha256(body).hexdigest() != place.sha256:
        raise ValueError(f"{place.file} at {place.offset}: the record is not the one that was stored")
    return body


def body_of(record: bytes) -> bytes:
    """The body of a WARC record (gzipped or not); empty where it is none any more."""
    try:
        body: bytes = next(iter(ArchiveIterator(BytesIO(record)))).content_stream().read()
    except (ArchiveLoadFailed, StopIteration, zlib.error, EOFError, ValueError, OverflowError):
        return b""
    return body


def _headers(page: Page) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in page.headers if name.lower() not in _NOT_OURS]
    return [*kept, ("content-length", str(len(page.body)))]
