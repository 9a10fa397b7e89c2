"""``findbar assist``: which looks a person can do, and taking in what was seen."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from audit.assisted import AssistedChecker
from audit.auditing import Workshop
from audit.looking import stored_result
from audit.looks import WorksheetProblemError, read_worksheet
from audit.model import Look, Organisation, Reason, State
from audit.store import Store
from audit.visiting.planning import queries

_MOST_BYTES = 5_000_000


def looks(database: Path, workshop: Workshop, organisation: str, lang: str) -> list[Look]:
    """All looks the latest audit asks for, with a link that leads as near as possible to the entry."""
    result = stored_result(database, organisation)
    store = Store(database, writing=False)
    try:
        expected = next(o for o in store.expected(result.run) if o.id == result.organisation)
    finally:
        store.close()
    rows = {row.subject: row for row in result.rows}
    names = {column.id: column.name for column in result.columns}
    wanted = [c for c in result.cells if c.state is State.UNKNOWN and c.reason is Reason.NEEDS_PERSON]
    links = {p: _links(workshop, expected, p, lang) for p in dict.fromkeys(cell.platform for cell in wanted)}
    return [
        Look(
            platform=names[cell.platform],
            service=rows[cell.subject].service_name,
            place=rows[cell.subject].location_name,
            link=links[cell.platform].get(cell.subject, ("", ""))[0],
            question=links[cell.platform].get(cell.subject, ("", ""))[1],
            cell=cell.id,
        )
        for cell in wanted
    ]


def _links(workshop: Workshop, organisation: Organisation, platform: str, lang: str) -> dict[str, tuple[str, str]]:
    """Link and question by service at place, from the platform's assisted way."""
    way = next((c for c in workshop.registry.ways(platform) if isinstance(c, AssistedChecker)), None)
    if way is None:
        return {}
    asked = queries(way, organisation, lambda kind: workshop.catalogue.kind(kind).words, ())
    by_key = {query.subject.key: (way.link(query), way.question(lang)) for query in asked}
    whole = by_key.get(organisation.id, ("", ""))
    return {f"{organisation.id}/{o.id}": by_key.get(f"{organisation.id}/{o.id}", whole) for o in organisation.offered}


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
