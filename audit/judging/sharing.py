"""What a report of the federation may show of how one entity answers: only what its own file shares. Pure.

DESIGN 9 and 12: imported and tested promptness enters a federation's report only if the entity's own file says
``share = true``; nothing is inherited from a parent. What was asked in public can be seen by everybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from audit.model import ENQUIRIES, Gap, GapLife, Organisation, Pace, Pillar, Result, Score

_PRIVATE = frozenset({"imported", "tested"})
ALL_SOURCES = _PRIVATE | {"public"}


def shared(result: Result, organisation: Organisation) -> Result:
    """The result as a report above the entity may show it; ``organisation`` is the entity's own file as it is today.

    Waits and late answers of sources that are not shared are left out. The response pillar and the total, which rest
    on all sources together, are there only where every source they rest on is shared. All else stays as it is.
    """
    hidden = _PRIVATE - shared_sources(organisation)
    if not hidden:
        return result
    return replace(
        result,
        score=_score(result.score, hidden),
        gaps=_gaps(result.gaps, hidden),
        disputed=_gaps(result.disputed, hidden),
    )


def shared_sources(organisation: Organisation) -> frozenset[str]:
    """The sources of waits that may leave the entity: ``share`` opens all, that of ``[consent]`` the tested ones."""
    if organisation.share:
        return ALL_SOURCES
    tested = organisation.consent is not None and organisation.consent.share
    return frozenset({"public", "tested"} if tested else {"public"})


def _score(score: Score, hidden: frozenset[str]) -> Score:
    kept = replace(
        score,
        waits=tuple(wait for wait in score.waits if wait.source not in hidden),
        answering=tuple(row for row in score.answering if row.source not in hidden),
        replies=tuple(row for row in score.replies if row.source not in hidden),
        unmeasured=(),
    )
    # results stored before the sources were noted do not tell what R rests on: it is taken for hidden
    if score.response.value is None or (score.response_sources and not hidden & set(score.response_sources)):
        return kept
    nothing = Pillar(value=None, coverage=0.0, applicable=score.response.applicable)
    return replace(kept, response=nothing, response_sources=(), total=None)


def _gaps(gaps: Iterable[Gap], hidden: frozenset[str]) -> tuple[Gap, ...]:
    return tuple(gap for gap in gaps if not _hides(gap.id, hidden))


def _hides(gap: str, hidden: Iterable[str]) -> bool:
    """Whether a gap, by its id, is a late answer of a source that is not shared (`judging.lateness` makes the ids)."""
    return gap.split("/")[1:2] == [ENQUIRIES] and gap.rpartition("-")[2] in hidden


def shared_lives(lives: Iterable[GapLife], sources: frozenset[str]) -> list[GapLife]:
    """The lives of gaps without those of late answers from other sources than these."""
    hidden = _PRIVATE - sources
    return [life for life in lives if not _hides(life.gap, hidden)]


def shared_pace(pace: Pace, organisation: Organisation) -> Pace:
    """A pace without what tells of answers, where not all of their sources are shared.

    Earlier runs do not tell which sources their figure rests on: it is left out of the trend, and its targets, too.
    """
    if shared_sources(organisation) >= _PRIVATE:
        return pace
    trend = tuple(replace(run, response=None, total=None) for run in pace.trend)
    return replace(pace, trend=trend, aims=tuple(aim for aim in pace.aims if aim.figure != "response"))
