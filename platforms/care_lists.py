"""The care funds' lists of services and prices: every contracted care service, as a file.

Section 7(3) SGB XI (as read on 2026-11-23): the funds publish them and hand them to third parties. The file is
ordered at navigatoren.aok.de/export, by federal state, after registration.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from audit import Action, Control, DataChecker, EditedBy, Kind, Listing, Platform, Standing, Terms
from audit.readers.lists import row_listing


class CareLists(DataChecker):
    """A list of the care funds (CSV, XLSX, XML), or a folder with one file per state; columns guessed."""

    id = "care-lists"
    platform = Platform(
        id="pflegenavigator",
        name="AOK-Pflegenavigator",
        kind=Kind.DIRECTORY,
        edited_by=EditedBy.AUTHORITY,
        actions=frozenset({Action.CALL, Action.WRITE, Action.VISIT_WEBSITE}),
        edit_url="https://www.aok.de/pk/pflegenavigator/",
        edit_days=90,
    )
    dataset = "care-lists"
    home = "https://navigatoren.aok.de/export/"
    terms = Terms(
        policy_url="https://navigatoren.aok.de/export/",
        read_on=date(2026, 11, 23),
        note="Registration per federal state, for the purpose stated there, non-commercial use only; source and day "
        "of delivery must be shown. The layout of the file was not at hand: its columns are guessed.",
    )
    control = Control(
        none_because="a list holds only the states it was ordered for, so no entry can be known to be in it"
    )
    standing = Standing.DOCUMENTED_ONLY
    proves = frozenset({"name", "address", "phone", "email", "link"})
    attribution = "Leistungs- und Preisvergleichslisten nach § 7 Abs. 3 SGB XI, Landesverbände der Pflegekassen"

    def read_record(self, record: Mapping[str, Any]) -> Listing | None:
        """One row of the list."""
        return row_listing(record)
