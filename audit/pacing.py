"""How fast one organisation changes, read from the database: gaps by month and unit, targets and where they lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from audit.judging.due import due_by
from audit.judging.gaps import figure_of
from audit.judging.pacing import aim, months, unit_pace
from audit.judging.scoring import accuracy, findability
from audit.judging.sharing import ALL_SOURCES, shared_lives
from audit.looking import known_organisation, reading
from audit.model import FieldPace, Figures, GapLife, Organisation, Pace, Pillar, Result, Target, UnitPace
from audit.organisation.catalogue import load_catalogue
from audit.store import Store
from audit.store import figures as figuring
from audit.store.lives import lives

_RUNS = 30  # of a service's own figure: as many results are read at most, of more runs the last of each week


def pace(database: Path, organisation: str = "") -> tuple[Result, Pace]:
    """The latest result of an organisation (default: the one audited last) and its pace up to then.

    Raises `StoreProblemError` where there is no audit, `UnknownNameError` for an organisation nobody knows.
    """
    store = reading(database)
    try:
        id_ = known_organisation(store, organisation)
        run = figuring.figures(store.tables, id_)[-1].run
        result = store.result(id_, run)
        if result is None:  # the run was found a moment ago
            raise KeyError(run)
        return result, pace_until(store, result)
    finally:
        store.close()


def pace_until(store: Store, result: Result, *, sources: frozenset[str] = ALL_SOURCES) -> Pace:
    """The pace of a result's organisation as it was at the end of that run; of late answers those from ``sources``."""
    id_, now = result.organisation, result.finished
    runs = [each for each in figuring.figures(store.tables, id_) if each.at <= now]
    stated = figuring.stated(store.tables, result.run, id_) or Organisation(id=id_, name=result.organisation_name)
    every, first = shared_lives(_lives(store, stated, now), sources), runs[0].at if runs else now
    alike = [each for each in runs if each.method == result.method]
    series = _series(store, stated.targets, alike, id_)
    return Pace(
        organisation=id_,
        organisation_name=result.organisation_name,
        at=now,
        at_first=sum(life.opened <= first for life in every),
        months=months(every, first, now),
        whole=unit_pace("", every, now),
        units=_units(every, stated, result),
        fields=_fields(every, stated, now),
        aims=tuple(aim(target, series[target], now) for target in stated.targets),
        runs=len(runs),
        trend=tuple(alike),
    )


def _lives(store: Store, stated: Organisation, now: datetime) -> list[GapLife]:
    """As they were known then, with the days by which they are due: what closed later was still open."""
    known = (life for life in lives(store.tables, stated.id) if life.opened <= now)
    return [
        replace(
            life, closed=life.closed if life.closed and life.closed <= now else None,
            due=due_by(figure_of(life.kind), _services(life), stated),
        )
        for life in known
    ]  # fmt: skip


def _services(life: GapLife) -> set[str]:
    return {subject.split("/", 1)[1].partition("@")[0] for subject in life.subjects if "/" in subject}


def _units(every: Sequence[GapLife], stated: Organisation, result: Result) -> tuple[UnitPace, ...]:
    """In the order of the file, and last what nobody is in charge of."""
    known = [unit.id for unit in stated.units]
    names = dict.fromkeys([*known, *sorted({life.unit for life in every} - {"", *known}), ""])
    mine = {name: [life for life in every if life.unit == name] for name in names}
    return tuple(unit_pace(name, some, result.finished) for name, some in mine.items() if some)


def _fields(every: Sequence[GapLife], stated: Organisation, now: datetime) -> tuple[FieldPace, ...]:
    """In the order of the catalogue; a gap that is about several fields counts in each."""
    catalogue = load_catalogue()
    kinds = {service.id: catalogue.kinds.get(service.kind) for service in stated.services}
    mine: dict[str, list[GapLife]] = defaultdict(list)
    for life in every:
        for field in {kind.field for id_ in _services(life) if (kind := kinds.get(id_))}:
            mine[field].append(life)
    return tuple(
        FieldPace(id=id_, name=field.name_de, name_en=field.name_en, pace=unit_pace("", mine[id_], now))
        for id_, field in catalogue.fields.items()
        if id_ in mine
    )


def _series(
    store: Store, targets: Sequence[Target], runs: Sequence[Figures], organisation: str
) -> dict[Target, list[tuple[datetime, float]]]:
    """Each target's figure run by run: of services and fields of work from the cells, every result read once."""
    parts = [target for target in targets if target.service or target.field]
    found: dict[Target, list[tuple[datetime, float]]] = {target: [] for target in parts}
    for target in (target for target in targets if target not in found):
        whole = ((each.at, getattr(each, target.figure)) for each in runs)
        found[target] = [(at, value) for at, value in whole if value is not None]
    for run in _few(runs) if parts else ():
        result = store.result(organisation, run.run)
        for target in parts:
            pillar = _of_service(result, target) if result else None
            if pillar and pillar.value is not None:
                found[target].append((run.at, pillar.value))
    return found


def _few(runs: Sequence[Figures]) -> Sequence[Figures]:
    weekly = {run.at.isocalendar()[:2]: run for run in runs}
    return runs if len(runs) <= _RUNS else list(weekly.values())[-_RUNS:]


def _of_service(result: Result, target: Target) -> Pillar | None:
    """Findability or accuracy of some services; answers and offers are not told apart by service."""
    subjects = {row.subject for row in result.rows if row.service in target.about}
    cells = [cell for cell in result.cells if cell.subject in subjects]
    measured = {"findability": findability, "accuracy": accuracy}.get(target.figure)
    return measured(cells) if measured else None
