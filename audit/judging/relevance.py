"""How much a platform matters for a service, and so whether it is worth asking about it at all. Pure."""

from __future__ import annotations

from audit.checker import Platform
from audit.model import Kind, Organisation, Query, ServiceAtLocation
from audit.organisation.catalogue import Catalogue


def relevance(
    catalogue: Catalogue, organisation: Organisation, offered: ServiceAtLocation, platform: Platform,
    *, protected: bool | None = None,
) -> float:  # fmt: skip
    """1, 0.5 or 0: the organisation's own word, then the catalogue's, then a declared profile.

    ``protected`` overrides what the service is.
    """
    mine = [p for p in organisation.profiles if p.platform == platform.id]
    declared = [p for p in mine if not p.service or p.service in (offered.service.id, offered.id)]
    if mine and not declared and platform.kind is Kind.BOOKING:
        return 0.0
    own = dict(organisation.platforms)
    if platform.id in own:
        return 1.0 if own[platform.id] > 0 else 0.0
    if not mine and platform.kind is Kind.BOOKING and platform.id not in catalogue.named:
        return 0.0  # nobody looks for help on a booking portal that the organisation does not lead to
    hidden = offered.service.protected if protected is None else protected
    usual = catalogue.relevance(offered.service.kind, platform.id, protected=hidden)
    return max(usual, 0.5) if declared else usual


def worth_asking(catalogue: Catalogue, platform: Platform, query: Query) -> bool:
    """Whether a platform matters for what is asked: elsewhere it would be visited for nothing, and perhaps paid.

    Protected services are asked about like any other: an entry that tells where they are is a red flag.
    """
    if platform.kind is Kind.WEBSITE or (platform.kind is Kind.BOOKING and query.profiles):
        return True  # a portal that the own website leads to is looked at, declared or not
    asked = (query.subject.offered,) if query.subject.offered else query.organisation.offered
    return any(relevance(catalogue, query.organisation, o, platform, protected=False) > 0 for o in asked)
