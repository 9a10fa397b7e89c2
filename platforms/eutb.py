"""EUTB: the centres of independent participation counselling, by the federal office's own export.

The export of teilhabeberatung.de is an XLSX that anybody may download; its columns as a public reader of 2026
expects them (name, Träger, Straße, PLZ, Ort, Telefon, E-Mail, Homepage, Schwerpunkte).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from audit import Action, Control, DataChecker, EditedBy, Kind, Listing, Platform, Standing, Terms
from audit.readers.lists import row_listing


class Eutb(DataChecker):
    """The export as it was downloaded (teilhabeberatung.de/beratung/export?_format=xlsx)."""

    id = "eutb-export"
    platform = Platform(
        id="eutb",
        name="EUTB: Teilhabeberatung",
        kind=Kind.DIRECTORY,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE}),
        edit_url="https://www.teilhabeberatung.de",
        edit_days=14,
    )
    dataset = "eutb"
    home = "https://www.teilhabeberatung.de/beratung/beratungsangebote-der-eutb"
    terms = Terms(
        policy_url="https://www.teilhabeberatung.de",
        read_on=date(2026, 11, 24),
        note="The site offers the export for download; terms of reuse were not at hand, so a person downloads it.",
    )
    control = Control(none_because="the file is as old as its download, so no entry can be known to be in it")
    standing = Standing.DOCUMENTED_ONLY
    proves = frozenset({"name", "address", "phone", "email", "link"})

    def read_record(self, record: Mapping[str, Any]) -> Listing | None:
        """One centre."""
        return row_listing(record, "Ergänzende unabhängige Teilhabeberatung")
