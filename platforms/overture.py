"""Overture Maps: the open pool of places to which Meta and Microsoft give theirs, as a local file of a monthly release.

Fields after the Overture schema (places, 2026-08), read 2026-11-23. Nobody searches the pool itself: it shows what
map makers take over. It knows no opening hours; ``operating_status`` says whether a place still exists.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from audit import (
    Action,
    Address,
    Control,
    DataChecker,
    EditedBy,
    Kind,
    Listing,
    Platform,
    Standing,
    Terms,
)
from audit.readers import split_street, unique_phones

_TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_STATUS = {"open": "open", "permanently_closed": "closed", "temporarily_closed": "temporarily-closed"}


class Overture(DataChecker):
    """A local file of places, GeoParquet or GeoJSON, named in the configuration (``[datasets.overture]``)."""

    id = "overture"
    platform = Platform(
        id="overture",
        name="Overture Maps",
        kind=Kind.MAP,
        edited_by=EditedBy.NOBODY,
        actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE}),
    )
    dataset = "overture"
    home = "https://overturemaps.org"
    terms = Terms(
        policy_url="https://docs.overturemaps.org/attribution/",
        read_on=date(2026, 11, 23),
        note="CDLA Permissive 2.0: may be kept and passed on with its licence.",
    )
    control = Control(none_because="a local extract holds only its own area, so no entry can be known to be in it")
    standing = Standing.DOCUMENTED_ONLY
    proves = frozenset({"name", "address", "phone", "email", "link"})
    attribution = "Overture Maps Foundation, overturemaps.org"

    def read_record(self, record: Mapping[str, Any]) -> Listing | None:
        """A place that is more likely there than not; None for one without name or with too little confidence."""
        tags = {str(key): str(value) for key, value in dict(record.get("tags") or {}).items()}
        if not tags.get("name") or _confidence(tags) < _TABLE["least_confidence"]:
            return None
        kinds = _parts(tags, "overture:category", "overture:alternate")
        street, house_number = split_street(tags.get("overture:line", ""))
        return Listing(
            name=tags["name"],
            alternate_names=_parts(tags, "alt_name"),
            id=str(record.get("id")),
            operator=tags.get("brand", ""),
            categories=tuple(kind.replace("_", " ") for kind in kinds),
            tags=tuple(dict.fromkeys(tag for kind in kinds for tag in _TABLE["tags"].get(kind, ()))),
            address=Address(
                street=street,
                house_number=house_number,
                postcode=tags.get("addr:postcode", ""),
                city=tags.get("addr:city", ""),
            ),
            latitude=record.get("lat"),
            longitude=record.get("lon"),
            phones=unique_phones(_parts(tags, "phone")),
            emails=_parts(tags, "email"),
            websites=_parts(tags, "website"),
            status=_STATUS.get(tags.get("overture:status", ""), ""),
            wikidata=_parts(tags, "brand:wikidata"),
            updated=_day(record.get("updated")),
        )


def _parts(tags: Mapping[str, str], *names: str) -> tuple[str, ...]:
    parts = (part.strip() for name in names for part in tags.get(name, "").split(";"))
    return tuple(dict.fromkeys(filter(None, parts)))[:20]


def _confidence(tags: Mapping[str, str]) -> float:
    """How sure the pool is that the place exists, from 0 to 1; 1 where it does not say."""
    try:
        return float(tags.get("overture:confidence") or 1)
    except ValueError:
        return 1.0


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
