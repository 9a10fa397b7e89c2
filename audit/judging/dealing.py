"""Deals listings to subjects: every pair weighed, then one assignment for all (DESIGN 8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from audit.judging.assigning import assign, exclusive, settled
from audit.judging.belonging import Belonging
from audit.judging.blocking import Index
from audit.judging.pairing import Pair, Pairing
from audit.judging.recognising import Kind
from audit.judging.shown import Seen, Shown
from audit.judging.weights import Weights, shipped
from audit.model import Listing, Match, Subject

_STATES = ("match", "unclear", "duplicate")


@dataclass(frozen=True, slots=True)
class Dealt:
    """``matches`` in order of subjects; ``strays`` are the organisation's, but of no subject: (listing, visit, why)."""

    matches: tuple[Match, ...]
    strays: tuple[tuple[Listing, str, str], ...]


class Sought:
    """The subjects that listings are dealt to, prepared once for all ways; ``kinds`` are the kinds of service by id."""

    def __init__(self, subjects: Sequence[Subject], kinds: Mapping[str, Kind], weights: Weights | None = None) -> None:
        self.weights = weights or shipped()
        self.index, self.belonging = Index(subjects), Belonging(subjects)
        self.pairing = Pairing(subjects, self.index.facts, kinds, self.weights)


def deal(
    listings: Sequence[Seen],
    subjects: Sequence[Subject],
    kinds: Mapping[str, Kind],
    *,
    one_each: bool,
    weights: Weights | None = None,
) -> Dealt:
    """Who is who among ``subjects`` (`deal_to`)."""
    return deal_to(Sought(subjects, kinds, weights), Shown(listings), one_each=one_each)


def deal_to(sought: Sought, listings: Shown, *, one_each: bool) -> Dealt:
    """Who is who: matches, unclear ones, duplicates, and strays.

    With ``one_each`` a listing that shows a service goes
    to one subject at most; one that shows only the organisation goes to every service at its place
    that has none of its own. Deterministic, whatever the order given: ties are broken by ids.
    """
    shown, least, unclear = listings.once, exclusive()["least"], sought.weights.unclear
    weighed = [
        pair
        for at, keys in sorted(sought.index.among(listings.entries).items())
        for key in sorted(keys)
        if (pair := sought.pairing.pair(key, at, shown[at][0], least))
    ]
    pairs = [pair for pair in (_settled(weighed) if one_each else weighed) if pair.probability >= unclear]
    specific = [pair for pair in pairs if pair.specific]
    mains = assign(specific) if one_each else _best(specific)
    mains = _for_the_house(mains, [pair for pair in pairs if not pair.specific])
    doubles = _duplicates(specific, mains) if one_each else []
    matches = [_match(pair, shown, "match" if pair.sure else "unclear") for pair in mains.values()]
    matches += [_match(pair, shown, "duplicate") for pair in doubles]
    return Dealt(tuple(sorted(matches, key=_order)), _strays(listings, {pair.at for pair in pairs}, sought.belonging))


def _settled(pairs: Sequence[Pair]) -> list[Pair]:
    """Settled among those that show the service itself; the house's and organisation's entries are left as they are."""
    return [*settled([pair for pair in pairs if pair.specific]), *(pair for pair in pairs if not pair.specific)]


def _best(pairs: Iterable[Pair]) -> dict[str, Pair]:
    """The strongest pair of each subject, listings used as often as needed."""
    found: dict[str, Pair] = {}
    for pair in sorted(pairs, key=lambda pair: (-pair.bits, pair.subject, pair.at)):
        found.setdefault(pair.subject, pair)
    return found


def _for_the_house(mains: dict[str, Pair], unspecific: Iterable[Pair]) -> dict[str, Pair]:
    """Services without a sure listing of their own are at least shown by their organisation's at the place."""
    for subject, pair in _best(unspecific).items():
        main = mains.get(subject)
        if main is None or (pair.sure and not main.sure):
            mains[subject] = pair
    return mains


def _duplicates(pairs: Sequence[Pair], mains: Mapping[str, Pair]) -> list[Pair]:
    """Further listings that surely are a subject's, bear its name, and are nobody else's."""
    used = {pair.at for pair in mains.values()}
    spare: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        main = mains.get(pair.subject)
        if pair.at not in used and pair.sure and pair.same_name and main and main.sure and main.same_name:
            spare[pair.at].append(pair)
    return [min(found, key=lambda pair: (-pair.bits, pair.subject)) for found in spare.values()]


def _match(pair: Pair, shown: Sequence[Seen], state: str) -> Match:
    listing, visit = shown[pair.at]
    return Match(
        subject=pair.subject,
        listing=listing,
        probability=pair.probability,
        grounds=pair.grounds,
        state=state,
        recognised=pair.recognised,
        visit=visit,
    )


def _order(match: Match) -> tuple[str, int, float, str, str]:
    return match.subject, _STATES.index(match.state), -match.probability, match.listing.id, match.listing.name


def _strays(shown: Shown, concerned: set[int], belonging: Belonging) -> tuple[tuple[Listing, str, str], ...]:
    """What is the organisation's and may not be any subject's: a closed service, an old address."""
    theirs = sorted(belonging.among(shown.signs) - concerned)
    return tuple((*shown.once[at], belonging.why(shown.once[at][0])) for at in theirs)
