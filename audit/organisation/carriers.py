"""Who runs what in a list: one carrier under several spellings is one organisation."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

from audit.organisation.entries import Entry
from audit.organisation.folding import clean, fold
from audit.organisation.records import table


def by_carrier(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Entries by the name of their carrier: its most usual spelling, without a region in brackets.

    "e.V.", "e. V." and nothing are one, "gGmbH" is somebody else where both stand in the list.
    """
    groups: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        base, form = _parted(bare(entry.carrier))
        groups[base][form].append(entry)
    found: dict[str, list[Entry]] = {}
    for forms in groups.values():
        together = [[e for mine in forms.values() for e in mine]] if len(set(forms) - {""}) < 2 else forms.values()
        for mine in together:
            found.setdefault(_usual(mine), []).extend(mine)
    return found


def spellings(entries: Sequence[Entry]) -> str:
    """The names under which one carrier stands in the list, where they are several."""
    names = dict.fromkeys(entry.carrier for entry in entries)
    return ", ".join(repr(name) for name in names) if len(names) > 1 else ""


def bare(carrier: str) -> str:
    """The carrier without a region behind it: "AWO Nord e.V. (FL)" is "AWO Nord e.V."."""
    return clean(re.sub(table()["carriers"]["region"], "", carrier)) or carrier


def _parted(carrier: str) -> tuple[str, str]:
    folded = fold(carrier) or carrier
    found = _legal_form().search(folded)
    return (folded[: found.start()], found[1].replace(" ", "")) if found and found.start() else (folded, "")


@cache
def _legal_form() -> re.Pattern[str]:
    forms = sorted(table()["carriers"]["legal_forms"], key=len, reverse=True)
    return re.compile(rf" ({'|'.join(forms)})$")


def _usual(entries: Sequence[Entry]) -> str:
    counts = Counter(bare(entry.carrier) for entry in entries)
    return max(counts, key=lambda name: (counts[name], len(name)))
