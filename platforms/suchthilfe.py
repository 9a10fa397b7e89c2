"""Suchthilfeverzeichnis: the directory of addiction help kept by the German Centre for Addiction Issues (DHS).

Pages of entries as kept by public readers in July 2026; the list of hits as such readers describe it
(directory element, links to entries, "N Einträge sind gefunden worden").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from audit import (
    Access,
    Action,
    Checker,
    Control,
    EditedBy,
    Item,
    Kind,
    Known,
    Listing,
    More,
    Nothing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Standing,
    Terms,
    Visit,
)
from audit.readers import absolute
from audit.readers.entries import address, entry
from audit.readers.hours import repaired

_FIELD = "tx_wwdhseinrichtung2_fe1"
_DIRECTORY = ".tx-ww-dhs-einrichtung2"
_COUNT = re.compile(r"(\d{1,5}) (?:Einträge sind|Eintrag ist) gefunden worden")
_ENTRY = re.compile(r"entry(?:%5D|\])=(\d{1,9})", re.IGNORECASE)
_MOST = 15


class Suchthilfeverzeichnis(Checker):
    """The entries of a postcode, then each entry's own page (at most fifteen)."""

    id = "suchthilfe-pages"
    platform = Platform(
        id="suchthilfeverzeichnis",
        name="Suchthilfeverzeichnis (DHS)",
        kind=Kind.DIRECTORY,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE}),
        edit_url="https://www.dhs.de/service/suchthilfeverzeichnis/aufnahmeformular/",
        edit_days=14,
    )
    access = Access.PAGE
    home = "https://www.dhs.de/service/suchthilfeverzeichnis/"
    hosts = ("www.dhs.de",)
    terms = Terms(
        policy_url="https://www.dhs.de/service/suchthilfeverzeichnis/",
        read_on=date(2026, 11, 24),
        note="Terms for machines not found; its pages ask search engines not to list them. Off unless the "
        "organisation switches it on; robots.txt is obeyed at run time.",
    )
    control = Control(  # entry 3955 in July 2026
        known=Known(
            name="Jüdisches Krankenhaus Berlin Klinik für Psychiatrie und Psychotherapie",
            street="Heinz-Galinski-Str.",
            house_number="1",
            postcode="13347",
            city="Berlin",
            website="https://www.juedisches-krankenhaus.de",
        )
    )
    standing = Standing.DOCUMENTED_ONLY  # the entry's page was seen, the list of hits only described
    proves = frozenset({"name", "address", "phone", "email", "link", "hours", "access"})
    pace = 5.0
    default_on = False
    follow_ups = _MOST
    depth = 1

    def search(self, query: Query) -> Iterable[Visit]:
        """The known entry, else the postcode of the place."""
        if known := [url for url in query.profiles if _ENTRY.search(url)]:
            return [Visit(url, step="entry") for url in known]
        asked = (("action", "search"), ("plzort", query.postcode), ("entrys][currentPage", "1"))
        params = tuple((f"{_FIELD}[{name}]", value) for name, value in asked)
        return [Visit(self.home, params=params, step="list")] if query.postcode else []

    def read(self, page: Page) -> Iterable[Item]:
        """A list of hits, or one entry's own page."""
        if not page.all(_DIRECTORY):
            raise NotUnderstood(f"no directory ({_DIRECTORY})")
        return [_entry(page)] if page.visit.step == "entry" else _hits(page)


def _hits(page: Page) -> Iterator[Item]:
    links: dict[str, str] = {}
    for node in page.all(f"{_DIRECTORY} a[href]"):
        if number := _ENTRY.search(node.attributes.get("href") or ""):
            links.setdefault(number[1], absolute(page.url or page.visit.url, node.attributes.get("href") or ""))
    said = _COUNT.search(page.text_of(_DIRECTORY))
    if said and int(said[1]) == 0 and not links:
        yield Nothing(said[0])
        return
    if not links:
        raise NotUnderstood("neither entries nor a word that there are none")
    yield from (Visit(url, step="entry") for url in list(links.values())[:_MOST])
    total = int(said[1]) if said else len(links)
    if total > _MOST:
        yield More(f"{_MOST} of {total} entries are looked at")


def _entry(page: Page) -> Listing:
    name = page.text_of(".entrylong h3")
    if not name:
        raise NotUnderstood("no name of the entry (.entrylong h3)")
    number = _ENTRY.search(page.url or page.visit.url)
    hours = _told(page, "zeiten")
    return entry(
        name,
        phones=[said for node in page.all(".entrylong .telefon") if "Fax" not in (said := node.text())],
        emails=[page.text_of(".entrylong span.email")],
        websites=[page.attribute(".entrylong .website a", "href")],
        id=number[1] if number else "",
        url=page.url or page.visit.url,
        alternate_names=tuple(filter(None, [page.text_of(".entrylong .titelext")])),
        categories=tuple(filter(None, [_told(page, "art"), *_told(page, "angebote").split(", ")]))[:20],
        address=address(page.text_of(".entrylong .strasse"), page.text_of(".entrylong .plzort")),
        hours_text=hours[:400],
        opening_hours=repaired(hours) if re.search(r"\b(?:Mo|Di|Mi|Do|Fr)", hours) else "",
        text=" · ".join(filter(None, (_told(page, part) for part in ("zielgruppe", "arbeit", "notdienst")))),
        access_text=_told(page, "barrierefrei"),
    )


def _told(page: Page, part: str) -> str:
    """What stands under the label of one part of the entry."""
    label = page.text_of(f".entrylong p.{part} strong")
    return page.text_of(f".entrylong p.{part}").removeprefix(label).strip()
