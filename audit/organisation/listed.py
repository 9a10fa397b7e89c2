"""A list of facilities as subjects to be looked for, one a row, whoever their carriers are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from audit.model import About, Location, Organisation, Service, ServiceAtLocation, Subject
from audit.organisation import hsds
from audit.organisation.catalogue import Catalogue
from audit.organisation.entries import Entry, entries_of
from audit.organisation.folding import clean, fold, slug, unique
from audit.organisation.grouping import concealed
from audit.organisation.importing import known_kind, reading_of
from audit.organisation.records import ImportProblem, Records, read_records

_NO_SERVICE = Service(id="service", kind="", name="")  # a facility of which only the place is known


@dataclass(frozen=True)
class Listed:
    """The rows of a list: a subject and its number in the source each; what was refused or changed, in words."""

    rows: tuple[tuple[int, Subject], ...]
    columns: Mapping[str, str]
    refused: tuple[tuple[int, str], ...]
    warnings: tuple[str, ...]


def read_list(
    path: Path,
    catalogue: Catalogue,
    *,
    kind: str = "",
    city: str = "",
    columns: Mapping[str, str] = MappingProxyType({}),
) -> Listed:
    """The facilities of a list (CSV, XLSX, GeoJSON, HSDS JSON). Unlike an import it may leave out carrier and kind.

    ``columns`` names columns by field instead of guessing them. Raises ImportProblem where nothing can be read.
    """
    records = read_records(path)
    known_kind(kind, catalogue)
    if records.hsds:
        return _of_hsds(records, catalogue, kind)
    reading, warnings = reading_of(path, records, catalogue, kind=kind, city=city, stated=columns)
    entries, refused = entries_of(records.rows, replace(reading, lenient=True), clean(path.stem))
    if not entries:
        raise ImportProblem(f"{path.name} holds no row with a name or a place")
    warnings += [warning for entry in entries for warning in entry.warnings]
    return Listed(_subjects(entries, catalogue), reading.shown, _sorted(records.refused, refused), tuple(warnings))


def _sorted(*refused: Sequence[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    return tuple(sorted(one for several in refused for one in several))


def _subjects(entries: Sequence[Entry], catalogue: Catalogue) -> tuple[tuple[int, Subject], ...]:
    carriers: dict[str, list[Entry]] = {}
    for entry in entries:
        carriers.setdefault(fold(entry.carrier) or entry.carrier, []).append(entry)
    ids: set[str] = set()
    found: list[tuple[int, Subject]] = []
    for mine in carriers.values():
        id_ = unique(slug(mine[0].carrier) or "list", ids)
        ids.add(id_)
        offered = tuple(_offered(entry, catalogue) for entry in mine)
        body = Organisation(
            id=id_,
            name=mine[0].carrier,
            services=tuple({at.service.id: at.service for at in offered}.values()),
            locations=tuple(at.location for at in offered),
            offered=offered,
        )
        found += [(entry.number, _subject(body, at)) for entry, at in zip(mine, offered, strict=True)]
    return tuple(sorted(found, key=lambda row: row[0]))


def _subject(body: Organisation, offered: ServiceAtLocation) -> Subject:
    return Subject(about=About.SERVICE_AT_LOCATION, organisation=body, offered=offered)


def _offered(entry: Entry, catalogue: Catalogue) -> ServiceAtLocation:
    """The one service of a facility; of several none stands for it, and only its place does."""
    hidden = any(catalogue.kind(kind).protected for kind, _ in entry.services)
    location: Location = concealed(entry.location) if hidden else entry.location
    service = _NO_SERVICE
    if len(entry.services) == 1:
        kind, name = entry.services[0]
        service = Service(id=slug(name) or kind, kind=kind, name=name)
    return ServiceAtLocation(
        service=replace(service, protected=hidden), location=replace(location, id=f"row-{entry.number}")
    )


def _of_hsds(records: Records, catalogue: Catalogue, kind: str) -> Listed:
    rows: list[tuple[int, Subject]] = []
    refused: list[tuple[int, str]] = []
    warnings: list[str] = []
    ids: set[str] = set()
    for number, item in enumerate(records.hsds, start=1):
        read = hsds.organisation_of(item, number, catalogue, kind)
        refused += read.refused
        warnings += read.warnings
        if read.organisation:
            ids.add(id_ := unique(read.organisation.id, ids))
            body = replace(read.organisation, id=id_)
            rows += [(number, _subject(body, offered)) for offered in body.offered]
    if not rows:
        raise ImportProblem("; ".join(["no service at a place is in it", *(why for _, why in refused[:3])]))
    return Listed(tuple(rows), dict(hsds.COLUMNS), tuple(refused), tuple(warnings))
