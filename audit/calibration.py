"""Measuring and fitting the match model on labelled pairs: from a file to figures and a table of weights."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from audit.judging import calibrating, fitting
from audit.judging.calibrating import Bin, Figures, Judged
from audit.judging.labelled import LabelledPair, LabelledProblemError, pairs
from audit.judging.matching import compare_fields
from audit.judging.weights import Weights, WeightsProblemError, as_toml, parse, shipped

_MAX_BYTES = 200_000_000
_SAMPLE = 8192


class CalibrationProblemError(ValueError):
    """A file that cannot be used; the message says which, why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What a file of labelled pairs says of a table of weights.

    ``at`` are the figures at the table's threshold, ``best`` those at the threshold with the
    greatest F1. With ``fitted`` (a new table) all are of pairs that had no part in their weights.
    """

    file: str
    pairs: int
    matches: int
    at: Figures
    best: Figures
    bins: Sequence[Bin]
    errors: Sequence[Judged]
    fitted: Weights | None = None


def calibrate(
    file: Path, *, columns: Sequence[str] = (), region: str = "DE", weights: Path | None = None, errors: int = 10
) -> Calibration:
    """Measure the weights (a table's, or those shipped) on a file. Raises `CalibrationProblemError`."""
    table = read_weights(weights) if weights else shipped()
    judged = calibrating.judge(read_pairs(file, columns, region), table)
    return _calibration(file, judged, table.match, errors)


def fit(
    file: Path,
    today: date,
    *,
    columns: Sequence[str] = (),
    region: str = "DE",
    weights: Path | None = None,
    errors: int = 10,
) -> Calibration:
    """Fit new weights to a file and measure them on pairs left out in turn. Raises `CalibrationProblemError`."""
    base = read_weights(weights) if weights else shipped()
    labelled = read_pairs(file, columns, region)
    _enough(file, labelled)
    rows, agreeing = fitting.compared([(compare_fields(pair.stated, pair.listing), pair.match) for pair in labelled])
    unseen = fitting.cross_validated(rows, base, agreeing)
    top = calibrating.best([(chance, truth) for chance, (_, truth) in zip(unseen, rows, strict=True)])
    table = fitting.with_threshold(fitting.fit(rows, base, agreeing), top.f1.value)
    judged = calibrating.judge(labelled, table)
    judged = [replace(one, probability=chance) for one, chance in zip(judged, unseen, strict=True)]
    found = _calibration(file, judged, table.match, errors)
    return replace(found, fitted=replace(table, fitted=_provenance(found, region, today)))


def _enough(file: Path, labelled: Sequence[LabelledPair]) -> None:
    matches = sum(pair.match for pair in labelled)
    if min(matches, len(labelled) - matches) < fitting.FEWEST:
        raise CalibrationProblemError(
            f"{file}: {matches} matches among {len(labelled)} pairs; at least {fitting.FEWEST} matches and as many "
            "other pairs are needed to fit weights. Label more pairs, or measure without --fit."
        )


def _calibration(file: Path, judged: Sequence[Judged], threshold: float, errors: int) -> Calibration:
    answers = calibrating.said(judged)
    return Calibration(
        file=file.name,
        pairs=len(judged),
        matches=sum(one.pair.match for one in judged),
        at=calibrating.figures(answers, threshold),
        best=calibrating.best(answers),
        bins=calibrating.reliability(answers),
        errors=calibrating.worst(judged, errors, threshold),
    )


def _provenance(found: Calibration, region: str, today: date) -> dict[str, str | int | float]:
    f1 = found.at.f1
    return {
        "method": "log2(m/u), then penalised logistic regression; levels the pairs do not show as in the table before",
        "data": found.file,
        "region": region,
        "date": today.isoformat(),
        "pairs": found.pairs,
        "matches": found.matches,
        "precision": round(found.at.precision.value, 4),
        "recall": round(found.at.recall.value, 4),
        "f1": round(f1.value, 4),
        "f1_low": round(f1.low, 4),
        "f1_high": round(f1.high, 4),
        "threshold": "half the greatest F1 of pairs left out in turn",
        "measured": "five folds, each with weights fitted without it",
    }


def write_weights(table: Weights, file: Path) -> None:
    """Write a table of weights. Raises `OSError`."""
    file.write_text(as_toml(table), encoding="utf-8")


def read_weights(file: Path) -> Weights:
    """Read a table of weights. Raises `CalibrationProblemError`."""
    try:
        return parse(_text(file))
    except WeightsProblemError as error:
        raise CalibrationProblemError(f"{file}: {error}") from error
    except OSError as error:
        raise CalibrationProblemError(
            f"{file}: cannot be read ({error.strerror}); a table of weights is written by "
            "findbar data calibrate LABELLED --fit --into FILE."
        ) from error


def read_pairs(file: Path, columns: Sequence[str], region: str) -> list[LabelledPair]:
    """Labelled pairs of a JSON Lines, JSON or CSV file. Raises `CalibrationProblemError`."""
    text = _text(file)
    try:
        found = pairs(_rows(text), _named(columns), region)
    except (LabelledProblemError, csv.Error, RecursionError) as error:
        raise CalibrationProblemError(f"{file}: {error}") from error
    if not found:
        raise CalibrationProblemError(f"{file}: no pairs in it.")
    return found


def _text(file: Path) -> str:
    raw = file.read_bytes()
    if len(raw) > _MAX_BYTES:
        raise CalibrationProblemError(f"{file}: larger than 200 MB; take a sample of the pairs.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CalibrationProblemError(f"{file}: not UTF-8 ({error.reason}); save it as UTF-8.") from error


def _named(columns: Sequence[str]) -> dict[str, str]:
    """--column phone=tel as {"phone": "tel"}."""
    wrong = [text for text in columns if "=" not in text]
    if wrong:
        raise LabelledProblemError(f"--column {wrong[0]}: write FIELD=COLUMN, for example phone=tel.")
    return {field.strip(): column.strip() for field, _, column in (text.partition("=") for text in columns)}


def _rows(text: str) -> list[Mapping[str, Any]]:
    """Rows of JSON Lines or a JSON list if it begins like one, else of CSV."""
    start = text.lstrip()[:1]
    if start == "[":
        return _objects([(1, text)])
    if start == "{":
        return _objects([(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()])
    delimiter = max(";,\t|", key=text[:_SAMPLE].partition("\n")[0].count)
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter, restkey="", restval=""))


def _objects(lines: Sequence[tuple[int, str]]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for number, line in lines:
        try:
            value = json.loads(line)
        except ValueError as error:
            raise LabelledProblemError(f"line {number}: not valid JSON ({error}).") from error
        for row in value if isinstance(value, list) else [value]:
            if not isinstance(row, dict):
                raise LabelledProblemError(f"line {number}: not an object with two sides and a label.")
            found.append(row)
    return found
