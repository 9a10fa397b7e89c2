"""Decisions about gaps: assigned to a unit, disputed, absences intended; all of them stand in the organisation file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from audit.auditing import Workshop
from audit.looking import stored_result
from audit.model import Organisation
from audit.organisation.editing import decide, file_of
from audit.organisation.file import load, read_all
from audit.organisation.values import rules
from audit.working import UnknownNameError, WorkingFolder

EVERY_SERVICE = "all"


def assign(folder: WorkingFolder, workshop: Workshop, gap: str, unit: str) -> Path:
    """Say which unit closes a gap; an earlier word on it is replaced. Raises `UnknownNameError`."""
    path = _file_of_gap(folder, workshop, gap)
    _known("unit", unit, (u.id for u in load(path, workshop.catalogue, today=_today(workshop)).units))
    _decide(path, workshop, "assignment", {"gap": gap, "unit": unit}, "gap")
    return path


def dispute(folder: WorkingFolder, workshop: Workshop, gap: str, reason: str) -> Path:
    """Say that a gap is none, and why: it stays disputed until the table is taken out of the file."""
    path = _file_of_gap(folder, workshop, gap)
    _decide(path, workshop, "dispute", {"gap": gap, "reason": reason, "since": _today(workshop)}, "gap")
    return path


def intend(
    folder: WorkingFolder, workshop: Workshop, service: str, platform: str, *, reason: str, decided_by: str,
    review: date, organisation: str = "",
) -> Path:  # fmt: skip
    """Say that a service (or all) is left out of a platform on purpose, who decided, and when to decide again.

    Raises `UnknownNameError` and `FileProblems`.
    """
    _known("platform", platform, workshop.registry.platforms)
    _known("reason", reason, rules()["absence_reasons"])
    found = _the_one(_everyone(folder, workshop), organisation)
    if service != EVERY_SERVICE:
        _known("service", service, (s.id for s in found.services))
    path = _file(folder, workshop, found.id)
    row: dict[str, str | date] = {
        "platform": platform, "reason": reason, "decided_by": decided_by, "review": review,
    }  # fmt: skip
    whole = row if service == EVERY_SERVICE else {**row, "service": service}
    _decide(path, workshop, "intended_absence", whole, "platform", "service")
    return path


def _decide(path: Path, workshop: Workshop, table: str, row: dict[str, str | date], *same: str) -> Organisation:
    return decide(path, table, row, same, workshop.catalogue, _today(workshop))


def _everyone(folder: WorkingFolder, workshop: Workshop) -> tuple[Organisation, ...]:
    return read_all(folder.organisations, workshop.catalogue, today=_today(workshop)).organisations


def _today(workshop: Workshop) -> date:
    return workshop.clock.now().astimezone(ZoneInfo("Europe/Berlin")).date()


def _file_of_gap(folder: WorkingFolder, workshop: Workshop, gap: str) -> Path:
    """The file of the organisation a gap is about, once the gap is known to its latest audit."""
    organisation = gap.split("/", 1)[0]
    names = [o.id for o in _everyone(folder, workshop)]
    _known("organisation", organisation, names)
    result = stored_result(folder.database, organisation)
    every = (*result.gaps, *result.disputed)
    _known("gap", gap, [*(known.id for known in every), *(line.id for known in every for line in known.corrections)])
    return _file(folder, workshop, organisation)


def _file(folder: WorkingFolder, workshop: Workshop, organisation: str) -> Path:
    path = file_of(folder.organisations, organisation, workshop.catalogue, today=_today(workshop))
    if path is None:
        raise UnknownNameError("organisation", organisation, ())
    return path


def _the_one(organisations: tuple[Organisation, ...], wanted: str) -> Organisation:
    by_id = {organisation.id: organisation for organisation in organisations}
    if not wanted and len(by_id) > 1:
        raise UnknownNameError("organisation (--organisation)", "", by_id)
    name = wanted or next(iter(by_id))
    _known("organisation", name, by_id)
    return by_id[name]


def _known(what: str, name: str, known: Iterable[str]) -> None:
    names = tuple(known)
    if name not in names:
        raise UnknownNameError(what, name, names)
