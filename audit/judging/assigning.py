"""The best assignment of listings to subjects where each listing may go to one subject only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from audit.judging.pairing import Pair

_ROUNDS = 20


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
