"""The best assignment of listings to subjects where each listing may go to one subject only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from math import log2
from typing import Any

from audit.judging.comparing.tables import read_table
from audit.judging.pairing import Pair
from audit.model import Ground, Level
from audit.saying import english, say

_ROUNDS = 20
_MAX_BITS = 60.0


@cache
def exclusive() -> dict[str, Any]:
    """What fitting each other alone is worth, and from which probability on another candidate counts."""
    table: dict[str, Any] = read_table("assigning.toml", "audit.judging")["exclusive"]
    return table


def settled(pairs: Sequence[Pair]) -> list[Pair]:
    """The same pairs; those of whom neither side fits another one as well are raised by their lead.

    ``pairs`` hold all from the probability ``least`` of the table on, so that the next best is known.
    Rows and entries that are surely another's are nobody's next best.
    """
    least, most = float(exclusive()["least"]), float(exclusive()["bits"])
    floor = log2(least / (1 - least))
    free = _free_pairs(pairs)
    rows = _two_best(free.values(), lambda pair: pair.subject)
    entries = _two_best(free.values(), lambda pair: pair.at)
    done = list(pairs)
    for number, pair in enumerate(pairs):
        if pair.undisputed and (pair.subject, pair.at) in free:
            lead = min(_lead(pair, two, floor) for two in (rows[pair.subject], entries[pair.at]))
            done[number] = _raised(pair, min(most, lead)) if lead > 0 else pair
    return done


def _free_pairs(pairs: Sequence[Pair]) -> dict[tuple[str, int], Pair]:
    """Those of whom neither the row nor the entry is surely another's."""
    rows: dict[str, int] = {}
    entries: dict[int, str] = {}
    for pair in sorted((pair for pair in pairs if pair.sure), key=lambda pair: (-pair.bits, pair.subject, pair.at)):
        rows.setdefault(pair.subject, pair.at)
        entries.setdefault(pair.at, pair.subject)
    return {
        (pair.subject, pair.at): pair
        for pair in pairs
        if rows.get(pair.subject, pair.at) == pair.at and entries.get(pair.at, pair.subject) == pair.subject
    }


def _two_best(pairs: Iterable[Pair], of: Callable[[Pair], Any]) -> dict[Any, list[float]]:
    best: dict[Any, list[float]] = defaultdict(list)
    for pair in pairs:
        best[of(pair)] = sorted([*best[of(pair)], pair.bits], reverse=True)[:2]
    return best


def _lead(pair: Pair, two: Sequence[float], floor: float) -> float:
    """How many bits a pair is ahead of the next best; not positive where it is not the best."""
    if pair.bits < two[0]:
        return pair.bits - two[0]
    return pair.bits - (two[1] if len(two) > 1 else floor)


def _raised(pair: Pair, bits: float) -> Pair:
    total = pair.bits + bits
    said = say("exclusive")
    ground = Ground(field="exclusive", level=Level.SAME, weight=bits, why=english(said), said=said)
    likely = 1.0 / (1.0 + 2.0 ** -max(-_MAX_BITS, min(_MAX_BITS, total)))
    return replace(pair, bits=total, probability=likely, grounds=(*pair.grounds, ground))


def assign(pairs: Iterable[Pair]) -> dict[str, Pair]:
    """The listing of each subject: the strongest pairs first, then exchanges that raise the total.

    A listing that is surely somebody's is not given to somebody else for whom it is only unclear.
    Ties are broken by subject and position, so equal input gives an equal result.
    """
    ranked = sorted(pairs, key=lambda pair: (-pair.bits, pair.subject, pair.at))
    certain = {pair.at for pair in ranked if pair.sure}
    allowed = [pair for pair in ranked if pair.sure or pair.at not in certain]
    given: dict[str, Pair] = {}
    taken: set[int] = set()
    for pair in allowed:
        if pair.subject not in given and pair.at not in taken:
            given[pair.subject] = pair
            taken.add(pair.at)
    return _exchanged(given, _by_subject(allowed))


def _by_subject(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    grouped: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        grouped[pair.subject].append(pair)
    return grouped


def _exchanged(given: dict[str, Pair], options: Mapping[str, Sequence[Pair]]) -> dict[str, Pair]:
    """Give an empty-handed subject a listing whose holder has another one, while the total of bits grows."""
    for _ in range(_ROUNDS):
        holder = {pair.at: subject for subject, pair in given.items()}
        changed = False
        for subject in sorted(set(options) - set(given)):
            for wanted in options[subject]:
                other = holder.get(wanted.at)
                instead = _free(options[other], holder) if other else None
                if other and instead and wanted.bits + instead.bits > given[other].bits:
                    given[subject], given[other] = wanted, instead
                    holder[wanted.at], holder[instead.at] = subject, other
                    changed = True
                    break
        if not changed:
            break
    return given


def _free(options: Sequence[Pair], holder: Mapping[int, str]) -> Pair | None:
    return next((pair for pair in options if pair.at not in holder), None)
