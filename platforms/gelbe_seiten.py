"""Gelbe Seiten: the yellow pages directory, read from its search pages.

Markup as seen in a page saved by a browser about 2025-09-30 (search), and as several public readers
of 2024 to 2025 describe it (page of one entry, answer to "Mehr Anzeigen").
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl, quote, urlencode, urljoin

from audit import (
    Access,
    Action,
    Address,
    Checker,
    Control,
    EditedBy,
    Item,
    Kind,
    Known,
    Listing,
    More,
    Node,
    Nothing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Standing,
    Terms,
    Visit,
    squash,
)
from audit.readers.places import split_street

HOME = "https://www.gelbeseiten.de"
_MOST_MORE = 3
_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
_TOWN = re.compile(r"(?P<postcode>\d{5})\s+(?P<city>\S.*)")


class GelbeSeiten(Checker):
    """One search per word and town, then at most three times "Mehr Anzeigen" (ten more entries each)."""

    id = "gelbe-seiten"
    platform = Platform(
        id="gelbe-seiten",
        name="Gelbe Seiten",
        kind=Kind.DIRECTORY,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE}),
        edit_url="https://www.gelbeseiten.de",
        edit_days=7,
    )
    access = Access.PAGE
    home = HOME
    hosts = ("www.gelbeseiten.de",)
    terms = Terms(
        policy_url="https://www.gelbeseiten.de/gsservice/nutzungsbedingungen",
        read_on=date(2026, 11, 23),
        note="Use is bound to finding numbers; reading out for directories or trade is forbidden. Auditing one's "
        "own entry is not named: off unless the organisation switches it on; robots.txt is obeyed at run time.",
    )
    control = Control(  # the first entry of the page seen on 2025-09-30
        known=Known(
            name="Systemhaus KEC GmbH & Co. KG",
            words=("IT-Service",),
            street="Widmaierstr.",
            house_number="110",
            postcode="70567",
            city="Stuttgart",
            website="http://www.systemhaus-kec.de",
        )
    )
    standing = Standing.RECORDED
    proves = frozenset({"name", "address", "phone", "link"})
    pace = 5.0
    default_on = False
    follow_ups = _MOST_MORE
    depth = _MOST_MORE

    def search(self, query: Query) -> Iterable[Visit]:
        """The entry itself where its address is known; otherwise the usual word and the town."""
        entries = [url for url in query.profiles if "/gsbiz/" in url]
        if entries:
            return [Visit(url, step="entry") for url in entries]
        return _searches(query.words[0] if query.words else query.name, query.city)

    def search_again(self, query: Query) -> Iterable[Visit]:
        """By the organisation's name."""
        return _searches(query.organisation.name, query.city)

    def read(self, page: Page) -> Iterable[Item]:
        """A list of entries, ten more of them, or one entry's own page."""
        if page.visit.step == "entry":
            return [_entry(page)]
        if page.visit.step.startswith("more"):
            return _more(page)
        return _first(page)


def _searches(what: str, where: str) -> list[Visit]:
    if not what or not where:
        return []
    return [Visit(f"{HOME}/suche/{quote(what, safe='')}/{quote(where, safe='')}", step="search")]


def _first(page: Page) -> Iterator[Item]:
    shown = re.sub(r"[.\s]", "", page.text_of("#mod-TrefferlisteInfo"))
    if not shown.isdecimal():
        raise NotUnderstood("no number of entries (#mod-TrefferlisteInfo)")
    total, found = int(shown), list(_cards(page))
    if total == 0 and not found:
        yield Nothing("0 entries (#mod-TrefferlisteInfo)")
        return
    if not found:
        raise NotUnderstood(f"{total} entries announced, none shown")
    yield from found
    if total > len(found):
        fields = [(n.attributes.get("name") or "", n.attributes.get("value") or "") for n in page.all(_HIDDEN)]
        yield _next(fields, 1, f"{len(found)} of {total} entries shown")


_HIDDEN = "form#mod-LoadMore input[type=hidden][name]"


def _more(page: Page) -> Iterator[Item]:
    """Ten more entries: JSON with the cards in ``html`` and how many remain in ``anzahlMehrTreffer``."""
    html, rest = page.data().get("html"), page.data().get("anzahlMehrTreffer", 0)
    if not isinstance(html, str) or not isinstance(rest, int):
        raise NotUnderstood("the answer to more entries has no html")
    found = list(_cards(page.fragment(html)))
    if not found:
        raise NotUnderstood("more entries announced, none shown")
    yield from found
    if rest > 0:
        fields = dict(parse_qsl(page.visit.body, keep_blank_values=True))
        fields["position"] = str(_number(fields.get("position", "")) + _number(fields.get("anzahl", "")))
        yield _next(list(fields.items()), _number(page.visit.step) + 1, f"{rest} entries are not shown")


def _next(fields: list[tuple[str, str]], turn: int, shown: str) -> Item:
    """The visit for ten more entries, or the word that not all were asked for."""
    if turn > _MOST_MORE or not {"WAS", "WO", "position", "anzahl"} <= {name for name, _ in fields}:
        return More(shown)
    return Visit(f"{HOME}/ajaxsuche", method="POST", headers=_FORM, body=urlencode(fields), step=f"more-{turn}")


def _number(text: str) -> int:
    digits = re.search(r"\d{1,6}", text)
    return int(digits.group()) if digits else 0


def _cards(page: Page) -> Iterator[Listing]:
    for card in page.all("article.mod-Treffer"):
        if name := page.text_of(".mod-Treffer__name", card):
            yield _card(page, card, name)


def _card(page: Page, card: Node, name: str) -> Listing:
    phone = page.text_of(".mod-TelefonnummerKompakt__phoneNumber", card)
    website = _hidden_link(page.attribute("[data-webseitelink]", "data-webseitelink", card))
    form = bool(page.all("button.contains-icon-email", card))
    steps = ((Action.CALL, phone), (Action.WRITE, form), (Action.VISIT_WEBSITE, website))
    return Listing(
        name=name,
        id=card.attributes.get("data-realid") or "",
        url=urljoin(HOME, page.attribute("a[href*='/gsbiz/']", "href", card)),
        categories=tuple(filter(None, [page.text_of(".mod-Treffer--besteBranche", card)])),
        address=_address(page, card),
        phones=tuple(filter(None, [phone])),
        websites=tuple(filter(None, [website])),
        hours_text=page.text_of(".oeffnungszeitKompakt__text", card),
        actions=tuple(action for action, there in steps if there),
    )


def _address(page: Page, card: Node) -> Address:
    """The address of a card: street and number, postcode and town, district in brackets, distance (dropped)."""
    whole = page.text_of(".mod-AdresseKompakt__adress-text", card)
    town = page.text_of(".mod-AdresseKompakt__adress__ort", card)
    before, _, after = whole.partition(town) if town else (whole, "", "")
    district = re.search(r"\(([^()]*)\)", after)
    return replace(address_of(f"{before.strip().rstrip(',')}, {town}"), district=district[1] if district else "")


def address_of(line: str) -> Address:
    """An address written on one line ("Musterweg 5 a, 12345 Musterstadt"); parts not there stay empty."""
    street, _, rest = squash(line).rpartition(", ")
    town = _TOWN.fullmatch(rest)
    if not town:
        return Address()
    name, number = split_street(street)
    return Address(street=name, house_number=number, postcode=town["postcode"], city=town["city"])


def _hidden_link(encoded: str) -> str:
    """The web address that a card keeps in base64; empty where it is none."""
    try:
        link = base64.b64decode(encoded, validate=True).decode()
    except ValueError:
        return ""
    return link if link.startswith(("http://", "https://")) else ""


def _entry(page: Page) -> Listing:
    """One entry's own page."""
    name = page.text_of("h1.mod-TeilnehmerKopf__name")
    if not name:
        raise NotUnderstood("no name of the entry (h1.mod-TeilnehmerKopf__name)")
    phone = page.text_of("[data-role=telefonnummer]")
    mail = page.attribute("#email_versenden", "data-link") or page.attribute("a[href^='mailto:']", "href")
    email = mail.removeprefix("mailto:").partition("?")[0]
    website = page.attribute(".mod-Kontaktdaten a[href^='http']", "href")
    steps = ((Action.CALL, phone), (Action.WRITE, email), (Action.VISIT_WEBSITE, website))
    return Listing(
        name=name,
        url=page.url or page.visit.url,
        categories=tuple(filter(None, (squash(n.text()) for n in page.all(".mod-TeilnehmerKopf__branchen span")))),
        address=address_of(page.text_of("address.mod-TeilnehmerKopf__adresse")),
        phones=tuple(filter(None, [phone])),
        emails=tuple(filter(None, [email])),
        websites=tuple(filter(None, [website])),
        actions=tuple(action for action, there in steps if there),
    )
