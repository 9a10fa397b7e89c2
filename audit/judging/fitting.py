"""Weights fitted to labelled pairs: log2(m/u) to begin with, then together, as fields are not independent."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from audit.judging.comparing.comparison import Comparison
from audit.judging.matching import damped
from audit.judging.weights import WORDS, Weights
from audit.model import Level

_SMOOTHING = 0.5  # pairs added to each level on both sides
_DOUBT = 1.0  # how strongly a weight is held back, in pairs' worth of information
_SWEEPS, _STILL = 200, 1e-3
_LONGEST_STEP = 1.0  # natural log-odds
_ABSENT = "absent"
_FEWEST_OF_WORD = 3  # pairs; a rarer word tells nothing yet

ORDERED = ("coordinates",)
"""Fields whose levels are steps of one measure: neighbouring ones are fitted together."""

MATCH = 0.5
"""The threshold of a fitted table until `with_threshold`."""

FEWEST = 10
"""So many matches, and as many other pairs, are needed to fit anything."""

At = tuple[str, str]  # (field, key of the comparison), or (table of words, word)
Levels = tuple[At, ...]
Row = tuple[Levels, bool]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Pairs that compare alike in all fields, and how many of them are matches."""

    levels: Levels
    count: int
    matches: int


def compared(rows: Sequence[tuple[Mapping[str, Comparison], bool]]) -> tuple[list[Row], frozenset[At]]:
    """Rows to fit, and the levels that are agreement, whose weight is never below nothing."""
    keys = [(_levels(fields), truth) for fields, truth in rows]
    agreeing = {(name, f.weight_key) for fields, _ in rows for name, f in fields.items() if f.level is Level.SAME}
    return keys, frozenset(agreeing)


def _levels(fields: Mapping[str, Comparison]) -> Levels:
    levels = tuple((name, found.weight_key) for name, found in fields.items())
    return levels + tuple(word for found in fields.values() for word in found.telling)


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
        unclear=MATCH / 2,
        fields=_with({name: rows for name, rows in base.fields.items() if name not in WORDS}, start),
        groups={member: group for member, group in base.groups.items() if member.partition(".")[0] not in shown},
    )
    moves = [_Move(name, (key,), value) for (name, key), value in start.items() if name not in ORDERED]
    for name in sorted(shown & set(ORDERED)):
        keys = [key for key in weights.fields[name] if key != _ABSENT]
        moves += _steps(name, keys, start, agreeing)
        weights = replace(weights, fields={**weights.fields, name: dict.fromkeys(weights.fields[name], 0.0)})
    fitted = _swept(weights, patterns, moves, agreeing)
    return replace(fitted, fields=_with(fitted.fields, _unseen(fitted, base, frozenset(start))))


def with_threshold(fitted: Weights, f1: float) -> Weights:
    """The threshold at which F1 is greatest where probabilities hold: half of the greatest F1 (Lipton et al., 2014)."""
    return replace(fitted, match=f1 / 2, unclear=f1 / 4)


@dataclass(slots=True)
class _Move:
    """What is fitted: a value (bits) that the weights of all ``keys`` of a field have in common."""

    name: str
    keys: tuple[str, ...]
    value: float = 0.0
    falling: bool = False


def _steps(name: str, keys: Sequence[str], start: Mapping[At, float], agreeing: frozenset[At]) -> list[_Move]:
    """The steps between the levels of an ordered field, off from the one that says least, which is worth nothing.

    So neighbouring levels are held together, and none agrees less than the next.
    """
    last = max((at for at, key in enumerate(keys) if (name, key) in agreeing), default=0)
    told = [at for at, key in enumerate(keys) if at >= last and (name, key) in start]
    still = min(told, key=lambda at: abs(start[name, keys[at]]), default=last)
    nearer = [_Move(name, tuple(keys[: at + 1])) for at in range(still)]
    return nearer + [_Move(name, tuple(keys[at:]), falling=True) for at in range(still + 1, len(keys))]


def _patterns(rows: Sequence[Row]) -> list[Pattern]:
    counts: Counter[Levels] = Counter()
    matches: Counter[Levels] = Counter()
    for levels, truth in rows:
        counts[levels] += 1
        matches[levels] += truth
    return [Pattern(levels, count, matches[levels]) for levels, count in counts.items()]


def _odds(matches: float, count: float) -> float:
    return (matches + _SMOOTHING) / (count - matches + _SMOOTHING)


def _start(patterns: Sequence[Pattern]) -> dict[At, float]:
    """log2(m/u) of every level shown, among the pairs whose field could be compared; words begin with nothing."""
    yes: Counter[At] = Counter()
    no: Counter[At] = Counter()
    for pattern in patterns:
        for level in pattern.levels:
            yes[level] += pattern.matches
            no[level] += pattern.count - pattern.matches
    found = {at: 0.0 for at in sorted(yes) if at[0] in WORDS and yes[at] + no[at] >= _FEWEST_OF_WORD}
    for name in sorted({name for name, _ in yes} - set(WORDS)):
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


def _swept(weights: Weights, patterns: Sequence[Pattern], moves: Sequence[_Move], agreeing: frozenset[At]) -> Weights:
    """Newton steps over all moves and the prior until nothing moves."""
    fields = _with(weights.fields, {})
    current = replace(weights, fields=fields)
    odds = [_odds_of(pattern.levels, current) for pattern in patterns]
    prior, everyone, members = current.prior, range(len(patterns)), _members(moves, patterns)
    for _ in range(_SWEEPS):
        moved = _step(odds, patterns, everyone, 0.0, 0.0)
        prior += moved
        for at in everyone:
            odds[at] += moved
        largest = abs(moved)
        for move, concerned in zip(moves, members, strict=True):
            wished = move.value + _step(odds, patterns, concerned, move.value, _DOUBT)
            change = _bounded(move, wished, agreeing) - move.value
            move.value += change
            for key in move.keys:
                fields[move.name][key] += change
            for at in concerned:
                odds[at] += change
            largest = max(largest, abs(change))
        if largest < _STILL:
            break
    return replace(current, prior=prior)


def _members(moves: Sequence[_Move], patterns: Sequence[Pattern]) -> list[list[int]]:
    """Which patterns each move concerns."""
    using: dict[At, list[int]] = defaultdict(list)
    for at, pattern in enumerate(patterns):
        for level in pattern.levels:
            using[level].append(at)
    return [[at for key in move.keys for at in using[move.name, key]] for move in moves]


def _bounded(move: _Move, value: float, agreeing: frozenset[At]) -> float:
    """Agreement is never below nothing, and in an ordered field a farther level never above a nearer one."""
    if move.name in ORDERED:
        return min(0.0, value) if move.falling else max(0.0, value)
    return max(0.0, value) if (move.name, move.keys[0]) in agreeing else value


def _unseen(fitted: Weights, base: Weights, shown: frozenset[At]) -> dict[At, float]:
    """Levels that no pair shows, held back as those of their field were: the old weights times one factor."""
    found: dict[At, float] = {}
    for name in sorted({name for name, _ in shown} - {*ORDERED, *WORDS}):
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


def _odds_of(levels: Levels, weights: Weights) -> float:
    """The log-odds (bits), as `matching.weigh` adds them up."""
    words = sum(weights.of(*level) for level in levels if level[0] in WORDS)
    return (
        weights.prior + words + sum(damped(dict(level for level in levels if level[0] not in WORDS), weights).values())
    )


def _chance(levels: Levels, weights: Weights) -> float:
    odds = max(-60.0, min(60.0, _odds_of(levels, weights)))
    return float(1 / (1 + 2.0**-odds))
