"""Which reader reads which file, by its name and its first characters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from audit.visiting.records import Reader, Record, Source, Unreadable, columns, geojson, osm, overpass, overture, xml
from audit.visiting.records.stream import elements

VERSION = 2  # counts up when a reader gives other records for the same file
_HEAD = 100_000
_WHOLE = 256 * 1024**2  # bytes: tables are read as one text
_READERS: dict[str, Reader] = {
    ".pbf": osm.read,
    ".osm": osm.read,
    ".osm.bz2": osm.read,
    ".osm.gz": osm.read,
    ".csv": columns.read_csv,
    ".tsv": columns.read_csv,
    ".xlsx": columns.read_xlsx,
    ".parquet": overture.read,
    ".geoparquet": overture.read,
    ".xml": xml.read,
}
_MOST_FILES = 200


def read(path: Path, source: Source) -> Iterator[Record]:
    """All records of a file, or of a folder's files. Raises `Unreadable` with the reason in words, nothing else."""
    if path.is_dir():
        yield from _folder(path, source)
        return
    name = path.name.lower()
    reader = next((reader for ending, reader in _READERS.items() if name.endswith(ending)), None)
    try:
        if not path.is_file():
            raise Unreadable("there is no such file")
        if reader is columns.read_csv and path.stat().st_size > _WHOLE:
            raise Unreadable(f"larger than {_WHOLE // 1024**2} MB; cut it to your area first")
        yield from (reader or _json)(path, source)
    except OSError as error:
        raise Unreadable(error.strerror or type(error).__name__) from error


def _folder(path: Path, source: Source) -> Iterator[Record]:
    """The files in order of name, hidden ones left out; a record's id begins with the name of its file."""
    files = sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
    if len(files) > _MOST_FILES:
        raise Unreadable(f"more than {_MOST_FILES} files in it")
    days = []
    for file in files:
        told = Source()
        try:
            for record in read(file, told):
                yield {**record, "id": f"{file.name}/{record['id']}"}
        except Unreadable as fault:
            raise Unreadable(f"{file.name}: {fault}") from fault
        source.incomplete = source.incomplete or told.incomplete
        days.append(told.as_of or datetime.fromtimestamp(file.stat().st_mtime, UTC).date())
    source.as_of = min(days, default=None)


def _json(path: Path, source: Source) -> Iterator[Record]:
    """Overpass JSON, GeoJSON, or a plain list of objects, told apart by what comes first."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        head = file.read(_HEAD)
    if head.lstrip()[:1] not in {"{", "["}:
        raise Unreadable("neither JSON nor a known kind of file (Overpass JSON, GeoJSON, .osm.pbf, Parquet, CSV, XLSX)")
    if '"features"' in head:
        yield from geojson.read(path, source)
    elif '"elements"' in head:
        yield from overpass.read(path, source)
    else:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            items = list(elements(file, ""))
        names = list(dict.fromkeys(key for item in items for key in item))
        yield from columns.rows([names, *([_flat(item.get(name)) for name in names] for item in items)])


def _flat(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else None
    return value if isinstance(value, str | int | float) else None
