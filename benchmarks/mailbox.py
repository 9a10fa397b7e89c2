"""Seconds and memory to import a mailbox of 100,000 messages; bare reading of its lines is the baseline.

Aim: minutes, and memory that the messages' bodies do not raise. Another number of messages may be named.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from measuring import seconds_of, table

from audit.enquiries import Wish, import_enquiries
from audit.model import Organisation, Service

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BODY = b"Ein Satz, der nichts verraet.\n" * 100  # 3 kB, as most mail is


def main() -> None:
    """Print seconds, messages per second, and the peak of memory."""
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    service = Service(id="kita", kind="child-care", name="Kita", team_size=9)
    house = Organisation(id="haus", name="Haus", email="post@haus.example", services=(service,))
    with tempfile.TemporaryDirectory() as folder:
        box, database = Path(folder, "post.mbox"), Path(folder, "a.db")
        _write(box, messages)
        bare = seconds_of(lambda: _lines(box))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        wish = Wish(source=str(box), service="kita")
        first = seconds_of(lambda: import_enquiries(database, house, wish, {}, NOW))
        again = seconds_of(lambda: import_enquiries(database, house, wish, {}, NOW))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        table(f"import of {messages:,} messages, {box.stat().st_size / 1e6:.0f} MB", [
            ("reading the lines", f"{bare:.1f} s"),
            ("first import", f"{first:.1f} s ({messages / first:,.0f} a second)"),
            ("the same again", f"{again:.1f} s"), ("memory before", f"{before / 1024:.0f} MB"),
            ("memory at most", f"{peak / 1024:.0f} MB"),
        ])  # fmt: skip


def _write(path: Path, messages: int) -> None:
    with path.open("wb") as stream:
        for number in range(messages // 2):
            asked = NOW - timedelta(days=300) + timedelta(minutes=number)
            who, ours = f"Frau {number} <p{number}@privat.example>", "post@haus.example"
            stream.write(_message(f"q{number}", who, ours, asked, ""))
            stream.write(_message(f"a{number}", ours, who, asked + timedelta(hours=number % 90), f"q{number}"))


def _message(id_: str, sender: str, to: str, at: datetime, reply_to: str) -> bytes:
    lines = [f"From x Mon Nov 23 07:43:21 2026\nMessage-ID: <{id_}@x.example>", f"From: {sender}", f"To: {to}"]
    lines += [f"Subject: Anfrage {id_}", f"Date: {format_datetime(at)}"]
    lines += [f"In-Reply-To: <{reply_to}@x.example>"] if reply_to else []
    return "\n".join(lines).encode() + b"\n\n" + BODY + b"\n"


def _lines(path: Path) -> None:
    with path.open("rb") as stream:
        for _ in stream:
            pass


if __name__ == "__main__":
    main()
