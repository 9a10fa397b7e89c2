"""The header block of one message, and what may be known of it. Pure; never raises, linear in its input.

Only the fields of mail.toml are looked at. Addresses and the subject become salted hashes at once.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any

from audit.sources.hashing import Salt

MOST_BYTES = 131_072  # of a header block; what is longer is cut
_LONGEST = 16_384  # bytes of one field
_ID = re.compile(r"<([^<>\s]{1,250})>")
_ANGLE = re.compile(r"<([^<>\s@]{1,64}@[\w.-]{1,253})>")
_PLAIN = re.compile(r"(?<![^\s,;:\"'<])([^<>\s@,;:\"'()]{1,64}@[\w.-]{1,253})")
_PARENTS = 12


@cache
def table() -> dict[str, Any]:
    """The table of headers (mail.toml)."""
    with Path(__file__).with_name("mail.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True)
class House:
    """Whose mailbox it is: domains and full addresses of its own, and the salted hash of each contact address.

    ``services`` maps a hash to the id of the service that is asked there, ``askers`` are addresses of the house that
    ask by test: what they write is a question, and what is written to them an answer.
    """

    domains: frozenset[str]
    addresses: frozenset[str]
    services: dict[str, str]
    confidential: bool = True
    askers: frozenset[str] = frozenset()

    def owns(self, address: str) -> bool:
        """Whether an address (small letters) answers for the organisation; subdomains do."""
        if address in self.askers:
            return False
        local, _, domain = address.rpartition("@")
        bare = f"{local.partition('+')[0]}@{domain}"
        return bare in self.addresses or any(domain == d or domain.endswith(f".{d}") for d in self.domains)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message without a person: hashes, a time, and what sort of message it is.

    ``nature``: human, automatic, bounce, list or newsletter. ``plus`` are hashes of plus-addresses it names,
    ``topic`` a hash of subject and counterpart ("" for confidential services), ``service`` where it was sent to.
    """

    id: str
    parents: tuple[str, ...]
    at: datetime | None
    ours: bool
    outside: bool  # whether anybody outside the house receives it
    inside: bool  # whether anybody of the house does
    nature: str
    form: bool
    plus: tuple[str, ...]
    topic: str
    service: str
    odd: bool


def fields(block: bytes) -> dict[str, str]:
    """The wanted header fields, unfolded, the first of each name (the topmost Received is our own server's)."""
    wanted, found, name = _wanted(), dict[str, str](), ""
    lines: list[str] = []
    for line in block[:MOST_BYTES].replace(b"\r\n", b"\n").split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            lines.append(line.strip().decode("utf-8", "surrogateescape"))
            continue
        if name and name not in found:
            found[name] = " ".join(lines)[:_LONGEST]
        head, colon, rest = line.partition(b":")
        name = head.strip().decode("ascii", "replace").lower() if colon else ""
        name = name if name in wanted else ""
        lines = [rest.strip().decode("utf-8", "surrogateescape")]
    if name and name not in found:
        found[name] = " ".join(lines)[:_LONGEST]
    return found


@cache
def _wanted() -> frozenset[str]:
    return frozenset([*table()["fields"], *table()["subject"]])


def envelope(block: bytes, house: House, salt: Salt, arrived: datetime | None = None) -> Envelope | None:
    """What may be known of a message; None where the block is no header at all. ``arrived`` is the server's word."""
    head = fields(block)
    if not head.keys() & {"message-id", "date", "from", "received"}:
        return None
    sender, reply_to = _addresses(head.get("from", ""))[:1], _addresses(head.get("reply-to", ""))[:1]
    receivers = [a for name in ("to", "cc", "delivered-to", "x-original-to") for a in _addresses(head.get(name, ""))]
    form = bool(sender and house.owns(sender[0]) and reply_to and not house.owns(reply_to[0]))
    writer = reply_to if form else sender
    ours = bool(writer and house.owns(writer[0]))
    subject = "" if house.confidential else head.get("subject", "")
    others = [a for a in (*writer, *receivers) if not house.owns(a)]
    return Envelope(
        id=_id(head, sender, salt),
        parents=_parents(head, salt),
        at=arrived or _arrival(head),
        ours=ours,
        outside=any(not house.owns(a) for a in receivers),
        inside=any(house.owns(a) for a in receivers),
        nature=_nature(head, subject, sender),
        form=form,
        plus=tuple(dict.fromkeys(salt.of("plus", a) for a in (*writer, *receivers) if "+" in a.partition("@")[0])),
        topic="" if house.confidential or not others else salt.of("topic", _topic(subject), others[0]),
        service=next((s for a in receivers if (s := house.services.get(salt.of("address", a)))), ""),
        odd=_is_odd(head.get("subject", "")),
    )


def _id(head: dict[str, str], sender: list[str], salt: Salt) -> str:
    found = _ID.search(head.get("message-id", ""))
    told = found[1] if found else head.get("message-id", "").strip()
    return salt.of("message", told) if told else salt.of("message", head.get("date", ""), *sender)


def _parents(head: dict[str, str], salt: Salt) -> tuple[str, ...]:
    told = _ID.findall(head.get("references", "")) + _ID.findall(head.get("in-reply-to", ""))
    once = list(dict.fromkeys(told))
    kept = once if len(once) <= _PARENTS else [once[0], *once[1 - _PARENTS :]]
    return tuple(salt.of("message", id_) for id_ in kept)


def _addresses(text: str) -> list[str]:
    found = _ANGLE.findall(text) or _PLAIN.findall(text)
    return [address.lower() for address in found[:50]]


def _arrival(head: dict[str, str]) -> datetime | None:
    """When it reached the mailbox: our own server's stamp, else the sender's word."""
    received = head.get("received", "").rpartition(";")[2]
    return _date(received) or _date(head.get("date", ""))


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.strip()[:100])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _nature(head: dict[str, str], subject: str, sender: list[str]) -> str:
    rules = table()
    signs = [nature for name, nature in rules["present"].items() if name in head]
    for name, words in rules["first_word"].items():
        signs += [nature for word, nature in words.items() if name in head and _first_word(head[name]) == word]
    local = sender[0].partition("@")[0] if sender else ""
    signs += [nature for nature, locals_ in rules["senders"].items() if local in locals_]
    for nature in ("bounce", "automatic", "newsletter", "list"):
        if nature in signs:
            return nature
    suppress = head.get("x-auto-response-suppress", "").lower()
    weak = any(w in suppress for w in rules["weak"]["x-auto-response-suppress"])
    named = any(w in subject.lower() for w in rules["weak"]["subject"])
    return "automatic" if weak and named else "human"


def _first_word(value: str) -> str:
    """RFC 3834: the keyword before parameters and comments ("auto-replied (vacation)")."""
    return re.split(r"[\s;(]", value.strip().lower(), maxsplit=1)[0]


def _topic(subject: str) -> str:
    text = " ".join(_decoded(subject).casefold().split())[:500]
    marks = "|".join(table()["subject_marks"]["words"])
    return re.sub(rf"^(?:(?:{marks})(?:\[\d{{1,3}}\])?:\s?)+", "", text)


def _decoded(text: str) -> str:
    try:
        parts = decode_header(text[:2_000])
        return "".join(p.decode(c or "latin-1", "replace") if isinstance(p, bytes) else p for p, c in parts)
    except (HeaderParseError, LookupError, ValueError):
        return text


def _is_odd(subject: str) -> bool:
    """Raw bytes that no charset explains."""
    return any("\udc80" <= letter <= "\udcff" for letter in subject)
