"""Gaps in answering: "no answer at the weekend: debt advice" is one thing to do (DESIGN 11)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from audit.judging.gaps import due, table
from audit.judging.method import method
from audit.judging.promptness import SCORED, curves, quality
from audit.model import ENQUIRIES, Answering, EditedBy, Gap, Organisation, Row, WindowWait


def late_gaps(
    answering: Sequence[Answering],
    organisation: Organisation,
    rows: Mapping[str, Row],
    first_seen: Mapping[str, datetime],
    now: datetime,
) -> tuple[Gap, ...]:
    """One gap per window in which a group's median wait is beyond its target, on enough known waits."""
    late = [(row, window) for row in answering for window in row.windows if is_late(row, window)]
    told = {(row.channel, row.source, window.window) for row, window in late if row.level != "organisation"}
    # the whole house holds its large teams as well: where one of them is late already, that is the thing to do
    late = [(r, w) for r, w in late if r.level != "organisation" or (r.channel, r.source, w.window) not in told]
    whole = math.fsum(window.count for row in answering for window in row.windows if window.window in SCORED)
    found = [_gap(row, window, whole, organisation, rows) for row, window in late]
    return tuple(replace(gap, first_seen=first_seen.get(gap.id, now)) for gap in found)


def is_late(row: Answering, window: WindowWait) -> bool:
    """Whether more than half wait longer than the target; where half are not answered yet, what is due decides."""
    if window.window not in SCORED or window.due < curves()["least"]["score"] or window.within is None:
        return False
    return window.within < 0.5 if window.median_hours is None else window.median_hours > row.target_hours


def _gap(row: Answering, window: WindowWait, whole: float, organisation: Organisation, rows: Mapping[str, Row]) -> Gap:
    kind = f"late-{window.window.value}"
    subjects = tuple(sorted(key for key, one in rows.items() if one.service in row.services))
    return Gap(
        id=f"{organisation.id}/{ENQUIRIES}/{kind}/{row.level}-{row.subject}-{row.channel}-{row.source}",
        kind=kind,
        platform=ENQUIRIES,
        subjects=subjects,
        unit=row.unit,
        minutes=float(table()["minutes"][kind]),
        points=_points(row, window, whole),
        edited_by=EditedBy.OWNER,
        confirmed=True,
        target_date=due(kind, subjects, organisation, rows),
    )


def _points(row: Answering, window: WindowWait, whole: float) -> float:
    """What answering within the target would add, on the scale of findability and accuracy together."""
    share = method().total
    lack = max(100 * quality(row.target_hours, row.channel) - (window.score or 0.0), 0.0)
    weight: float = curves()["weights"][window.window]
    of_all = window.count / whole if whole else 0.0
    return share["response"] * weight * lack * of_all / (share["findability"] + share["accuracy"])
