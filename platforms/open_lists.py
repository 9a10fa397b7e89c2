"""Lists that a town gives out as open data: facilities with provider, address and telephone number.

Shapes of Chemnitz (GeoJSON, 2025: day care, school social work, youth vocational help) and Flensburg (CSV, 2024).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from audit import Action, Control, DataChecker, EditedBy, Kind, Listing, Platform, Standing, Terms
from audit.readers.lists import row_listing


class OpenLists(DataChecker):
    """A file of the town's, or a folder of several (GeoJSON, CSV, XLSX, JSON, XML); columns guessed."""

    id = "open-data-lists"
    platform = Platform(
        id="open-data-lists",
        name="Offene Daten der Stadt",
        kind=Kind.DIRECTORY,
        edited_by=EditedBy.AUTHORITY,
        actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE}),
        edit_url="https://www.govdata.de",
        edit_days=90,
    )
    dataset = "open-data-lists"
    home = "https://www.govdata.de"
    terms = Terms(
        policy_url="https://www.govdata.de",
        read_on=date(2026, 11, 23),
        note="Each list has a licence of its own: name it under [datasets.open-data-lists].",
    )
    control = Control(none_because="a list holds only its own town, so no entry can be known to be in it")
    standing = Standing.RECORDED
    proves = frozenset({"name", "address", "phone"})

    def read_record(self, record: Mapping[str, Any]) -> Listing | None:
        """One row of the list."""
        return row_listing(record)
