"""Entries as the texts of organisation files: one for each carrier, several for very many rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audit.organisation.carriers import by_carrier, spellings
from audit.organisation.catalogue import Catalogue
from audit.organisation.entries import Entry
from audit.organisation.folding import slug, unique
from audit.organisation.grouping import organisation_of
from audit.organisation.records import ImportProblem, table
from audit.organisation.values import rules
from audit.organisation.writing import to_toml


def files_of(entries: Sequence[Entry], catalogue: Catalogue, website: str) -> tuple[dict[str, str], list[str]]:
    """Texts by file name, and notes on carriers taken as one or parted. Raises ImportProblem.

    ``website`` is the organisation's where there is but one.
    """
    carriers = by_carrier(entries)
    files: dict[str, str] = {}
    notes: list[str] = []
    ids: set[str] = set()
    for name, mine in carriers.items():
        own = website if len(carriers) == 1 else ""
        if told := spellings(mine):
            notes.append(f"taken as one organisation: {told}")
        parts = list(_parts(mine))
        for number, part in enumerate(parts, start=1):
            whole = name if len(parts) == 1 else f"{name} ({number})"
            id_ = unique(slug(whole) or "organisation", ids)
            ids.add(id_)
            organisation, note = organisation_of(id_, whole, part, catalogue, own)
            head = [f"Drafted from a list of {len(part)} rows. Please check, above all kind and website."]
            files[f"{id_}.toml"] = _small(to_toml(organisation, head=head, notes={"website": note}), whole)
        if len(parts) > 1:
            notes.append(f"{name}: {len(mine)} rows are too many for one file; {len(parts)} were written")
    return files, notes


def _parts(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """The entries in parts that fit into one file each, neighbours by postcode together."""
    most = table()["limits"]["file_rows"]
    if len(entries) <= most:
        yield entries
        return
    ordered = sorted(entries, key=lambda entry: (entry.location.address.postcode, entry.number))
    yield from (ordered[at : at + most] for at in range(0, len(ordered), most))


def _small(text: str, name: str) -> str:
    limit = rules()["limits"]["file_bytes"]
    if len(text.encode()) > limit:
        raise ImportProblem(f"{name}: the file would be larger than {limit // 1024} KiB; split the list")
    return text
