"""What a report of the federation may show of how one entity answers: only what its own file shares. Pure.

DESIGN 9 and 12: imported and tested promptness enters a federation's report only if the entity's own file says
``share = true``; nothing is inherited from a parent. What was asked in public can be seen by everybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from audit.model import ENQUIRIES, Gap, Organisation, Pillar, Result, Score

_PRIVATE = frozenset({"imported", "tested"})


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
        return frozenset({"public"}) | _PRIVATE
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
    return tuple(g for g in gaps if g.platform != ENQUIRIES or g.id.rpartition("-")[2] not in hidden)
