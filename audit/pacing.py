"""How fast one organisation changes, read from the database: gaps by month and unit, targets and where they lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from audit.changing import known_organisation
from audit.judging.pacing import Series, aim, months, unit_pace
from audit.judging.scoring import accuracy, findability
from audit.looking import reading
from audit.model import FieldPace, Figures, GapLife, Organisation, Pace, Pillar, Result, Target, UnitPace
from audit.organisation.catalogue import load_catalogue
from audit.store import Store
from audit.store import figures as figuring
from audit.store.lives import lives

_RUNS = 100  # of a service's own figure: as many results are read at most


def pace(database: Path, organisation: str = "") -> tuple[Result, Pace]:
    """The latest result of an organisation (default: the one audited last) and its pace up to then.

    Raises `StoreProblemError` where there is no audit, `UnknownNameError` for an organisation nobody knows.
    """
    store = reading(database)
    try:
        id_ = known_organisation(store, organisation)
        runs = figuring.figures(store.tables, id_)
        result = store.result(id_, runs[-1].run)
        stated = figuring.stated(store.tables, runs[-1].run, id_)
        if result is None or stated is None:  # the run was found a moment ago
            raise KeyError(runs[-1].run)
        return result, _pace(store, result, stated, runs)
    finally:
        store.close()


def _pace(store: Store, result: Result, stated: Organisation, runs: Sequence[Figures]) -> Pace:
    every, now, first = lives(store.tables, result.organisation), result.finished, runs[0].at
    due = min((target.due for target in stated.targets), default=None)
    alike = [each for each in runs if each.method == result.method]
    return Pace(
        organisation=result.organisation,
        organisation_name=result.organisation_name,
        at=now,
        at_first=sum(life.opened <= first for life in every),
        months=months(every, first, now),
        whole=unit_pace("", every, due, now),
        units=_units(every, stated, due, result),
        fields=_fields(every, stated, due, now),
        aims=tuple(aim(target, _series(store, target, alike, result.organisation), now) for target in stated.targets),
    )


def _units(every: Sequence[GapLife], stated: Organisation, due: date | None, result: Result) -> tuple[UnitPace, ...]:
    """In the order of the file, and last what nobody is in charge of."""
    known = [unit.id for unit in stated.units]
    names = dict.fromkeys([*known, *sorted({life.unit for life in every} - {"", *known}), ""])
    mine = {name: [life for life in every if life.unit == name] for name in names}
    return tuple(unit_pace(name, some, due, result.finished) for name, some in mine.items() if some)


def _fields(every: Sequence[GapLife], stated: Organisation, due: date | None, now: datetime) -> tuple[FieldPace, ...]:
    """In the order of the catalogue; a gap that is about several fields counts in each."""
    catalogue = load_catalogue()
    kinds = {service.id: catalogue.kinds.get(service.kind) for service in stated.services}
    mine: dict[str, list[GapLife]] = defaultdict(list)
    for life in every:
        services = {subject.split("/", 1)[1].partition("@")[0] for subject in life.subjects if "/" in subject}
        for field in {kind.field for id_ in services if (kind := kinds.get(id_))}:
            mine[field].append(life)
    return tuple(
        FieldPace(id=id_, name=field.name_de, name_en=field.name_en, pace=unit_pace("", mine[id_], due, now))
        for id_, field in catalogue.fields.items()
        if id_ in mine
    )


def _series(store: Store, target: Target, runs: Sequence[Figures], organisation: str) -> Series:
    """The figure run by run: of the organisation, or of one service or field of work from its cells."""
    if not (target.service or target.field):
        whole = ((each.at, getattr(each, target.figure)) for each in runs)
        return [(at, value) for at, value in whole if value is not None]
    results = (store.result(organisation, each.run) for each in runs[-_RUNS:])
    pillars = ((result.finished, _of_service(result, target)) for result in results if result)
    return [(at, pillar.value) for at, pillar in pillars if pillar and pillar.value is not None]


def _of_service(result: Result, target: Target) -> Pillar | None:
    """Findability or accuracy of some services; answers and offers are not told apart by service."""
    subjects = {row.subject for row in result.rows if row.service in target.about}
    cells = [cell for cell in result.cells if cell.subject in subjects]
    measured = {"findability": findability, "accuracy": accuracy}.get(target.figure)
    return measured(cells) if measured else None
