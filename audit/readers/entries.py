"""What entries of directories have in common: an address in pieces, contact facts, and the first steps they allow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from audit.model import Action, Address, Item, Listing, More, Nothing
from audit.page import NotUnderstood, squash
from audit.readers.contact import emails_in, unique_phones
from audit.readers.places import split_street
from audit.readers.words import fold

_TOWN = re.compile(r"(?:D[- ]{1,2})?(?P<postcode>\d{5})\b[\s,]*+(?P<city>.*)")
_LABEL = re.compile(r"^(?:tel(?:efon)?|fon|phone|mobil|handy)\s*[.:]{1,2}\s*", re.IGNORECASE)
_TWICE = re.compile(r"^(?:https?:/{1,2})+(?=https?:/{1,2})", re.IGNORECASE)
_LONGEST = 300


def entry(
    name: str,
    *,
    phones: Iterable[str] = (),
    emails: Iterable[str] = (),
    websites: Iterable[str] = (),
    books: bool = False,
    writes: bool = False,
    **more: Any,
) -> Listing:
    """A listing with its contact facts put right and the first steps that follow from them.

    ``phones`` may carry a label ("Tel.: "), ``emails`` may hold several in one text or be written with (at),
    ``websites`` may lack https:// or have it twice. ``books`` and ``writes`` tell of a form to book or to write by.
    ``more`` are further fields of `Listing`.
    """
    numbers = unique_phones(one for one in (_LABEL.sub("", squash(told)) for told in phones) if _dialled(one))
    mails = emails_in(" ".join(emails)[:_LONGEST])
    webs = tuple(dict.fromkeys(filter(None, map(web, websites))))
    steps = (
        (Action.CALL, numbers),
        (Action.WRITE, mails or writes),
        (Action.VISIT_WEBSITE, webs),
        (Action.BOOK, books),
    )
    actions = tuple(action for action, there in steps if there)
    return Listing(
        name=squash(name)[:_LONGEST], phones=numbers, emails=mails, websites=webs, actions=actions, **more
    )  # fmt: skip


def _dialled(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= 3


def stated(text: str) -> int | None:
    """The number that a page states ("1.304"), or None where it is none."""
    plain = squash(text[:20]).replace(".", "")
    return int(plain) if re.fullmatch(r"[0-9]{1,7}", plain) else None


def hits(total: float, found: Sequence[Item], sign: str, *, rest: bool = True) -> Iterator[Item]:
    """What a list of hits comes to: its entries, none at all, or a part of what is announced.

    ``total`` is the number that the platform itself states, ``sign`` where it does. ``rest`` is False where
    the others are asked for. Raises `NotUnderstood` where entries are announced and none is shown.
    """
    if not found and total == 0:
        yield Nothing(f"{sign} 0")
    elif not found:
        raise NotUnderstood(f"{total:.0f} entries announced ({sign}), none shown")
    yield from found
    if rest and total > len(found) > 0:
        yield More(f"{len(found)} of {total:.0f} entries shown")


def web(text: str) -> str:
    """The first web address as directories write it ("www.example.org", "https://https://example.org"); "" for none."""
    parts = (_TWICE.sub("", part) for part in re.split(r"[;\s]+", text[:2048]))
    found = next((part for part in parts if "." in part.strip(".") and "@" not in part), "")
    if not found or re.match(r"https?://", found, re.IGNORECASE):
        return found
    return f"https://{found.lstrip('/')}"


def address(street: str, town: str, postcode: str = "") -> Address:
    """An address of a street line ("Musterweg 5 a") and a town line ("12345 Musterstadt", or the town alone)."""
    name, number = split_street(squash(street))
    found = _TOWN.fullmatch(squash(town))
    if found:
        return Address(street=name, house_number=number, postcode=found["postcode"], city=found["city"])
    return Address(street=name, house_number=number, postcode=squash(postcode), city=squash(town))


def address_line(line: str, between: str = ",") -> Address:
    """An address on one line: street, then ``between``, then postcode and town; empty where it is none."""
    street, _, town = squash(line)[:_LONGEST].rpartition(between)
    return address(street.rstrip(" ,-"), town) if _TOWN.fullmatch(town.strip()) else Address()


def same_town(one: str, other: str) -> bool:
    """Whether two names mean one town: "Frankfurt" and "Frankfurt am Main", "Berlin" and "Berlin-Mitte" do."""
    a, b = fold(one), fold(other)
    return bool(a and b) and (a == b or a.startswith(f"{b} ") or b.startswith(f"{a} "))
