"""Made-up nights: hosts with paces, latencies, failures and follow-ups, and the bound of the ideal plan for each.

Three workloads as a national association has them. A: six national platforms for everyone and eight of 24 others for
each organisation. B: ten regions, four portals of its own each, and two national platforms. C: A with the slow hosts
read by lists of twenty. One look-up is a search; 60 of 100 have a page of details, 10 of 100 requests fail once, and
one platform of each workload is searched by town. Every draw comes from the address, so nothing is remembered.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from audit.checker import Checker, Control, Platform, Terms
from audit.model import (
    Access,
    Address,
    EditedBy,
    Item,
    Kind,
    Location,
    Nothing,
    Organisation,
    Query,
    Service,
    ServiceAtLocation,
    Standing,
    Visit,
)
from audit.page import Page

PACES = (5.0, 2.0, 1.0, 0.2)  # seconds, in turn
DETAILS, FAILURES = 0.6, 0.1
LIST, TOWN = 20, 10  # facilities of a list, and of a town


def draw(what: str, address: str) -> float:
    """A number from 0 to 1, always the same for the same address."""
    return zlib.crc32(f"{what} {address}".encode()) / 2**32


def latency(address: str, attempt: int) -> float:
    """Seconds until an answer is there: 0.1 to 0.6."""
    return 0.1 + 0.5 * draw(f"latency {attempt}", address)


def fails(address: str, attempt: int) -> bool:
    """Whether the first attempt is answered with 503."""
    return attempt == 0 and draw("fails", address) < FAILURES


@dataclass(frozen=True)
class Host:
    """One platform's host: its pace, the numbers of the facilities it is asked about, and how (one, town, list)."""

    name: str
    pace: float
    asked: tuple[int, ...]
    how: str = "one"

    @property
    def searches(self) -> dict[int, str]:
        """The address that answers for each facility."""
        size = {"one": 1, "town": TOWN, "list": LIST}[self.how]
        places = enumerate(self.asked) if self.how == "list" else zip(self.asked, self.asked, strict=True)
        return {number: f"https://{self.name}/{self.how}/{at // size}" for at, number in places}


def detail(address: str) -> str:
    """The page of details a search leads to, or nothing."""
    return f"{address}/detail" if "/list/" not in address and draw("detail", address) < DETAILS else ""


def requests(address: str) -> Iterator[tuple[str, int]]:
    """Everything one look-up needs, as (address, attempt)."""
    for each in filter(None, (address, detail(address))):
        yield each, 0
        if fails(each, 0):
            yield each, 1


@dataclass(frozen=True)
class Bound:
    """The ideal plan of one host: requests, seconds to the end of the last, look-ups and requests in the window."""

    requests: int
    seconds: float
    looks: int
    made: int


def ideal(host: Host, window: float, *, from_end: bool) -> Bound:
    """Every look-up after the other without a pause beyond the pace.

    ``from_end``: the pace counts from the end of an answer, as in the product; else from one start to the next.
    """
    at = end = 0.0
    count = looks = made = 0
    for address in dict.fromkeys(host.searches.values()):
        for each, attempt in requests(address):
            count += 1
            end = at + latency(each, attempt)
            made += at <= window
            at = end + host.pace if from_end else max(end, at + host.pace)
        looks += end <= window
    return Bound(count, end, looks, made)


class Portal(Checker):
    """One platform, asked as its host says."""

    platform: ClassVar[Platform]
    access = Access.PAGE
    terms = Terms(policy_url="https://example.org/", read_on=date(2026, 11, 1))
    control = Control(none_because="a benchmark")
    standing = Standing.RECORDED
    host: ClassVar[Host]
    mine: ClassVar[dict[str, str]]

    def search(self, query: Query) -> Iterator[Visit]:
        """The page that shows the facility, where this platform is asked about it."""
        if address := self.mine.get(query.organisation.id):
            yield Visit(address)

    def read(self, page: Page) -> Iterator[Item]:
        """A page of details where there is one; nothing else is shown."""
        if further := json.loads(page.body)["detail"]:
            yield Visit(further)
        else:
            yield Nothing("read")


def portal(host: Host) -> Checker:
    """The checker of a host."""
    id_ = host.name.removesuffix(".example")
    place = Platform(id=id_, name=id_, kind=Kind.DIRECTORY, edited_by=EditedBy.OWNER)
    mine = {f"f{number}": address for number, address in host.searches.items()}
    made = {
        "id": id_,
        "platform": place,
        "home": f"https://{host.name}/",
        "pace": host.pace,
        "host": host,
        "mine": mine,
    }
    checker: Checker = type(id_, (Portal,), made)()
    return checker


@dataclass(frozen=True)
class Night:
    """One workload: its hosts, its organisations and the seconds of its window."""

    name: str
    hosts: Sequence[Host]
    organisations: tuple[Organisation, ...]
    window: float
    checkers: tuple[Checker, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "checkers", tuple(portal(host) for host in self.hosts))


def night(name: str, facilities: int, hours: float) -> Night:
    """Workload A, B or C for so many facilities; the window shrinks with their number (25,000: ``hours``)."""
    everyone = range(facilities)
    if name == "B":
        tenth = -(-facilities // 10)
        regions = [range(at, min(at + tenth, facilities)) for at in range(0, facilities, tenth)]
        wide = [_host(f"national{n}", n + 2, everyone) for n in range(2)]
        local = [_host(f"region{r}-{n}", n, numbers) for r, numbers in enumerate(regions) for n in range(4)]
        hosts = [*wide, *local]
    else:
        some = [[n for n in everyone if (n * 7 + k * 5) % 24 < 8] for k in range(24)]
        hosts = [_host(f"national{n}", n, everyone) for n in range(6)]
        hosts += [_host(f"other{k}", k, numbers) for k, numbers in enumerate(some)]
    if name == "C":
        hosts = [Host(h.name, h.pace, h.asked, "list" if h.pace >= 2 else h.how) for h in hosts]
    return Night(name, hosts, tuple(map(_facility, everyone)), hours * 3600 * facilities / 25_000)


def _host(name: str, at: int, numbers: Sequence[int]) -> Host:
    how = "town" if name in ("national4", "region0-1") else "one"
    return Host(f"{name}.example", PACES[at % len(PACES)], tuple(numbers), how)


def _facility(number: int) -> Organisation:
    address = Address(street="Lindenstr.", house_number=str(number), postcode=f"{10000 + number}", city="Seestadt")
    place = Location(id="haus", name=f"Haus {number}", address=address)
    service = Service(id="schulden", kind="debt-counselling", name=f"Schuldnerberatung {number}")
    return Organisation(
        id=f"f{number}", name=f"Verband {number} e. V.", services=(service,), locations=(place,),
        offered=(ServiceAtLocation(service=service, location=place),),
    )  # fmt: skip


def bodies(address: str) -> bytes:
    """The answer to a request that does not fail."""
    answer: dict[str, Any] = {"detail": detail(address) if not address.endswith("/detail") else ""}
    return json.dumps(answer).encode()
