"""How much a platform matters for a service: the organisation's own word, then the catalogue's."""

from __future__ import annotations

from audit.checker import Platform
from audit.model import Kind, Organisation, ServiceAtLocation
from audit.organisation.catalogue import Catalogue


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
    if not mine and platform.kind is Kind.BOOKING and platform.id not in catalogue.named:
        return 0.0  # nobody looks for help on a booking portal that the organisation does not lead to
    usual = catalogue.relevance(offered.service.kind, platform.id, protected=offered.service.protected)
    return max(usual, 0.5) if declared else usual
