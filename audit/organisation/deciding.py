"""Decisions in a file that must hold together: gaps assigned and disputed, and absences that are intended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from audit.organisation import values
from audit.organisation.problems import Notes
from audit.organisation.protecting import shows_address, shows_person
from audit.organisation.schema import OrganisationTable

Known = Callable[[tuple[str | int, ...], str], bool]


def decisions(table: OrganisationTable, id_: str, known_unit: Known, today: date, notes: Notes) -> None:
    """Note what is wrong with assignments, disputes and intended absences; those soon due are warned of."""
    _gaps(table, id_, notes)
    for index, row in enumerate(table.assignment):
        known_unit(("assignment", index, "unit"), row.unit)
    for index, dispute in enumerate(table.dispute):
        if shows_address(dispute.reason) or shows_person(dispute.reason):
            message = "shows a street address or names a person"
            notes.problem(("dispute", index, "reason"), message, "say why without either")
    _reviews(table, today, notes)


def _gaps(table: OrganisationTable, id_: str, notes: Notes) -> None:
    for name in ("assignment", "dispute"):
        seen: set[str] = set()
        for index, row in enumerate(getattr(table, name)):
            path = (name, index, "gap")
            if row.gap.count("/") < 3 or not row.gap.startswith(f"{id_}/"):
                notes.problem(path, f"{row.gap!r} is no gap of this organisation", "findbar gaps list shows their ids")
            elif row.gap in seen:
                notes.problem(path, "repeats an earlier table for the same gap")
            seen.add(row.gap)


def _reviews(table: OrganisationTable, today: date, notes: Notes) -> None:
    months = values.rules()["review_months"]
    soon = today + timedelta(days=values.rules()["review_soon_days"])
    for index, row in enumerate(table.intended_absence):
        path = ("intended_absence", index, "review")
        months_left = (row.review.year - today.year) * 12 + row.review.month - today.month
        late = months_left > months or (months_left == months and row.review.day > today.day)
        if shows_person(row.decided_by):
            notes.problem(("intended_absence", index, "decided_by"), "names a person", "name the role or body")
        if late:
            notes.problem(path, f"{row.review} is more than {months} months from today ({today})")
        elif row.review < today:
            notes.warning(path, f"{row.review} has passed: decide again, the absence no longer counts as intended")
        elif row.review <= soon:
            notes.warning(path, f"{row.review} is near: decide again by then, or the absence counts as a gap")
