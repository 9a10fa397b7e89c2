"""Criteria: one question per file, each answered for one cell from what was seen of it.

A criterion module has ``ID``, ``ORDER`` and ``judge(view) -> Finding | None``; None means that the
question does not arise there. Files are found by scanning: a new question is one new file.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Protocol, cast

from audit.judging.view import View
from audit.model import Finding, Outcome, Reason


class Criterion(Protocol):
    """What a criterion module offers."""

    ID: str
    ORDER: int
    judge: Callable[[View], Finding | None]


@cache
def criteria() -> tuple[Criterion, ...]:
    """All criteria in order."""
    modules = (importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    return tuple(sorted((cast("Criterion", module) for module in modules), key=lambda c: c.ORDER))


def judge_all(view: View) -> tuple[Finding, ...]:
    """All findings of a cell, in the order of the criteria; one that raises is unknown and stops no other."""
    return tuple(finding for criterion in criteria() if (finding := _judge(criterion, view)))


def _judge(criterion: Criterion, view: View) -> Finding | None:
    try:
        return criterion.judge(view)
    except Exception as problem:  # noqa: BLE001 - isolation point "criterion" (DESIGN 2.7)
        note = f"{criterion.ID}: {type(problem).__name__}: {problem}"
        return view.finding(criterion.ID, Outcome.UNKNOWN, reason=Reason.CHECKER_BROKEN, note=note)
