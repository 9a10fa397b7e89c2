"""What every checker of every platform file must do: one contract, no list to edit."""

from __future__ import annotations

from pathlib import Path

import pytest

import platforms
from audit import registry, testing
from audit.assisted import load_shipped
from audit.checker import Checker
from audit.model import Access

ROOT = Path(__file__).parent.parent
FOUND = registry.find(platforms)
ASSISTED = load_shipped(ROOT / "platforms")
ASKING = [checker for checker in FOUND.checkers if checker.access is not Access.ASSISTED]
CASES = testing.cases(ROOT / "tests" / "recordings", ASKING)


def test_every_platform_file_loads() -> None:
    assert FOUND.broken == ()
    assert ASKING


@pytest.mark.parametrize("checker", [*FOUND.checkers, *ASSISTED], ids=lambda checker: checker.id)
def test_a_checker_declares_what_it_must(checker: Checker) -> None:
    testing.check_declares(checker)


@pytest.mark.parametrize("checker", ASKING, ids=lambda checker: checker.id)
def test_a_checker_imports_only_the_sdk(checker: Checker) -> None:
    testing.check_imports_only_the_sdk(checker)


@pytest.mark.parametrize("checker", ASKING, ids=lambda checker: checker.id)
def test_a_checker_has_a_listed_and_a_not_listed_case(checker: Checker) -> None:
    testing.check_has_cases(checker, CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_case_is_read_exactly_as_recorded(case: testing.Case) -> None:
    testing.check_reads_as_recorded(case)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_case_asks_for_nothing_unrecorded(case: testing.Case) -> None:
    testing.check_asks_nothing_unrecorded(case)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_whatever_comes_instead_of_an_answer_is_never_missing(case: testing.Case) -> None:
    testing.check_hostile(case)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_same_input_gives_the_same_output(case: testing.Case) -> None:
    testing.check_deterministic(case)


def test_the_recordings_hold_no_folder_of_an_unknown_checker() -> None:
    known = {checker.id for checker in FOUND.checkers}
    assert {folder.name for folder in (ROOT / "tests" / "recordings").iterdir() if folder.is_dir()} <= known
