"""Job search of the Federal Employment Agency: does the organisation show as an employer, and with which vacancies?

The interface is that of the agency's own page; it is described by the public (bundesAPI/jobsuche-api), not by the
agency. Shape of version 6 after public readers and their tests of August to October 2026.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from audit import (
    About,
    Access,
    Action,
    Checker,
    Control,
    EditedBy,
    Item,
    Kind,
    Listing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Standing,
    Terms,
    Visit,
)
from audit.readers.entries import address, entry, hits
from audit.readers.members import array, number, text

_SIZE = 50
_CLIENT = "jobboerse-jobsuche"  # how the agency's own page names itself; it identifies nobody


class Jobsuche(Checker):
    """One search by the organisation's name in its first town."""

    id = "arbeitsagentur-jobs"
    platform = Platform(
        id="arbeitsagentur",
        name="Jobsuche der Bundesagentur für Arbeit",
        kind=Kind.EMPLOYER,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.VISIT_WEBSITE}),
        edit_url="https://www.arbeitsagentur.de",
        edit_days=2,
        per_service=False,
    )
    access = Access.API
    home = "https://rest.arbeitsagentur.de"
    hosts = ("rest.arbeitsagentur.de",)
    terms = Terms(
        policy_url="https://www.arbeitsagentur.de",
        read_on=date(2026, 11, 24),
        note="Not documented by the agency, its terms were not at hand, versions vanish unannounced (4 in 2026): off "
        "unless the organisation switches it on; robots.txt is obeyed at run time.",
    )
    control = Control(
        none_because="vacancies come and go, so no entry is surely there; one understood answer stands in"
    )
    standing = Standing.DOCUMENTED_ONLY
    asks_about = About.ORGANISATION
    proves = frozenset({"name", "address"})
    pace = 5.0
    default_on = False

    def search(self, query: Query) -> Iterable[Visit]:
        """The organisation's name, in the town of its first place."""
        town = next((place.address.city for place in query.organisation.locations if place.address.city), "")
        params = (
            ("was", query.organisation.name),
            *((("wo", town),) if town else ()),
            ("size", str(_SIZE)),
            ("page", "1"),
        )
        yield Visit(
            f"{self.home}/jobboerse/jobsuche-service/pc/v6/jobs", params=params, headers=(("X-API-Key", _CLIENT),)
        )  # fmt: skip

    def read(self, page: Page) -> Iterator[Item]:
        """The vacancies, each under the name of its employer."""
        answer = page.data()
        total, found = number(answer, "maxErgebnisse"), array(answer, "ergebnisliste") or []
        if total is None:
            raise NotUnderstood("no answer of the job search (maxErgebnisse)")
        yield from hits(total, [_vacancy(one) for one in found], "maxErgebnisse")


def _vacancy(one: object) -> Listing:
    employer, key = text(one, "firma"), text(one, "referenznummer")
    if not employer or not key:
        raise NotUnderstood("a vacancy without firma or referenznummer")
    where = ("stellenlokationen", "adresse")
    url = f"https://www.arbeitsagentur.de/jobsuche/jobdetail/{key}"
    return entry(
        employer,
        websites=[url],
        id=key,
        url=url,
        categories=tuple(filter(None, [text(one, "hauptberuf")])),
        address=address(text(one, *where, "strasse"), text(one, *where, "ort"), text(one, *where, "plz")),
        text=text(one, "stellenangebotsTitel"),
        updated=_day(text(one, "aenderungsdatum") or text(one, "datumErsteVeroeffentlichung")),
    )


def _day(told: str) -> date | None:
    try:
        return date.fromisoformat(told[:10])
    except ValueError:
        return None
