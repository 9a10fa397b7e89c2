"""From cells to figures (DESIGN 10). Unknown never costs points: it lowers coverage."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from audit.judging.method import method
from audit.judging.promptness import curves, response, scored_windows, sources, waits
from audit.judging.replying import replying
from audit.judging.summing import Sums, applicable, pillar
from audit.model import (
    Answering,
    Cell,
    Exchange,
    Offer,
    Pillar,
    Promise,
    Reason,
    Remedy,
    Score,
    State,
    Strict,
    Unmeasured,
)

_UNKNOWN_FOR_GOOD = {Reason.NOT_RELEVANT, Reason.INTENDED}


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What scoring reads: cells, exchanges, offers by subject with weights, and declared omissions."""

    cells: Sequence[Cell]
    exchanges: Sequence[Exchange]
    offers: Sequence[tuple[Offer | None, float]]
    state: str
    now: datetime
    not_in_file: tuple[str, ...] = ()
    recommended_not_key: tuple[str, ...] = ()
    intended: tuple[str, ...] = ()
    answering: tuple[Answering, ...] = ()
    unmeasured: tuple[Unmeasured, ...] = ()
    promises: tuple[Promise, ...] = ()


def coverage(cells: Sequence[Cell]) -> float:
    """Known weight, faded by age, over applicable weight; 0 where nothing applies."""
    return Sums.of(cells).coverage


def findability(cells: Sequence[Cell]) -> Pillar:
    """F: the weighted findability of the known cells."""
    return Sums.of(cells).findability()


def accuracy(cells: Sequence[Cell]) -> Pillar:
    """A: the weighted accuracy of what was found."""
    return Sums.of(cells).accuracy()


def offered(offers: Sequence[tuple[Offer | None, float]]) -> Pillar:
    """O: the share of office, evening and weekend hours with a human channel or bookable slot."""
    weights = curves()["weights"]
    whole = math.fsum(weight for _, weight in offers)
    seen = [(offer, weight) for offer, weight in offers if offer is not None]
    weight = math.fsum(w for _, w in seen)
    if not weight:
        return Pillar(value=None, coverage=0.0, applicable=len(offers))
    parts = [w * math.fsum(weights[name] * getattr(offer, name) for name in weights) for offer, w in seen]
    return pillar(100 * math.fsum(parts) / weight, weight / whole, len(seen), len(offers))


def total(f: Pillar, a: Pillar, r: Pillar, windows: set[str]) -> float | None:
    """The one figure, only where R is known for office and one other window; bounded by the weaker pillar."""
    if f.value is None or a.value is None or r.value is None:
        return None
    if "office" not in windows or len(windows) < 2:
        return None
    table = method().total
    value = table["findability"] * f.value + table["accuracy"] * a.value + table["response"] * r.value
    return min(value, min(f.value, r.value) + table["above_weakest"])


def strict(evidence: Evidence) -> Strict:
    """The three numbers over key services: without a gap, with gaps, not fully checked."""
    rows: dict[str, list[Cell]] = defaultdict(list)
    for cell in applicable(evidence.cells):
        if cell.key:
            rows[cell.subject].append(cell)
    verdicts = [_verdict(cells) for _, cells in sorted(rows.items())]
    return Strict(
        without_gap=verdicts.count(State.COMPLETE),
        with_gaps=verdicts.count(State.GAPS),
        not_fully_checked=verdicts.count(State.UNKNOWN),
        not_in_file=evidence.not_in_file,
        recommended_not_key=evidence.recommended_not_key,
        intended=evidence.intended,
    )


def _verdict(cells: Sequence[Cell]) -> State:
    if any(cell.state in (State.GAPS, State.MISSING) for cell in cells):
        return State.GAPS
    return State.UNKNOWN if any(cell.state is State.UNKNOWN for cell in cells) else State.COMPLETE


def remedies(cells: Sequence[Cell]) -> tuple[Remedy, ...]:
    """What would raise coverage, the most coverage per minute of work first."""
    whole = math.fsum(cell.weight for cell in cells)
    groups: dict[tuple[str, Reason], list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.state is State.UNKNOWN and cell.reason and cell.reason not in _UNKNOWN_FOR_GOOD:
            groups[cell.platform, cell.reason].append(cell)
    found = [
        Remedy(
            reason=reason,
            platform=platform,
            cells=len(group),
            gain=math.fsum(cell.weight for cell in group) / whole,
            minutes=_minutes(reason, len(group)),
        )
        for (platform, reason), group in groups.items()
    ]
    return tuple(sorted(found, key=lambda r: (-r.gain / r.minutes, r.platform, r.reason)))


def _minutes(reason: Reason, cells: int) -> float:
    table = method().remedies
    each = reason in (Reason.NEEDS_PERSON, Reason.UNCLEAR_MATCH)
    return max(table.get(reason.value, table["other"]) * (cells if each else 1), 1.0)


def score(evidence: Evidence) -> Score:
    """All figures of one audit."""
    cells = applicable(evidence.cells)
    f, a, o = findability(cells), accuracy(cells), offered(evidence.offers)
    value, share, known_windows, windows = response(evidence.exchanges, evidence.state, evidence.now)
    r = pillar(value, share, known_windows, windows)
    if sum(exchange.kind == "question" for exchange in evidence.exchanges) < curves()["least"]["grade"]:
        r = replace(r, grade="", provisional=False)
    rows = waits(evidence.exchanges, evidence.state, evidence.now)
    scored = {window.value for window in scored_windows(evidence.exchanges, evidence.state, evidence.now)}
    return Score(
        method=method().version,
        findability=f,
        accuracy=a,
        response=r,
        offered=o,
        total=total(f, a, r, scored),
        coverage=coverage(cells),
        strict=strict(evidence),
        waits=rows,
        answering=evidence.answering,
        unmeasured=evidence.unmeasured,
        offers=tuple(offer for offer, _ in evidence.offers if offer),
        remedies=remedies(cells),
        response_sources=sources(evidence.exchanges, evidence.now),
        replies=replying(evidence.exchanges, evidence.now),
        promises=evidence.promises,
    )
