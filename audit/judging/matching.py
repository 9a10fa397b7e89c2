"""Does a listing belong to a subject? Fellegi-Sunter log-odds over compared fields (DESIGN 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from audit.judging import naming
from audit.judging.comparing import addresses, emails, geo, phones, sorts, web
from audit.judging.comparing.comparison import Comparison, absent
from audit.judging.comparing.tables import read_table
from audit.judging.facts import Facts, Stated, all_facts, facts, mail_domains
from audit.judging.recognising import Kind, recognised
from audit.model import About, Address, Ground, Level, Listing, Subject

__all__ = [
    "MATCH", "UNCLEAR", "Facts", "Kind", "all_facts", "bits", "compare_fields", "compare_pair", "facts",
    "probability", "recognised", "weigh",
]  # fmt: skip

_MAX_BITS = 60.0


@cache
def _weights() -> dict[str, Any]:
    return read_table("weights.toml", "audit.judging")


MATCH: float = _weights()["thresholds"]["match"]
"""From this probability on a listing belongs to the subject."""

UNCLEAR: float = _weights()["thresholds"]["unclear"]
"""From this probability on a person must look."""


@cache
def _group_of() -> dict[str, str]:
    return {member: group for group, members in _weights()["groups"].items() for member in members}


def compare_fields(stated: Facts, listing: Listing) -> dict[str, Comparison]:
    """Every field of a listing compared with what a subject states."""
    shown = (listing.name, *listing.alternate_names)
    return {
        "name": naming.compare(stated, listing),
        "kind": sorts.compare(_sorts(stated), sorts.sorts(shown)),
        "organisation": naming.compare_organisation(stated, listing),
        "address": addresses.compare(stated.address, listing.address),
        "coordinates": geo.compare((stated.latitude, stated.longitude), (listing.latitude, listing.longitude)),
        "phone": _best(stated.phones, listing.phones, phones.compare, "phone"),
        "link": _link(stated, listing.websites),
        "email": _best(stated.emails, listing.emails, emails.compare, "e-mail"),
    }


def compare_pair(subject: Subject, stated: Facts, listing: Listing) -> tuple[Ground, ...]:
    """Every field compared, with its level, its weight in bits and the reason in words.

    ``stated`` are the `facts` of ``subject``. Weights of one group are damped already, so that
    prior plus sum is the log-odds.
    """
    if subject.about is About.PROFILE:  # an account stands for the whole, wherever it says it is
        stated = replace(stated, address=Address(), latitude=None, longitude=None)
    return weigh(compare_fields(stated, listing))


def bits(grounds: Iterable[Ground]) -> float:
    """The log-odds in bits: prior plus the weights."""
    return float(_weights()["prior"]["bits"]) + sum(ground.weight for ground in grounds)


def probability(grounds: Iterable[Ground]) -> float:
    """The probability (0 to 1) that listing and subject are the same."""
    odds = max(-_MAX_BITS, min(_MAX_BITS, bits(grounds)))
    return float(1.0 / (1.0 + 2.0**-odds))


def weigh(fields: Mapping[str, Comparison]) -> tuple[Ground, ...]:
    """Comparisons as grounds: each with its weight, damped within its group."""
    compared = tuple(fields.items())
    table, groups, damping = _weights(), _group_of(), _weights()["damping"]
    weights = [float(table[field][found.weight_key]) for field, found in compared]
    group = [groups.get(field) or groups.get(f"{field}.{found.weight_key}") for field, found in compared]
    leading: dict[str, int] = {}
    for position in sorted(range(len(weights)), key=lambda position: -weights[position]):
        if name := group[position]:
            leading.setdefault(name, position)
    return tuple(
        Ground(
            field=field,
            level=found.level,
            weight=weights[at] * damping if _follows(group[at], at, leading) and weights[at] > 0 else weights[at],
            why=found.why,
        )
        for at, (field, found) in enumerate(compared)
    )


def _follows(group: str | None, position: int, leading: dict[str, int]) -> bool:
    return group is not None and leading[group] != position


def _sorts(stated: Facts) -> frozenset[str]:
    return sorts.of_service(sorts.sorts(stated.service_names), sorts.sorts(stated.names))


def _link(stated: Facts, websites: Sequence[str]) -> Comparison:
    if not stated.links:
        return web.compare((), websites, mail_domains=mail_domains(stated.emails))
    return _best(stated.links, websites, web.compare, "web address")


def _best(
    stated: Sequence[Stated],
    shown: Sequence[str],
    compare: Callable[[str, Sequence[str]], Comparison],
    field: str,
) -> Comparison:
    """The strongest agreement; a value only the organisation states agrees but never conflicts."""
    found = [_of_shared(value, compare(value.value, shown)) for value in stated]
    if not found:
        return absent(field, "", shown)
    return max(found, key=lambda comparison: _ORDER[comparison.level])


def _of_shared(value: Stated, found: Comparison) -> Comparison:
    if not value.own and found.level is Level.CONFLICT:
        return Comparison(Level.ABSENT, "absent", f"{found.why}; only the organisation's is stated")
    if value.shared and found.level is Level.SAME:
        return replace(found, weight_key="shared", why=f"{found.why}, which others share")
    return found


_ORDER = {Level.SAME: 3, Level.PARTIAL: 2, Level.CONFLICT: 1, Level.ABSENT: 0}
