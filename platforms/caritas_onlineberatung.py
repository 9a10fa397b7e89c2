"""Caritas online counselling: can the centre be chosen for its own postcode and topic, and does it answer there?

Shape: api/agencyservice.yaml of the open-source agency service (Onlineberatung, AGPL-3.0; read 2026-11-23), which
declares ``GET /agencies`` without authentication; the prefix ``/service`` is that of its front end (2026-11-24).
Agencies alone are asked for. Nobody registers, and no counselling is begun.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from audit import (
    Access,
    Action,
    Address,
    Checker,
    Control,
    EditedBy,
    Item,
    Kind,
    Listing,
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

_TYPES: dict[str, int] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["types"]
_URL = "https://beratung.caritas.de/service/agencies"


class CaritasOnlineberatung(Checker):
    """The agencies for the postcode of the place and the consulting type of the service, a set in no order."""

    id = "caritas-onlineberatung-agencies"
    platform = Platform(
        id="caritas-onlineberatung",
        name="Caritas Onlineberatung",
        kind=Kind.BOOKING,
        edited_by=EditedBy.UMBRELLA,
        actions=frozenset({Action.WRITE, Action.REGISTER}),
        edit_url="https://beratung.caritas.de",
        weight=5.0,
    )
    access = Access.API
    home = "https://beratung.caritas.de"
    terms = Terms(
        policy_url="https://beratung.caritas.de",
        read_on=date(2026, 11, 23),
        note="Public by its description, but rules for callers from outside were not found: ask the association first.",
    )
    control = Control(none_because="no agency is documented by postcode, and agencies come and go")
    standing = Standing.DOCUMENTED_ONLY
    proves = frozenset({"name"})
    hosts = ("beratung.caritas.de",)
    pace = 5.0
    default_on = False

    def search(self, query: Query) -> Iterable[Visit]:
        """Nothing for a protected service, without a postcode, or for a kind that is not offered there."""
        offered, postcode = query.subject.offered, query.postcode
        kind = _TYPES.get(offered.service.kind) if offered and not offered.service.protected else None
        if kind is not None and len(postcode) == 5 and postcode.isdecimal():
            yield Visit(_URL, (("postcode", postcode), ("consultingType", str(kind))), step="agencies")

    def read(self, page: Page) -> Iterable[Item]:
        """Agencies; status 204 without a body is the service's own word that there is none."""
        if page.status == 204 and not page.body:
            return [Nothing("status 204: no agency for this postcode")]
        return list(_agencies(page.data(list)))


def _agencies(rows: list[Any]) -> Iterator[Item]:
    for row in rows:
        name = squash(_text(row, "name")) if isinstance(row, dict) else ""
        if not name or not isinstance(row.get("offline"), bool):
            raise NotUnderstood("an agency without name, or without whether it is offline")
        yield Listing(
            name=name,
            id=f"agency:{row.get('id')}",
            url=_text(row, "url") if _text(row, "url").startswith("https://") else "https://beratung.caritas.de",
            address=Address(postcode=_text(row, "postcode"), city=_text(row, "city")),
            text=squash(_text(row, "description"))[:1000],
            actions=() if row["offline"] else (Action.REGISTER, Action.WRITE),
        )


def _text(thing: Mapping[str, Any], key: str) -> str:
    value = thing.get(key)
    return value if isinstance(value, str) else ""
