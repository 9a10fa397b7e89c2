"""Gaps: one thing to do, one cure. Findings that one edit closes become one gap (DESIGN 11)."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from audit.checker import Platform
from audit.judging.due import due_by
from audit.judging.gains import ACCURATE, points
from audit.judging.mails import LINE, ONE_MAIL, Mailbox, in_mails
from audit.model import (
    Cell,
    Correction,
    Finding,
    Gap,
    Level,
    Organisation,
    Outcome,
    Row,
    ServiceAtLocation,
    State,
    Stray,
)


@cache
def table() -> dict[str, Any]:
    """Minutes, factors and kinds (gaps.toml)."""
    with Path(__file__).with_name("gaps.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True, kw_only=True)
class Context:
    """What gaps need beside cells: rows, platforms, when each gap was first seen, confirmed absences."""

    organisation: Organisation
    rows: Mapping[str, Row]
    platforms: Mapping[str, Platform]
    first_seen: Mapping[str, datetime]
    confirmed: frozenset[tuple[str, str]]
    now: datetime


def gaps(cells: Sequence[Cell], strays: Sequence[Stray], context: Context) -> tuple[Gap, ...]:
    """All gaps, red flags first, then by points per minute, ties by id."""
    groups: dict[tuple[str, str, str], list[tuple[Cell, Finding]]] = defaultdict(list)
    for cell in cells:
        if cell.state not in (State.NOT_APPLICABLE, State.UNKNOWN):
            for finding in cell.findings:
                if kind := _kind(cell, finding):
                    groups[cell.platform, kind, _cure(cell, finding, context)].append((cell, finding))
    whole = math.fsum(cell.weight for cell in cells if cell.findability is not None and cell.weight > 0) or 1.0
    single = [(_gap(key, pairs, whole, context), _lines(key, pairs, whole, context)) for key, pairs in groups.items()]
    minutes = {editor: table()["minutes"]["corrections"] * factor for editor, factor in table()["factor"].items()}
    box = Mailbox(organisation=context.organisation, first_seen=context.first_seen, minutes=minutes)
    found = in_mails(single, box)
    found += [_stray_gap(stray, context) for stray in strays if stray.kind != "duplicate"]
    return in_order(found)


def in_order(found: Iterable[Gap]) -> tuple[Gap, ...]:
    """Red flags first, then by points per minute, ties by id."""
    return tuple(sorted(found, key=lambda g: (not g.red_flag, -g.points / g.minutes, g.id)))


def open_and_disputed(found: Sequence[Gap], organisation: Organisation) -> tuple[tuple[Gap, ...], tuple[Gap, ...]]:
    """Gaps that are open, and those the organisation disputes, with its reason."""
    why = {dispute.gap: dispute.reason for dispute in organisation.disputes}
    disputed = tuple(replace(gap, dispute=why[gap.id]) for gap in found if gap.id in why)
    return tuple(gap for gap in found if gap.id not in why), disputed


def _kind(cell: Cell, finding: Finding) -> str:
    if finding.outcome is not Outcome.NOT_MET:
        return ""
    if finding.level is Level.ABSENT:
        return "incomplete"
    if finding.criterion == "offered_times":
        return finding.note
    kind: str = table()["criterion"].get(finding.criterion, "")
    # one cure for one entry: where the service is missing, nothing else about it is worth listing
    return "" if cell.state is State.MISSING and finding.criterion not in ("listed", "open_status") else kind


def _cure(cell: Cell, finding: Finding, context: Context) -> str:
    """What one edit covers: a field of one listing, all of a platform edited elsewhere, or one service."""
    platform = context.platforms[cell.platform]
    row = context.rows[cell.subject]
    if finding.criterion == "listed" and platform.edited_by in ONE_MAIL:
        return "all"
    if not platform.per_service or finding.criterion in ("answered", "active"):
        return "all"
    if finding.criterion in ("offered_times", "fees_access"):
        return row.unit or "all"
    if finding.criterion == "consistent":
        return _short(finding.shown)
    if finding.criterion in ACCURATE | {"duplicate", "open_status", "claimed"} and cell.match:
        return _short(cell.match.listing.id or cell.match.listing.url or cell.match.listing.name)
    return cell.subject.split("/", 1)[1]


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _gap(key: tuple[str, str, str], pairs: Sequence[tuple[Cell, Finding]], whole: float, context: Context) -> Gap:
    platform_id, kind, cure = key
    platform, (cell, finding) = context.platforms[platform_id], pairs[0]
    id_ = _id(key, context)
    subjects = tuple(sorted({c.subject for c, _ in pairs}))
    protected = any(context.rows[subject].protected for subject in subjects)
    return Gap(
        id=id_,
        kind=kind,
        platform=platform_id,
        subjects=subjects,
        unit=_unit(id_, subjects, context),
        minutes=_minutes(kind, platform, len(subjects) if cure == "all" else 1),
        points=points(pairs, whole),
        edited_by=platform.edited_by,
        edit_url=_edit_url(platform, cell),
        shown="" if protected else finding.shown,
        stated="\n".join(dict.fromkeys(f.stated for _, f in pairs if f.stated)),
        paste=_paste(subjects, context),
        red_flag=kind in table()["red_flags"]["kinds"],
        confirmed=kind != "missing" or all((c.subject, c.platform) in context.confirmed for c, _ in pairs),
        first_seen=context.first_seen.get(id_, context.now),
        target_date=due(kind, subjects, context.organisation, context.rows),
        visits=tuple(sorted({visit for _, f in pairs for visit in f.visits})),
    )


def _id(key: tuple[str, str, str], context: Context) -> str:
    return "/".join((context.organisation.id, *key))


def _lines(
    key: tuple[str, str, str], pairs: Sequence[tuple[Cell, Finding]], whole: float, context: Context
) -> tuple[Correction, ...]:
    """What the gap would be in a mail to whoever edits the entry: a line for each field that is wrong."""
    if key[1] not in table()["mail"]["kinds"]:
        return ()
    return tuple(
        _line(_id(key, context), key[1], [pair for pair in pairs if pair[1].criterion == field], whole, context)
        for field in dict.fromkeys(finding.criterion for _, finding in pairs)
    )


def _line(id_: str, kind: str, pairs: Sequence[tuple[Cell, Finding]], whole: float, context: Context) -> Correction:
    (cell, finding), subjects = pairs[0], tuple(sorted({c.subject for c, _ in pairs}))
    hidden = any(context.rows[subject].protected for subject in subjects)
    entry = cell.match.listing if cell.match and not hidden else None
    return Correction(
        id=id_,
        kind=kind,
        field=finding.criterion,
        subjects=subjects,
        entry=entry.name if entry else "",
        url=entry.url if entry else "",
        shown="" if hidden else finding.shown,
        stated="\n".join(dict.fromkeys(f.stated for _, f in pairs if f.stated)),
        points=points(pairs, whole),
        visits=tuple(sorted({visit for _, f in pairs for visit in f.visits})),
    )


def _stray_gap(stray: Stray, context: Context) -> Gap:
    platform = context.platforms[stray.platform]
    id_ = f"{context.organisation.id}/{stray.platform}/{stray.kind}/{_short(stray.url or stray.name)}"
    kind = {"closed-service": "closed-service-listed"}.get(stray.kind, stray.kind)
    subjects = (stray.subject,) if stray.subject in context.rows else ()
    flag = kind in table()["red_flags"]["kinds"]
    return Gap(
        id=id_,
        kind=kind,
        platform=stray.platform,
        subjects=subjects,
        unit=_unit(id_, subjects, context),
        minutes=_minutes(kind, platform, 1),
        points=0.0,
        edited_by=platform.edited_by,
        edit_url=stray.url if not flag else platform.edit_url,
        shown="" if flag else stray.name,
        red_flag=flag,
        confirmed=True,
        first_seen=context.first_seen.get(id_, context.now),
        visits=(stray.visit,) if stray.visit and not flag else (),
    )


def due(kind: str, subjects: Sequence[str], organisation: Organisation, rows: Mapping[str, Row]) -> date | None:
    """By when a gap of this kind is to be closed; None for kinds that raise no figure, or without a target."""
    services = {rows[subject].service for subject in subjects if subject in rows}
    return due_by(figure_of(kind), services, organisation)


def figure_of(kind: str) -> str:
    """The figure that a gap of this kind holds down; empty where it is none."""
    return str(table()["figure"].get(kind, ""))


def _minutes(kind: str, platform: Platform, entries: int) -> float:
    base = float(table()["minutes"][kind]) * float(table()["factor"][platform.edited_by.value])
    return base + LINE * (entries - 1)


def _unit(id_: str, subjects: Sequence[str], context: Context) -> str:
    """The unit the gap was assigned to, else the one that all its services have."""
    if assigned := next((a.unit for a in context.organisation.assignments if a.gap == id_), ""):
        return assigned
    units = {context.rows[subject].unit for subject in subjects if subject in context.rows}
    return units.pop() if len(units) == 1 else ""


def _edit_url(platform: Platform, cell: Cell) -> str:
    if platform.edit_url:
        return platform.edit_url
    return cell.match.listing.url if cell.match else ""


def _paste(subjects: Sequence[str], context: Context) -> str:
    """The facts as stated, a block per service, ready to be pasted into the platform's form."""
    offered = {f"{context.organisation.id}/{o.id}": o for o in context.organisation.offered}
    return "\n\n".join(_facts(context.organisation, offered[s]) for s in subjects if s in offered)


def _facts(organisation: Organisation, offered: ServiceAtLocation) -> str:
    service, place = offered.service, offered.location
    name = offered.name or place.name or service.name
    lines = [
        name if name == service.name else f"{name} – {service.name}",
        organisation.name,
        "" if service.protected else str(place.address),
        offered.phone or service.phone or place.phone,
        offered.email or service.email or place.email,
        offered.url or service.url or place.url or organisation.website,
        offered.opening_hours or service.opening_hours or place.opening_hours,
    ]
    return "\n".join(line for line in lines if line)
