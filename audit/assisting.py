"""``findbar assist``: which looks a person can do, and taking in what was seen, one by one or as a worksheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from audit.assisted import AssistedChecker
from audit.auditing import Workshop
from audit.judging.method import method
from audit.looking import stored_result
from audit.looks import WorksheetProblemError, look_of, read_worksheet
from audit.model import Cell, Look, LookAnswer, Organisation, Reason, ServiceAtLocation, State
from audit.store import Store
from audit.visiting.planning import queries

_MOST_BYTES = 5_000_000


def looks(database: Path, workshop: Workshop, organisation: str, lang: str) -> list[Look]:
    """All looks the latest audit asks for, with a link that leads as near as possible to the entry.

    A person is asked wherever nothing is known and a person may look: also where a machine could
    but was refused, lacks a key or was unsure, and where the last look of a person begins to fade.
    """
    result = stored_result(database, organisation)
    store = Store(database, writing=False)
    try:
        expected = next(o for o in store.expected(result.run) if o.id == result.organisation)
    finally:
        store.close()
    rows = {row.subject: row for row in result.rows}
    names = {column.id: column.name for column in result.columns}
    ways = {platform: _way(workshop, platform) for platform in names}
    wanted = [cell for cell in result.cells if _needed(cell, ways[cell.platform])]
    links = {p: _links(ways[p], workshop, expected, lang) for p in dict.fromkeys(cell.platform for cell in wanted)}
    offered = {f"{expected.id}/{one.id}": one for one in expected.offered}
    return [
        Look(
            platform=names[cell.platform],
            service=rows[cell.subject].service_name,
            place=rows[cell.subject].location_name,
            link=links[cell.platform].get(cell.subject, ("", ""))[0],
            question=links[cell.platform].get(cell.subject, ("", ""))[1],
            cell=cell.id,
            stated=_stated(ways[cell.platform], expected, offered[cell.subject]),
            minutes=method().remedies[Reason.NEEDS_PERSON.value],
        )
        for cell in wanted
    ]


def _needed(cell: Cell, way: AssistedChecker | None) -> bool:
    if way is None or cell.state is State.NOT_APPLICABLE or cell.reason is Reason.SWITCHED_OFF:
        return False
    return cell.state is State.UNKNOWN or (cell.way == way.id and cell.age_days > 0)


def _way(workshop: Workshop, platform: str) -> AssistedChecker | None:
    return next((c for c in workshop.registry.ways(platform) if isinstance(c, AssistedChecker)), None)


def _links(
    way: AssistedChecker | None, workshop: Workshop, organisation: Organisation, lang: str
) -> dict[str, tuple[str, str]]:
    """Link and question by service at place, from the platform's assisted way."""
    if way is None:
        return {}
    asked = queries(way, organisation, lambda kind: workshop.catalogue.kind(kind).words, ())
    by_key = {query.subject.key: (way.link(query), way.question(lang)) for query in asked}
    whole = by_key.get(organisation.id, ("", ""))
    return {f"{organisation.id}/{o.id}": by_key.get(f"{organisation.id}/{o.id}", whole) for o in organisation.offered}


def _stated(
    way: AssistedChecker | None, organisation: Organisation, offered: ServiceAtLocation
) -> tuple[tuple[str, str], ...]:
    """What the organisation states of the fields this platform can show; of a protected service never its address."""
    service, place = offered.service, offered.location
    whole = way is not None and not way.platform.per_service
    facts = {
        "name": organisation.name if whole else offered.name or service.name,
        "address": "" if service.protected else str(place.address),
        "phone": offered.phone or service.phone or place.phone or organisation.phone,
        "email": offered.email or service.email or place.email or organisation.email,
        "hours": offered.opening_hours or service.opening_hours or place.opening_hours,
        "link": offered.url or service.url or place.url or organisation.website,
    }
    shows = way.proves if way else frozenset()
    stated = tuple((field, text) for field, text in facts.items() if text and field in shows)
    return (*stated, ("reply", "")) if way and way.labels_replies else stated


def still_open(database: Path, found: list[Look], organisation: str) -> list[Look]:
    """The looks that nobody has answered since the audit that asks for them."""
    since = stored_result(database, organisation).finished.date()
    store = Store(database, writing=False)
    try:
        done = {f"{look.subject}/{look.platform}" for look in store.looks() if look.at.date() >= since}
    finally:
        store.close()
    return [look for look in found if look.cell not in done]


def recorder(database: Path, now: Callable[[], datetime] | None = None) -> Callable[[Look, LookAnswer], None]:
    """Stores each answer at once, so that whoever stops in between goes on where they were."""

    def record(look: Look, answer: LookAnswer) -> None:
        store = Store(database)
        try:
            store.keep_looks([look_of(look, answer, (now or _now)())])
        finally:
            store.close()

    return record


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def import_looks(database: Path, worksheet: Path) -> int:
    """Take in a filled-in worksheet; how many looks it held. Raises `WorksheetProblemError`."""
    try:
        raw = worksheet.read_bytes()
    except OSError as error:
        raise WorksheetProblemError(f"{worksheet}: cannot be read ({error.strerror}).") from error
    if len(raw) > _MOST_BYTES:
        raise WorksheetProblemError(f"{worksheet}: larger than 5 MB; this is no worksheet.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    found = read_worksheet(text, datetime.now(UTC).date())
    store = Store(database)
    try:
        store.keep_looks(found)
    finally:
        store.close()
    return len(found)
