"""A list of facilities as subjects to be looked for, one a row, whoever their carriers are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from audit.model import About, Location, Organisation, Service, ServiceAtLocation, Subject
from audit.organisation import hsds
from audit.organisation.catalogue import Catalogue
from audit.organisation.entries import Entry
from audit.organisation.folding import fold, slug, unique
from audit.organisation.grouping import concealed
from audit.organisation.hsds_objects import organisations
from audit.organisation.importing import Stated, known_kind, sheet_of
from audit.organisation.lists import read_lists
from audit.organisation.records import ImportProblem, Records

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
    known_kind(kind, catalogue)
    lists = read_lists(path)
    if lists[0].hsds:
        return _of_hsds(lists[0], catalogue, kind)
    stated = Stated(kind=kind, city=city, columns=columns)
    sheets = [sheet_of(path, records, catalogue, stated, lenient=True) for records in lists]
    if not any(sheet.entries for sheet in sheets):
        problems = [sheet.problem for sheet in sheets if sheet.problem]
        raise ImportProblem("; ".join(problems) or f"{path.name} holds no row with a name or a place")
    return Listed(
        rows=_subjects([(place, entry) for place, sheet in enumerate(sheets) for entry in sheet.entries], catalogue),
        columns={field: column for sheet in sheets for field, column in sheet.columns.items()},
        refused=tuple(sorted(one for sheet in sheets for one in sheet.refused)),
        warnings=tuple(note for sheet in sheets for note in sheet.notes),
    )


def _subjects(entries: Sequence[tuple[int, Entry]], catalogue: Catalogue) -> tuple[tuple[int, Subject], ...]:
    """Subjects by the number of their row; ``entries`` come with the place of their sheet in the file."""
    carriers: dict[str, list[tuple[int, Entry]]] = {}
    for sheet, entry in entries:
        carriers.setdefault(fold(entry.carrier) or entry.carrier, []).append((sheet, entry))
    ids: set[str] = set()
    found: list[tuple[int, Subject]] = []
    for mine in carriers.values():
        name = mine[0][1].carrier
        id_ = unique(slug(name) or "list", ids)
        ids.add(id_)
        offered = tuple(_offered(entry, catalogue, sheet) for sheet, entry in mine)
        body = Organisation(
            id=id_,
            name=name,
            services=tuple({at.service.id: at.service for at in offered}.values()),
            locations=tuple(at.location for at in offered),
            offered=offered,
        )
        found += [(entry.number, _subject(body, at)) for (_, entry), at in zip(mine, offered, strict=True)]
    return tuple(sorted(found, key=lambda row: row[0]))


def _subject(body: Organisation, offered: ServiceAtLocation) -> Subject:
    return Subject(about=About.SERVICE_AT_LOCATION, organisation=body, offered=offered)


def _offered(entry: Entry, catalogue: Catalogue, sheet: int) -> ServiceAtLocation:
    """The one service of a facility; of several none stands for it, and only its place does."""
    hidden = any(catalogue.kind(kind).protected for kind, _ in entry.services)
    location: Location = concealed(entry.location) if hidden else entry.location
    service = _NO_SERVICE
    if len(entry.services) == 1:
        kind, name = entry.services[0]
        service = Service(id=slug(name) or kind, kind=kind, name=name)
    return ServiceAtLocation(
        service=replace(service, protected=hidden),
        location=replace(location, id=f"row-{entry.number}" if not sheet else f"row-{sheet}-{entry.number}"),
    )


def _of_hsds(records: Records, catalogue: Catalogue, kind: str) -> Listed:
    rows: list[tuple[int, Subject]] = []
    refused: list[tuple[int, str]] = []
    warnings: list[str] = []
    ids: set[str] = set()
    for number, item in organisations(records.hsds):
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
