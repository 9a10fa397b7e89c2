"""Enquiries in a real dovecot with Sieve on loopback (.ci/dovecot start FOLDER prints what FINDBAR_DOVECOT must be)."""

from __future__ import annotations

import json
import os
import secrets
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from audit.enquiries import Imported, Wish, import_enquiries
from audit.judging.clocks import BERLIN, office_hours
from audit.judging.promptness import window
from audit.model import Window
from audit.organisation.catalogue import load_catalogue
from audit.organisation.file import load_all
from audit.sources import imap
from audit.sources.gathered import SourceProblemError
from tests import test_enquiries_send as sending
from tests.mail_factory import mail, organisation
from tests.post_office import PostOffice
from tests.test_enquiries_import import NOW, stored

from .conftest import skip_or_fail
from .sites import findbar

imap_tools = pytest.importorskip("imap_tools")
folder, office = sending.folder, sending.office  # their fixtures

EVENING = datetime(2026, 11, 20, 20, 0, tzinfo=BERLIN)  # a Friday
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=BERLIN)
EARLIER = datetime(2026, 11, 3, 6, 0, tzinfo=BERLIN)  # dovecot files nothing with a time ahead of its own clock
SEEKER, COLLEAGUE = "ilse.geheim@privat.example", "E. Muster <e.muster@haus.example>"


@dataclass(frozen=True)
class Dovecot:
    """What `.ci/dovecot start` printed; every address is a mailbox there."""

    imaps: int
    lmtp: int
    password: str
    oauth_user: str
    token: str
    certificate: str

    @contextmanager
    def open(self, user: str) -> Iterator[Any]:
        context = ssl.create_default_context(cafile=self.certificate)
        with imap_tools.MailBox("127.0.0.1", self.imaps, ssl_context=context).login(user, self.password) as box:
            yield box

    def put(self, user: str, *messages: tuple[bytes, datetime], folder: str = "INBOX") -> None:
        """File messages with the time of arrival that the server is to tell."""
        with self.open(user) as box:
            if not box.folder.exists(folder):
                box.folder.create(folder)
            for message, at in messages:
                box.append(message, folder, dt=at)

    def read(self, user: str) -> list[bytes]:
        with self.open(user) as box:
            return [message.obj.as_bytes() for message in box.fetch(mark_seen=False)]

    def deliver(self, message: bytes, sender: str, to: str) -> None:
        """By LMTP, as a mail server does: Sieve runs."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as server:
            server.sendmail(sender, [to], message)

    def answer_of_itself(self, user: str) -> bytes:
        """What Sieve wrote to somebody; it is there a moment after the delivery."""
        for _ in range(100):
            if found := self.read(user):
                return found[0]
            time.sleep(0.05)
        pytest.fail("Sieve wrote nothing")


@pytest.fixture
def dovecot(monkeypatch: pytest.MonkeyPatch) -> Dovecot:
    told = os.environ.get("FINDBAR_DOVECOT", "")
    if not told:
        skip_or_fail("dovecot", "no dovecot is running (.ci/dovecot start FOLDER; set FINDBAR_DOVECOT)")
    server = Dovecot(**json.loads(told))
    monkeypatch.setenv("SSL_CERT_FILE", server.certificate)
    return server


@pytest.fixture
def box() -> str:
    """A mailbox that nobody has used yet."""
    return f"post-{secrets.token_hex(4)}@haus.example"


def wish(server: Dovecot, user: str, *, port: int = 0, **more: Any) -> Wish:
    address = f"imaps://{quote(user, safe='')}@127.0.0.1:{port or server.imaps}"
    return Wish(source=address, **{"password_env": "MAILBOX_SECRET", **more})


def take_in(server: Dovecot, user: str, database: Path, **more: Any) -> Imported:
    secret = {"MAILBOX_SECRET": server.password, "MAILBOX_TOKEN": server.token, **more.pop("environment", {})}
    return import_enquiries(database, organisation(), wish(server, user, **more), secret, NOW)


def answer(id_: str, to: str, **more: Any) -> bytes:
    return mail(id_, MONDAY, COLLEAGUE, SEEKER, reply_to=to, **more)


def test_a_friday_evenings_question_waits_for_a_person_and_not_for_sieve(dovecot: Dovecot, tmp_path: Path) -> None:
    tag = secrets.token_hex(4)
    absent, seeker = f"abwesend-{tag}@haus.example", f"ilse.geheim-{tag}@privat.example"
    asking = f"{tag}@privat.example"
    dovecot.deliver(mail(asking, EVENING, f"Ilse Geheim <{seeker}>", absent), seeker, absent)
    reply = dovecot.answer_of_itself(seeker)
    assert b"auto-replied (vacation)" in reply
    [asked] = dovecot.read(absent)  # with all that delivery wrote above it
    house = f"post-{tag}@haus.example"
    dovecot.put(house, (asked, EVENING))
    human = mail(f"h{tag}", MONDAY, COLLEAGUE, seeker, reply_to=asking)
    dovecot.put(house, (reply, EVENING + timedelta(minutes=1)), (human, MONDAY), folder="Sent")
    done = take_in(dovecot, house, tmp_path / "a.db")
    assert (done.questions, done.answered, done.lost) == (1, 1, False)
    assert ("automatic", 1) in done.noted
    [one] = stored(tmp_path / "a.db")
    assert (one.asked_at, one.answered_at, window(one.asked_at)) == (EVENING, MONDAY, Window.EVENING)
    assert office_hours(EVENING, MONDAY) == 2  # against 62 hours by the seeker's clock
    with dovecot.open(house) as mailbox:
        assert not any("\\Seen" in message.flags for message in mailbox.fetch(mark_seen=False))


def test_the_answer_that_comes_later_finds_its_question_and_nothing_is_read_twice(
    dovecot: Dovecot, box: str, tmp_path: Path
) -> None:
    dovecot.put(box, (mail("q", EVENING), EVENING), (mail("p", EVENING), EVENING))
    assert take_in(dovecot, box, tmp_path / "a.db").new == 2
    assert take_in(dovecot, box, tmp_path / "a.db").questions == 0
    dovecot.put(box, (answer("a", "q"), MONDAY), folder="Sent")
    done = take_in(dovecot, box, tmp_path / "a.db")
    assert (done.new, done.known, done.answered_later) == (0, 0, 1)


def test_a_folder_that_was_made_anew_is_read_again_and_counts_nobody_twice(
    dovecot: Dovecot, box: str, tmp_path: Path
) -> None:
    letters = [(mail(f"q{n}", EVENING), EVENING) for n in range(3)]
    dovecot.put(box, *letters, folder="Anfragen")
    assert take_in(dovecot, box, tmp_path / "a.db", folders=("Anfragen",)).new == 3
    with dovecot.open(box) as mailbox:
        before = mailbox.folder.status("Anfragen", ["UIDVALIDITY"])
        mailbox.folder.delete("Anfragen")
    dovecot.put(box, *letters, (answer("a", "q1"), MONDAY), folder="Anfragen")
    with dovecot.open(box) as mailbox:
        assert mailbox.folder.status("Anfragen", ["UIDVALIDITY"]) != before
    done = take_in(dovecot, box, tmp_path / "a.db", folders=("Anfragen",))
    assert (done.new, done.answered_later) == (0, 1)
    assert len(stored(tmp_path / "a.db")) == 3


@contextmanager
def cutting(port: int, *limits: int) -> Iterator[int]:
    """A way to a port that breaks each connection after so many bytes of the server; after the last one it holds."""
    listener = socket.create_server(("127.0.0.1", 0))
    left = list(limits)

    def serve() -> None:
        while True:
            try:
                inside, _ = listener.accept()
            except OSError:
                return
            outside = socket.create_connection(("127.0.0.1", port))
            limit = left.pop(0) if left else -1
            for one, other, most in ((inside, outside, -1), (outside, inside, limit)):
                threading.Thread(target=_pass_on, args=(one, other, most), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def _pass_on(one: socket.socket, other: socket.socket, limit: int) -> None:
    passed = 0
    try:
        while data := one.recv(4096):
            passed += len(data)
            if 0 <= limit < passed:
                break
            other.sendall(data)
    except OSError:
        pass
    for side in (one, other):
        with suppress(OSError):
            side.shutdown(socket.SHUT_RDWR)


def test_a_connection_cut_in_the_middle_is_opened_again(
    dovecot: Dovecot, box: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "_BATCH", 10)
    dovecot.put(box, *((mail(f"q{n}", EVENING), EVENING) for n in range(60)))
    with cutting(dovecot.imaps, 12_000, 12_000) as port:
        done = take_in(dovecot, box, tmp_path / "a.db", port=port)
    assert (done.questions, done.lost) == (60, False)


def test_a_connection_cut_for_good_keeps_what_was_read_and_goes_on_there(
    dovecot: Dovecot, box: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "_BATCH", 10)
    dovecot.put(box, *((mail(f"q{n}", EVENING), EVENING) for n in range(60)))
    with cutting(dovecot.imaps, 12_000, 0) as port:
        first = take_in(dovecot, box, tmp_path / "a.db", port=port)
        assert first.lost
        assert 0 < first.new < 60
        second = take_in(dovecot, box, tmp_path / "a.db", port=port)
    assert (first.new + second.new, second.lost) == (60, False)


def test_a_wrong_password_is_told_without_it(dovecot: Dovecot, box: str, tmp_path: Path) -> None:
    with pytest.raises(SourceProblemError, match="app password") as told:
        take_in(dovecot, box, tmp_path / "a.db", environment={"MAILBOX_SECRET": "falsch-falsch"})
    assert "falsch" not in str(told.value)


def test_a_server_that_nobody_vouches_for_gets_no_password(
    dovecot: Dovecot, box: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(SourceProblemError, match="no trusted TLS connection"):
        take_in(dovecot, box, tmp_path / "a.db")


def test_a_mailbox_is_opened_with_an_oauth_token_from_the_environment(dovecot: Dovecot, tmp_path: Path) -> None:
    user, words = dovecot.oauth_user, {"password_env": "", "token_env": "MAILBOX_TOKEN"}
    id_ = secrets.token_hex(4)
    dovecot.put(user, (mail(id_, EVENING), EVENING))
    assert take_in(dovecot, user, tmp_path / "a.db", **words).new >= 1
    spoilt = {"MAILBOX_TOKEN": f"{dovecot.token[:-4]}AAAA"}
    with pytest.raises(SourceProblemError, match="refused user name or secret") as told:
        take_in(dovecot, user, tmp_path / "b.db", environment=spoilt, **words)
    assert spoilt["MAILBOX_TOKEN"] not in str(told.value)


def test_the_command_line_imports_a_mailbox_and_tells_its_numbers(
    dovecot: Dovecot, box: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.joinpath("organisations").mkdir()
    told = 'id = "haus"\nname = "Haus"\nemail = "post@haus.example"\n\n[[service]]\nname = "Kita Haus"\n'
    tmp_path.joinpath("organisations", "haus.toml").write_text(told)
    tmp_path.joinpath("findbar.toml").write_text('contact = "digital@haus.example"\n')
    monkeypatch.setenv("MAILBOX_SECRET", dovecot.password)
    dovecot.put(box, (mail("q", EVENING), EVENING))
    source = wish(dovecot, box).source
    said = findbar(tmp_path, "enquiries", "import", source, "--password-env", "MAILBOX_SECRET")
    assert "1 enquiry, 0 answered and 1 open; 1 new" in said.output
    assert dovecot.password not in said.output


def test_a_test_enquiry_that_sieve_answers_is_open_until_a_person_does(
    dovecot: Dovecot, folder: Path, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = sending.post(folder, office, EARLIER)
    first = post.dry(post.everyone, 28).planned[0]
    sending.sent(folder, office, first.at)
    monkeypatch.setenv("SSL_CERT_FILE", dovecot.certificate)
    tag = secrets.token_hex(4)
    sender, desk = f"pruefung-{tag}@verein.example", first.address
    dovecot.deliver(office.arrived[0], sender, desk)
    reply, at = dovecot.answer_of_itself(sender), first.at + timedelta(hours=5)
    asked = str(sending.read(office.arrived[0])["Message-ID"]).strip("<>")
    assert asked.encode() in reply
    (own,) = load_all(folder / "organisations", load_catalogue(), today=sending.NOW.date())
    for letters, answered in (
        ([(reply, first.at + timedelta(minutes=1))], None),
        ([(mail("h", at, "e.muster@verein.example", first.reply_to, reply_to=asked), at)], at),
    ):
        house = f"pruefung-{secrets.token_hex(4)}@verein.example"
        dovecot.put(house, *letters)
        secret = {"MAILBOX_SECRET": dovecot.password}
        import_enquiries(folder / "findbar.db", own, wish(dovecot, house), secret, at + timedelta(hours=1))
        told = sending.rows(folder)[0]["answered_at"]
        assert (datetime.fromisoformat(told) if told else None) == answered
