"""What a person saw where machines must not or cannot look, and how it counts like any other answer."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from audit.model import Action, Answer, Item, Listing, Nothing, Seen, Visit

PERSON = "person"
_YES = frozenset({"ja", "yes", "j", "y", "1", "x", "gefunden", "found"})
_OPEN = frozenset({"", "unklar", "unclear", "?"})
_NO = frozenset({"nein", "no", "n", "0", "nicht gefunden", "missing", "not found"})


class WorksheetProblemError(ValueError):
    """A filled-in worksheet that cannot be read; the message names every row at fault."""


@dataclass(frozen=True, kw_only=True)
class PersonsLook:
    """One look by a person: whether the service was found there, and the phone number shown, if noted."""

    subject: str
    platform: str
    found: bool
    phone: str
    link: str
    at: datetime


def answer_of(way: str, look: PersonsLook) -> Answer:
    """The look as an answer of an assisted way: a listing, or the person's word that nothing is there."""
    visit = Visit(look.link or f"{PERSON}:{look.platform}", step=PERSON, note=look.subject)
    item: Item = Nothing("a person looked and found nothing")
    if look.found:
        # the worksheet asks whether the contact facts are right: a yes is a possible first step
        phones = (look.phone,) if look.phone else ()
        item = Listing(name="", url=look.link, phones=phones, actions=(Action.CALL, Action.WRITE), source=PERSON)
    seen = Seen(visit=visit, at=look.at, items=(item,), status=200, url=look.link)
    return Answer(way=way, subjects=(look.subject,), chain=(seen,))


def read_worksheet(text: str, today: date) -> list[PersonsLook]:
    """The answered rows of a worksheet: first column the cell, the link, and last the answer and the day.

    An answer is "ja" or "nein" (yes, no), with the phone number shown after a colon if wanted:
    "ja: 0123 456". Rows without an answer are passed over. Raises `WorksheetProblemError`.
    """
    looks, problems = [], []
    rows = _rows(text)
    if not any(len(row) >= 4 and row[0].count("/") > 1 for _, row in rows):
        raise WorksheetProblemError("This is no worksheet: its first column holds no cells. Nothing was read.")
    for number, row in rows:
        if len(row) < 4 or row[-2].strip().casefold() in _OPEN:
            continue
        try:
            looks.append(_look(row, today))
        except ValueError as problem:
            problems.append(f"row {number}: {problem}")
    if problems:
        raise WorksheetProblemError("The worksheet was not read:\n" + "\n".join(problems))
    return looks


def _rows(text: str) -> list[tuple[int, list[str]]]:
    head = text.split("\n", 1)[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    reader: Iterable[list[str]] = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter)
    try:
        return list(enumerate(reader, 1))[1:]
    except csv.Error as error:
        raise WorksheetProblemError(f"The worksheet is no CSV: {error}. Nothing was read.") from error


def _look(row: list[str], today: date) -> PersonsLook:
    subject, _, platform = row[0].strip().rpartition("/")
    if not subject.count("/"):
        raise ValueError(f"{row[0]!r} is no cell (organisation/service@place/platform)")
    told, _, phone = row[-2].partition(":")
    answer = told.strip().casefold()
    if answer not in _YES | _NO:
        raise ValueError(f"{row[-2]!r} is no answer; write ja or nein (yes or no)")
    return PersonsLook(
        subject=subject,
        platform=platform,
        found=answer in _YES,
        phone=phone.strip().lstrip("'"),
        link=next((cell for cell in row if cell.startswith(("http://", "https://"))), ""),
        at=datetime.combine(_day(row[-1].strip(), today), time(12), UTC),
    )


def _day(text: str, today: date) -> date:
    if not text:
        return today
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            day = datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        if day > today:
            raise ValueError(f"{text} lies in the future")
        return day
    raise ValueError(f"{text!r} is no day; write it like 2026-11-24 or 24.11.2026")
