"""How right the match model is on labelled pairs: figures, reliability, and the worst errors with their grounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from rich.console import Console

from audit.model import Ground
from reports.terminal.parts import QUIET, columns, heading, plain, say, tidy
from reports.texts import Texts
from reports.wording import reason_in


class Share(Protocol):
    """A share and its interval, 0 to 1."""

    @property
    def value(self) -> float:
        """The share."""

    @property
    def low(self) -> float:
        """Lower end."""

    @property
    def high(self) -> float:
        """Upper end."""


class Figures(Protocol):
    """What one threshold gives."""

    @property
    def threshold(self) -> float:
        """From this probability on a pair is called a match."""

    @property
    def precision(self) -> Share:
        """Right among those called a match."""

    @property
    def recall(self) -> Share:
        """Found among the true matches."""

    @property
    def f1(self) -> Share:
        """Harmonic mean of both."""

    @property
    def wrong(self) -> int:
        """Called a match, and none."""

    @property
    def missed(self) -> int:
        """A match, and not called one."""


class Calibration(Protocol):
    """Everything that is shown."""

    @property
    def file(self) -> str:
        """The file's name."""

    @property
    def pairs(self) -> int:
        """Labelled pairs."""

    @property
    def matches(self) -> int:
        """True matches among them."""

    @property
    def at(self) -> Figures:
        """At the table's threshold."""

    @property
    def best(self) -> Figures:
        """At the best threshold."""

    @property
    def bins(self) -> Sequence[Any]:
        """Groups of pairs by probability."""

    @property
    def errors(self) -> Sequence[Any]:
        """The worst errors."""

    @property
    def fitted(self) -> Any:
        """The new table, or None."""


def print_calibration(found: Calibration, lang: str, console: Console) -> None:
    """Figures with 95 % intervals, then whether probabilities hold, then errors in words."""
    texts = Texts(lang)
    with tidy(console):
        say(console, texts.say("calibrated", file=found.file, pairs=found.pairs, matches=found.matches))
        say(console, texts.say("calibrated_unseen" if found.fitted else "calibrated_table"), QUIET)
        _print_figures({"threshold_own": found.at, "threshold_best": found.best}, texts, console)
        _print_bins(found.bins, texts, console)
        for number, error in enumerate(found.errors, start=1):
            if number == 1:
                heading(console, texts.say("worst_errors"))
            _print_error(number, error, texts, console)


def _print_figures(figures: Mapping[str, Figures], texts: Texts, console: Console) -> None:
    console.print()
    table = columns(console, "", *map(texts.say, figures), right=frozenset({1, 2}))
    rows = {
        "threshold": [_fixed(one.threshold, 2, texts) for one in figures.values()],
        "precision": [_share(one.precision, texts) for one in figures.values()],
        "recall": [_share(one.recall, texts) for one in figures.values()],
        "f1": [_share(one.f1, texts) for one in figures.values()],
        "wrong_matches": [str(one.wrong) for one in figures.values()],
        "missed_matches": [str(one.missed) for one in figures.values()],
    }
    for key, cells in rows.items():
        table.add_row(*(plain(console, part) for part in (texts.say(key), *cells)))
    console.print(table)


def _print_bins(bins: Sequence[Any], texts: Texts, console: Console) -> None:
    heading(console, texts.say("reliability"))
    titles = ("said_probability", "pairs", "said_mean", "true_share")
    table = columns(console, *map(texts.say, titles), right=frozenset({1, 2}))
    for one in bins:
        range_ = f"{_fixed(one.low, 2, texts)}–{_fixed(one.high, 2, texts)}"
        parts = (range_, str(one.count), _fixed(one.expected, 3, texts), _share(one.observed, texts))
        table.add_row(*(plain(console, part) for part in parts))
    console.print(table)


def _share(share: Share, texts: Texts) -> str:
    value, low, high = (_fixed(part, 3, texts) for part in (share.value, share.low, share.high))
    return f"{value} ({low}–{high})"


def _fixed(value: float, digits: int, texts: Texts) -> str:
    """A number with all its decimals, so that columns stand in line."""
    return f"{value:.{digits}f}".replace(".", texts.number(0.5, 1)[1])


def _print_error(number: int, error: Any, texts: Texts, console: Console) -> None:
    pair = error.pair
    truth = texts.say("error_missed" if pair.match else "error_wrong", row=pair.row)
    chance = _fixed(error.probability, 3, texts)
    console.print(plain(console, f"{number}. {pair.stated.names[0]} | {pair.listing.name}", "bold"))
    say(console, f"{truth} · {texts.say('said_probability')} {chance}", indent=3)
    say(console, "; ".join(_ground(ground, texts) for ground in error.grounds if ground.weight), QUIET, indent=3)


def _ground(ground: Ground, texts: Texts) -> str:
    sign = "+" if ground.weight > 0 else ""
    return f"{texts.ground(ground.field)}: {reason_in(ground, texts.lang)} ({sign}{texts.number(ground.weight, 1)})"
