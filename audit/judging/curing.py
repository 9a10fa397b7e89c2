"""Gaps of many organisations together: what one mail closes for all is one gap (DESIGN 11). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from audit.judging.mails import EVERY, LINE, ONE_MAIL
from audit.model import EditedBy, Gap, RolledGap


@dataclass(slots=True)
class _Cure:
    edited_by: EditedBy
    red_flag: bool
    organisations: int = 0
    gaps: int = 0
    entries: int = 0
    minutes: float = 0.0
    with_unit: int = 0


@dataclass(slots=True)
class Cures:
    """The open gaps taken in so far, by platform, kind and whether one mail closes them for all."""

    _of: dict[tuple[str, str, bool], _Cure] = field(default_factory=dict)

    def take(self, gaps: Iterable[Gap]) -> None:
        """The open gaps of one more organisation."""
        touched = set()
        for gap in gaps:
            key = gap.platform, gap.kind, is_one_mail(gap)
            cure = self._of.setdefault(key, _Cure(gap.edited_by, gap.red_flag))
            entries = max(len(gap.subjects), 1)
            cure.minutes += LINE * entries if key[2] and cure.gaps else gap.minutes
            cure.gaps = 1 if key[2] else cure.gaps + 1
            cure.entries += entries
            cure.with_unit += bool(gap.unit)
            touched.add(key)
        for key in touched:
            self._of[key].organisations += 1

    def rolled(self) -> tuple[RolledGap, ...]:
        """All of them: red flags first, then what most organisations have, then by effort."""
        told = [_rolled(*key, cure) for key, cure in self._of.items()]
        return tuple(sorted(told, key=lambda g: (not g.red_flag, -g.organisations, -g.minutes, g.platform, g.kind)))


def is_one_mail(gap: Gap) -> bool:
    """Whether one mail to whoever runs the platform's entries closes it for all services, and so for all members."""
    return gap.edited_by in ONE_MAIL and gap.id.endswith(EVERY)


def _rolled(platform: str, kind: str, one_cure: bool, cure: _Cure) -> RolledGap:
    return RolledGap(
        kind=kind,
        platform=platform,
        edited_by=cure.edited_by,
        one_cure=one_cure,
        red_flag=cure.red_flag,
        organisations=cure.organisations,
        gaps=cure.gaps,
        entries=cure.entries,
        minutes=cure.minutes,
        without_unit=max(cure.gaps - cure.with_unit, 0),
    )
