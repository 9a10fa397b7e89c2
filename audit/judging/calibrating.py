"""How right the match model is on labelled pairs: precision, recall, F1, and whether its probabilities hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from audit.judging.labelled import LabelledPair
from audit.judging.matching import compare_fields, probability, weigh
from audit.judging.promptness import wilson
from audit.judging.weights import Weights
from audit.model import Ground

_BINS = (0.0, 0.01, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 0.99, 1.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled pair with the model's probability and its grounds."""

    pair: LabelledPair
    probability: float
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval, all 0 to 1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision, recall and F1 at one threshold; ``right`` are matches found, then wrong and missed ones."""

    threshold: float
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> Share:
        """Of the pairs called a match, the share that are one."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> Share:
        """Of the true matches, the share found."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> Share:
        """The harmonic mean. Its interval is Wilson's of right/(right+wrong+missed), which F1 is a function of."""
        inner = _share(self.right, self.right + self.wrong + self.missed)
        return Share(*(2 * value / (1 + value) for value in (inner.value, inner.low, inner.high)))


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs with probabilities from ``low`` to ``high``: their mean, and the share that are matches."""

    low: float
    high: float
    count: int
    expected: float
    observed: Share


def _share(hits: int, count: int) -> Share:
    return Share(hits / count, *wilson(hits, count)) if count else Share(0.0, 0.0, 1.0)


def judge(pairs: Iterable[LabelledPair], weights: Weights) -> list[Judged]:
    """Every pair compared and weighed as an audit does."""
    judged = []
    for pair in pairs:
        grounds = weigh(compare_fields(pair.stated, pair.listing), weights)
        judged.append(Judged(pair, probability(grounds, weights), grounds))
    return judged


Said = Sequence[tuple[float, bool]]  # (probability, truth)


def said(judged: Iterable[Judged]) -> list[tuple[float, bool]]:
    """Probability and truth of each pair."""
    return [(one.probability, one.pair.match) for one in judged]


def figures(answers: Said, threshold: float) -> Figures:
    """What a threshold gives."""
    right = sum(chance >= threshold and truth for chance, truth in answers)
    called = sum(chance >= threshold for chance, _ in answers)
    return Figures(threshold, right, called - right, sum(truth for _, truth in answers) - right)


def best(answers: Said) -> Figures:
    """The threshold with the greatest F1: the middle between the last pair called a match and the next."""
    ranked = sorted(answers, reverse=True)
    total, right, top = sum(truth for _, truth in ranked), 0, (0.0, 1.0)
    for called, (chance, truth) in enumerate(ranked, start=1):
        right += truth
        following = ranked[called][0] if called < len(ranked) else 0.0
        if following != chance and 2 * right / (called + total) > top[0]:
            top = 2 * right / (called + total), (chance + following) / 2
    return figures(answers, top[1])


def reliability(answers: Said) -> list[Bin]:
    """Whether of the pairs called likely as much as p, the share p are matches; empty bins are left out."""
    bins = []
    for low, high in pairwise(_BINS):
        inside = [one for one in answers if low <= one[0] < high or (high == 1.0 and one[0] == 1.0)]
        if inside:
            hits, mean = sum(truth for _, truth in inside), sum(chance for chance, _ in inside) / len(inside)
            bins.append(Bin(low, high, len(inside), mean, _share(hits, len(inside))))
    return bins


def worst(judged: Iterable[Judged], count: int, threshold: float) -> list[Judged]:
    """The pairs that the threshold calls wrongly, the surest mistakes first."""
    errors = [one for one in judged if (one.probability >= threshold) != one.pair.match]
    return sorted(errors, key=lambda one: (-abs(one.probability - one.pair.match), one.pair.row))[:count]
