"""Where an organisation's own site says two things about one service at one place. Pure.

What a page states for machines is set against the text of the same page; pages are set against each other
where both are called by the service and give its address, or none where it has but one place. Silent on
purpose about everything that may stand side by side: further numbers, extensions of one switchboard, mobile
and service numbers, other places, appointments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import phonenumbers

from audit.judging.comparing import addresses, hours, phones
from audit.model import Address, Level, Listing, ServiceAtLocation
from audit.readers import addresses_in

_MOST = 60
_WHOLE_TEXT = 3900  # a longer text of a page may have been cut: what it does not show may stand behind
_EXTENSION = 3  # digits in which two numbers of one house differ
_SHORTEST = 6
_OCCASIONS = ("Event", "Festival", "JobPosting")
_DIAL = {phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One field said in two ways, and where: ``one`` on page ``on``, ``other`` on page ``beside``."""

    field: str
    one: str
    other: str
    on: str
    beside: str


def contradictions(
    listing: Listing, others: Iterable[Listing], offered: ServiceAtLocation, known: Sequence[Address], *, only: bool
) -> tuple[Contradiction, ...]:
    """What the site says against ``listing``, one per field. ``others`` name the same service.

    ``known`` are the addresses of all the organisation's places: one of those is another place, no mistake.
    ``only``: the service is offered nowhere else.
    """
    found: dict[str, Contradiction] = {}
    for other in list(others)[:_MOST]:
        for one in _pair(listing, other, offered, known, only=only):
            found.setdefault(one.field, one)
    return tuple(found.values())


def _pair(
    one: Listing, other: Listing, offered: ServiceAtLocation, known: Sequence[Address], *, only: bool
) -> Iterator[Contradiction]:
    if one == other or _of_an_occasion(one) or _of_an_occasion(other):
        return
    here = offered.location.address
    same_page = one.url == other.url and _is_page(one) != _is_page(other)
    if _elsewhere(one, here, known) or _elsewhere(other, here, known):
        return
    if not same_page and (one.url == other.url or not all(_fits(listing, here, only) for listing in (one, other))):
        return
    for field, shown in (("phone", _phones(one, other)), ("hours", _hours(one, other))):
        if shown:
            yield Contradiction(field, *shown, one.url, other.url)
    if same_page and (shown := _addresses(one, other)):
        yield Contradiction("address", *shown, one.url, other.url)


def _fits(listing: Listing, here: Address, only: bool) -> bool:
    """Whether a page speaks of this place: by its address, or by none where the service has but one place."""
    return _at(listing, here) or (only and not listing.address.street)


def _of_an_occasion(listing: Listing) -> bool:
    return any(tag.endswith(_OCCASIONS) for tag in listing.tags)


def _is_page(listing: Listing) -> bool:
    """Whether the listing is the text of a page, not what it states for machines."""
    return not any(tag.startswith("schema:") for tag in listing.tags)


def _at(listing: Listing, here: Address) -> bool:
    return addresses.compare(here, listing.address).level is Level.SAME


def _elsewhere(listing: Listing, here: Address, known: Sequence[Address]) -> bool:
    """Whether the listing gives the address of another place of the organisation, and not this one's."""
    if not listing.address.street or _at(listing, here):
        return False
    return any(addresses.compare(place, listing.address).level is Level.SAME for place in known)


def _phones(one: Listing, other: Listing) -> tuple[str, str] | None:
    ours, theirs = _dialled(one), _dialled(other)
    if not ours or not theirs or any(_go_together(a, b) for a in ours for b in theirs):
        return None
    return ", ".join(one.phones[:3]), ", ".join(other.phones[:3])


def _dialled(listing: Listing) -> list[phones.Phone]:
    """The numbers of a landline: mobile and service numbers stand beside any other."""
    return [phone for text in listing.phones for phone in phones.numbers(text) if _is_landline(phone)]


def _is_landline(phone: phones.Phone) -> bool:
    try:
        return phonenumbers.number_type(phonenumbers.parse(phone.e164, None)) in _DIAL
    except phonenumbers.NumberParseException:
        return False


def _go_together(one: phones.Phone, other: phones.Phone) -> bool:
    """The same number, or two behind one switchboard: all but the last digits are the same."""
    if phones.compare(one.e164, other.e164).level is not Level.CONFLICT:
        return True
    if any(a.trunk and b.e164.startswith(a.trunk) for a, b in ((one, other), (other, one))):
        return True
    shared = next((at for at, (a, b) in enumerate(zip(one.e164, other.e164, strict=False)) if a != b), 0)
    return shared >= max(len(one.e164), len(other.e164)) - _EXTENSION and shared - len("+49") >= _SHORTEST


def _hours(one: Listing, other: Listing) -> tuple[str, str] | None:
    if not one.opening_hours or not other.opening_hours:
        return None
    found = hours.compare(one.opening_hours, other.opening_hours)
    return (one.opening_hours, other.opening_hours) if found.weight_key in ("partial", "other") else None


def _addresses(one: Listing, other: Listing) -> tuple[str, str] | None:
    """The address stated for machines, and the one the page's text gives, where it shows none like it."""
    stated, page = (other, one) if _is_page(one) else (one, other)
    shown = [page.address, *addresses_in(page.text)] if page.address.street else []
    if not stated.address.street or not shown or len(page.text) > _WHOLE_TEXT:
        return None
    if any(not _differ(stated.address, address) for address in shown):
        return None
    return str(stated.address), str(page.address)


def _differ(one: Address, other: Address) -> bool:
    found = addresses.compare(one, other)
    return found.level is Level.CONFLICT or found.weight_key == "postcode"
