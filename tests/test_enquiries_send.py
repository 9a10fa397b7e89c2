"""Test enquiries are sent once, over TLS, to whom the file consents; what is uncertain is never sent again."""

from __future__ import annotations

import asyncio
import email
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from click.testing import CliRunner

import platforms
from audit.enquiring import answers
from audit.enquiring.mailing import EnquiryProblemError
from audit.enquiring.sending import Post, send
from audit.enquiring.wording import revealing
from audit.model import Enquiry, Sending
from audit.organisation.catalogue import load_catalogue
from audit.organisation.file import load_all
from audit.organisation.problems import FileProblems
from audit.settings import MailSettings
from audit.store import Store, ledger
from audit.working import open_folder, workshop_for
from cli import main
from tests.conftest import ROOT
from tests.helpers import FakeClock
from tests.post_office import HOST, PASSWORD, USER, PostOffice, post_office

FILE = """
name = "Sozialverein Seestadt e. V."
id = "verein"
state = "NW"
email = "info@verein.example"
[[service]]
name = "Kita Regenbogen"
email = "kita@verein.example"
[[location]]
city = "Seestadt"
[consent]
agreed_by = "Geschäftsführung"
agreed_on = 2026-11-02
until = 2027-10-31
addresses = ["kita@verein.example"]
kinds = ["general", "day-care"]
reveal = "at-once"
"""
NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
ENVIRONMENT = {"MAIL_PASSWORD": PASSWORD}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with post_office(tmp_path) as (running, authority):
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "organisations").mkdir()
    (tmp_path / "organisations" / "verein.toml").write_text(FILE, encoding="utf-8")
    return tmp_path


def settings_of(office: PostOffice, **more: Any) -> MailSettings:
    stated = {"host": HOST, "port": office.port, "user": USER, "sender": "pruefung@tests.example"}
    return MailSettings(**{**stated, **more})


def post(folder: Path, office: PostOffice, at: datetime, **more: Any) -> Post:
    everyone = load_all(folder / "organisations", load_catalogue(), today=NOW.date())
    return Post(settings_of(office, **more), everyone, load_catalogue(), folder / "findbar.db", FakeClock(at))


def planned(folder: Path, office: PostOffice) -> tuple[Enquiry, ...]:
    one = post(folder, office, NOW)
    return one.dry(one.everyone, 28).planned


def sent(folder: Path, office: PostOffice, at: datetime, **more: Any) -> Sending:
    one = post(folder, office, at, **more)
    return one.send(one.everyone, ENVIRONMENT)


def rows(folder: Path) -> list[dict[str, Any]]:
    store = Store(folder / "findbar.db")
    try:
        return ledger.rows(store.tables)
    finally:
        store.close()


def read(content: bytes) -> EmailMessage:
    mail = email.message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_a_dry_run_shows_exactly_what_is_sent_and_sends_nothing(folder: Path, office: PostOffice) -> None:
    first = planned(folder, office)[0]
    assert office.arrived == []
    assert rows(folder) == []
    done = sent(folder, office, first.at).done
    assert [(one.id, one.state) for one in done] == [(first.id, "sent")]
    mail = read(office.arrived[0])
    assert office.receivers == [first.address] == [mail["To"]]
    assert mail["From"] == first.reply_to == f"pruefung+{first.id}@tests.example"
    assert mail["Subject"] == first.subject
    assert mail["Message-ID"] == f"<{first.message}>"
    assert mail.get_content().replace("\r\n", "\n") == first.body
    assert (rows(folder)[0]["state"], rows(folder)[0]["sent_at"]) == ("sent", first.at.astimezone(UTC).isoformat())


def test_nothing_marks_the_mail_for_machines_and_its_text_says_that_it_is_a_test(
    folder: Path, office: PostOffice
) -> None:
    sent(folder, office, planned(folder, office)[0].at)
    mail = read(office.arrived[0])
    assert "Testanfrage" in mail.get_content()
    assert "findbar" not in office.arrived[0].decode().lower()
    assert {name.lower() for name in mail} & {"auto-submitted", "precedence", "x-mailer", "list-id"} == set()
    assert [name for name in mail if name.lower().startswith("x-findbar")] == []


def test_nothing_that_the_file_says_becomes_a_header_of_a_mail(tmp_path: Path) -> None:
    smuggled = "\\r\\nBcc: fremd@privat.example"
    file = tmp_path / "verein.toml"
    file.write_text(FILE.replace('["kita@verein.example"]', f'["kita@verein.example{smuggled}"]'), encoding="utf-8")
    with pytest.raises(FileProblems, match="addresses"):
        load_all(file, load_catalogue())
    file.write_text(
        FILE.replace("Seestadt e. V.", f"Seestadt{smuggled}").replace("führung", smuggled), encoding="utf-8"
    )
    [own] = load_all(file, load_catalogue())
    row = {"planned_at": NOW.isoformat(), "subject": "Frage", "reply_to": "b@verein.example", "message": "1@x.example",
           "address": "kita@verein.example"}  # fmt: skip
    assert own.consent is not None
    head, _, body = revealing(row, own, own.consent, NOW).as_bytes().partition(b"\r\n\r\n")
    assert b"bcc" not in head.lower()
    assert b"fremd@privat.example" in body  # a text below the headers, and no more


def test_what_was_sent_is_not_sent_again(folder: Path, office: PostOffice) -> None:
    at = planned(folder, office)[0].at
    sent(folder, office, at)
    assert sent(folder, office, at + timedelta(minutes=5)).done == ()
    assert len(office.arrived) == 1


def test_what_is_late_is_left_out_and_what_is_not_due_waits(folder: Path, office: PostOffice) -> None:
    at = planned(folder, office)[0].at
    assert sent(folder, office, at - timedelta(minutes=1)).done == ()
    assert sent(folder, office, at + timedelta(minutes=31)).done == ()
    assert office.arrived == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # the server does not see the TLS around it
def test_tls_from_the_first_byte_works_too(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with post_office(tmp_path, implicit=True) as (office, authority):
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        first = planned(folder, office)[0]
        assert [one.state for one in sent(folder, office, first.at, security="tls").done] == ["sent"]


def test_without_plus_the_message_id_alone_bears_the_token(folder: Path, office: PostOffice) -> None:
    sent(folder, office, planned(folder, office)[0].at, plus=False)
    mail = read(office.arrived[0])
    assert mail["From"] == "pruefung@tests.example"
    assert rows(folder)[0]["id"] in mail["Message-ID"]


# --- what goes wrong


def test_a_server_that_nobody_vouches_for_gets_nothing(
    folder: Path, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(EnquiryProblemError, match=r"no trusted TLS connection .*Nothing was sent"):
        sent(folder, office, planned(folder, office)[0].at)
    assert (office.arrived, rows(folder)) == ([], [])


def test_a_server_without_encryption_gets_nothing(folder: Path, office: PostOffice) -> None:
    with pytest.raises(EnquiryProblemError, match="no trusted TLS connection"):
        sent(folder, office, planned(folder, office)[0].at, security="tls")
    assert (office.arrived, rows(folder)) == ([], [])


def test_a_wrong_password_is_told_without_being_shown_and_can_be_mended(folder: Path, office: PostOffice) -> None:
    first = planned(folder, office)[0]
    one = post(folder, office, first.at)
    with pytest.raises(EnquiryProblemError, match="refused user name or password") as told:
        one.send(one.everyone, {"MAIL_PASSWORD": "falsch-und-lang"})
    assert "falsch" not in f"{told.value}{told.value.__cause__}"
    assert rows(folder) == []
    assert [done.state for done in sent(folder, office, first.at).done] == ["sent"]


def test_a_missing_password_names_its_variable(folder: Path, office: PostOffice) -> None:
    one = post(folder, office, planned(folder, office)[0].at)
    with pytest.raises(EnquiryProblemError, match="MAIL_PASSWORD is empty"):
        one.send(one.everyone, {})


def test_the_password_is_written_nowhere(folder: Path, office: PostOffice) -> None:
    one = post(folder, office, planned(folder, office)[0].at)
    done = one.send(one.everyone, ENVIRONMENT)
    written = b"".join(path.read_bytes() for path in folder.rglob("findbar*") if path.is_file())
    assert PASSWORD.encode() not in written + repr((one, done)).encode() + office.arrived[0]


def test_a_server_that_is_not_there_leaves_no_row(folder: Path, office: PostOffice) -> None:
    first = planned(folder, office)[0]
    with pytest.raises(EnquiryProblemError, match="cannot be reached"):
        sent(folder, office, first.at, port=1)
    assert rows(folder) == []


def test_a_refused_address_is_noted_and_not_tried_again(folder: Path, office: PostOffice) -> None:
    first = planned(folder, office)[0]
    office.refuse = first.address
    assert [one.state for one in sent(folder, office, first.at).done] == ["refused"]
    office.refuse = ""
    assert sent(folder, office, first.at).done == ()
    assert (rows(folder)[0]["note"], office.arrived) == ("address refused (550)", [])


def _break_off(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()


def test_a_connection_lost_before_the_text_means_not_sent(folder: Path, office: PostOffice) -> None:
    office.on_mail = _break_off
    assert [one.state for one in sent(folder, office, planned(folder, office)[0].at).done] == ["failed"]
    assert office.arrived == []


def test_a_connection_lost_after_the_text_means_uncertain_and_never_again(folder: Path, office: PostOffice) -> None:
    first = planned(folder, office)[0]
    office.on_data = _break_off
    assert [one.state for one in sent(folder, office, first.at).done] == ["uncertain"]
    office.on_data = lambda server: None
    assert sent(folder, office, first.at).done == ()
    assert len(office.arrived) == 1


CHILD = """
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from audit.enquiring.sending import Post
from audit.organisation.catalogue import load_catalogue
from audit.organisation.file import load_all
from audit.settings import MailSettings
folder, port, at, user, password = sys.argv[1:]
sys.stdin.readline()
everyone = load_all(Path(folder) / "organisations", load_catalogue())
mail = MailSettings(host="127.0.0.1", port=int(port), user=user, sender="pruefung@tests.example")
clock = SimpleNamespace(now=lambda: datetime.fromisoformat(at))
post = Post(mail, everyone, load_catalogue(), Path(folder) / "findbar.db", clock)
post.send(everyone, {"MAIL_PASSWORD": password})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
@pytest.mark.parametrize(("when", "arrived"), [("on_mail", 0), ("on_data", 1)])
def test_a_process_killed_between_the_row_and_the_mail_never_sends_it_again(
    folder: Path, office: PostOffice, when: str, arrived: int
) -> None:
    first = planned(folder, office)[0]
    with subprocess.Popen(  # noqa: S603 (our own interpreter, with fixed arguments)
        [sys.executable, "-c", CHILD, str(folder), str(office.port), first.at.isoformat(), USER, PASSWORD],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        setattr(office, when, lambda server: os.kill(child.pid, signal.SIGKILL))
        child.communicate("go\n", timeout=60)
    assert child.returncode == -signal.SIGKILL
    setattr(office, when, lambda server: None)
    with sqlite3.connect(folder / "findbar.db") as database:
        assert database.execute("SELECT id, state FROM enquiries").fetchall() == [(first.id, "sending")]
    again = sent(folder, office, first.at)
    assert (again.unsure, again.done) == (1, ())
    assert [row["state"] for row in rows(folder)] == ["uncertain"]
    assert len(office.arrived) == arrived


# --- answers


def answered(folder: Path, id_: str, at: datetime) -> bool:
    store = Store(folder / "findbar.db")
    try:
        return ledger.answer(store.tables, id_, at)
    finally:
        store.close()


def test_an_answer_is_known_by_what_it_replies_to_whoever_writes_it(folder: Path, office: PostOffice) -> None:
    sent(folder, office, planned(folder, office)[0].at)
    mail, ids = read(office.arrived[0]), [row["id"] for row in rows(folder)]
    assert answers.recognise([str(mail["Message-ID"])], [], ids) == ids[0]
    assert answers.recognise(["<x@y>"], [f"Prüfung <{str(mail['From']).upper()}>"], ids) == ids[0]
    assert answers.recognise(["<abcdefghijklmnop@tests.example>", ""], ["pruefung@tests.example"], ids) == ""


def test_an_enquiry_is_a_tested_exchange_open_until_it_is_answered(folder: Path, office: PostOffice) -> None:
    first = planned(folder, office)[0]
    sent(folder, office, first.at)
    (open_,) = answers.exchanges(rows(folder))
    assert (open_.source, open_.channel, open_.service, open_.answered_at) == ("tested", "mail", first.service, None)
    assert open_.asked_at == first.at
    assert not answered(folder, first.id, first.at - timedelta(hours=1))
    assert answered(folder, first.id, first.at + timedelta(hours=5))
    assert not answered(folder, first.id, first.at + timedelta(hours=9))
    assert answers.exchanges(rows(folder))[0].answered_at == first.at + timedelta(hours=5)


def test_by_hashes_an_importer_finds_the_exchange_without_seeing_any_address(folder: Path, office: PostOffice) -> None:
    first = planned(folder, office)[0]
    sent(folder, office, first.at)
    known = answers.known(rows(folder), lambda kind, text: f"{kind}:{text}")
    assert set(known) == {f"message:{first.message}", f"plus:{first.reply_to}"}
    assert {answers.enquiry_of(one.id) for one in known.values()} == {first.id}
    assert answers.enquiry_of("0123456789abcdef") == ""


def test_what_is_uncertain_counts_only_once_it_is_answered(folder: Path, office: PostOffice) -> None:
    first = planned(folder, office)[0]
    office.on_data = _break_off
    sent(folder, office, first.at)
    assert answers.exchanges(rows(folder)) == []
    assert answered(folder, first.id, first.at + timedelta(hours=5))
    assert len(answers.exchanges(rows(folder))) == 1


@pytest.mark.parametrize("how", ["answered", "open for two weeks"])
def test_a_test_that_is_named_afterwards_says_nothing_before_and_is_named_once(
    folder: Path, office: PostOffice, how: str
) -> None:
    file = folder / "organisations" / "verein.toml"
    file.write_text(FILE.replace('"at-once"', '"after-answer"'), encoding="utf-8")
    first = planned(folder, office)[0]
    sent(folder, office, first.at)
    assert "Test" not in read(office.arrived[0]).get_content()
    if how == "answered":
        answered(folder, first.id, first.at + timedelta(hours=2))
    later = first.at + (timedelta(hours=3) if how == "answered" else timedelta(days=14, hours=3))
    assert sent(folder, office, later).revealed == 1
    second = read(office.arrived[-1])
    assert (second["In-Reply-To"], second["Auto-Submitted"]) == (f"<{first.message}>", "auto-generated")
    assert "war eine Testanfrage" in second.get_content().replace("\n", " ")
    assert sent(folder, office, later).revealed == 0


# --- the command


def configured(folder: Path, office: PostOffice) -> list[str]:
    mail = settings_of(office)
    lines = [f"{name} = {json.dumps(getattr(mail, name))}" for name in ("host", "port", "user", "sender")]
    (folder / "findbar.toml").write_text("[mail]\n" + "\n".join(lines), encoding="utf-8")
    return ["--config", str(folder / "findbar.toml")]


@pytest.mark.parametrize(("lang", "said"), [("de", "Es wurde nichts gesendet"), ("en", "nothing was sent")])
def test_the_command_shows_the_schedule_in_both_languages(
    folder: Path, office: PostOffice, lang: str, said: str
) -> None:
    done = CliRunner().invoke(main, ["--lang", lang, *configured(folder, office), "enquiries", "send", "--dry-run"])
    assert done.exit_code == 0, done.output
    assert said in done.output
    assert "kita@verein.example" in done.output
    assert "Guten Tag" in done.output
    assert office.arrived == []


@pytest.mark.parametrize(
    ("change", "told"),
    [(("[consent]", "[consent]\nx = 1"), "is no key"), ((FILE[FILE.index("[consent]") :], ""), "No consent")],
)
def test_without_a_consent_the_command_says_so(
    folder: Path, office: PostOffice, change: tuple[str, str], told: str
) -> None:
    file = folder / "organisations" / "verein.toml"
    file.write_text(FILE.replace(*change), encoding="utf-8")
    done = CliRunner().invoke(main, ["--lang", "en", *configured(folder, office), "enquiries", "send"])
    assert (done.exit_code, told in done.output) == (2, True), done.output


def test_without_a_server_the_command_says_what_is_missing(folder: Path) -> None:
    (folder / "findbar.toml").write_text('contact = "a@b.example"', encoding="utf-8")
    done = CliRunner().invoke(main, ["--config", str(folder / "findbar.toml"), "enquiries", "send"])
    assert (done.exit_code, "[mail]" in done.output) == (2, True)


def test_an_organisation_that_nobody_knows_is_named(folder: Path, office: PostOffice) -> None:
    done = CliRunner().invoke(
        main, ["--lang", "en", *configured(folder, office), "enquiries", "send", "--organisation", "nobody"]
    )
    assert (done.exit_code, "No organisation is called" in done.output) == (2, True)


def test_what_is_due_in_a_working_folder_is_sent(folder: Path, office: PostOffice) -> None:
    first = planned(folder, office)[0]
    configured(folder, office)
    where = open_folder(folder)
    workshop = replace(workshop_for(where, platforms), clock=FakeClock(first.at), environment=ENVIRONMENT)
    assert [one.id for one in send(where, workshop, "verein", dry=False, days=28).done] == [first.id]
    assert len(office.arrived) == 1


def test_a_changed_file_does_not_get_round_the_caps(folder: Path, office: PostOffice) -> None:
    first = planned(folder, office)[0]
    sent(folder, office, first.at)
    file = folder / "organisations" / "verein.toml"
    file.write_text(FILE.replace("agreed_on = 2026-11-02", "agreed_on = 2026-11-03"), encoding="utf-8")
    week = first.at.isocalendar()[:2]
    ahead = post(folder, office, first.at)
    assert [one for one in ahead.dry(ahead.everyone, 28).planned if one.at.isocalendar()[:2] == week] == []
