"""`findbar init` from a list: organisation files from any usual list or HSDS data, one per carrier.

Columns are guessed and shown, every row is imported or named, every change to a value is a warning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from audit.organisation import hsds, times
from audit.organisation.catalogue import Catalogue
from audit.organisation.columns import guess_columns, kind_columns
from audit.organisation.entries import Entry, Reading, entries_of
from audit.organisation.filing import files_of
from audit.organisation.folding import clean, unique
from audit.organisation.hsds_objects import organisations
from audit.organisation.lists import read_lists
from audit.organisation.records import ImportProblem, Records, Row, table
from audit.organisation.telling import area_codes, kind_of_list, town_of
from audit.organisation.values import split_street
from audit.organisation.writing import to_toml

__all__ = ["NOTHING_STATED", "Draft", "ImportProblem", "Stated", "draft_from_list", "known_kind", "sheet_of"]


@dataclass(frozen=True)
class Draft:
    """What an import gave: texts by file name, and how they came about."""

    files: dict[str, str]
    columns: dict[str, str]  # field: source column
    rows_imported: int
    rows_refused: list[tuple[int, str]]  # row as counted in the source, why
    warnings: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()  # columns that hold something and were not taken


@dataclass(frozen=True)
class Stated:
    """What a person says about a list, in place of a guess: empty is guessed.

    ``website`` and ``organisation`` (a name) are for a list of one body, ``columns`` leads from
    fields to columns, ``only`` leaves out the rows that do not hold the text.
    """

    website: str = ""
    kind: str = ""
    city: str = ""
    organisation: str = ""
    only: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


NOTHING_STATED = Stated()


def draft_from_list(
    path: Path,
    catalogue: Catalogue,
    stated: Stated = NOTHING_STATED,
    *,
    kind: str = "",
) -> Draft:
    """Organisation files from a list of facilities, one per carrier.

    ``kind`` is short for the same in ``stated``. Raises ImportProblem where nothing can be imported.
    """
    told = replace(stated, kind=kind or stated.kind)
    known_kind(told.kind, catalogue)
    lists = read_lists(path)
    if lists[0].hsds:
        return _from_hsds(lists[0], catalogue, told.kind)
    return _together([sheet_of(path, records, catalogue, told) for records in lists], catalogue, told)


def known_kind(kind: str, catalogue: Catalogue) -> None:
    """Raises ImportProblem, with the nearest ones, for a kind that the catalogue does not know."""
    if kind and kind not in catalogue.kinds:
        near = ", ".join(catalogue.suggest(kind))
        raise ImportProblem(f"{kind!r} is no kind of the catalogue; nearest: {near or 'none'}")


@dataclass(frozen=True)
class Sheet:
    """One table read: its entries, and what is to be told about it. ``problem``: why there are none."""

    name: str
    entries: Sequence[Entry] = ()
    refused: Sequence[tuple[int, str]] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    unused: Sequence[str] = ()
    notes: Sequence[str] = ()
    problem: str = ""


def sheet_of(path: Path, records: Records, catalogue: Catalogue, stated: Stated, *, lenient: bool = False) -> Sheet:
    """The entries of one table; with ``lenient`` a row need name neither a carrier nor a kind of service."""
    if not records.columns:
        return Sheet(records.name, problem="; ".join(records.notes))
    try:
        return _read_sheet(path, records, catalogue, stated, lenient=lenient)
    except ImportProblem as problem:
        return Sheet(records.name, problem=str(problem))


def _read_sheet(path: Path, records: Records, catalogue: Catalogue, stated: Stated, *, lenient: bool) -> Sheet:
    columns = guess_columns(records.columns, records.rows, stated.columns)
    for name, believed in (("service", _tells_kinds), ("house_number", _completes_streets)):
        if name in columns and name not in stated.columns and not believed(columns, records.rows, catalogue):
            del columns[name]
    if not {"name", "street", "latitude"} & set(columns):
        raise ImportProblem(f"no column holds names or places; the columns are: {', '.join(records.columns)[:300]}")
    notes, city = list(records.notes), stated.city
    names_towns = bool(city or {"city", "postcode_city"} & set(columns))
    if not names_towns and (city := town_of(path.stem, columns, records.rows)):
        notes.append(f"no column names the town; {city} was taken from the file's name")
    rows = _wanted(records.rows, stated.only)
    if len(rows) < len(records.rows):
        notes.append(f"{len(records.rows) - len(rows)} rows do not hold {stated.only!r} and were left out")
    reading = _reading(
        f"{path.stem} {records.name}", records, columns, catalogue, replace(stated, city=city), lenient=lenient
    )
    entries, refused = entries_of(rows, reading, _list_name(path.stem))
    if "carrier" not in columns and not stated.organisation and len(entries) > 1 and not lenient:
        notes.append("no column names the carrier: all rows became one organisation; state it with --organisation")
    shown = reading.shown
    shown |= {f"hours {day} {part}".strip(): column for column, (day, part) in reading.days.items()}
    unused = [one for one in records.columns if one not in shown.values() and any(row.get(one) for _, row in rows)]
    said = [*notes, *(warning for entry in entries for warning in entry.warnings)]
    return Sheet(records.name, entries, [*records.refused, *refused], shown, unused, said)


def _tells_kinds(columns: Mapping[str, str], rows: Sequence[Row], catalogue: Catalogue) -> bool:
    """Whether any value of the column tells a kind of service."""
    sample = rows[: table()["evidence"]["sample"]]
    return any(catalogue.guess(value) for value in {row.get(columns["service"], "") for _, row in sample})


def _completes_streets(columns: Mapping[str, str], rows: Sequence[Row], _catalogue: Catalogue) -> bool:
    """Whether streets mostly lack a number: else a column "Nr" counts the rows."""
    streets = [street for _, row in rows if (street := row.get(columns.get("street", ""), ""))]
    return sum(bool(split_street(street)[1]) for street in streets) <= len(streets) / 2


def _wanted(rows: Sequence[Row], only: str) -> Sequence[Row]:
    wanted = only.casefold()
    return [(number, row) for number, row in rows if _holds(row, wanted)] if wanted else rows


def _holds(row: Mapping[str, str], wanted: str) -> bool:
    return any(wanted in value.casefold() for value in row.values())


def _list_name(stem: str) -> str:
    """The file's name as words; small ones get a capital, as names have."""
    name = clean(stem.replace("_", " "))
    return " ".join(word[:1].upper() + word[1:] for word in name.split()) if name.islower() else name


def _reading(
    name: str, records: Records, columns: dict[str, str], catalogue: Catalogue, stated: Stated, *, lenient: bool
) -> Reading:  # fmt: skip
    flags = {} if stated.kind else kind_columns(records.columns, records.rows, catalogue)
    kind, by_name = (
        (stated.kind, False)
        if stated.kind
        else kind_of_list(name, records.rows, columns, catalogue, by_the_way=not lenient)
    )
    if not (kind or flags or lenient or "service" in columns):
        raise ImportProblem("what kind of service this is a list of cannot be told; state it as kind (--kind)")
    days = {} if "opening_hours" in columns else times.day_columns(records.columns)
    timed = [*days, *(columns[name] for name in ("opens", "closes") if name in columns)]
    return Reading(
        columns=columns,
        flags=flags,
        kind=kind,
        city=stated.city,
        area_codes=area_codes(columns, records.rows, stated.city),
        usual_days=catalogue.fields[catalogue.kind(kind).field].usual_days if kind else "",
        catalogue=catalogue,
        carrier=stated.organisation,
        by_name=by_name,
        lenient=lenient,
        days=days,
        units={one: times.unit_of([row.get(one, "") for _, row in records.rows]) for one in timed},
    )


def _together(sheets: Sequence[Sheet], catalogue: Catalogue, stated: Stated) -> Draft:
    """All sheets as one draft; a sheet that gives nothing is named, unless none gives anything."""
    if not any(sheet.columns for sheet in sheets):
        raise ImportProblem(next(filter(None, (sheet.problem for sheet in sheets)), "nothing to import"))
    several = len(sheets) > 1
    warnings = [f"sheet {one.name!r} was passed over: {one.problem}" for one in sheets if one.problem]
    columns: dict[str, str] = {}
    refused: list[tuple[int, str]] = []
    for sheet in sheets:
        place = f"sheet {sheet.name!r}: " if several else ""
        columns |= {(f"{place}{key}" if columns.get(key, value) != value else key): value
                    for key, value in sheet.columns.items()}  # fmt: skip
        refused += [(number, place + why) for number, why in sheet.refused]
        warnings += [place + note for note in sheet.notes]
    entries = [entry for sheet in sheets for entry in sheet.entries]
    files, notes = files_of(entries, catalogue, stated.website)
    unused = tuple(dict.fromkeys(name for sheet in sheets for name in sheet.unused))
    refused.sort(key=lambda row: row[0])
    return Draft(files, columns, len(entries), refused, (*warnings, *notes), unused)


def _from_hsds(records: Records, catalogue: Catalogue, kind: str) -> Draft:
    files: dict[str, str] = {}
    imported, refused, warnings = 0, [], []
    for number, item in organisations(records.hsds):
        read = hsds.organisation_of(item, number, catalogue, kind)
        imported += read.imported
        refused += read.refused
        warnings += read.warnings
        if read.organisation:
            name = unique(read.organisation.id, {file.removesuffix(".toml") for file in files})
            head = ["Drafted from HSDS data. Please check, above all kind and website."]
            files[f"{name}.toml"] = to_toml(replace(read.organisation, id=name), head=head)
    return Draft(files, dict(hsds.COLUMNS), imported, refused, tuple(warnings))
