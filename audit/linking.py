"""``findbar data match``: a list of facilities linked to a data set of entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from audit.checker import data_keys
from audit.judging.belonging import Belonging
from audit.judging.comparing.nameparts import dissect
from audit.judging.linking import Candidate, Choice, Linker
from audit.judging.weights import Weights
from audit.model import Linked, LinkedList, Listing, Nobodys, Query, Subject
from audit.organisation.catalogue import Catalogue
from audit.organisation.listed import read_list
from audit.readers.osm_answers import record_listing
from audit.visiting.records import Unreadable
from audit.visiting.records.index import Index
from audit.visiting.records.keys import keys_asked, position, words
from audit.visiting.records.opening import opened
from audit.visiting.records.search import around, candidates, sharing, within

_REMEMBERED = 20_000  # entries of the data set in memory, as neighbours ask for the same ones
_SLOW = ("phone", "contact:", "mobile", "opening_hours", "website", "email", "addr:", "description")
_QUARTER = 5  # entries nearby that bear a word before it is taken for the quarter's
_MOST_NOBODYS = 2000  # entries under one domain or word that are looked at


class NotLinkableError(ValueError):
    """The data set cannot be used; the message says why."""


def link_list(
    source: Path,
    dataset: Path,
    catalogue: Catalogue,
    *,
    kept: Path | None = None,
    kind: str = "",
    city: str = "",
    columns: Mapping[str, str] = MappingProxyType({}),
    weights: Weights | None = None,
) -> LinkedList:
    """Every row of a list with the entry of a data set that is the same facility, and what belongs to nobody.

    ``kept`` is a folder for the data set's index, ``weights`` the table to match with (that shipped).
    Raises `ImportProblem` and `NotLinkableError`.
    """
    listed = read_list(source, catalogue, kind=kind, city=city, columns=columns)
    entries, notes = _entries(dataset, kept)
    subjects = tuple(subject for _, subject in listed.rows)
    quarters = {subject.key: entries.quarter(subject) for subject in subjects}
    linker = Linker(subjects, catalogue.kinds, quarters, weights)
    for subject in subjects:
        linker.weigh(entries.of(subject))
    choices = linker.choices()
    taken = {choice.pair.at for choice in choices.values() if choice.pair}
    return LinkedList(
        rows=tuple(_row(number, subject, choices[subject.key], linker, entries) for number, subject in listed.rows),
        nobodys=tuple(_nobodys(subjects, taken, entries)),
        columns=tuple(listed.columns.items()),
        refused=listed.refused,
        warnings=(*notes, *listed.warnings),
    )


def output_of(output: Path | None, source: Path, dataset: Path) -> Path:
    """The file to write: the one named, else after the list. Raises `NotLinkableError` for one of the two read."""
    file = output or Path(f"{source.stem}-linked.csv")
    if file.resolve() in (source.resolve(), dataset.resolve()):
        raise NotLinkableError(f"{file} is what is read; name another file with --output")
    return file


def stated_columns(pairs: Iterable[str]) -> dict[str, str]:
    """Columns by field from "field=column". Raises `NotLinkableError` for anything else."""
    split = [pair.partition("=") for pair in pairs]
    for field, mark, column in split:
        if not (field and mark and column):
            raise NotLinkableError(f"--column {field}{mark}{column}: write FIELD=COLUMN, such as name=Einrichtung")
    return {field.strip(): column.strip() for field, _, column in split}


class Entries:
    """The entries of a data set as listings, by number."""

    def __init__(self, index: Index) -> None:
        self.index, self._area = index, around(index.box)
        self.listing = lru_cache(_REMEMBERED)(self._listing)

    def _listing(self, row: int) -> Listing | None:
        return record_listing(self.index.record(row))

    def named(self, row: int) -> Listing | None:
        """The entry without what makes reading it slow: its name, its operator and what it is."""
        record = self.index.record(row)
        tags = {tag: value for tag, value in record["tags"].items() if not tag.startswith(_SLOW)}
        return record_listing({**record, "tags": tags})

    def of(self, subject: Subject) -> Iterator[Candidate]:
        """The entries that may be a subject's."""
        for row in candidates(self.index, _asked(subject)):
            if listing := self.listing(row):
                yield subject.key, row, listing

    def covers(self, subject: Subject) -> bool:
        """False where the subject's position lies outside of all entries' positions."""
        places = filter(None, map(position, _asked(subject).get("near", ())))
        return all(within(place, self._area) for place in places) if self._area else True

    def quarter(self, subject: Subject) -> frozenset[str]:
        """Words of its names that are the quarter's: entries nearby bear them, and few elsewhere ("Pasing")."""
        names = [name for field, name in data_keys(Query(subject=subject)) if field == "name"]
        plain = {word: form for name in names for word in dissect(name).words for form in words(word)[:1]}
        near = Counter[str]()
        for kind, value in keys_asked(_asked(subject), ("in",)):
            start, end = self.index.span((kind, value))
            near[value.partition(" ")[0]] += end - start
        return frozenset(word for word, form in plain.items() if self._gathered(form, near[form]))

    def _gathered(self, word: str, near: int) -> bool:
        start, end = self.index.span(("word", word))
        return near >= _QUARTER and 2 * near >= end - start


def _entries(dataset: Path, kept: Path | None) -> tuple[Entries, list[str]]:
    try:
        found = opened(dataset, kept)
    except Unreadable as fault:
        raise NotLinkableError(f"{dataset}: {fault}") from fault
    if not len(found.index):
        raise NotLinkableError(f"{dataset}: no records in it")
    return Entries(found.index), [f"{dataset.name}: incomplete ({found.incomplete})"] if found.incomplete else []


def _asked(subject: Subject) -> dict[str, list[str]]:
    asked: dict[str, list[str]] = {}
    for field, value in data_keys(Query(subject=subject)):
        asked.setdefault(field, []).append(value)
    return asked


def _row(number: int, subject: Subject, choice: Choice, linker: Linker, entries: Entries) -> Linked:
    state = "none" if entries.covers(subject) else "outside"
    row, second = Linked(row=number, name=_name(subject), state=state), choice.second
    if second:
        row = replace(row, second=_id(second.at, entries), second_probability=second.probability)
    listing = entries.listing(choice.pair.at) if choice.pair else None
    if choice.pair is None or listing is None:
        return row
    differences, lacking = linker.differences(subject.key, listing)
    return replace(
        row,
        state="match" if choice.pair.sure else "unclear",
        id=listing.id,
        entry=listing.name,
        url=listing.url,
        probability=choice.pair.probability,
        differences=differences,
        lacking=lacking,
    )


def _id(row: int, entries: Entries) -> str:
    return str(entries.index.record(row)["id"])


def _name(subject: Subject) -> str:
    place = subject.offered.location if subject.offered else None
    return (place.name or str(place.address) if place else "") or Query(subject=subject).name


def _nobodys(subjects: tuple[Subject, ...], taken: set[int], entries: Entries) -> Iterator[Nobodys]:
    """Entries with a phone, domain or name of one of the list's organisations that no row got."""
    belonging, index = Belonging(subjects), entries.index
    signs = _by_contact(subjects, belonging, index)
    rows = {row for name in _bodies(subjects) for row in sharing(index, name, _MOST_NOBODYS)}
    for row in sorted((rows | set(signs)) - taken):
        if listing := entries.named(row):
            sign, detail = signs.get(row) or belonging.sign(listing)
            if sign:
                yield Nobodys(id=listing.id, entry=listing.name, url=listing.url, sign=sign, detail=detail)


def _bodies(subjects: tuple[Subject, ...]) -> set[str]:
    return {name for s in subjects for name in (s.organisation.name, *s.organisation.alternate_names) if name}


def _by_contact(subjects: tuple[Subject, ...], belonging: Belonging, index: Index) -> dict[int, tuple[str, str]]:
    """What shows of an entry that it is an organisation's, asked once for each phone number and site of the list."""
    signs: dict[int, tuple[str, str]] = {}
    for kind, value in sorted({key for s in subjects for key in keys_asked(_asked(s), ("phone", "site"))}):
        start, end = index.span((kind, value))
        probe = Listing(name="", phones=(f"0{value}",)) if kind == "phone" else Listing(name="", websites=(value,))
        if 0 < end - start <= _MOST_NOBODYS and (sign := belonging.sign(probe))[0]:
            signs |= {row: sign for row in index.between(start, end) if row not in signs}
    return signs
