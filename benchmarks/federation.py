"""Judging a whole federation: seconds for each organisation, as their number grows tenfold."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from measuring import table

import platforms
from audit.judging.judge import Case, judge
from audit.judging.portions import Portions
from audit.model import (
    Access,
    Address,
    Answer,
    Listing,
    Location,
    Observed,
    Organisation,
    Seen,
    Service,
    ServiceAtLocation,
    Visit,
    WayObserved,
)
from audit.organisation.catalogue import load_catalogue
from audit.registry import Registry, find

NUMBERS = (100, 1000)
AT = datetime(2026, 11, 24, 11, tzinfo=UTC)
WAYS = 4


def organisation(number: int) -> Organisation:
    """One organisation with one service in a street of its own."""
    address = Address(street="Lindenstr.", house_number=str(number), postcode=f"{10000 + number}", city="Seestadt")
    place = Location(id="haus", name=f"Haus {number}", address=address, phone=f"+49 30 {1000000 + number}")
    service = Service(id="schulden", kind="debt-counselling", name=f"Schuldnerberatung {number}")
    return Organisation(
        id=f"verband-{number}", name=f"Verband {number} e. V.", services=(service,), locations=(place,),
        offered=(ServiceAtLocation(service=service, location=place),),
    )  # fmt: skip


def answer(way: str, one: Organisation) -> Answer:
    """What a way saw of it: its entry."""
    offered = one.offered[0]
    place = offered.location
    listing = Listing(
        id=one.id,
        name=offered.service.name,
        address=place.address,
        phones=(place.phone,),
        url=f"https://x.example/{one.id}",
    )
    seen = Seen(visit=Visit(f"https://x.example/{one.id}"), at=AT, items=(listing,), status=200)
    return Answer(way=way, subjects=(f"{one.id}/{offered.id}",), chain=(seen,))


def seconds(number: int, registry: Registry, ways: list[str]) -> tuple[float, int]:
    """CPU seconds to judge so many organisations of one run, and the cells that were found."""
    catalogue, every = load_catalogue(), [organisation(each) for each in range(number)]
    observed = Observed(
        ways=tuple(WayObserved(way=way, answers=tuple(answer(way, one) for one in every)) for way in ways)
    )
    began = time.process_time()
    portions, found = Portions(observed), 0
    for one in every:
        case = Case(
            run="r", started=AT, finished=AT, organisation=one, observed=portions.of(one.id), registry=registry,
            catalogue=catalogue, manifest={},
        )  # fmt: skip
        found += sum(cell.match is not None for cell in judge(case).cells)
    return time.process_time() - began, found


def main() -> None:
    """Print seconds and how an organisation's share grows."""
    registry = find(platforms, [])
    ways = [c.id for c in registry.checkers if c.access in (Access.API, Access.PAGE)][:WAYS]
    told, each = [], []
    for number in NUMBERS:
        spent, found = seconds(number, registry, ways)
        each.append(spent / number)
        told.append(
            (f"{number} organisations, {found} entries matched", f"{spent:.2f} s, {1000 * spent / number:.2f} ms each")
        )
    table(
        f"judging a federation, {len(ways)} ways, CPU",
        [*told, ("ratio of an organisation's share", f"{each[1] / each[0]:.2f}")],
    )


if __name__ == "__main__":
    main()
