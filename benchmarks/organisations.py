"""A made-up organisation of any size, judged as a real one is: what the reports of large associations look like."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from audit.judging.judge import Case, judge
from audit.model import (
    Address,
    Answer,
    Listing,
    Location,
    Nothing,
    Observed,
    Organisation,
    Reason,
    Result,
    Seen,
    Service,
    ServiceAtLocation,
    Unit,
    Visit,
    WayObserved,
)
from audit.organisation.catalogue import load_catalogue
from audit.registry import Registry

AT = datetime(2026, 11, 24, 11, tzinfo=UTC)
KINDS = (
    ("debt-counselling", "Schuldnerberatung", "beratung"), ("child-day-care", "Kindertagesstätte", "kinder"),
    ("ambulatory-care", "Ambulanter Pflegedienst", "pflege"), ("day-care-elderly", "Tagespflege", "pflege"),
    ("addiction-counselling", "Suchtberatung", "beratung"), ("migration-counselling", "Migrationsberatung", "beratung"),
)  # fmt: skip
UNITS = (("beratung", "Fachbereich Beratung"), ("kinder", "Fachbereich Kinder"), ("pflege", "Fachbereich Pflege"))
STREETS = ("Lindenstraße", "Bahnhofstraße", "Am Markt", "Gartenweg", "Schulstraße", "Mühlgasse")
HOURS = ("Mo-Fr 08:00-16:00", "Mo-Fr 09:00-12:00", "Mo-Fr 07:00-17:00")
SILENT = (Reason.BLOCKED, Reason.NEEDS_KEY, Reason.RATE_LIMITED, Reason.TIMEOUT)


def organisation(number: int, facilities: int) -> Organisation:
    """One service at each of so many places, the kinds in turn."""
    services = tuple(Service(id=kind, kind=kind, name=name, unit=unit) for kind, name, unit in KINDS)
    places = tuple(_place(number, each) for each in range(facilities))
    return Organisation(
        id=f"verband-{number:04}", name=f"Verband {number} e. V.", services=services, locations=places,
        offered=tuple(ServiceAtLocation(service=services[n % len(services)], location=p) for n, p in enumerate(places)),
        units=tuple(Unit(id=id_, name=name) for id_, name in UNITS), website=f"https://verband-{number}.example/",
    )  # fmt: skip


def _place(number: int, each: int) -> Location:
    street, town = STREETS[each % len(STREETS)], f"Ort {each // 7}"
    address = Address(street=street, house_number=str(each + 1), postcode=f"{10000 + number + each // 7}", city=town)
    return Location(id=f"haus-{each}", name=f"Haus {town}, {street} {each + 1}", address=address,
                    phone=f"+49 30 {number:03}{each:05}", opening_hours=HOURS[each % len(HOURS)])  # fmt: skip


def judged(number: int, facilities: int, registry: Registry, run: str = "20261124T110000Z-bench") -> Result:
    """The result of one such organisation: about one entry in nine is missing, one in six has an old number."""
    one, dice = organisation(number, facilities), random.Random(number)  # noqa: S311 - repeatable, no secret
    ways = tuple(_way(checker.id, one, dice) for checker in registry.checkers)
    case = Case(
        run=run, started=AT, finished=AT, organisation=one, observed=Observed(ways=ways), registry=registry,
        catalogue=load_catalogue(), manifest={"findbar": "benchmark"},
    )  # fmt: skip
    return judge(case)


def _way(id_: str, one: Organisation, dice: random.Random) -> WayObserved:
    if dice.random() < 0.3:
        return WayObserved(way=id_, answers=tuple(_silent(id_, one, dice.choice(SILENT))))
    return WayObserved(way=id_, answers=tuple(_answer(id_, one, offered, dice) for offered in one.offered))


def _silent(way: str, one: Organisation, reason: Reason) -> Iterator[Answer]:
    for offered in one.offered:
        seen = Seen(visit=Visit(f"https://{way}.example/{offered.id}"), at=AT, reason=reason)
        yield Answer(way=way, subjects=(f"{one.id}/{offered.id}",), chain=(seen,), reason=reason)


def _answer(way: str, one: Organisation, offered: ServiceAtLocation, dice: random.Random) -> Answer:
    place, url = offered.location, f"https://{way}.example/{offered.id}"
    listing = Listing(
        id=f"{way}-{offered.id}", name=f"{offered.service.name} {place.address.city if place.address else ''}", url=url,
        address=place.address, phones=(f"+49 30 9{dice.randrange(10**6):06}" if dice.random() < 0.16 else place.phone,),
        opening_hours=dice.choice(HOURS) if dice.random() < 0.1 else place.opening_hours,
    )  # fmt: skip
    items: Sequence[Listing | Nothing] = (listing,) if dice.random() > 0.11 else (Nothing("nothing found"),)
    seen = Seen(visit=Visit(url), at=AT, items=tuple(items), status=200)
    return Answer(way=way, subjects=(f"{one.id}/{offered.id}",), chain=(seen,))
