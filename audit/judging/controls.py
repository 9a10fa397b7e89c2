"""Controls: is a platform to be believed? The matcher finds a known entry, and nothing matches a made-up one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from audit.checker import Checker, Known
from audit.judging.facts import facts
from audit.judging.matching import MATCH, compare_pair, probability
from audit.model import (
    BY_NAME,
    About,
    Address,
    Answer,
    Listing,
    Location,
    Organisation,
    Query,
    Reason,
    Service,
    ServiceAtLocation,
    Subject,
)
from audit.saying import Remarks, say

MADE_UP = "Quarzenfelder Lichtwolkenstelle Zwystrup"  # as unlike any real name as a pronounceable one can be


def subject_of(known: Known, about: About = About.SERVICE_AT_LOCATION) -> Subject:
    """The known entry as the subject of a tiny organisation of its own: its service, its place, or it itself."""
    address = Address(
        street=known.street, house_number=known.house_number, postcode=known.postcode, city=known.city
    )  # fmt: skip
    place = Location(
        id="control", name=known.name, address=address, latitude=known.latitude, longitude=known.longitude
    )  # fmt: skip
    service = Service(id="control", kind="control", name=known.name)
    offered = ServiceAtLocation(service=service, location=place)
    organisation = Organisation(
        id="control",
        name=known.name,
        website=known.website,
        services=(service,),
        locations=(place,),
        offered=(offered,),
    )
    return Subject(
        about=about,
        organisation=organisation,
        offered=offered if about is About.SERVICE_AT_LOCATION else None,
        location=place if about is About.LOCATION else None,
    )


def question(checker: Checker, known: Known) -> Query:
    """What the way is asked for the known entry."""
    about = subject_of(known, checker.asks_about)
    return Query(subject=about, words=known.words, profiles=(known.profile,) if known.profile else ())


def made_up(known: Known) -> Known:
    """An entry of that place that nobody has."""
    profile = known.profile + "-zwystrup-quarzenfeld" if known.profile else ""
    return replace(known, name=MADE_UP, street="", house_number="", website="", profile=profile)


def finds(subject: Subject, listings: Iterable[Listing]) -> bool:
    """Whether any listing is taken for the subject."""
    stated = facts(subject)
    return any(probability(compare_pair(subject, stated, listing)) >= MATCH for listing in listings)


def verdict(checker: Checker, known: Known, present: Answer, absent: Answer | None) -> tuple[Reason | None, Remarks]:
    """None and the proof while the controls hold; else why the way is not believed."""
    if present.reason and not _listings(present):
        return present.reason, _odd(present)
    declared = checker.asks_about is About.PROFILE
    about = checker.asks_about
    if not (_listings(present) if declared else finds(subject_of(known, about), _listings(present))):
        return Reason.CONTROL_FAILED, say("control-not-found", known.name)
    if absent is not None:
        if absent.reason and not _listings(absent):
            return absent.reason, _odd(absent)
        strangers = _listings(absent)
        if strangers if declared else finds(subject_of(made_up(known), about), strangers):
            return Reason.CONTROL_FAILED, say("control-made-up-found")
    return None, say("control-held", known.name)


def _odd(answer: Answer) -> Remarks:
    return say("control-odd", answer.detail) if answer.detail else say("control-odd-silently")


def _listings(answer: Answer) -> list[Listing]:
    return [item for item in answer.items if isinstance(item, Listing) and BY_NAME not in item.tags]
