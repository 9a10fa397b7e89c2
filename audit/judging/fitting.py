"""Weights fitted to labelled pairs: log2(m/u) to begin with, then together, as fields are not independent."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from audit.judging.comparing.comparison import Comparison
from audit.judging.matching import damped
from audit.judging.weights import Weights
from audit.model import Level

_SMOOTHING = 0.5  # pairs added to each level on both sides
_DOUBT = 1.0  # how strongly a weight is held back, in pairs' worth of information
_SWEEPS, _STILL = 200, 1e-3
_LONGEST_STEP = 1.0  # natural log-odds
_ABSENT = "absent"

MATCH, UNCLEAR = 0.5, 0.2
"""Thresholds of a fitted table: its probabilities hold, so a match is what is more likely than not."""

FEWEST = 10
"""So many matches, and as many other pairs, are needed to fit anything."""

Levels = Mapping[str, str]  # field -> key of the comparison
Row = tuple[Levels, bool]
At = tuple[str, str]  # (field, key)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Pairs that compare alike in all fields, and how many of them are matches."""

    levels: Levels
    count: int
    matches: int


def compared(rows: Sequence[tuple[Mapping[str, Comparison], bool]]) -> tuple[list[Row], frozenset[At]]:
    """Rows to fit, and the levels that are agreement, whose weight is never below nothing."""
    keys: list[Row] = [({name: found.weight_key for name, found in fields.items()}, truth) for fields, truth in rows]
    agreeing = {(name, f.weight_key) for fields, _ in rows for name, f in fields.items() if f.level is Level.SAME}
    return keys, frozenset(agreeing)


def fit(rows: Sequence[Row], base: Weights, agreeing: frozenset[At] = frozenset()) -> Weights:
    """Weights of the fields that ``rows`` show; all others stay as in ``base``.

    Each weight starts as log2(m/u), smoothed, and all are then raised or lowered together to the
    most likely ones under a penalty (logistic regression by Newton steps, one weight at a time), so
    that two fields that agree for one reason are not counted twice. Groups of fields fitted here
    are given up for that, and levels of theirs that no pair shows are held back alike. Deterministic.
    """
    patterns = _patterns(rows)
    start = _start(patterns)
    shown = {name for name, _ in start}
    weights = replace(
        base,
        prior=math.log2(_odds(sum(p.matches for p in patterns), sum(p.count for p in patterns))),
        match=MATCH,
        unclear=UNCLEAR,
        fields=_with(base.fields, start),
        groups={member: group for member, group in base.groups.items() if member.partition(".")[0] not in shown},
    )
    using = defaultdict(list)
    for at, pattern in enumerate(patterns):
        for level in pattern.levels.items():
            if level in start:
                using[level].append(at)
    fitted = _swept(weights, patterns, using, agreeing)
    return replace(fitted, fields=_with(fitted.fields, _unseen(fitted, base, frozenset(start))))


def _patterns(rows: Sequence[Row]) -> list[Pattern]:
    counts: Counter[tuple[At, ...]] = Counter()
    matches: Counter[tuple[At, ...]] = Counter()
    for levels, truth in rows:
        counts[tuple(levels.items())] += 1
        matches[tuple(levels.items())] += truth
    return [Pattern(dict(levels), count, matches[levels]) for levels, count in counts.items()]


def _odds(matches: float, count: float) -> float:
    return (matches + _SMOOTHING) / (count - matches + _SMOOTHING)


def _start(patterns: Sequence[Pattern]) -> dict[At, float]:
    """log2(m/u) of every level shown, among the pairs whose field could be compared."""
    yes: Counter[At] = Counter()
    no: Counter[At] = Counter()
    for pattern in patterns:
        for level in pattern.levels.items():
            yes[level] += pattern.matches
            no[level] += pattern.count - pattern.matches
    found = {}
    for name in sorted({name for name, _ in yes}):
        keys = sorted(key for of, key in yes if of == name and key != _ABSENT)
        all_yes = sum(yes[name, key] + _SMOOTHING for key in keys)
        all_no = sum(no[name, key] + _SMOOTHING for key in keys)
        for key in keys:
            m, u = (yes[name, key] + _SMOOTHING) / all_yes, (no[name, key] + _SMOOTHING) / all_no
            found[name, key] = math.log2(m / u)
    return found


def _with(fields: Mapping[str, Mapping[str, float]], changed: Mapping[At, float]) -> dict[str, dict[str, float]]:
    copied = {name: dict(rows) for name, rows in fields.items()}
    for (name, key), value in changed.items():
        copied.setdefault(name, {})[key] = value
    return copied


def _swept(
    weights: Weights, patterns: Sequence[Pattern], using: Mapping[At, list[int]], agreeing: frozenset[At]
) -> Weights:
    """Newton steps over all weights and the prior until nothing moves."""
    fields = _with(weights.fields, {})
    current = replace(weights, fields=fields)
    odds = [current.prior + sum(damped(pattern.levels, current).values()) for pattern in patterns]
    prior, everyone = current.prior, range(len(patterns))
    for _ in range(_SWEEPS):
        moved = _step(odds, patterns, everyone, 0.0, 0.0)
        prior += moved
        for at in everyone:
            odds[at] += moved
        largest = abs(moved)
        for (name, key), members in using.items():
            old = fields[name][key]
            new = old + _step(odds, patterns, members, old, _DOUBT)
            fields[name][key] = new = max(0.0, new) if (name, key) in agreeing else new
            for at in members:
                odds[at] += new - old
            largest = max(largest, abs(new - old))
        if largest < _STILL:
            break
    return replace(current, prior=prior)


def _unseen(fitted: Weights, base: Weights, shown: frozenset[At]) -> dict[At, float]:
    """Levels that no pair shows, held back as those of their field were: the old weights times one factor."""
    found: dict[At, float] = {}
    for name in sorted({name for name, _ in shown}):
        seen = [(base.of(name, key), fitted.of(name, key)) for of, key in shown if of == name]
        square = sum(old * old for old, _ in seen)
        factor = max(0.0, min(1.0, sum(old * new for old, new in seen) / square)) if square else 0.0
        rest = [key for key in base.fields.get(name, {}) if (name, key) not in shown and key != _ABSENT]
        found |= {(name, key): base.of(name, key) * factor for key in rest}
    return found


def _step(
    odds: Sequence[float], patterns: Sequence[Pattern], members: Sequence[int], weight: float, doubt: float
) -> float:
    """One Newton step (bits) of a weight that counts for the patterns ``members``."""
    ln2 = math.log(2)
    slope, bend = -doubt * weight * ln2, doubt
    for at in members:
        chance = 1 / (1 + 2.0 ** -max(-60.0, min(60.0, odds[at])))
        slope += patterns[at].matches - patterns[at].count * chance
        bend += patterns[at].count * chance * (1 - chance)
    step = slope / max(bend, 1e-6)
    return max(-_LONGEST_STEP, min(_LONGEST_STEP, step)) / ln2


def cross_validated(
    rows: Sequence[Row], base: Weights, agreeing: frozenset[At] = frozenset(), folds: int = 5
) -> list[float]:
    """The probability of every row by weights that were fitted without its fold. Seeded; folds keep the shares."""
    chances = [0.0] * len(rows)
    for held in _folds(rows, folds):
        weights = fit([row for at, row in enumerate(rows) if at not in held], base, agreeing)
        for at in held:
            chances[at] = _chance(rows[at][0], weights)
    return chances


def _folds(rows: Sequence[Row], folds: int) -> list[set[int]]:
    shuffled = random.Random(0).sample(range(len(rows)), len(rows))  # noqa: S311 - a split, no secret
    ranked = sorted(shuffled, key=lambda at: rows[at][1])
    return [set(ranked[fold::folds]) for fold in range(folds)]


def _chance(levels: Levels, weights: Weights) -> float:
    odds = max(-60.0, min(60.0, weights.prior + sum(damped(levels, weights).values())))
    return float(1 / (1 + 2.0**-odds))
