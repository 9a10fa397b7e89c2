"""Does a listing belong to a subject? Fellegi-Sunter log-odds over compared fields (DESIGN 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from audit.judging import naming
from audit.judging.comparing import addresses, emails, geo, phones, sorts, web, wording
from audit.judging.comparing.comparison import Comparison, absent
from audit.judging.facts import Facts, Stated, all_facts, facts, mail_domains
from audit.judging.recognising import Kind, recognised
from audit.judging.weights import Weights, shipped
from audit.model import About, Address, Ground, Level, Listing, Subject
from audit.saying import say

__all__ = [
    "MATCH", "UNCLEAR", "Facts", "Kind", "all_facts", "bits", "compare_fields", "compare_pair", "facts",
    "probability", "recognised", "weigh",
]  # fmt: skip

_MAX_BITS = 60.0


MATCH: float = shipped().match
"""From this probability on a listing belongs to the subject."""

UNCLEAR: float = shipped().unclear
"""From this probability on a person must look."""


def compare_fields(stated: Facts, listing: Listing) -> dict[str, Comparison]:
    """Every field of a listing compared with what a subject states."""
    shown = (listing.name, *listing.alternate_names)
    name = naming.compare(stated, listing)
    streets = naming.street_words(stated, listing) if name.weight_key.startswith("street_") else frozenset()
    if name.weight_key == "operators":
        shown = ()
    alike = wording.most_alike(stated.names, shown, stated.places, streets)
    fields = {
        "name": name,
        "words": wording.compare(alike),
        "ends": wording.compare_ends(alike),
        "kind": sorts.compare(_sorts(stated), sorts.sorts(shown)),
        "organisation": naming.compare_organisation(stated, listing),
        "address": addresses.compare(stated.address, listing.address),
        "coordinates": geo.compare((stated.latitude, stated.longitude), (listing.latitude, listing.longitude)),
        "phone": _best(stated.phones, listing.phones, phones.compare),
        "link": _link(stated, listing.websites),
        "email": _best(stated.emails, listing.emails, emails.compare),
    }
    if name.weight_key == "nameless":
        fields["name"] = replace(name, weight_key=_nameless(fields))
    return fields


def _nameless(fields: Mapping[str, Comparison]) -> str:
    """Whether an entry without a name is known by two things on it that are the subject's alone."""
    written = (fields[field].weight_key in ("same", "home") for field in ("address", "phone", "link", "email"))
    return "nameless_known" if sum(written) >= 2 else "nameless"


def compare_pair(
    subject: Subject, stated: Facts, listing: Listing, weights: Weights | None = None
) -> tuple[Ground, ...]:
    """Every field compared, with its level, its weight in bits and the reason in words.

    ``stated`` are the `facts` of ``subject``. Weights of one group are damped already, so that
    prior plus sum is the log-odds.
    """
    if subject.about is About.PROFILE:  # an account stands for the whole, wherever it says it is
        stated = replace(stated, address=Address(), latitude=None, longitude=None)
    return weigh(compare_fields(stated, listing), weights)


def bits(grounds: Iterable[Ground], weights: Weights | None = None) -> float:
    """The log-odds in bits: prior plus the weights."""
    return (weights or shipped()).prior + sum(ground.weight for ground in grounds)


def probability(grounds: Iterable[Ground], weights: Weights | None = None) -> float:
    """The probability (0 to 1) that listing and subject are the same."""
    odds = max(-_MAX_BITS, min(_MAX_BITS, bits(grounds, weights)))
    return float(1.0 / (1.0 + 2.0**-odds))


def weigh(fields: Mapping[str, Comparison], weights: Weights | None = None) -> tuple[Ground, ...]:
    """Comparisons as grounds: each with its weight, damped within its group."""
    table = weights or shipped()
    counted = damped({name: found.weight_key for name, found in fields.items()}, table)
    return tuple(_ground(name, found, counted[name], table) for name, found in fields.items())


def _ground(name: str, found: Comparison, weight: float, table: Weights) -> Ground:
    """The level's weight, and the weights of single words that the table knows."""
    words = [(word, table.of(of, word)) for of, word in found.telling]
    weighed = ", ".join(f"{word} {bits:+.1f}" for word, bits in words if bits)
    if weighed:
        found = replace(found, said=found.said + say("words-weighed", weighed))
    return Ground(
        field=name, level=found.level, weight=weight + sum(bits for _, bits in words), why=found.why, said=found.said
    )


def damped(keys: Mapping[str, str], weights: Weights) -> dict[str, float]:
    """The weight of each field's level; positive ones count whole only where they lead their group."""
    counted = {name: weights.of(name, key) for name, key in keys.items()}
    led = set()
    for value, name in sorted(((value, name) for name, value in counted.items() if value > 0), key=_strongest):
        if group := weights.group_of(name, keys[name]):
            counted[name] = value * weights.damping if group in led else value
            led.add(group)
    return counted


def _strongest(weighed: tuple[float, str]) -> float:
    return -weighed[0]


def _sorts(stated: Facts) -> frozenset[str]:
    return sorts.of_service(sorts.sorts(stated.service_names), sorts.sorts(stated.names))


def _link(stated: Facts, websites: Sequence[str]) -> Comparison:
    if not stated.links:
        return web.compare((), websites, mail_domains=mail_domains(stated.emails))
    return _best(stated.links, websites, web.compare)


def _best(
    stated: Sequence[Stated],
    shown: Sequence[str],
    compare: Callable[[str, Sequence[str]], Comparison],
) -> Comparison:
    """The strongest agreement; a value only the organisation states agrees but never conflicts."""
    found = [_of_shared(value, compare(value.value, shown)) for value in stated]
    if not found:
        return absent("", shown)
    return max(found, key=lambda comparison: _ORDER[comparison.level])


def _of_shared(value: Stated, found: Comparison) -> Comparison:
    if not value.own and found.level is Level.CONFLICT:
        return Comparison(Level.ABSENT, "absent", found.said + say("organisation-only"))
    if value.shared and found.level is Level.SAME:
        return replace(found, weight_key="shared", said=found.said + say("shared"))
    return found


_ORDER = {Level.SAME: 3, Level.PARTIAL: 2, Level.CONFLICT: 1, Level.ABSENT: 0}
