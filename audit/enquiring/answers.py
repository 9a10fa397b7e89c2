"""Answers to test enquiries, recognised by token, and enquiries as exchanges (source ``tested``). Pure.

For whoever imports a mailbox. With header fields at hand, `recognise` names the enquiry a message answers. Where only
salted hashes are kept, `known` gives the exchanges by the hashes of their Message-IDs and reply addresses, hashed as
the importer hashes them, and `enquiry_of` leads back. Then ``audit.store.ledger.answer`` takes the answer in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from audit.enquiring.tokens import tokens_in
from audit.model import Exchange

_MARK = "test-"
Row = Mapping[str, Any]  # of the table ``enquiries``


def recognise(references: Iterable[str], receivers: Iterable[str], ids: Iterable[str]) -> str:
    """The id of the enquiry that a message answers, or an empty text.

    ``references`` are its In-Reply-To and References fields, in this order, ``receivers`` its To, Cc and Delivered-To,
    ``ids`` those of the enquiries sent. What a message is in reply to counts before where it was sent to; the sender
    does not count: people answer from other addresses than were written to.
    """
    sent = frozenset(ids)
    return next((id_ for field in (*references, *receivers) for id_ in tokens_in(field) if id_ in sent), "")


def exchange(row: Row) -> Exchange:
    """An enquiry of the ledger as an exchange; without an answer it is open (censored), never left out."""
    answered = row["answered_at"]
    return Exchange(
        id=f"{_MARK}{row['id']}",
        asked_at=datetime.fromisoformat(row["sent_at"] or row["planned_at"]),
        answered_at=datetime.fromisoformat(answered) if answered else None,
        channel="mail",
        source="tested",
        service=row["service"],
    )


def enquiry_of(exchange_id: str) -> str:
    """The id of the enquiry in the ledger that an exchange stands for; empty where it stands for none."""
    return exchange_id.removeprefix(_MARK) if exchange_id.startswith(_MARK) else ""


def exchanges(rows: Iterable[Row]) -> list[Exchange]:
    """All enquiries that arrived: those sent, and uncertain ones only once they were answered."""
    return [exchange(row) for row in rows if row["state"] == "sent" or (row["answered_at"] and row["sent_at"])]


def known(rows: Iterable[Row], hashed: Callable[[str, str], str]) -> dict[str, Exchange]:
    """Exchanges by ``hashed("message", message id)`` and ``hashed("plus", reply address)``.

    Message ids are without angle brackets, addresses in small letters. Uncertain enquiries are among them, so that an
    answer can prove that they arrived.
    """
    found = {}
    for row in rows:
        if row["state"] in ("sent", "uncertain"):
            found[hashed("message", row["message"])] = exchange(row)
            if "+" in row["reply_to"]:
                found[hashed("plus", row["reply_to"].lower())] = exchange(row)
    return found
