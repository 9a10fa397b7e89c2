"""The plan of a national federation: 25,000 facilities on 30 platforms, in seconds of CPU and megabytes.

``python benchmarks/planning.py [FACILITIES]`` plans with the shipped checkers, what `findbar plan` does between reading
the files and printing. Each facility is an organisation of its own; a tenth as many shows whether the cost is linear.
"""

from __future__ import annotations

import resource
import sys
from collections import Counter
from dataclasses import replace

from measuring import cpu_of, table

import platforms
from audit.auditing import Workshop
from audit.model import (
    Access,
    Address,
    Location,
    Organisation,
    Profile,
    Service,
    ServiceAtLocation,
)
from audit.organisation.catalogue import load_catalogue
from audit.registry import find
from audit.requesting import Request
from audit.settings import Settings
from audit.visiting.planning import Planned, forecast

PLATFORMS = 30
KINDS = ("debt-counselling", "addiction-counselling", "childcare", "outpatient-care", "migration-counselling")


def facility(number: int, kinds: tuple[str, ...]) -> Organisation:
    """One facility with one service, a website and two profiles, in one of a thousand towns."""
    town = number % 1000
    address = Address(
        street="Lindenstr.", house_number=str(number), postcode=f"{10000 + town}", city=f"Seestadt {town}"
    )
    place = Location(
        id="haus", name=f"Haus {number}", address=address, phone=f"+49 30 {1000000 + number}",
        latitude=47.5 + town / 150, longitude=7.0 + number / 3500,
    )  # fmt: skip
    service = Service(id="dienst", kind=kinds[number % len(kinds)], name=f"Beratung {number}")
    return Organisation(
        id=f"f{number}", name=f"Verband {number} e. V.", website=f"https://f{number}.example/", services=(service,),
        locations=(place,), offered=(ServiceAtLocation(service=service, location=place),),
        profiles=(
            Profile(platform="facebook", url=f"https://www.facebook.com/f{number}"),
            Profile(platform="mastodon", url=f"https://social.example/@f{number}"),
        ),
    )  # fmt: skip


def workshop() -> Workshop:
    """The thirty platforms with the most visits for a few facilities, asked by machine; every key is there."""
    whole = find(platforms, [])
    asked = [checker for checker in whole.checkers if checker.access is not Access.ASSISTED]
    keys = {key: "x" for checker in asked for key in checker.keys}
    settings = Settings(contact="someone@example.org", platforms={c.platform.id: True for c in asked})
    shop = Workshop(
        settings=settings, catalogue=load_catalogue(), registry=replace(whole, checkers=tuple(asked)), environment=keys
    )
    visits = Counter({plan.checker.platform.id: 0 for plan in plans(shop, 50)})
    visits.update({plan.checker.platform.id: len(plan.asks) for plan in plans(shop, 50)})
    places = {place for place, _ in visits.most_common(PLATFORMS)}
    return replace(shop, registry=replace(whole, checkers=tuple(c for c in asked if c.platform.id in places)))


def plans(shop: Workshop, number: int) -> list[Planned]:
    """The plans of all ways for so many facilities."""
    kinds = tuple(kind for kind in KINDS if kind in shop.catalogue.kinds)
    return shop.plan(Request(organisations=tuple(facility(each, kinds) for each in range(number)))).plans()


def planned(number: int, shop: Workshop) -> tuple[float, int, int]:
    """CPU seconds for so many facilities, the visits planned, and the lanes."""
    visits = lanes = 0

    def work() -> None:
        nonlocal visits, lanes
        made = plans(shop, number)
        shop.overview(made)
        visits, lanes = sum(len(plan.asks) for plan in made), len(forecast(made, {}))

    return cpu_of(work), visits, lanes


def main() -> None:
    """Print CPU seconds and the most memory."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 25_000
    shop = workshop()
    part, _, _ = planned(number // 10, shop)
    whole, visits, lanes = planned(number, shop)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table(
        f"planning: {number:,} facilities, {PLATFORMS} platforms, {len(shop.registry.checkers)} ways",
        [
            ("visits planned, in lanes", f"{visits:,} in {lanes:,}"),
            ("CPU (aim: less than 30 s)", f"{whole:.1f} s"),
            ("most memory, the facilities included (aim: less than 1,000 MB)", f"{most:.0f} MB"),
            ("cost of a facility beside that in a tenth of them", f"{whole / part / 10:.2f}"),
        ],
    )


if __name__ == "__main__":
    main()
