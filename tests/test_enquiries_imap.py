"""A mailbox over IMAP: a server on loopback (pymap), read-only, incremental, and told in words when it fails."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from audit.enquiries import Imported, Wish, import_enquiries
from audit.sources import imap
from audit.sources.gathered import SourceProblemError
from tests.mail_factory import mail, organisation
from tests.test_enquiries_import import FRIDAY, NOW, stored

imap_tools = pytest.importorskip("imap_tools")
pytest.importorskip("pymap")
SECRETS = {"MAILBOX_SECRET": "geheim"}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def running() -> Iterator[int]:
    """The port of an IMAP server with one mailbox."""
    port = free_port()
    start = "import sys; from pymap.main import main; sys.exit(main())"
    command = [sys.executable, "-W", "ignore", "-c", start, "--host", "127.0.0.1", "--port", str(port), "--no-tls",
               "dict", "--demo-user", "post", "--demo-password", "geheim"]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603
        try:
            _wait_for(port)
            yield port
        finally:
            server.kill()


@pytest.fixture
def server(running: int) -> int:
    """The same with an empty mailbox."""
    with imap_tools.MailBoxUnencrypted("127.0.0.1", running).login("post", "geheim") as box:
        box.delete([message.uid for message in box.fetch(mark_seen=False)])
        for folder in box.folder.list():
            if folder.name != "INBOX":
                box.folder.delete(folder.name)
    return running


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("pymap did not start")


def put(port: int, *messages: tuple[bytes, datetime], folder: str = "INBOX") -> None:
    with imap_tools.MailBoxUnencrypted("127.0.0.1", port).login("post", "geheim") as box:
        if not box.folder.exists(folder):
            box.folder.create(folder)
        for message, at in messages:
            box.append(message, folder, dt=at)


def flags(port: int) -> list[tuple[str, ...]]:
    with imap_tools.MailBoxUnencrypted("127.0.0.1", port).login("post", "geheim") as box:
        return [message.flags for message in box.fetch(mark_seen=False)]


def import_mailbox(port: int, database: Path, secrets: dict[str, str] | None = None, **wish: Any) -> Imported:
    words = {"source": f"imap://post@127.0.0.1:{port}", "password_env": "MAILBOX_SECRET", **wish}
    return import_enquiries(database, organisation(), Wish(**words), secrets or SECRETS, NOW)


def answer(at: datetime, to: str = "q") -> bytes:
    return mail(f"a-{to}", at, "e.muster@haus.example", "ilse.geheim@privat.example", reply_to=to)


def test_a_mailbox_is_read_without_marking_anything_and_the_servers_arrival_counts(server: int, tmp_path: Path) -> None:
    put(server, (mail("q", "Thu, 01 Jan 1970 00:00:00 +0000"), FRIDAY))
    put(server, (answer(FRIDAY), FRIDAY + timedelta(hours=63)), folder="Sent")
    done = import_mailbox(server, tmp_path / "a.db")
    assert (done.questions, done.answered, done.lost) == (1, 1, False)
    [one] = stored(tmp_path / "a.db")
    assert (one.asked_at, one.answered_at) == (FRIDAY, FRIDAY + timedelta(hours=63))
    assert not any("\\Seen" in flag for flag in flags(server))


def test_a_friday_evenings_question_waits_for_a_person_and_not_for_an_automatic_reply(
    server: int, tmp_path: Path
) -> None:
    put(server, (mail("q", FRIDAY), FRIDAY))
    sieve = {"Auto_Submitted": "auto-replied (vacation)", "Precedence": "bulk", "Return_Path": "<>"}
    auto = mail("v", FRIDAY, "kita@haus.example", "ilse.geheim@privat.example", reply_to="q", **sieve)
    put(server, (auto, FRIDAY + timedelta(minutes=1)), (answer(FRIDAY), FRIDAY + timedelta(hours=63)), folder="Sent")
    done = import_mailbox(server, tmp_path / "a.db")
    assert (done.questions, done.answered, done.skipped, done.noted) == (1, 1, (), (("automatic", 1),))
    [one] = stored(tmp_path / "a.db")
    assert one.answered_at == FRIDAY + timedelta(hours=63)


def test_the_next_import_reads_what_is_new_and_finds_earlier_questions(server: int, tmp_path: Path) -> None:
    put(server, (mail("q", FRIDAY), FRIDAY), (mail("p", FRIDAY), FRIDAY))
    assert import_mailbox(server, tmp_path / "a.db").new == 2
    assert import_mailbox(server, tmp_path / "a.db").questions == 0
    put(server, (answer(FRIDAY), FRIDAY + timedelta(hours=2)), (mail("r", FRIDAY), FRIDAY))
    done = import_mailbox(server, tmp_path / "a.db")
    assert (done.new, done.answered_later) == (1, 1)
    assert sum(e.answered_at is not None for e in stored(tmp_path / "a.db")) == 1


def test_a_mailbox_that_was_numbered_anew_is_read_again_and_counts_nobody_twice(
    server: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(server, (mail("q", FRIDAY), FRIDAY))
    import_mailbox(server, tmp_path / "a.db")
    real = imap_tools.folder.MailBoxFolderManager.status
    monkeypatch.setattr(
        imap_tools.folder.MailBoxFolderManager, "status", lambda *a, **k: {**real(*a, **k), "UIDVALIDITY": 7}
    )
    done = import_mailbox(server, tmp_path / "a.db")
    assert (done.questions, done.new) == (0, 0)
    assert ("known", 1) in done.noted
    assert len(stored(tmp_path / "a.db")) == 1


def lose_after(monkeypatch: pytest.MonkeyPatch, batches: int, times: int) -> None:
    """The connection breaks after so many batches, so many times."""
    real, left = imap._blocks, {"batches": batches, "times": times}

    def blocks(*args: Any, **more: Any) -> Any:
        if left["batches"] == 0 and left["times"] > 0:
            left["times"] -= 1
            raise ConnectionResetError
        left["batches"] = max(left["batches"] - 1, 0)
        return real(*args, **more)

    monkeypatch.setattr(imap, "_BATCH", 2)
    monkeypatch.setattr(imap, "_blocks", blocks)


def test_a_connection_lost_in_the_middle_is_opened_again(
    server: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(server, *((mail(f"q{n}", FRIDAY), FRIDAY) for n in range(6)))
    lose_after(monkeypatch, 1, 2)
    done = import_mailbox(server, tmp_path / "a.db")
    assert (done.questions, done.lost) == (6, False)


def test_a_connection_lost_for_good_keeps_what_was_read_and_goes_on_there(
    server: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(server, *((mail(f"q{n}", FRIDAY), FRIDAY) for n in range(6)))
    lose_after(monkeypatch, 1, 3)
    done = import_mailbox(server, tmp_path / "a.db")
    assert (done.new, done.lost) == (2, True)
    again = import_mailbox(server, tmp_path / "a.db")
    assert (again.new, again.noted) == (4, ())  # what was read is not asked for again


def test_a_wrong_password_is_told_without_the_secret(server: int, tmp_path: Path) -> None:
    with pytest.raises(SourceProblemError, match="app password") as told:
        import_mailbox(server, tmp_path / "a.db", {"MAILBOX_SECRET": "falsch-falsch"})
    assert "falsch" not in str(told.value)


def test_a_server_without_tls_and_one_that_is_not_there_are_told(server: int, tmp_path: Path) -> None:
    with pytest.raises(SourceProblemError, match="TLS"):
        import_mailbox(server, tmp_path / "a.db", source=f"imaps://post@127.0.0.1:{server}")
    with pytest.raises(SourceProblemError, match="cannot be reached"):
        import_mailbox(server, tmp_path / "a.db", source=f"imap://post@127.0.0.1:{free_port()}")


def test_an_unknown_folder_is_named_with_those_there_are(server: int, tmp_path: Path) -> None:
    with pytest.raises(SourceProblemError, match="INBOX"):
        import_mailbox(server, tmp_path / "a.db", folders=("Gibtesnicht",))


def test_a_confidential_services_subjects_are_not_even_asked_for(
    server: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(server, (mail("q", FRIDAY), FRIDAY))
    asked: list[bool] = []
    real = imap._blocks

    def blocks(*args: Any, subject: bool) -> Any:
        asked.append(subject)
        return real(*args, subject=subject)

    monkeypatch.setattr(imap, "_blocks", blocks)
    for service in ("schulden", "", "kita"):
        import_mailbox(server, tmp_path / f"{service}.db", service=service)
    assert asked == [False, False, True]


@pytest.mark.parametrize(
    ("source", "wish", "told"),
    [
        ("imap://post@mail.example", {}, "TLS only"),
        ("imaps://mail.example", {}, "imaps://user@host"),
        ("imaps://post:pass@mail.example", {}, "No password in the address"),
        ("imaps://post@mail.example", {"password_env": ""}, "Name the environment variable"),
        ("imaps://post@mail.example", {"password_env": "NICHT_DA"}, "is empty"),
    ],
)
def test_what_is_missing_is_told_before_anything_is_opened(
    source: str, wish: dict[str, Any], told: str, tmp_path: Path
) -> None:
    with pytest.raises(SourceProblemError, match=told):
        import_mailbox(0, tmp_path / "a.db", source=source, **wish)


def test_an_account_never_shows_its_secret() -> None:
    account = imap.account("imaps://post%40haus.example@mail.example", {"X": "streng-geheim"}, "", "X")
    assert (account.user, account.port, account.token) == ("post@haus.example", 993, "streng-geheim")
    assert "streng-geheim" not in repr(account)


def test_times_of_servers_are_read() -> None:
    assert imap._arrived(b'1 (UID 5 INTERNALDATE " 1-Nov-2026 10:00:00 +0100" BODY[]') == datetime(
        2026, 11, 1, 9, tzinfo=UTC
    )
    assert imap._arrived(b'1 (INTERNALDATE "kaputt"') is None
