"""What lies outside the matrix: entries that belong to nobody, questions asked, services the file forgets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from audit.judging.accounts import Site
from audit.judging.baring import stray_of
from audit.judging.seeing import Seen
from audit.model import Cell, Exchange, Kind, Link, Listing, Organisation, Reason, Stray, WayObserved
from audit.organisation.catalogue import Catalogue

Ways = Mapping[str, Sequence[Seen]]


def strays(ways: Ways, organisation: Organisation, cells: Sequence[Cell]) -> tuple[Stray, ...]:
    """Entries that are ours but should not be there as they are."""
    found: list[Stray] = []
    ended = {f"{organisation.id}/{o.id}" for o in organisation.offered if o.service.status in ("defunct", "inactive")}
    looked_at = {c.platform for c in cells}
    for platform, seen in ways.items():
        known: set[str] = set()  # the ids of entries that a way before has told of
        for way in seen if platform in looked_at else ():
            told = [one for one in _told(way, ended) if one[1].id not in known]
            found += [stray_of(way.checker, platform, *one) for one in told]
            known |= {listing.id for _, listing, *_ in told} - {""}
    found += [
        Stray(platform=c.platform, kind="protected-address", name="", url="", subject=c.subject)
        for c in cells
        if c.red_flag == "protected-address"
    ]
    once = {(s.platform, s.kind, s.name, s.url, s.subject): s for s in found}
    return tuple(once[key] for key in sorted(once))


def _told(way: Seen, ended: set[str]) -> Iterator[tuple[str, Listing, str, str]]:
    """What one way shows that should not be there: kind, entry, visit and subject."""
    dealing = way.dealing
    for key, match in dealing.matches.items():
        if key in ended and match.recognised != "no":
            yield "closed-service", match.listing, match.visit, match.subject
    yield from ((kind, listing, visit, "") for listing, visit, kind in dealing.namesakes)
    if way.checker.platform.kind is not Kind.WEBSITE:
        yield from (("orphan", listing, visit, "") for listing, visit, _ in dealing.strays)


def exchanges(ways: Ways, organisation: Organisation) -> tuple[Exchange, ...]:
    """Questions of all platforms of this organisation; those asked of others in the same run are not ours."""
    mine = [way for seen in ways.values() for way in seen if _about_us(way.observed, organisation)]
    found = {exchange.id: exchange for way in mine for exchange in way.exchanges}
    return tuple(found[id_] for id_ in sorted(found))


def in_scope(
    asked: Sequence[Exchange], services: frozenset[str] | None, locations: frozenset[str] | None
) -> list[Exchange]:
    """Those of the services and places of a run (None: all); what is about no one place is kept with its service."""
    return [
        e
        for e in asked
        if (services is None or e.service.partition("@")[0] in services)
        and (locations is None or e.service.partition("@")[2] in (*locations, ""))
    ]


def _about_us(way: WayObserved, organisation: Organisation) -> bool:
    return any(key.split("/", 1)[0] == organisation.id for answer in way.answers for key in answer.subjects)


def forgotten(ways: Ways, organisation: Organisation, catalogue: Catalogue) -> tuple[str, ...]:
    """Kinds of service that two pages of the own website name (a menu does) and the file does not."""
    stated = {service.kind for service in organisation.services}
    pages = [
        item
        for seen in ways.values()
        for way in seen
        if way.checker.platform.kind is Kind.WEBSITE
        for answer in way.observed.answers
        for item in answer.items
        if isinstance(item, Listing) and any(k.split("/", 1)[0] == organisation.id for k in answer.subjects)
    ]
    named = Counter(kind for page in pages for kind in set(catalogue.mentioned(f"{page.name}. {page.text}")))
    unnamed = (kind for kind, count in named.items() if count > 1 and kind not in stated)
    return tuple(sorted(catalogue.kind(kind).name_de for kind in unnamed))


def site(ways: Ways, organisation: Organisation) -> Site:
    """What the own website was seen to link to."""
    sites = [way for seen in ways.values() for way in seen if way.checker.platform.kind is Kind.WEBSITE]
    answers = [a for way in sites for a in way.observed.answers if organisation.id in a.subjects]
    links = {item: None for answer in answers for item in answer.items if isinstance(item, Link)}
    reasons = [way.reason(organisation.id) for way in sites] or [Reason.NOT_RUN]
    return Site(links=tuple(links), reason=None if None in reasons else reasons[0])


def links(observed: Iterable[WayObserved]) -> tuple[Link, ...]:
    """All links that were seen, each target once for every site that leads there."""
    found: dict[tuple[str, str, str], Link] = {}
    for way in observed:
        for answer in way.answers:
            for item in answer.items:
                if isinstance(item, Link):
                    found.setdefault((item.kind, item.target, urlsplit(item.found_on).netloc), item)
    return tuple(found.values())
