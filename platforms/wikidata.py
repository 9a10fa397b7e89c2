"""Wikidata: the open knowledge base behind voice assistants, search engines and Wikipedia.

Interface of MediaWiki and Wikibase (wbsearchentities, haswbstatement, wbgetentities) after recorded answers and
maxlath/wikibase-sdk, rules of Wikimedia's access policy, both read 2026-11-23. Data is CC0. Asked about the whole
organisation: local branches mostly have no item, which is no fault of theirs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from audit import (
    About,
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
from audit.readers import addresses_in, split_street, unique_phones
from audit.readers.members import members, number, text, texts

_TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_ITEM = re.compile(r"Q[1-9]\d{0,14}")
_LANGUAGES = ("de", "mul", "en")
_LIMIT, _MOST = 20, 20


class Wikidata(Checker):
    """Items of that name, and items that state the organisation's website; then what they say, in one question."""

    id = "wikidata"
    platform = Platform(
        id="wikidata",
        name="Wikidata",
        kind=Kind.KNOWLEDGE,
        edited_by=EditedBy.CROWD,
        actions=frozenset({Action.VISIT_WEBSITE}),
        edit_url="https://www.wikidata.org",
        per_service=False,
    )
    access = Access.API
    home = "https://www.wikidata.org"
    hosts = ("www.wikidata.org",)
    terms = Terms(
        policy_url="https://www.mediawiki.org/wiki/Wikimedia_APIs/Access_policy",
        read_on=date(2026, 11, 23),
        note="A user agent that names the asker, one request after the other; maxlag for runs that can wait.",
    )
    control = Control(
        known=Known(name="Deutsches Rotes Kreuz", city="Berlin", website="https://www.drk.de")  # item Q694104
    )
    standing = Standing.RECORDED
    asks_about = About.ORGANISATION
    proves = frozenset({"name", "address", "phone", "email", "link"})
    pace = 2.0
    lane = "wikimedia"  # the rules ask a client to be modest with all wikis together
    governed_by_robots = False
    attribution = "Wikidata, CC0 1.0"

    def search(self, query: Query) -> Iterable[Visit]:
        """The name, and the website in each way it may be written."""
        yield _named(query.organisation.name)
        if site := query.organisation.website.partition("://")[2].rstrip("/"):
            forms = (f"P856={scheme}://{site}{slash}" for scheme in ("https", "http") for slash in ("", "/"))
            found = ("list", "search"), ("srsearch", f"haswbstatement:{'|'.join(forms)}"), ("srlimit", str(_LIMIT))
            yield _ask("query", "stated", *found)

    def search_again(self, query: Query) -> Iterable[Visit]:
        """Another name of the organisation."""
        return [_named(name) for name in query.organisation.alternate_names[:1]]

    def read(self, page: Page) -> Iterable[Item]:
        """Ids of a search, then the items; an empty list of hits is Wikidata's own sign."""
        answer = page.data()
        if page.visit.step == "items":
            return _items(answer)
        within = answer if page.visit.step == "named" else answer.get("query")
        hits = within.get("search") if isinstance(within, dict) else None
        if not isinstance(hits, list):
            raise NotUnderstood(f"no hits: {text(answer, 'error', 'info')[:80]}")
        ids = [text(hit, "id" if page.visit.step == "named" else "title") for hit in hits]
        if not all(map(_ITEM.fullmatch, ids)):
            raise NotUnderstood("a hit that is no item")
        more = [More("the limit of the answer is reached")] if len(hits) >= _LIMIT else []
        return [_look_up(ids), *more] if ids else [Nothing("search []")]


def _named(name: str) -> Visit:
    words = ("search", name), ("language", "de"), ("uselang", "de"), ("type", "item"), ("limit", str(_LIMIT))
    return _ask("wbsearchentities", "named", *words)


def _look_up(ids: Sequence[str]) -> Visit:
    wanted = ("props", "labels|descriptions|aliases|claims"), ("languages", "de|en|mul")
    return _ask("wbgetentities", "items", ("ids", "|".join(ids)), *wanted)


def _ask(action: str, step: str, *params: tuple[str, str]) -> Visit:
    usual = ("format", "json"), ("formatversion", "2")
    return Visit(f"{Wikidata.home}/w/api.php", params=(("action", action), *params, *usual), step=step)


def _items(answer: dict[str, Any]) -> list[Item]:
    """What the items say; people, families and pages that only tell names apart are no organisations."""
    entities = answer.get("entities")
    if not isinstance(entities, dict) or not entities:
        raise NotUnderstood(f"no items: {text(answer, 'error', 'info')[:80]}")
    found = [listing for entity in entities.values() if (listing := _listing(entity))]
    return [*found] or [Nothing("no item of an organisation")]


def _listing(entity: object) -> Listing | None:
    id_ = text(entity, "id")
    if not _ITEM.fullmatch(id_):
        raise NotUnderstood(f"no item: {id_[:40]!r}")
    names = [name for language in _LANGUAGES for name in texts(entity, "labels", language, "value")]
    names += [name for language in _LANGUAGES for name in texts(entity, "aliases", language, "value")]
    if not names or {text(one, "id") for one in _values(entity, "P31")} & set(_TABLE["no_organisation"]):
        return None
    said = {field: tuple(map(_told, _values(entity, claim))) for field, claim in _TABLE["claims"].items()}
    return Listing(
        name=names[0],
        alternate_names=tuple(name for name in dict.fromkeys(names) if name != names[0]),
        id=id_,
        url=f"{Wikidata.home}/wiki/{id_}",
        address=_address(" ".join(said["address"][:1]), " ".join(said["postcode"][:1])),
        latitude=next((number(one, "latitude") for one in _values(entity, "P625")), None),
        longitude=next((number(one, "longitude") for one in _values(entity, "P625")), None),
        phones=unique_phones(filter(None, said["phones"])),
        emails=tuple(one.removeprefix("mailto:") for one in said["emails"] if one),
        websites=tuple(filter(None, said["websites"])),
        text=next((told for language in _LANGUAGES for told in texts(entity, "descriptions", language, "value")), ""),
        status="closed" if any(_values(entity, "P576")) else "",
        wikidata=(id_,),
    )


def _values(entity: object, claim: str) -> list[Any]:
    """The values that are stated, without those that are known to be wrong (rank deprecated)."""
    stated = (one for one in members(entity, "claims", claim) if text(one, "rank") != "deprecated")
    return [value for one in stated for value in members(one, "mainsnak", "datavalue", "value")][:_MOST]


def _told(value: object) -> str:
    """A text, or the text of a value with a language."""
    return squash(value) if isinstance(value, str) else text(value, "text")


def _address(line: str, postcode: str) -> Address:
    """An address on one line, as P6375 states it; the postcode may stand apart."""
    if whole := addresses_in(line):
        return whole[0]
    street, house_number = split_street(line.partition(",")[0])
    return Address(street=street, house_number=house_number, postcode=postcode)
