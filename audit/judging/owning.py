"""Whose listing is it? Deals a way's listings to the services of one organisation.

Three cases: an account declared as one's own is ours by declaration, a page of the own website by
its domain, and everything else must prove itself by matching.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from audit.checker import Checker
from audit.judging.accounts import accounts, is_at, namesakes
from audit.judging.dealing import Sought, deal_to
from audit.judging.hushing import WITHHELD
from audit.judging.matching import bits, compare_pair, facts, probability, recognised
from audit.judging.shown import Shown, shown_by
from audit.judging.weights import Weights
from audit.model import About, Access, Ground, Kind, Level, Listing, Match, Organisation, Subject, WayObserved
from audit.organisation.catalogue import Catalogue
from audit.saying import Remarks, english, say

_RANK = {"named": 3, "category": 2, "text": 1, "no": 0}


@dataclass(frozen=True, kw_only=True)
class Dealing:
    """By service at place: match, unclear match, duplicates; and listings that are ours but nobody's.

    ``namesakes`` are accounts of our name that nobody declared, each with its visit and its kind.
    ``about`` leads from the key of a service at place to the subject the way was asked about;
    ``also`` is what else the own website shows that is called by the service's name.
    """

    matches: Mapping[str, Match] = field(default_factory=dict)
    unclear: Mapping[str, Match] = field(default_factory=dict)
    duplicates: Mapping[str, tuple[Match, ...]] = field(default_factory=dict)
    strays: tuple[tuple[Listing, str, str], ...] = ()
    namesakes: tuple[tuple[Listing, str, str], ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, tuple[Match, ...]] = field(default_factory=dict)


def own(
    checker: Checker,
    observed: WayObserved,
    organisation: Organisation,
    every: Sequence[Subject],
    catalogue: Catalogue,
    sought: Sought | None = None,
) -> Dealing:
    """Deal all listings one way saw about this organisation. ``every`` holds ended services, too.

    What must prove itself is matched with ``sought``, the same services prepared once for all ways.
    """
    shown = _shown(observed, organisation)
    if checker.access is Access.ASSISTED:
        return _by_a_person(observed, every)
    if checker.asks_about is About.PROFILE:
        return _declared(checker, observed, organisation, every, catalogue)
    if checker.platform.kind is Kind.WEBSITE:
        return _own_site(shown.listed, organisation, every, catalogue)
    return _matched(checker, shown, organisation, every, catalogue, sought or Sought(every, catalogue.kinds))


def _shown(observed: WayObserved, organisation: Organisation) -> Shown:
    """Every listing of the answers about the organisation."""
    about, below = organisation.id, f"{organisation.id}/"
    return shown_by(
        tuple(a for a in observed.answers if any(key == about or key.startswith(below) for key in a.subjects))
    )


def _names(subject: Subject) -> tuple[str, ...]:
    """What the service itself is called: its own names, not those of the organisation."""
    offered = subject.offered
    if offered is None:
        return ()
    service = offered.service
    return tuple(name for name in (service.name, *service.alternate_names) if name)


def _shows(listing: Listing, subject: Subject, catalogue: Catalogue) -> str:
    kind = subject.offered.service.kind if subject.offered else ""
    return recognised(listing, catalogue.kind(kind), _names(subject))


def _best(candidates: Iterable[Match]) -> Match | None:
    """The entry that says most: how the service shows, then how well it fits the place, then contact facts."""
    ranked = sorted(
        candidates,
        key=lambda m: (
            -_RANK[m.recognised],
            -bits(m.grounds),
            -(bool(m.listing.phones) + bool(m.listing.emails) + bool(m.listing.opening_hours)),
            m.listing.url,
            m.listing.name,
        ),
    )
    return ranked[0] if ranked else None


def _as_ours(listing: Listing, visit: str, subject: Subject, catalogue: Catalogue, said: Remarks) -> Match:
    return Match(
        subject=subject.key,
        listing=listing,
        probability=1.0,
        grounds=(_identity(said), *compare_pair(subject, facts(subject), listing)),
        state="match",
        recognised=_shows(listing, subject, catalogue),
        visit=visit,
    )


def _identity(said: Remarks) -> Ground:
    return Ground(field="identity", level=Level.SAME, weight=20.0, why=english(said), said=said)


def _by_a_person(observed: WayObserved, every: Sequence[Subject]) -> Dealing:
    """Where a person looked and found the service, that is that."""
    keys = {subject.key for subject in every}
    ground = _identity(say("person-looked"))
    matches = {
        key: Match(
            subject=key, listing=item, probability=1.0, grounds=(ground,), state="match", recognised="named",
            visit=answer.chain[0].visit.id,
        )
        for answer in observed.answers
        for key in answer.subjects
        if key in keys
        for item in answer.items
        if isinstance(item, Listing)
    }  # fmt: skip
    return Dealing(matches=matches)


def _own_site(
    listings: Sequence[tuple[Listing, str]], organisation: Organisation, every: Sequence[Subject], catalogue: Catalogue
) -> Dealing:
    """Pages of the own website: a service is found where a page shows it; else it is missing there."""
    matches: dict[str, Match] = {}
    also: dict[str, tuple[Match, ...]] = {}
    for subject in every:
        ours = [_as_ours(listing, visit, subject, catalogue, say("own-website")) for listing, visit in listings]
        if best := _best(match for match in ours if match.recognised != "no"):
            matches[subject.key] = best
            also[subject.key] = tuple(_beside(best, ours, subject, catalogue, alone=len(every) == 1))
    return Dealing(matches=matches, about={subject.key: organisation.id for subject in every}, also=also)


def _beside(
    best: Match, ours: Iterable[Match], subject: Subject, catalogue: Catalogue, *, alone: bool
) -> Iterator[Match]:
    """Entries that speak of the same service: called by it alone, or on one page where there is but one service.

    Headings are not enough: a home page names every service and gives the number of the house.
    """

    def called(match: Match) -> bool:
        bare = replace(match.listing, categories=(), alternate_names=())
        return match.recognised == "named" and _shows(bare, subject, catalogue) == "named"

    is_called = called(best)
    for match in ours:
        same_page = match.listing.url == best.listing.url
        if match is not best and ((alone and same_page) or (is_called and called(match))):
            yield match


def _declared(
    checker: Checker,
    observed: WayObserved,
    organisation: Organisation,
    every: Sequence[Subject],
    catalogue: Catalogue,
) -> Dealing:
    """Accounts and booking pages the organisation calls its own, or links to from its website.

    A profile declared for one service speaks for that service alone.
    """
    matches: dict[str, Match] = {}
    one_each = checker.platform.per_service
    listings = _shown(observed, organisation).listed
    shown = listings if one_each else accounts(listings)
    for subject in every:
        mine = _profiles(checker, organisation, subject)
        ours = [
            _as_ours(listing, visit, subject, catalogue, say("own-declared"))
            for listing, visit in shown
            if not mine
            or _below(listing.url, mine)
            or (not one_each and is_at(checker, observed, listing, organisation, mine))
        ]
        best = _best(match for match in ours if match.recognised != "no" or not one_each)
        if best:
            matches[subject.key] = best
    about = {subject.key: organisation.id for subject in every}
    return Dealing(matches=matches, namesakes=namesakes(listings, organisation), about=about)


def _below(url: str, profiles: Iterable[str]) -> bool:
    """Whether an entry lies at or below a declared address; what counts visitors behind a "?" is no other page."""
    asked = "?" in url
    return any(url.startswith(one if asked else one.split("?")[0].rstrip("/")) for one in profiles)


def _profiles(checker: Checker, organisation: Organisation, subject: Subject) -> tuple[str, ...]:
    offered = subject.offered
    names = ("", offered.service.id, offered.id) if offered else ("",)
    declared = [p for p in organisation.profiles if p.platform == checker.platform.id and p.service in names]
    return tuple(profile.url.rstrip("/") for profile in declared)


def _matched(
    checker: Checker,
    shown: Shown,
    organisation: Organisation,
    every: Sequence[Subject],
    catalogue: Catalogue,
    sought: Sought,
) -> Dealing:
    dealt = deal_to(sought, shown, one_each=checker.platform.per_service)
    states: dict[str, dict[str, list[Match]]] = defaultdict(lambda: defaultdict(list))
    for match in dealt.matches:
        states[match.state][match.subject].append(match)
    unclear = {key: found[0] for key, found in states["unclear"].items()}
    return Dealing(
        matches={key: found[0] for key, found in states["match"].items()},
        unclear={**_secret(shown.listed, every, catalogue, sought.weights), **unclear},
        duplicates={key: tuple(found) for key, found in states["duplicate"].items()},
        strays=tuple(dealt.strays),
        about={} if checker.asks_about is About.SERVICE_AT_LOCATION else _above(checker, organisation, every),
    )


def _secret(
    listings: Sequence[tuple[Listing, str]], every: Sequence[Subject], catalogue: Catalogue, weights: Weights
) -> dict[str, Match]:
    """Entries that may show a protected house: laid bare they hold nothing to block by, so each is compared."""
    found: dict[str, Match] = {}
    bare = [(listing, visit) for listing, visit in listings if WITHHELD in listing.tags]
    for subject in every:
        if subject.offered and subject.offered.service.protected:
            stated = facts(subject)
            for listing, visit in bare:
                grounds = compare_pair(subject, stated, listing, weights)
                if (chance := probability(grounds, weights)) >= weights.unclear:
                    found[subject.key] = Match(
                        subject=subject.key,
                        listing=listing,
                        probability=chance,
                        grounds=grounds,
                        state="unclear",
                        recognised=_shows(listing, subject, catalogue),
                        visit=visit,
                    )
    return found


def _above(checker: Checker, organisation: Organisation, every: Sequence[Subject]) -> dict[str, str]:
    """Where a way asks about places or the whole organisation: whose answer covers which service."""
    if checker.asks_about is About.LOCATION:
        return {s.key: f"{organisation.id}/{s.offered.location.id}" for s in every if s.offered}
    return {s.key: organisation.id for s in every}
