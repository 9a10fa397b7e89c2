"""One service looked up on 400 platforms by a whole audit: what `peers.py` starts beside other programs.

``python benchmarks/looking_up.py PORT FOLDER`` asks 400 hosts on that port of loopback and stores into the folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from hosts import hosts

sys.path.insert(0, str(Path(__file__).parent.parent))

from audit.auditing import Workshop, run_audit
from audit.checker import Checker, Control, Platform, Terms
from audit.model import (
    Access,
    Address,
    EditedBy,
    Item,
    Kind,
    Location,
    Organisation,
    Query,
    Service,
    ServiceAtLocation,
    Standing,
    Visit,
)
from audit.organisation.catalogue import load_catalogue
from audit.page import Page
from audit.readers.listings import listings
from audit.registry import Registry
from audit.requesting import Request
from audit.settings import Settings

PLACE = Location(
    id="haus", name="Haus", phone="+49 3600 111",
    address=Address(street="Marktplatz", house_number="4", postcode="00930", city="Quellstadt"),
)  # fmt: skip
DEBT = Service(id="schulden", kind="debt-counselling", name="Schuldnerberatung")


class Profile(Checker):
    """A platform that shows the service on a page of its own, or answers 404: one of many rows, as linked ones are."""

    access = Access.PAGE
    home = "https://example.org/"
    terms = Terms(policy_url="https://example.org/", read_on=date(2026, 11, 1))
    control = Control(none_because="a benchmark")
    standing = Standing.RECORDED
    pace = 0.0
    absent_status = (404,)

    def __init__(self, number: int, host: str) -> None:
        # One class stands for many platforms, which checkers do only here.
        self.id = f"p{number:03}"  # type: ignore[misc]
        self.platform = Platform(id=self.id, name=self.id, kind=Kind.DIRECTORY, edited_by=EditedBy.OWNER)  # type: ignore[misc]
        self.host = host

    def search(self, query: Query) -> Iterator[Visit]:
        """The page named after the organisation."""
        yield Visit(f"http://{self.host}/u/{query.organisation.id}")

    def read(self, page: Page) -> Iterator[Item]:
        """What the page states for machines."""
        yield from listings(page)


def main() -> None:
    """Audit, and print every platform that shows the service, as other programs do."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    names = hosts(port)
    one = Organisation(
        id="hilfe", name="Hilfe e. V.", services=(DEBT,), locations=(PLACE,),
        offered=(ServiceAtLocation(service=DEBT, location=PLACE),),
    )  # fmt: skip
    shop = Workshop(
        settings=Settings(contact="someone@example.org", allow=tuple(names)), catalogue=load_catalogue(),
        registry=Registry(tuple(Profile(number, host) for number, host in enumerate(names))), environment={},
    )  # fmt: skip
    (result,) = run_audit(shop, Request(organisations=(one,)), folder / f"{os.getpid()}.db")
    for cell in result.cells:
        if cell.match:
            print(f"[+] {cell.platform}: {cell.match.listing.url}")  # noqa: T201 - that is its answer
    print(f"{sum(cell.state == 'missing' for cell in result.cells)} missing")  # noqa: T201 - the same


if __name__ == "__main__":
    main()
