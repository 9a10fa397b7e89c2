"""The folder of evidence: one WARC file (ISO 28500:2017) per run, appended to, cut back after a kill."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from audit.model import Retention, Seen, Visit
from audit.page import Page
from audit.store.contents import seen_of
from audit.store.problems import StoreProblemError

_DATE = "%Y-%m-%dT%H:%M:%SZ"
_NOT_OURS = {"content-encoding", "transfer-encoding", "content-length", "set-cookie", "connection"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: file name, offset and length in bytes, SHA-256 of the body; ``picture`` likewise."""

    file: str
    offset: int
    length: int
    sha256: str
    picture: tuple[int, int] | None = None


class Evidence:
    """Appends answers that may be kept in full to ``<folder>/<run>-full.warc.gz`` and reads single records back."""

    def __init__(self, folder: Path, run: str) -> None:
        self._path = folder / f"{run}-{Retention.FULL}.warc.gz"

    def append(self, page: Page) -> Place:
        """The answer as a WARC response record, before it its picture as a resource; both flushed to the disk.

        Raises OSError when the disk is full. The answer comes last: its end is where a run goes on after a kill.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            writer = WARCWriter(file, gzip=True)
            picture = _append(writer, "resource", page, page.picture) if page.picture else None
            offset, length = _append(writer, "response", page, page.body)
        return Place(self._path.name, offset, length, hashlib.sha256(page.body).hexdigest(), picture)

    def cut_back(self, end: int) -> None:
        """After a kill: drop what was written behind the last committed record."""
        if self._path.exists() and self._path.stat().st_size > end:
            with self._path.open("r+b") as file:
                file.truncate(end)


def _append(writer: WARCWriter, kind: str, page: Page, content: bytes) -> tuple[int, int]:
    """One record flushed to the disk: its offset and length."""
    offset = writer.out.tell()
    http = StatusAndHeaders(f"{page.status} -", _headers(page), protocol="HTTP/1.1") if kind == "response" else None
    target = page.url or page.visit.url
    writer.write_record(
        writer.create_warc_record(
            target if http else f"urn:findbar:picture:{target}",
            kind,
            payload=BytesIO(content),
            http_headers=http,
            warc_content_type="" if http else "image/jpeg",
            warc_headers_dict={"WARC-Date": page.at.strftime(_DATE)},
        )
    )
    writer.out.flush()
    return offset, writer.out.tell() - offset


def read_picture(folder: Path, file: str, offset: int, length: int) -> bytes:
    """The picture of one record, empty where it is none any more. Raises OSError when the file is not there."""
    with (folder / file).open("rb") as stream:
        stream.seek(offset)
        return body_of(stream.read(length))


def read_page(folder: Path, place: Place, visit: Visit) -> Page:
    """The whole answer of one record, with its own date. Raises OSError or ValueError: not there, or not the same."""
    body = read_body(folder, place)
    with (folder / place.file).open("rb") as file:
        file.seek(place.offset)
        record = next(iter(ArchiveIterator(BytesIO(file.read(place.length)))))
    return Page(
        visit=visit,
        at=datetime.strptime(record.rec_headers.get_header("WARC-Date"), _DATE).replace(tzinfo=UTC),
        url=record.rec_headers.get_header("WARC-Target-URI"),
        status=int(record.http_headers.get_statuscode()),
        headers=tuple((name.lower(), value) for name, value in record.http_headers.headers),
        body=body,
    )


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


def evidence_of(db: Database, folder: Path, run: str, visit: str) -> tuple[Seen, bytes, bytes] | None:
    """One visit of a run, its stored body and its picture; empty where not kept or deleted since.

    Raises `StoreProblemError` for a record that is not the one that was stored.
    """
    row = db.execute(
        """SELECT c.body, at, warc, warc_offset, warc_length, sha256, picture_offset, picture_length
           FROM visits JOIN contents c ON c.hash = seen WHERE run = ? AND id = ?""",
        [run, visit],
    ).fetchone()
    return (seen_of(*row[:2]), *_stored(folder, row[2:6], row[6:])) if row else None


def _stored(folder: Path, place: Sequence[Any], picture: Sequence[Any]) -> tuple[bytes, bytes]:
    """Body and picture; empty where their segment was deleted since, as whole segments are."""
    if not place[0]:
        return b"", b""
    try:
        body = read_body(folder, Place(*place))
        return body, read_picture(folder, place[0], *picture) if picture[1] else b""
    except FileNotFoundError:
        return b"", b""
    except ValueError as error:
        raise StoreProblemError(f"{folder}: {error}.") from error
