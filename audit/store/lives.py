"""The lives of gaps: when each was opened and closed, as often as that happened."""

from __future__ import annotations

import json
from datetime import datetime

from sqlite_utils import Database

from audit.model import GapLife


def lives(db: Database, organisation: str) -> list[GapLife]:
    """All lives of an organisation's gaps, by opening; a gap that came back has several."""
    rows = db.execute(
        """SELECT e.gap, g.kind, g.unit, g.state, g.subjects, e.event, e.at
           FROM gap_events e JOIN gaps g ON g.id = e.gap WHERE e.organisation = ? ORDER BY e.at, e.event""",
        [organisation],
    )
    begun: dict[str, tuple[str, str, str, tuple[str, ...], datetime]] = {}
    found: list[GapLife] = []
    for gap, kind, unit, state, subjects, event, at in rows:
        moment = datetime.fromisoformat(at)
        if event == "opened":
            begun[gap] = (kind, unit, state, tuple(json.loads(subjects)), moment)
        elif gap in begun:
            what, whose, _, about, opened = begun.pop(gap)
            found.append(GapLife(gap=gap, kind=what, unit=whose, opened=opened, closed=moment, subjects=about))
    found += [
        GapLife(gap=gap, kind=kind, unit=unit, opened=opened, closed=None, disputed=state == "disputed", subjects=about)
        for gap, (kind, unit, state, about, opened) in begun.items()
    ]
    return sorted(found, key=lambda life: (life.opened, life.gap))
