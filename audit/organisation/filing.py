"""Entries as the texts of organisation files: one for each carrier, several for very many rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial

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
        written = _fitting(name, mine, ids, partial(_text, catalogue, own))
        if len(written) > 1:
            notes.append(f"{name}: {len(mine)} rows are too many for one file; {len(written)} were written")
        ids |= set(written)
        files |= {f"{id_}.toml": text for id_, text in written.items()}
    return files, notes


def _text(catalogue: Catalogue, website: str, entries: Sequence[Entry], id_: str, name: str) -> str:
    organisation, note = organisation_of(id_, name, entries, catalogue, website)
    head = [f"Drafted from a list of {len(entries)} rows. Please check, above all kind and website."]
    return to_toml(organisation, head=head, notes={"website": note})


Writer = Callable[[Sequence[Entry], str, str], str]


def _fitting(name: str, entries: Sequence[Entry], taken: Collection[str], write: Writer) -> dict[str, str]:
    """Texts by id in as few parts as fit into one file each; neighbours by postcode stand together."""
    most, limit = table()["limits"]["file_rows"], rules()["limits"]["file_bytes"]
    ordered = sorted(entries, key=_by_postcode) if len(entries) > most else entries
    while True:
        parts = [ordered[at : at + most] for at in range(0, len(ordered), most)]
        written: dict[str, str] = {}
        for number, part in enumerate(parts, start=1):
            whole = name if len(parts) == 1 else f"{name} ({number})"
            id_ = unique(slug(whole) or "organisation", {*taken, *written} if parts[1:] else taken)
            written[id_] = write(part, id_, whole)
        if all(len(text.encode()) <= limit for text in written.values()):
            return written
        if most <= 1:
            raise ImportProblem(f"{name}: one row is larger than {limit // 1024} KiB")
        most, ordered = most // 2, sorted(entries, key=_by_postcode)


def _by_postcode(entry: Entry) -> tuple[str, int]:
    return entry.location.address.postcode, entry.number
