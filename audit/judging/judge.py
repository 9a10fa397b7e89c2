"""One organisation judged: from expected facts and observations to its whole result. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from audit.checker import Platform
from audit.judging import drifting
from audit.judging import gaps as gapping
from audit.judging.accounts import Site
from audit.judging.answering import answering, unmeasured
from audit.judging.baring import Barer
from audit.judging.carrying import carried
from audit.judging.cells import Asked, cell
from audit.judging.columns import column
from audit.judging.dealing import Sought
from audit.judging.lateness import late_gaps
from audit.judging.method import method
from audit.judging.offers import offer
from audit.judging.owning import own
from audit.judging.promising import promises
from audit.judging.relevance import relevance
from audit.judging.rows import offered_of, row_of, subjects_of
from audit.judging.scoring import Evidence, score
from audit.judging.seeing import Seen
from audit.judging.surroundings import exchanges, forgotten, in_scope, site, strays
from audit.judging.weights import Weights, shipped
from audit.model import (
    Cell,
    Exchange,
    Kind,
    Memory,
    Observed,
    Offer,
    Organisation,
    Result,
    Row,
    ServiceAtLocation,
    Subject,
)
from audit.organisation.catalogue import Catalogue
from audit.registry import Registry
from audit.saying import english

NO_MEMORY = Memory()


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything needed to judge one organisation of a run, now or again."""

    run: str
    started: datetime
    finished: datetime
    organisation: Organisation
    observed: Observed
    registry: Registry
    catalogue: Catalogue
    manifest: Mapping[str, str]
    platforms: frozenset[str] | None = None  # None: all that were looked at
    services: frozenset[str] | None = None
    locations: frozenset[str] | None = None
    memory: Memory = NO_MEMORY
    enquiries: tuple[Exchange, ...] = ()  # imported and tested ones that were known when the run ended
    weights: Weights = field(default_factory=shipped)  # what entries are matched with
    before: Result | None = None  # the stored result of the run that is judged again


def judge(case: Case) -> Result:
    """The result of one organisation. Equal input gives an equal result, byte for byte."""
    every = subjects_of(case.organisation)
    ways = _ways(case, every)
    website, columns = site(ways, case.organisation), _platforms(case, ways)
    asked = [_asked(case, subject, platform, website) for subject in _active(case, every) for platform in columns]
    barer = Barer(case.registry, case.before)
    good = {last.cell.id: last for last in case.memory.last_good}
    cells = [carried(barer.cell(_cell(case, a, ways[a.platform.id], barer)), good, case.finished) for a in asked]
    rows = tuple(row_of(subject) for subject in _active(case, every))
    found = barer.strays(strays(ways, case.organisation, cells))
    asked_for = (*exchanges(ways, case.organisation), *in_scope(case.enquiries, case.services, case.locations))
    evidence = _evidence(case, cells, asked_for, _offers(case, every, cells, ways), ways)
    context = _context(case, rows)
    late = late_gaps(evidence.answering, case.organisation, context.rows, context.first_seen, case.finished)
    todo, disputed = gapping.open_and_disputed(
        gapping.in_order((*gapping.gaps(cells, found, context), *late)), case.organisation
    )
    warnings = drifting.warnings(case.registry.broken, case.observed.ways, case.memory.drifted)
    return Result(
        run=case.run,
        organisation=case.organisation.id,
        organisation_name=case.organisation.name,
        started=case.started,
        finished=case.finished,
        method=method().version,
        manifest=tuple(sorted(case.manifest.items())),
        vantage=case.observed.vantage,
        columns=tuple(column(platform, ways[platform.id]) for platform in columns),
        rows=rows,
        cells=tuple(cells),
        score=score(evidence),
        gaps=todo,
        disputed=disputed,
        strays=found,
        units=tuple((unit.id, unit.name) for unit in case.organisation.units),
        warnings=tuple(english((warning,)) for warning in warnings),
        warnings_said=warnings,
    )


def _cell(case: Case, asked: Asked, ways: Sequence[Seen], barer: Barer) -> Cell:
    earlier = barer.earlier(asked.subject.key, asked.platform.id)
    return cell(asked, ways, _intended(case.organisation, asked), earlier)


def _active(case: Case, every: Iterable[Subject]) -> list[Subject]:
    wanted = [s for s in every if offered_of(s).service.status == "active"]
    return [
        s
        for s in wanted
        if (case.services is None or offered_of(s).service.id in case.services)
        and (case.locations is None or offered_of(s).location.id in case.locations)
    ]


def _ways(case: Case, every: Sequence[Subject]) -> dict[str, tuple[Seen, ...]]:
    """By platform, every way that was planned, in the registry's order, with its listings dealt."""
    observed = {way.way: way for way in case.observed.ways}
    sought = Sought(every, case.catalogue.kinds, case.weights)
    return {
        platform: tuple(
            Seen(
                checker=checker,
                observed=observed[checker.id],
                dealing=own(checker, observed[checker.id], case.organisation, every, case.catalogue, sought),
                drifted=frozenset(field for way, field in case.memory.drifted if way == checker.id),
            )
            for checker in case.registry.ways(platform)
            if checker.id in observed
        )
        for platform in case.registry.platforms
    }


def _platforms(case: Case, ways: Mapping[str, Sequence[Seen]]) -> list[Platform]:
    """The columns: platforms that were looked at and are relevant for any service, own website first."""
    wanted = [
        platform
        for id_, platform in case.registry.platforms.items()
        if ways.get(id_) and (case.platforms is None or id_ in case.platforms) and _relevant(case, platform)
    ]
    return sorted(wanted, key=lambda p: (p.kind is not Kind.WEBSITE, -_weight(case, p), p.id))


def _relevant(case: Case, platform: Platform) -> bool:
    organisation = case.organisation
    return any(relevance(case.catalogue, organisation, o, platform) > 0 for o in organisation.offered)


def _weight(case: Case, platform: Platform) -> float:
    own_word = dict(case.organisation.platforms).get(platform.id)
    return own_word or case.catalogue.platform_weight(platform.id) or platform.weight or 2.5


def _asked(case: Case, subject: Subject, platform: Platform, website: Site) -> Asked:
    offered = offered_of(subject)
    weight = relevance(case.catalogue, case.organisation, offered, platform)
    return Asked(
        organisation=case.organisation,
        subject=subject,
        offered=offered,
        kind=case.catalogue.kind(offered.service.kind),
        platform=platform,
        weight=offered.service.weight * _weight(case, platform) * weight,
        key=offered.service.key and weight >= 1,
        shared_phone=_shared_phone(case.organisation, offered),
        now=case.finished,
        site=website,
    )


def _shared_phone(organisation: Organisation, offered: ServiceAtLocation) -> bool:
    """Whether the service states no number of its own, so that the place's switchboard stands for several."""
    if offered.phone or offered.service.phone:
        return False
    return Counter(o.location.id for o in organisation.offered)[offered.location.id] > 1


def switchboards(organisation: Organisation) -> frozenset[str]:
    """The keys of services that state no number of their own while others share the one of their place."""
    every = subjects_of(organisation)
    return frozenset(subject.key for subject in every if _shared_phone(organisation, offered_of(subject)))


def _intended(organisation: Organisation, asked: Asked) -> bool:
    return any(
        absence.platform == asked.platform.id
        and absence.service in ("", asked.offered.service.id)
        and absence.review >= asked.now.date()
        for absence in organisation.intended
    )


def _offers(
    case: Case, every: Sequence[Subject], cells: Sequence[Cell], ways: Mapping[str, Sequence[Seen]]
) -> list[tuple[Offer | None, float]]:
    found: list[tuple[Offer | None, float]] = []
    for subject in _active(case, every):
        if offered_of(subject).service.key:
            mine = [c for c in cells if c.subject == subject.key]
            slots = [
                slot for seen in ways.values() for w in seen for slot in w.slots(w.dealing.matches.get(subject.key))
            ]
            weight = offered_of(subject).service.weight
            found.append((offer(subject, mine, case.organisation, slots, case.finished), weight))
    return found


def _evidence(
    case: Case,
    cells: Sequence[Cell],
    exchanges: Sequence[Exchange],
    offers: Sequence[tuple[Offer | None, float]],
    ways: Mapping[str, Sequence[Seen]],
) -> Evidence:
    organisation = case.organisation
    rows = answering(exchanges, organisation, case.catalogue, case.finished)
    return Evidence(
        cells=cells,
        exchanges=exchanges,
        answering=rows,
        unmeasured=unmeasured(exchanges, organisation, rows),
        promises=promises(cells, organisation, lambda cell: _seen(cell, ways, case.finished)),
        offers=offers,
        state=organisation.state,
        now=case.finished,
        not_in_file=forgotten(ways, case.organisation, case.catalogue),
        recommended_not_key=tuple(
            id_
            for id_, weight in sorted(organisation.platforms)
            if weight <= 0 and any(case.catalogue.relevance(s.kind, id_) > 0 for s in organisation.services)
        ),
        intended=tuple(sorted({absence.platform for absence in organisation.intended})),
    )


def _seen(cell: Cell, ways: Mapping[str, Sequence[Seen]], now: datetime) -> date:
    """The day on which a cell's entry was last seen: its real age, also of what a person saw."""
    mine = (way for way in ways.get(cell.platform, ()) if way.checker.id == cell.way and not cell.carried_from)
    asked = (way.asked_at(way.dealing.about.get(cell.subject, cell.subject)) for way in mine)
    return next((at.date() for at in asked if at), (now - timedelta(days=cell.age_days)).date())


def _context(case: Case, rows: Sequence[Row]) -> gapping.Context:
    return gapping.Context(
        organisation=case.organisation,
        rows={row.subject: row for row in rows},
        platforms=case.registry.platforms,
        first_seen=dict(case.memory.first_seen),
        confirmed=frozenset(case.memory.confirmed),
        now=case.finished,
    )
