"""How much a platform matters for a service, and so whether it is worth asking about it at all. Pure."""

from __future__ import annotations

from audit.checker import Platform
from audit.model import Kind, Organisation, Query, ServiceAtLocation
from audit.organisation.catalogue import Catalogue

_ASKED_WHERE_RELEVANT = frozenset({Kind.DIRECTORY, Kind.EMPLOYER, Kind.VOLUNTEERING, Kind.SEARCH})


def relevance(
    catalogue: Catalogue, organisation: Organisation, offered: ServiceAtLocation, platform: Platform
) -> float:
    """1, 0.5 or 0: the organisation's own word, then the catalogue's, then a declared profile."""
    mine = [p for p in organisation.profiles if p.platform == platform.id]
    declared = [p for p in mine if not p.service or p.service in (offered.service.id, offered.id)]
    if mine and not declared and platform.kind is Kind.BOOKING:
        return 0.0
    own = dict(organisation.platforms)
    if platform.id in own:
        return 1.0 if own[platform.id] > 0 else 0.0
    usual = catalogue.relevance(offered.service.kind, platform.id, protected=offered.service.protected)
    return max(usual, 0.5) if declared else usual


def worth_asking(catalogue: Catalogue, platform: Platform, query: Query) -> bool:
    """Whether a platform is there for what is asked: a directory for another field would be visited for nothing."""
    offered = query.subject.offered
    if offered is None or platform.kind not in _ASKED_WHERE_RELEVANT:
        return True
    return relevance(catalogue, query.organisation, offered, platform) > 0
