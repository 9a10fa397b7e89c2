"""Replay and the contract that every checker meets, for this project's tests and for third parties."""

from audit.testing.cases import LISTED, NOT_LISTED, Case, Recorded, accept, cases, load, plain
from audit.testing.contract import (
    check_asks_nothing_unrecorded,
    check_declares,
    check_deterministic,
    check_has_cases,
    check_hostile,
    check_imports_only_the_sdk,
    check_reads_as_recorded,
)
from audit.testing.skeleton import write_skeleton

__all__ = [
    "LISTED", "NOT_LISTED", "Case", "Recorded", "accept", "cases", "check_asks_nothing_unrecorded",
    "check_declares", "check_deterministic", "check_has_cases", "check_hostile", "check_imports_only_the_sdk",
    "check_reads_as_recorded", "load", "plain", "write_skeleton",
]  # fmt: skip
