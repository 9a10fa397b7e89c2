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
    Control,
    EditedBy,
    Item,
    Kind,
    Known,
    Listing,
    More,
    Node,
    NotUnderstood,
    Page,
    Platform,
    Standing,
    Terms,
    Visit,
    squash,
)
from audit.readers.entries import address_line, entry, hits, stated
from audit.readers.searching import EntrySearch

HOME = "https://www.gelbeseiten.de"
_MOST_MORE = 3
_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
_HIDDEN = "form#mod-LoadMore input[type=hidden][name]"
_ASKED = {"WAS", "WO", "position", "anzahl"}


class GelbeSeiten(EntrySearch):
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

    def is_entry(self, url: str) -> bool:
        """Entries lie below an address of their own."""
        return "/gsbiz/" in url

    def ask(self, what: str, where: str) -> Visit:
        """The directory's own search."""
        return Visit(f"{HOME}/suche/{quote(what, safe='')}/{quote(where, safe='')}")

    def read(self, page: Page) -> Iterable[Item]:
        """A list of entries, ten more of them, or one entry's own page."""
        if page.visit.step == "entry":
            return [_entry(page)]
        if page.visit.step.startswith("more"):
            return _more(page)
        return _first(page)


def _first(page: Page) -> Iterator[Item]:
    total, found = stated(page.text_of("#mod-TrefferlisteInfo")), list(_cards(page))
    if total is None:
        raise NotUnderstood("no number of entries (#mod-TrefferlisteInfo)")
    fields = {n.attributes.get("name") or "": n.attributes.get("value") or "" for n in page.all(_HIDDEN)}
    asked = total > len(found) and fields.keys() >= _ASKED
    yield from hits(total, found, "#mod-TrefferlisteInfo", rest=not asked)
    if asked:
        yield _next(fields, 1)


def _more(page: Page) -> Iterator[Item]:
    """Ten more entries: JSON with the cards in ``html`` and how many remain in ``anzahlMehrTreffer``."""
    html, rest = page.data().get("html"), page.data().get("anzahlMehrTreffer", 0)
    if not isinstance(html, str) or not isinstance(rest, int):
        raise NotUnderstood("the answer to more entries has no html")
    found = list(_cards(page.fragment(html)))
    if not found:
        raise NotUnderstood("more entries announced, none shown")
    yield from found
    fields, turn = dict(parse_qsl(page.visit.body, keep_blank_values=True)), _number(page.visit.step) + 1
    if rest > 0 and turn <= _MOST_MORE and fields.keys() >= _ASKED:
        yield _next({**fields, "position": str(_number(fields["position"]) + _number(fields["anzahl"]))}, turn)
    elif rest > 0:
        yield More(f"{rest} entries are not shown")


def _next(fields: dict[str, str], turn: int) -> Visit:
    return Visit(f"{HOME}/ajaxsuche", method="POST", headers=_FORM, body=urlencode(fields), step=f"more-{turn}")


def _number(text: str) -> int:
    digits = re.search(r"\d{1,6}", text)
    return int(digits.group()) if digits else 0


def _cards(page: Page) -> Iterator[Listing]:
    for card in page.all("article.mod-Treffer"):
        if name := page.text_of(".mod-Treffer__name", card):
            yield entry(
                name,
                phones=[page.text_of(".mod-TelefonnummerKompakt__phoneNumber", card)],
                websites=[_hidden_link(page.attribute("[data-webseitelink]", "data-webseitelink", card))],
                writes=bool(page.all("button.contains-icon-email", card)),
                id=card.attributes.get("data-realid") or "",
                url=urljoin(HOME, page.attribute("a[href*='/gsbiz/']", "href", card)),
                categories=tuple(filter(None, [page.text_of(".mod-Treffer--besteBranche", card)])),
                address=_address(page, card),
                hours_text=page.text_of(".oeffnungszeitKompakt__text", card),
            )


def _address(page: Page, card: Node) -> Address:
    """The address of a card: street and number, postcode and town, district in brackets, distance (dropped)."""
    whole = page.text_of(".mod-AdresseKompakt__adress-text", card)
    town = page.text_of(".mod-AdresseKompakt__adress__ort", card)
    before, _, after = whole.partition(town) if town else (whole, "", "")
    district = re.search(r"\(([^()]*)\)", after)
    return replace(address_line(f"{before.strip().rstrip(',')}, {town}"), district=district[1] if district else "")


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
    mail = page.attribute("#email_versenden", "data-link") or page.attribute("a[href^='mailto:']", "href")
    return entry(
        name,
        phones=[page.text_of("[data-role=telefonnummer]")],
        emails=[mail.removeprefix("mailto:").partition("?")[0]],
        websites=[page.attribute(".mod-Kontaktdaten a[href^='http']", "href")],
        url=page.url or page.visit.url,
        categories=tuple(filter(None, (squash(n.text()) for n in page.all(".mod-TeilnehmerKopf__branchen span")))),
        address=address_line(page.text_of("address.mod-TeilnehmerKopf__adresse")),
    )
