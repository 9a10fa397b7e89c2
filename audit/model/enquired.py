"""Test enquiries to one's own organisation: what is planned, what was sent, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audit.model.words import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """One test enquiry by mail, whole: exactly what is sent, to whom and when (aware).

    ``id`` is its token, ``service`` the id of the service asked about (empty: the organisation), ``message`` its
    Message-ID without angle brackets, ``reply_to`` the address it is sent from and answered to.
    """

    id: str
    organisation: str
    address: str
    service: str
    kind: str
    window: Window
    at: datetime
    subject: str
    body: str
    reveal: str
    message: str = ""
    reply_to: str = ""
    state: str = "planned"  # planned | sending | sent | refused | failed | uncertain
    answered_at: datetime | None = None
    revealed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What one call did, or would do: ``refused`` names addresses with the word for the reason.

    ``planned`` is what lies ahead, ``done`` what was tried now with its state, ``revealed`` how many tests were named
    afterwards, ``unsure`` how many of earlier are now known to be uncertain.
    """

    dry: bool
    planned: tuple[Enquiry, ...] = ()
    done: tuple[Enquiry, ...] = ()
    refused: tuple[tuple[str, str, str], ...] = ()  # organisation, address, reason
    revealed: int = 0
    unsure: int = 0
