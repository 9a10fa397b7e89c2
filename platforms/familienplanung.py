"""Counselling centres for pregnancy and family planning: the exchange file of the federal search.

Exchange format 2.1 (XML, ISO-8859-1) as the search's public import of 2020 reads it. Partners get the file from the
federal institute; everybody else looks at familienplanung.de.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from audit import Action, Control, DataChecker, EditedBy, Kind, Listing, Platform, Standing, Terms
from audit.readers.lists import row_listing


class Familienplanung(DataChecker):
    """The exchange file as partners receive it."""

    id = "familienplanung-exchange"
    platform = Platform(
        id="familienplanung",
        name="familienplanung.de: Beratungsstellen",
        kind=Kind.DIRECTORY,
        edited_by=EditedBy.AUTHORITY,
        actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE}),
        edit_url="https://www.familienplanung.de",
        edit_days=14,
    )
    dataset = "familienplanung"
    home = "https://www.familienplanung.de"
    terms = Terms(
        policy_url="https://www.familienplanung.de",
        read_on=date(2026, 11, 23),
        note="The file is for partners of the federal institute; its terms were not at hand. Names of contact persons "
        "are not read.",
    )
    control = Control(none_because="the file is as old as its delivery, so no entry can be known to be in it")
    standing = Standing.DOCUMENTED_ONLY  # the format was at hand with an invented centre
    proves = frozenset({"name", "address", "phone", "email", "link", "hours"})

    def read_record(self, record: Mapping[str, Any]) -> Listing | None:
        """One centre; hours stand in its note as free text."""
        return row_listing(record, "Schwangerschaftsberatung")
