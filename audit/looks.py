"""What a person saw where machines must not or cannot look, and how it counts like any other answer."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from audit.model import (
    LOOK_FIELDS,
    UNASKED,
    Action,
    Address,
    Answer,
    Item,
    Listing,
    Look,
    LookAnswer,
    Nothing,
    Seen,
    Visit,
)
from audit.readers import addresses_in, repaired, split_street
from audit.readers.labels import label_in

PERSON = "person"
LOOKED = "looked:"
_REPLY = "reply"
_COLUMNS = 9 + len(LOOK_FIELDS)  # cell, platform, service, place, link, question; the fields; note, answer, day
_RIGHT = frozenset({"richtig", "right"})
_OTHER = frozenset({"anders", "falsch", "different", "differs", "wrong"})
_UNSEEN = frozenset({"nicht zu sehen", "nicht gesehen", "unseen", "not seen", "could not see"})
_YES = frozenset({"ja", "yes", "j", "y", "1", "x", "gefunden", "found"})
_OPEN = frozenset({"", "unklar", "unclear", "?"})
_NO = frozenset({"nein", "no", "n", "0", "nicht gefunden", "missing", "not found"})


class WorksheetProblemError(ValueError):
    """A filled-in worksheet that cannot be read; the message names every row at fault."""


@dataclass(frozen=True, kw_only=True)
class PersonsLook:
    """One look by a person: whether the service was found there, and what was shown, as far as noted.

    ``shown`` pairs fields looked at with what stands there ("" where nothing does). ``unseen``:
    the page could not be seen, so nothing is known; ``screenshot`` is the path of the person's own picture.
    """

    subject: str
    platform: str
    found: bool
    phone: str
    link: str
    at: datetime
    shown: tuple[tuple[str, str], ...] = ()
    unseen: bool = False
    note: str = ""
    screenshot: str = ""


def answer_of(way: str, look: PersonsLook) -> Answer:
    """The look as an answer of an assisted way: a listing, or the person's word that nothing is there."""
    visit = Visit(look.link or f"{PERSON}:{look.platform}", step=PERSON, note=look.subject)
    item: Item = _listing(look) if look.found else Nothing("a person looked and found nothing")
    seen = Seen(visit=visit, at=look.at, items=(item,), status=200, url=look.link)
    return Answer(way=way, subjects=(look.subject,), chain=(seen,))


def _listing(look: PersonsLook) -> Listing:
    """What the person saw as an entry; the tags say which fields were looked at, so that no other is missed."""
    shown = dict(look.shown) | ({"phone": look.phone} if look.phone else {})
    hours = shown.get("hours", "")
    # whoever looks is asked whether the contact facts are right: a yes is a possible first step
    steps = {Action.CALL: "phone", Action.WRITE: "email"}
    return Listing(
        name=shown.get("name", ""),
        url=look.link,
        address=_address(shown.get("address", "")),
        phones=_one(shown, "phone"),
        emails=_one(shown, "email"),
        websites=_one(shown, "link"),
        opening_hours=repaired(hours),
        hours_text=hours,
        fees_text=shown.get("fees", ""),
        access_text=shown.get("access", ""),
        status=shown.get("status", ""),
        reply_badge=label_in(shown.get(_REPLY, "")),
        actions=tuple(action for action, field in steps.items() if shown.get(field, "?")),
        tags=tuple(f"{LOOKED}{field}" for field in shown),
        source=PERSON,
    )


def _address(text: str) -> Address:
    """As people write it on one line: street and number, postcode and town; any part may be missing."""
    if found := addresses_in(text):
        return found[0]
    line, _, town = text.rpartition(",")
    code, city = re.fullmatch(r"\s*(\d{5})?\s*(.*?)\s*", town, re.DOTALL).groups("")  # type: ignore[union-attr]
    street, number = split_street(line.strip())
    return Address(street=street, house_number=number, postcode=code, city=city)


def _one(shown: Mapping[str, str], field: str) -> tuple[str, ...]:
    return (shown[field],) if shown.get(field) else ()


def looked_at(listing: Listing) -> frozenset[str]:
    """The fields a person looked at: no other is missing there."""
    return frozenset(tag.removeprefix(LOOKED) for tag in listing.tags if tag.startswith(LOOKED))


def look_of(look: Look, answer: LookAnswer, at: datetime) -> PersonsLook:
    """What a person answered in the terminal, as it is stored. All right: everything stands there as stated."""
    subject, _, platform = look.cell.rpartition("/")
    found = answer.outcome in ("right", "wrong")
    return PersonsLook(
        subject=subject,
        platform=platform,
        found=found,
        phone="",
        link=look.link,
        at=at,
        shown=_told(look, answer) if found else (),
        unseen=answer.outcome == "unseen",
        note=answer.note,
        screenshot=answer.screenshot,
    )


def _told(look: Look, answer: LookAnswer) -> tuple[tuple[str, str], ...]:
    """All right: as stated, and beside it what was asked all the same."""
    return answer.shown if answer.outcome == "wrong" else tuple((dict(look.stated) | dict(answer.shown)).items())


def read_worksheet(text: str, today: date) -> list[PersonsLook]:
    """The answered rows of a worksheet: first column the cell, the link, and last the answer and the day.

    An answer is "ja" or "nein" (yes, no), with the phone number shown after a colon if wanted ("ja: 0123 456");
    "richtig" (right: found, and every field stands there as in the row), "anders" (different: found, and the row was
    changed to what stands there), or "nicht zu sehen" (unseen). Rows without an answer are passed over. Raises
    `WorksheetProblemError`.
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
    if answer not in _YES | _NO | _RIGHT | _OTHER | _UNSEEN:
        raise ValueError(
            f"{row[-2]!r} is no answer; write ja or nein (yes or no), richtig or anders (right, different)"
        )
    whole = len(row) in (_COLUMNS, _COLUMNS - 1)  # a sheet of before the reply time had a column
    if answer in _RIGHT | _OTHER and not whole:
        raise ValueError(f"{row[-2]!r} needs the columns of the fields; write ja or nein (yes or no)")
    return PersonsLook(
        subject=subject,
        platform=platform,
        found=answer in _YES | _RIGHT | _OTHER,
        phone=phone.strip().lstrip("'"),
        shown=_shown(row[6:-3], answer) if whole and answer in _RIGHT | _OTHER | _YES else (),
        unseen=answer in _UNSEEN,
        note=row[-3].strip().lstrip("'") if whole else "",
        link=next((cell for cell in row if cell.startswith(("http://", "https://"))), ""),
        at=datetime.combine(_day(row[-1].strip(), today), time(12), UTC),
    )


def _shown(cells: Sequence[str], answer: str) -> tuple[tuple[str, str], ...]:
    """What stands there, field by field; a dash marks a field that was not asked for. A bare yes says nothing of the
    fields that are stated, but a label of the reply time that was written down stands there."""
    told = ((field, cell.strip().lstrip("'")) for field, cell in zip(LOOK_FIELDS, cells, strict=False))
    shown = tuple((field, text) for field, text in told if text not in (UNASKED, "-"))
    return tuple(one for one in shown if one[0] == _REPLY and one[1]) if answer in _YES else shown


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
