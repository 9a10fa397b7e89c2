"""Is the name the one the organisation uses?"""

from __future__ import annotations

from rapidfuzz import fuzz

from audit.judging.comparing import names
from audit.judging.comparing.folding import tokens
from audit.judging.view import View
from audit.model import Finding, Level, Listing
from audit.saying import Remarks

ID, ORDER = "name", 60


def judge(view: View) -> Finding:
    """Compared with every name of the service, its place and, on an account of the whole, the organisation."""
    stated = stated_names(view)
    places = frozenset(tokens(view.offered.location.address.city))

    def compare(listing: Listing) -> tuple[Level, str, Remarks]:
        found = names.compare(stated, (listing.name, *listing.alternate_names), places=places)
        return found.level, listing.name, found.said

    return view.field(ID, _nearest(stated, view.listing), compare, shows=False if view.own_site else None)


def _nearest(stated: tuple[str, ...], listing: Listing | None) -> str:
    """The stated name most like the one shown: that is the one to be put right."""
    if listing is None:
        return stated[0]
    return max(stated, key=lambda name: fuzz.token_sort_ratio(name, listing.name))


def stated_names(view: View) -> tuple[str, ...]:
    """The names by which the entry may call the service, the most fitting first."""
    organisation, service, place = view.subject.organisation, view.offered.service, view.offered.location
    whole = [organisation.name, *organisation.alternate_names]
    if not view.platform.per_service:
        return tuple(whole)
    own = [view.offered.name, place.name, *place.alternate_names, service.name, *service.alternate_names]
    return tuple(dict.fromkeys(name for name in [*own, f"{service.name} {organisation.name}", *whole] if name))
