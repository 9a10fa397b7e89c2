"""schema.org's PostalAddress as an address: what stands in the wrong field is put right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from audit.model import Address
from audit.readers.entity import Entity, resolved
from audit.readers.places import addresses_in, split_street
from audit.readers.tables import table

_CODE = re.compile(r"(?:[A-Z]{1,2}\s?-\s?)?(\d{4,5})\b\s*+(.*)")


def first_address(owners: Iterable[Entity], by_id: Mapping[str, Entity]) -> Address:
    """The first address that any of the entities states, as an entity, as a text, or in its own properties."""
    for owner in owners:
        for one in (*resolved(owner, by_id, "address"), owner):
            if str(address := postal(one)):
                return address
        for text in owner.texts("address"):
            if known := addresses_in(text):
                return known[0]
    return Address()


def postal(entity: Entity) -> Address:
    """A PostalAddress; a postcode before the town, a country behind it and a town in the street are set right."""
    line, code, city = entity.text("streetAddress"), _plain_code(entity.text("postalCode")), _town(entity)
    before = _CODE.match(city)
    if before and before[2] and code in ("", before[1]):
        code, city = before[1], before[2]
    if not code and (known := addresses_in(line)):
        return known[0]
    street, number = _street(line)
    return Address(street=street, house_number=number, postcode=code, city=city)


def _street(line: str) -> tuple[str, str]:
    """Street and number; a name before or behind them, cut off by a comma, is no part of either."""
    whole = split_street(line)
    parts = [part.strip() for part in re.split(r"[,;|]|\s[·•]\s", line)]
    if whole[1] and len(parts) == 1:
        return whole
    return next((cut for part in parts if (cut := split_street(part))[1] and not part[0].isdigit()), whole)


def _plain_code(text: str) -> str:
    """ "D-50667" and "50667 Köln" are 50667; codes of other lands stay as they are."""
    found = _CODE.fullmatch(text)
    return found[1] if found else text


def _town(entity: Entity) -> str:
    """The town, without a country behind a comma or in brackets."""
    city = entity.text("addressLocality")
    head, _, last = city.rpartition(",")
    return head.strip() if head and _country_of(last) else city


def country(entity: Entity) -> str:
    """The country of an entity's address or one in it by two letters, or ""."""
    for one in (entity, *entity.children("address")):
        stated = [*one.texts("addressCountry"), *(c.text("name") for c in one.children("addressCountry"))]
        stated.append(one.text("addressLocality").rpartition(",")[2])
        if found := next(filter(None, map(_country_of, stated)), ""):
            return found
    return ""


def _country_of(text: str) -> str:
    return _countries().get(text.strip(" .()").casefold(), "")


@cache
def _countries() -> dict[str, str]:
    return {name: code for code, names in table("structured")["countries"].items() for name in names}
