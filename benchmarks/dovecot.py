"""Seconds and memory to import a mailbox of 50,000 messages over IMAP and TLS from a real dovecot.

The baseline is imaplib alone, asking the same server for the same header fields and throwing them away. Wants
dovecot's packages (`.ci/dovecot`). Another number of messages may be named. Aim: minutes, less than three times the
baseline, and a second import that reads only what is new.
"""

from __future__ import annotations

import imaplib
import json
import os
import resource
import ssl
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from measuring import ROOT, seconds_of, table

from audit.enquiries import Imported, Wish, import_enquiries
from audit.model import Organisation, Service
from audit.sources.headers import table as headers

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
USER, OURS = "post@haus.example", "kita@haus.example"
BODY = b"Ein Satz, der nichts verraet.\r\n" * 100  # 3 kB, as most mail is
TOGETHER = 250  # messages in one APPEND (RFC 3502)


def main() -> None:
    """Print seconds, messages per second, the ratio to the baseline, and the peak of memory."""
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as folder:
        started = subprocess.run([ROOT / ".ci/dovecot", "start", folder], stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own script
        try:
            _measure(json.loads(started.stdout), messages, Path(folder, "a.db"))
        finally:
            subprocess.run([ROOT / ".ci/dovecot", "stop", folder], check=True)  # noqa: S603 - the same


def _measure(server: dict[str, Any], messages: int, database: Path) -> None:
    os.environ["SSL_CERT_FILE"] = server["certificate"]
    filling = seconds_of(lambda: _fill(server, 0, messages // 2))
    bare = seconds_of(lambda: _bare(server))
    before = _memory()
    first = seconds_of(lambda: _expect(_import(server, database), new=messages // 2))
    peak = _memory()
    again = seconds_of(lambda: _expect(_import(server, database), new=0))
    _fill(server, messages // 2, 50)
    later = seconds_of(lambda: _expect(_import(server, database), new=50))
    table(f"import of {messages:,} messages from dovecot over IMAP and TLS", [
        ("filing them", f"{filling:.1f} s"),
        ("imaplib alone, the same fields", f"{bare:.1f} s ({messages / bare:,.0f} a second)"),
        ("first import", f"{first:.1f} s ({messages / first:,.0f} a second), {first / bare:.2f} times the baseline"),
        ("the same again", f"{again:.2f} s"), ("100 more messages", f"{later:.2f} s"),
        ("memory before", f"{before:.0f} MB"), ("memory at most", f"{peak:.0f} MB"),
    ])  # fmt: skip


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _expect(done: Imported, *, new: int) -> None:
    if done.new != new or done.lost:
        raise SystemExit(f"{done.new} new enquiries instead of {new}")


def _import(server: dict[str, Any], database: Path) -> Imported:
    house = Organisation(
        id="haus", name="Haus", email=USER, services=(Service(id="kita", kind="child-care", name="Kita", team_size=9),)
    )
    source = f"imaps://{quote(USER, safe='')}@127.0.0.1:{server['imaps']}"
    wish = Wish(source=source, service="kita", password_env="SECRET")  # noqa: S106 - the name of a variable
    return import_enquiries(database, house, wish, {"SECRET": server["password"]}, NOW)


def _open(server: dict[str, Any]) -> imaplib.IMAP4_SSL:
    box = imaplib.IMAP4_SSL("127.0.0.1", server["imaps"], ssl_context=ssl.create_default_context())
    box.login(USER, server["password"])
    return box


def _bare(server: dict[str, Any]) -> None:
    box = _open(server)
    names = " ".join([*headers()["fields"], *headers()["subject"]]).upper()
    for folder in ("INBOX", "Sent"):
        count = int(box.select(folder, readonly=True)[1][0] or 0)
        for start in range(1, count + 1, 500):
            found = f"{start}:{min(start + 499, count)}"
            box.uid("FETCH", found, f"(UID INTERNALDATE BODY.PEEK[HEADER.FIELDS ({names})])")
    box.logout()


def _fill(server: dict[str, Any], first: int, count: int) -> None:
    """So many questions in the inbox, and their answers in the folder of sent mail."""
    box = _open(server)
    for start in range(first, first + count, TOGETHER):
        numbers = range(start, min(start + TOGETHER, first + count))
        _append(box, "INBOX", [_question(number) for number in numbers])
        _append(box, "Sent", [_answer(number) for number in numbers])
    box.logout()


def _append(box: imaplib.IMAP4_SSL, folder: str, messages: list[tuple[bytes, datetime]]) -> None:
    parts = [b" %s {%d+}\r\n%s" % (imaplib.Time2Internaldate(at).encode(), len(text), text) for text, at in messages]
    box.send(b"fill APPEND %s%s\r\n" % (folder.encode(), b"".join(parts)))
    while not (line := box.readline()).startswith(b"fill "):
        if not line:
            raise SystemExit("dovecot closed the connection")
    if not line.startswith(b"fill OK"):
        raise SystemExit(line.decode())


def _asked(number: int) -> datetime:
    return NOW - timedelta(days=300) + timedelta(minutes=number)


def _question(number: int) -> tuple[bytes, datetime]:
    return _message(f"q{number}", f"Frau {number} <p{number}@privat.example>", OURS, _asked(number), "")


def _answer(number: int) -> tuple[bytes, datetime]:
    at = _asked(number) + timedelta(hours=1 + number % 90)
    return _message(f"a{number}", OURS, f"p{number}@privat.example", at, f"q{number}")


def _message(id_: str, sender: str, to: str, at: datetime, reply_to: str) -> tuple[bytes, datetime]:
    lines = [f"Message-ID: <{id_}@x.example>", f"From: {sender}", f"To: {to}", f"Subject: Anfrage {id_}"]
    lines += [f"Date: {format_datetime(at)}"]
    lines += [f"In-Reply-To: <{reply_to}@x.example>"] if reply_to else []
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + BODY, at


if __name__ == "__main__":
    main()
