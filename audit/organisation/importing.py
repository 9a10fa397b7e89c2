"""`findbar init` from a list: organisation files from CSV, GeoJSON, XLSX or HSDS JSON, one per carrier.

Columns are guessed and shown, every row is imported or named, every change to a value is a warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from audit.organisation import hsds
from audit.organisation.catalogue import Catalogue, Field
from audit.organisation.columns import guess_columns, kind_columns
from audit.organisation.entries import Entry, Reading, entries_of
from audit.organisation.folding import clean, fold, slug, unique
from audit.organisation.grouping import organisation_of
from audit.organisation.mending import area_code
from audit.organisation.records import ImportProblem, Records, Row, read_records, table
from audit.organisation.values import rules
from audit.organisation.writing import to_toml

__all__ = ["Draft", "ImportProblem", "draft_from_list", "known_kind", "reading_of"]

_LEAST_SHARE = 0.1  # of the rows whose names must tell a kind before it counts for the whole list


@dataclass(frozen=True)
class Draft:
    """What an import gave: texts by file name, and how they came about."""

    files: dict[str, str]
    columns: dict[str, str]  # field: source column
    rows_imported: int
    rows_refused: list[tuple[int, str]]  # row as counted in the source, why
    warnings: tuple[str, ...] = ()


def draft_from_list(
    path: Path,
    catalogue: Catalogue,
    *,
    website: str = "",
    kind: str = "",
    city: str = "",
) -> Draft:
    """Organisation files from a list of facilities, one per carrier.

    ``website`` is the organisation's own where the list is of one carrier; ``kind`` and ``city``
    state what the list leaves out. Raises ImportProblem where nothing can be imported.
    """
    records = read_records(path)
    known_kind(kind, catalogue)
    if records.hsds:
        return _from_hsds(records, catalogue, kind)
    reading, warnings = reading_of(path, records, catalogue, kind=kind, city=city)
    if not reading.kind and not reading.flags and "service" not in reading.columns:
        raise ImportProblem("what kind of service this is a list of cannot be told; state it as kind")
    entries, refused = entries_of(records.rows, reading, clean(path.stem))
    warnings += [warning for entry in entries for warning in entry.warnings]
    files = _files(entries, catalogue, website)
    return Draft(files, reading.shown, len(entries), sorted([*records.refused, *refused]), tuple(warnings))


def known_kind(kind: str, catalogue: Catalogue) -> None:
    """Raises ImportProblem, with the nearest ones, for a kind that the catalogue does not know."""
    if kind and kind not in catalogue.kinds:
        near = ", ".join(catalogue.suggest(kind))
        raise ImportProblem(f"{kind!r} is no kind of the catalogue; nearest: {near or 'none'}")


def reading_of(
    path: Path,
    records: Records,
    catalogue: Catalogue,
    *,
    kind: str = "",
    city: str = "",
    stated: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Reading, list[str]]:
    """How the rows are to be read, and what was assumed for it, in words.

    ``stated`` are columns by field that are not to be guessed. Raises ImportProblem where no column
    holds names or places, or a stated one is not there.
    """
    columns = _columns(records, stated)
    if not {"name", "street", "latitude"} & set(columns):
        raise ImportProblem(f"no column holds names or places; the columns are: {', '.join(records.columns)[:300]}")
    warnings: list[str] = []
    if not city and "city" not in columns and (city := _town(path, columns, records.rows)):
        warnings.append(f"no column names the town; {city} was taken from the file's name")
    flags = {} if kind else kind_columns(records.columns, records.rows, catalogue)
    kind = kind or _kind_of_list(path, records, columns, catalogue)
    days = catalogue.fields[catalogue.kind(kind).field].usual_days if kind else ""
    return Reading(columns, flags, kind, city, _codes(columns, records.rows, city), days, catalogue), warnings


def _columns(records: Records, stated: Mapping[str, str]) -> dict[str, str]:
    for field, column in stated.items():
        if field not in table()["headers"]:
            raise ImportProblem(f"{field!r} is no field of a list; fields are: {', '.join(table()['headers'])}")
        if column not in records.columns:
            told = ", ".join(records.columns)[:300]
            raise ImportProblem(f"the list has no column {column!r}; its columns are: {told}")
    guessed = guess_columns(records.columns, records.rows)
    return {field: column for field, column in guessed.items() if column not in stated.values()} | dict(stated)


def _files(entries: Sequence[Entry], catalogue: Catalogue, website: str) -> dict[str, str]:
    carriers: dict[str, list[Entry]] = {}
    for entry in entries:
        carriers.setdefault(fold(entry.carrier) or entry.carrier, []).append(entry)
    files: dict[str, str] = {}
    ids: set[str] = set()
    for mine in carriers.values():
        name = Counter(entry.carrier for entry in mine).most_common(1)[0][0]
        id_ = unique(slug(name) or "organisation", ids)
        ids.add(id_)
        own = website if len(carriers) == 1 else ""
        organisation, note = organisation_of(id_, name, mine, catalogue, own)
        head = [f"Drafted from a list of {len(mine)} rows. Please check, above all kind and website."]
        files[f"{id_}.toml"] = _small(to_toml(organisation, head=head, notes={"website": note}), name)
    return files


def _small(text: str, name: str) -> str:
    limit = rules()["limits"]["file_bytes"]
    if len(text.encode()) > limit:
        raise ImportProblem(f"{name}: the file would be larger than {limit // 1024} KiB; split the list")
    return text


def _kind_of_list(path: Path, records: Records, columns: dict[str, str], catalogue: Catalogue) -> str:
    """The kind that the file's name states, or most names of rows do; several of one field: its general one."""
    stated = catalogue.guess(path.stem.replace("_", " "))
    column = columns.get("name", "")
    guesses = Counter(kind for _, row in records.rows if (kind := catalogue.guess(row.get(column, ""))))
    if stated or not guesses or sum(guesses.values()) < _LEAST_SHARE * len(records.rows):
        return stated or ""
    by_field: Counter[str] = Counter()
    for kind, count in guesses.items():
        by_field[catalogue.kind(kind).field] += count
    field: Field = catalogue.fields[by_field.most_common(1)[0][0]]
    mine = [kind for kind, _ in guesses.most_common() if catalogue.kind(kind).field == field.id]
    return mine[0] if len(mine) == 1 or not field.general else field.general


def _town(path: Path, columns: dict[str, str], rows: Sequence[Row]) -> str:
    """The town in the file's name, believed only where all postcodes lie close together.

    A list named after a city often reaches into its neighbours: a wrong town would make
    every audit of these rows report a wrong address.
    """
    if "postcode" not in columns:
        return ""
    postcodes = [row.get(columns["postcode"], "") for _, row in rows]
    if not all(code.isdigit() and len(code) == 5 for code in postcodes):
        return ""
    numbers = [int(code) for code in postcodes]
    if not numbers or max(numbers) - min(numbers) > table()["evidence"]["town_postcode_span"]:
        return ""
    words = [word for word in path.stem.replace("-", "_").split("_") if len(word) > 2]
    return next((word.capitalize() for word in words if area_code(word)), "")


def _codes(columns: dict[str, str], rows: Sequence[Row], city: str) -> dict[str, str]:
    """Area codes by town, looked up only where a row has a local number."""
    phone = columns.get("phone", "")
    local = [row for _, row in rows if (number := row.get(phone, "")) and not number.startswith(("0", "+", "("))]
    towns = {row.get(columns.get("city", ""), "") or city for row in local}
    return {town: area_code(town) for town in towns if town}


def _from_hsds(records: Records, catalogue: Catalogue, kind: str) -> Draft:
    files: dict[str, str] = {}
    imported, refused, warnings = 0, [], []
    for number, item in enumerate(records.hsds, start=1):
        read = hsds.organisation_of(item, number, catalogue, kind)
        imported += read.imported
        refused += read.refused
        warnings += read.warnings
        if read.organisation:
            name = unique(read.organisation.id, {file.removesuffix(".toml") for file in files})
            head = ["Drafted from HSDS data. Please check, above all kind and website."]
            files[f"{name}.toml"] = to_toml(read.organisation, head=head)
    return Draft(files, dict(hsds.COLUMNS), imported, refused, tuple(warnings))
