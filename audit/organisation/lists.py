"""Which reader a list needs: by what its bytes are, then by its name."""

from __future__ import annotations

import zipfile
from pathlib import Path

from audit.organisation.decoding import decoded
from audit.organisation.hsds_package import is_package, read_package
from audit.organisation.nested import from_json, from_xml
from audit.organisation.records import ImportProblem, Records, read_bytes
from audit.organisation.sheets import from_csv, from_xlsx

EXPECTED = "CSV, XLSX, GeoJSON, JSON, XML, or HSDS as JSON, folder or ZIP"


def read_lists(path: Path) -> tuple[Records, ...]:
    """The records of a file or folder, one per sheet. Raises ImportProblem."""
    if path.is_dir():
        return (read_package(path),)
    body = read_bytes(path)
    if body[:4] == b"PK\x03\x04":
        return (read_package(path),) if _is_package(path) else from_xlsx(body)
    if body[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise ImportProblem("this is an old Excel file (.xls); save it as XLSX or CSV")
    text = decoded(body)
    if "\0" in text:
        raise ImportProblem(f"this is a binary file; expected are {EXPECTED}")
    first = text.lstrip()[:1]
    if path.suffix.lower() in {".json", ".geojson", ".jsonl", ".ndjson"} or first in {"{", "["}:
        return from_json(text)
    if path.suffix.lower() == ".xml" or text.lstrip()[:5].lower() == "<?xml":
        return from_xml(body)
    return from_csv(text)


def _is_package(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.rsplit("/", 1)[-1].lower() for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return "[content_types].xml" not in names and is_package(names)
