"""What an organisation decided: absences meant so, who closes a gap, what is no gap, its consent to tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class IntendedAbsence:
    """A platform the organisation decided not to be on; shown, never hidden."""

    platform: str
    reason: str
    decided_by: str
    review: date
    service: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A gap, by its id, and the unit that closes it."""

    gap: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A gap, by its id, that the organisation says is none, and why; it stays disputed until the table is removed."""

    gap: str
    reason: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The organisation's own word that its mailboxes may be asked by test: which, for what, and until when.

    ``agreed_by`` is a role, ``reveal`` "at-once" (the enquiry names the test) or "after-answer" (a second mail does),
    ``share`` whether the waits of these tests may enter a report of the federation.
    """

    agreed_by: str
    agreed_on: date
    until: date
    addresses: tuple[str, ...]
    kinds: tuple[str, ...]
    reveal: str = "at-once"
    share: bool = False
