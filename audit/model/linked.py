"""A list linked to a data set: what each row is there, how sure that is, and what differs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs: what the list states, what the entry shows (both empty: withheld)."""

    field: str
    stated: str
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """One row. ``state`` is match, unclear, none or outside (of the data's area).

    ``id`` and ``second`` are the data set's ids (empty: none). Probabilities are 0 to 1.
    ``lacking`` are fields that the row states and the entry does not show.
    """

    row: int
    name: str
    state: str
    id: str = ""
    entry: str = ""
    url: str = ""
    probability: float = 0.0
    second: str = ""
    second_probability: float = 0.0
    differences: tuple[Difference, ...] = ()
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Nobodys:
    """An entry that looks like one of the list's organisations and is no row's.

    ``sign`` is what shows it (phone, domain or name), ``detail`` which one.
    """

    id: str
    entry: str
    url: str
    sign: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedList:
    """A whole list: its rows in order, entries that are nobody's, and how the list was read.

    ``columns`` pairs fields with the list's columns; ``refused`` and ``warnings`` are about rows.
    """

    rows: tuple[Linked, ...]
    nobodys: tuple[Nobodys, ...]
    columns: tuple[tuple[str, str], ...]
    refused: tuple[tuple[int, str], ...] = ()
    warnings: tuple[str, ...] = ()
