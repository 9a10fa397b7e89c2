"""Scoring again from stored comparisons alone: what the levels of a finding are worth under the method of today.

Neither listings nor texts are read, so that a change of the method's weights is seen on years of runs in minutes; what
the comparisons would be under other rules of comparing only judging again tells. Weights of cells stay as they were.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import cast

from pydantic import TypeAdapter

from audit.judging.method import method
from audit.judging.summing import Sums, applicable
from audit.judging.worth import accuracy, findability, state_of
from audit.model import Cell, Finding, Level, Outcome, State

_NAMED = "recognisable"  # its note says how the service shows, and the method what that is worth


@dataclass(slots=True)
class _Compared:
    """What is needed of a stored finding."""

    criterion: str
    outcome: Outcome
    value: float | None
    level: Level | None
    note: str


@dataclass(slots=True)
class _Stored:
    """What is needed of a stored cell."""

    subject: str
    platform: str
    state: State
    weight: float
    findability: float | None
    accuracy: float | None
    age_days: float
    findings: list[_Compared]


@dataclass(slots=True)
class _Result:
    """What is needed of a stored result."""

    cells: list[_Stored]


@cache
def _adapter() -> TypeAdapter[_Result]:
    return TypeAdapter(_Result)


def rescored(result: bytes, switchboards: Set[str] = frozenset()) -> Sums:
    """The sums of one stored result (its JSON) under the method in force: its F, A and coverage.

    ``switchboards`` are the subjects that state no phone number of their own, where several share one.
    """
    cells = _adapter().validate_json(result).cells
    for cell in cells:
        if cell.state is not State.NOT_APPLICABLE:
            _score(cell, shared_phone=cell.subject in switchboards)
    return Sums.of(applicable(cast("Sequence[Cell]", cells)))


def _score(cell: _Stored, *, shared_phone: bool) -> None:
    for finding in cell.findings:
        if finding.level:
            finding.value = method().worth(finding.level)
        elif finding.criterion == _NAMED and finding.note:
            finding.value = _shown(finding.note)
    findings = cast("Sequence[Finding]", cell.findings)
    cell.findability = findability(findings)
    cell.state = state_of(findings, cell.findability)
    cell.accuracy = accuracy(findings, shared_phone=shared_phone)


def _shown(recognised: str) -> float:
    """What it is worth how a service shows: by name or category, in a text, or not."""
    worth = method().findability
    return worth[{"named": "named", "category": "named", "text": "text"}.get(recognised, "listed")]
