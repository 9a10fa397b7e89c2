"""The whole contract of one checker in one go, for the command line: what fails is told in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from audit.assisted import is_row
from audit.checker import Checker
from audit.registry import Registry
from audit.testing.cases import Case, cases
from audit.testing.contract import (
    check_asks_nothing_unrecorded,
    check_declares,
    check_deterministic,
    check_has_cases,
    check_hostile,
    check_imports_only_the_sdk,
    check_reads_as_recorded,
)
from audit.working import UnknownNameError

_PER_CASE = (check_reads_as_recorded, check_asks_nothing_unrecorded, check_hostile, check_deterministic)


def failures(registry: Registry, checker_id: str, recordings: Path) -> list[str]:
    """What keeps a checker from meeting the contract over its cases below ``recordings``; empty: it holds.

    Raises `UnknownNameError` where no checker has that id.
    """
    ways = {checker.id: checker for checker in registry.checkers}
    if checker_id not in ways:
        raise UnknownNameError("platform way", checker_id, ways)
    checker = ways[checker_id]
    told = [_complaint(check_declares, checker)]
    if not is_row(checker):  # a row of a table only declares
        told += _over_cases(checker, recordings)
    return list(filter(None, told))


def _over_cases(checker: Checker, recordings: Path) -> Iterator[str]:
    yield _complaint(check_imports_only_the_sdk, checker)
    try:
        found = cases(recordings, [checker])
    except (AttributeError, OSError, TypeError, ValueError) as problem:
        yield f"{checker.id}: the recordings cannot be read: {problem}"
        return
    yield _complaint(check_has_cases, checker, found)
    for case in found:
        yield from (_complaint(check, case) for check in _PER_CASE)


def _complaint(check: Callable[..., None], subject: Checker | Case, *more: object) -> str:
    """What a check says is wrong, or an empty text. Whatever the checker raises is a complaint, too."""
    try:
        check(subject, *more)
    except AssertionError as problem:
        return str(problem)
    except Exception as problem:  # noqa: BLE001 - stands for the engine's isolation point "visit" (DESIGN 2.7)
        name = subject if isinstance(subject, Case) else subject.id
        return f"{name}: {type(problem).__name__} in {check.__name__}: {problem}"
    return ""
