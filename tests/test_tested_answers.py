"""Test enquiries and their answers: sent, answered in one's own mailbox, imported, counted once and as tested."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audit.enquiries import Wish, import_enquiries
from audit.model import Enquiry
from audit.organisation.catalogue import load_catalogue
from audit.organisation.file import load_all
from tests import test_enquiries_send as sending
from tests.mail_factory import mail, mbox
from tests.post_office import PostOffice
from tests.test_store import rows

KITA = "kita@verein.example"
folder, office = sending.folder, sending.office  # their fixtures


def asked(folder: Path, office: PostOffice) -> Enquiry:
    first = sending.planned(folder, office)[0]
    sending.sent(folder, office, first.at)
    return first


def take_in(folder: Path, messages: list[bytes], now: datetime) -> None:
    (organisation,) = load_all(folder / "organisations", load_catalogue(), today=sending.NOW.date())
    path = mbox(folder / f"{now:%H%M%S}.mbox", messages)
    import_enquiries(folder / "findbar.db", organisation, Wish(source=str(path)), {}, now)


def counted(folder: Path) -> list[tuple[str, str, str, str | None]]:
    found = rows(folder / "findbar.db", "SELECT source, service, channel, answered_at FROM exchanges")
    return [(source, service, channel, at) for source, service, channel, at in found]


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def test_what_was_sent_is_open_until_it_is_answered(folder: Path, office: PostOffice) -> None:
    first = asked(folder, office)
    assert counted(folder) == [("tested", first.service, "mail", None)]


@pytest.mark.parametrize("told", ["by what it replies to", "by the plus-address alone"])
def test_an_answer_in_the_own_mailbox_is_counted_once_and_as_tested(
    folder: Path,
    office: PostOffice,
    told: str,
) -> None:
    first = asked(folder, office)
    arrived, at = office.arrived[0], first.at + timedelta(hours=5)
    question = str(sending.read(arrived)["Message-ID"]).strip("<>")
    auto = mail("auto@verein.example", first.at + timedelta(minutes=1), KITA, first.reply_to, reply_to=question,
                Auto_Submitted="auto-replied (vacation)")  # fmt: skip
    reply_to = question if told == "by what it replies to" else ""
    human = mail("a1@verein.example", at, "E. Muster <e.muster@verein.example>", first.reply_to, reply_to=reply_to)
    take_in(folder, [auto, human], at + timedelta(hours=1))
    assert counted(folder) == [("tested", first.service, "mail", stamp(at))]
    assert sending.rows(folder)[0]["answered_at"] == stamp(at)


def test_an_answer_to_a_test_from_a_mailbox_of_the_house_counts_as_well(folder: Path, office: PostOffice) -> None:
    own = {"sender": "pruefung@verein.example"}
    one = sending.post(folder, office, sending.NOW, **own)
    first = one.dry(one.everyone, 28).planned[0]
    sending.sent(folder, office, first.at, **own)
    asked, at = str(sending.read(office.arrived[0])["Message-ID"]).strip("<>"), first.at + timedelta(hours=5)
    forwarded = mail("f@verein.example", first.at + timedelta(hours=1), KITA, "chef@verein.example", reply_to=asked)
    human = mail("a1@verein.example", at, "e.muster@verein.example", first.reply_to, reply_to=asked)
    take_in(folder, [office.arrived[0], forwarded, human], at + timedelta(hours=1))
    assert counted(folder) == [("tested", first.service, "mail", stamp(at))]


def test_the_test_itself_in_the_inbox_is_no_second_question(folder: Path, office: PostOffice) -> None:
    first = asked(folder, office)
    take_in(folder, [office.arrived[0]], first.at + timedelta(hours=1))
    take_in(folder, [office.arrived[0]], first.at + timedelta(hours=2))
    assert [row[0] for row in counted(folder)] == ["tested"]
