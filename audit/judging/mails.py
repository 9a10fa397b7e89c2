"""What one mail closes: where an umbrella association or an authority edits, all that is wrong in entries is one gap.

Each line of the mail stays a gap of its own inside (`Correction`), with the id that it would have alone: whoever
disputes it or gives it to a unit takes it out of the mail.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from audit.model import Correction, EditedBy, Gap, Organisation

ONE_MAIL = frozenset({EditedBy.UMBRELLA, EditedBy.AUTHORITY})
LINE = 2.0  # minutes: one mail names all entries, the first takes the time, each further one a line
KIND = "corrections"
EVERY = "/all"  # how the id of a gap ends that one cure closes wherever it is


Lines = tuple[Correction, ...]


@dataclass(frozen=True, kw_only=True)
class Mailbox:
    """What a mail needs beside its lines: decisions of the organisation, since when gaps are open, effort by editor."""

    organisation: Organisation
    first_seen: Mapping[str, datetime]
    minutes: Mapping[str, float]


def in_mails(found: Sequence[tuple[Gap, Lines]], box: Mailbox) -> list[Gap]:
    """The gaps, with those that one mail closes put together by platform.

    Each comes with the lines that it would be in a mail; without lines, or decided on by itself, it stays alone.
    """
    apart = {one.gap for one in box.organisation.disputes} | {one.gap for one in box.organisation.assignments}
    mails: dict[str, list[tuple[Gap, Lines]]] = defaultdict(list)
    alone: list[Gap] = []
    for gap, lines in found:
        if lines and gap.edited_by in ONE_MAIL and gap.id not in apart:
            mails[gap.platform].append((gap, lines))
        else:
            alone.append(gap)
    return alone + [_mail(parts, box) for parts in mails.values()]


def _mail(parts: Sequence[tuple[Gap, Lines]], box: Mailbox) -> Gap:
    gaps, lines = [gap for gap, _ in parts], [line for _, some in parts for line in some]
    first = gaps[0]
    id_ = f"{box.organisation.id}/{first.platform}/{KIND}{EVERY}"
    assigned = {one.gap: one.unit for one in box.organisation.assignments}
    units = {gap.unit for gap in gaps}
    pastes = {slug: text for gap in gaps for slug, text in zip(gap.subjects, gap.paste.split("\n\n"), strict=False)}
    return replace(
        first,
        id=id_,
        kind=KIND,
        subjects=tuple(sorted({slug for gap in gaps for slug in gap.subjects})),
        unit=assigned.get(id_) or (units.pop() if len(units) == 1 else ""),
        minutes=box.minutes[first.edited_by.value] + LINE * (len(lines) - 1),
        points=math.fsum(gap.points for gap in gaps),
        shown="",
        stated="",
        paste="\n\n".join(pastes[slug] for slug in sorted(pastes)),
        first_seen=box.first_seen.get(id_) or first.first_seen,
        target_date=min((gap.target_date for gap in gaps if gap.target_date), default=None),
        visits=tuple(sorted({visit for gap in gaps for visit in gap.visits})),
        corrections=tuple(sorted(lines, key=lambda line: (line.subjects, line.entry, line.field))),
    )
